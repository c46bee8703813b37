"""Which modules of `services` a handler needs: what it imports, and what that imports, as their text says it. Pure.

Nothing is imported to find out: what runs in functions knows nothing of what builds the stacks, nor the other way
round. A module that is named at run time only is not found.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

OWN: Final = "services"
"""Package of what runs in functions and containers."""
IN_RUNTIME: Final = frozenset(
    {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3", "awslambdaric"}
)
"""What the runtimes of Python bring beside the standard library (Lambda Developer Guide, "Working with .zip file
archives for Python Lambda functions", 2026-11-30)."""


@dataclass
class Needed:
    """What a handler needs."""

    files: set[Path] = field(default_factory=set)
    """Files of `services`."""
    others: dict[str, Path] = field(default_factory=dict)
    """Module of others -> the file that imports it first."""


def needed(root: Path, handler: str) -> Needed:
    """Return what a handler needs.

    Args:
        root: Directory that holds `services`.
        handler: Python path of the function that Lambda calls.

    Raises:
        ValueError: There is no such module, or no such function in it.
    """
    module, _, called = handler.rpartition(".")
    file = _file_of(root, module)
    if file is None:
        raise ValueError(f"handler {handler}: there is no module {module}; name one below {OWN}/")
    if called not in _defined(file):
        raise ValueError(f"handler {handler}: {module} has no {called}; name a function of the module")
    found, todo = Needed(), {module}
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        seen.add(name)
        for one in _with_packages(root, name):
            if one not in found.files:
                found.files.add(one)
                todo |= {other for other in _imports(root, one, found) if other not in seen}
    packages = {one.parent for one in found.files if one.parent != root / OWN}
    found.files |= {one for package in packages for one in package.iterdir() if _is_data(one)}
    return found


def _is_data(file: Path) -> bool:
    """Tell whether a file of a package is read by it: no Python, nothing hidden."""
    return file.is_file() and file.suffix not in (".py", ".pyc") and not file.name.startswith(".")


def _file_of(root: Path, module: str) -> Path | None:
    """Return the file of a module, of a package its `__init__.py`; None = there is none."""
    place = root.joinpath(*module.split("."))
    found = (place.with_suffix(".py"), place / "__init__.py")
    return next((one for one in found if one.is_file()), None)


def _with_packages(root: Path, module: str) -> Iterator[Path]:
    """Yield the file of a module and those of the packages around it."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        if (file := _file_of(root, ".".join(parts[:length]))) is not None:
            yield file


def _imports(root: Path, file: Path, found: Needed) -> Iterator[str]:
    """Yield the modules of `services` that a file imports; keeps those of others."""
    for name, names in _named(root, file):
        if name.partition(".")[0] == OWN:
            yield name
            yield from (f"{name}.{one}" for one in names if _file_of(root, f"{name}.{one}") is not None)
        elif (top := name.partition(".")[0]) not in sys.stdlib_module_names | IN_RUNTIME:
            found.others.setdefault(top, file)


def _named(root: Path, file: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each module that a file imports, with the names that it takes of it."""
    package = file.parent.relative_to(root).parts
    for node in _statements(_parsed(file).body):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join((*above, *([node.module] if node.module else ())))
            yield name, tuple(alias.name for alias in node.names)


def _statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield all statements but those for type checkers and those that may fail to import."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _statements(node.orelse)
        elif isinstance(node, ast.Try) and any("ImportError" in ast.unparse(one) for one in node.handlers if one.type):
            yield from (one for one in _statements(node.body) if _is_own(one))
        else:
            yield node
            yield from _statements(ast.iter_child_nodes(node))


def _is_own(node: ast.AST) -> bool:
    return OWN in ast.unparse(node) if isinstance(node, ast.Import | ast.ImportFrom) else False


def _defined(file: Path) -> set[str]:
    """Return the names that a module defines."""
    found: set[str] = set()
    for node in _parsed(file).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
    return found


@lru_cache(maxsize=256)
def _parsed(file: Path) -> ast.Module:
    """Return the statements of a file; functions share modules, and each is read once."""
    return ast.parse(file.read_bytes(), str(file))
