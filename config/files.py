"""Stack files on disk: where they are, and what they say, without the engine."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from config.bases import EXTENDS, FOLDER, read_bases
from config.document import SETTINGS, Document
from config.examine import examined
from config.layers import Layers
from config.partial import salvage
from config.problems import NOTHING, ConfigError, Problem, refuse
from config.reading import ROOT, project_of, read_document, shown
from config.stack import StackConfig

__all__ = [
    "ALTERNATIVES",
    "ROOT",
    "TOP_LEVEL",
    "StackFile",
    "alternatives",
    "load_file",
    "outside_problems",
    "read_document",
    "read_file",
    "stack_file",
    "stack_files",
    "stack_name",
    "valid_file",
]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

ALTERNATIVES: Final = "alternatives"
"""Directory of stack files that are no standing deployments."""
TOP_LEVEL: Final = ("config", "secretsprovider", "encryptionsalt", "encryptedkey", "environment")
"""Keys that the engine reads at the top of a stack file (Pulumi 3.276)."""
_OWN_KEY: Final = "platform:settings"
_ENGINE_NAMESPACE: Final = "pulumi:"


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """A stack file as it was read."""

    path: Path
    """Where it is."""
    layers: Layers
    """It and its bases: what they say together, and which file and line says it."""
    settings: StackConfig
    """Its settings, or what is sound of them."""
    problems: Sequence[Problem]
    """Everything that is wrong with the file and its bases by themselves."""


def stack_files(root: Path = ROOT) -> dict[str, Path]:
    """Return every stack file of a project by the name of its stack."""
    found = sorted(root.glob("Pulumi.*.yaml"))
    return {path.name.removeprefix("Pulumi.").removesuffix(".yaml"): path for path in found}


def alternatives(root: Path = ROOT) -> dict[str, Path]:
    """Return the stack files that are examples to be compared, and no standing deployments, by name (ADR 0066).

    They are checked and reviewed by their names, and no command means them that is given none.
    """
    found = sorted((root / ALTERNATIVES).glob("Pulumi.*.yaml"))
    return {path.name.removeprefix("Pulumi.").removesuffix(".yaml"): path for path in found}


def stack_file(stack: str, root: Path = ROOT) -> Path:
    """Return the file of a stack, which exists.

    Args:
        stack: Name of the stack, with or without organization and project before it.
        root: The project's directory.

    Raises:
        ConfigError: There is no such file; names those that there are.
    """
    files = {**alternatives(root), **stack_files(root)}
    name = stack.rpartition("/")[2]
    if name in files:
        return files[name]
    close = difflib.get_close_matches(name, files, n=1)
    fix = f"did you mean {close[0]}?" if close else "name an existing stack, or write the file"
    allowed = ", ".join(path.name for path in files.values()) or "no stack file exists"
    problem = refuse((), "stack file is missing", got=NOTHING, allowed=allowed, fix=fix)
    raise ConfigError([replace(problem, file=f"Pulumi.{name}.yaml")])


def load_file(path: Path) -> StackConfig:
    """Return the settings of a stack file, without the engine, and without a look at the file of its primary.

    Raises:
        ConfigError: With everything that is wrong with the file.
    """
    return valid_file(path).settings


def valid_file(path: Path) -> StackFile:
    """Return a stack file with which nothing is wrong, by itself.

    Raises:
        ConfigError: With everything that is wrong with the file.
    """
    file = read_file(path)
    if file.problems:
        raise ConfigError(file.problems)
    return file


def read_file(path: Path) -> StackFile:
    """Return a stack file with everything that is wrong with it.

    Raises:
        ConfigError: It cannot be read at all, or is a base.
    """
    if path.absolute().parent == project_of(path) / FOLDER:
        raise ConfigError([_base(path)])
    document = read_document(path)
    outside = list(outside_problems(document))
    config = document.values.get("config") if isinstance(document.values, dict) else None
    values = config.get(_OWN_KEY) if isinstance(config, dict) else None
    layers = Layers(values, document, document.file, read_bases(values, project_of(path)))
    if isinstance(values, dict):
        settings, problems = examined(layers, outside, stack_name(path))
    else:
        settings, problems = salvage(StackConfig, {}), [*document.problems, *outside]
    return StackFile(path=path, layers=layers, settings=settings, problems=problems)


def stack_name(path: Path) -> str | None:
    """Return the name of the stack whose file this is; None where the file is not called like one."""
    name = path.name.removeprefix("Pulumi.").removesuffix(".yaml")
    return name if path.name == f"Pulumi.{name}.yaml" else None


def _base(path: Path) -> Problem:
    files = ", ".join(file.name for file in stack_files(project_of(path)).values()) or "no stack file exists"
    what, fix = "a base, which is judged with each stack file that extends it", "name a stack file, or nothing for all"
    return refuse((), what, got=NOTHING, allowed=files, fix=fix).at(shown(path))


def outside_problems(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with a stack file outside of its settings, with lines."""
    for problem in () if document.problems and document.values is None else _outside(document.values):
        yield replace(problem, file=document.file, line=document.line(problem.path) or 1)


def _outside(values: object) -> Iterator[Problem]:
    if not isinstance(values, dict):
        what = "empty file" if values is None else "not a mapping"
        got = NOTHING if values is None else values
        yield refuse((), what, got=got, allowed="a mapping with config", fix=f"write `config:` and `{_OWN_KEY}:`")
        return
    for key, value in values.items():
        if key not in TOP_LEVEL:
            allowed = ", ".join(TOP_LEVEL)
            fix = _below_settings(key) or _spelling(key, TOP_LEVEL, "remove it")
            yield refuse((key,), "unknown key", got=value, allowed=allowed, fix=fix)
    config = values.get("config", NOTHING)
    if not isinstance(config, dict):
        what = "required key is missing" if config is NOTHING else "not a mapping"
        fix = f"write `config:` and `{_OWN_KEY}:` under it"
        yield refuse(("config",), what, got=config, allowed=f"a mapping with {_OWN_KEY}", fix=fix)
        return
    for key in config:
        if key != _OWN_KEY and not key.startswith(_ENGINE_NAMESPACE):
            allowed = f"{_OWN_KEY}, and keys of the engine ({_ENGINE_NAMESPACE}...)"
            otherwise = "remove it; the program reads nothing but its settings"
            fix = _below_settings(key) or _spelling(key, (_OWN_KEY,), otherwise)
            yield refuse(("config", key), "configuration that nobody reads", got=config[key], allowed=allowed, fix=fix)
    settings = config.get(_OWN_KEY, NOTHING)
    if not isinstance(settings, dict):
        what = "required key is missing" if settings is NOTHING else "not a mapping"
        fix = "write the settings there; config/schema.json says what they hold"
        yield refuse(SETTINGS, what, got=settings, allowed="a mapping", fix=fix)


def _below_settings(key: str) -> str | None:
    """Say where a key of the settings belongs that stands outside of them."""
    known = key == EXTENDS or key in StackConfig.model_fields
    return f"move it below `config:` and `{_OWN_KEY}:`" if known else None


def _spelling(key: str, names: Iterable[str], otherwise: str) -> str:
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
    return f"did you mean `{close[0]}`?" if close else otherwise
