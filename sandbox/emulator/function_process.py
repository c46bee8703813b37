"""What runs in the process of a function before its handler is imported: it decides where packages come from.

The process is the sandbox's own Python, whatever runtime and architecture the function has. The function gets the code
of its archive and what the runtime brings, and nothing else of the sandbox's environment: a package that the archive
lacks is missing here, too. A distribution with compiled modules cannot be loaded from an archive for another machine;
the sandbox's own takes its place, in the same version or not at all.

The file is run by its path, and imports nothing beyond the standard library.
"""

from __future__ import annotations

import json
import platform
import sys
import sysconfig
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HERE = f"Python {platform.python_version()} on {platform.machine()}"


def prepare(runtime: Iterable[str]) -> None:
    """Make the packages of this process those of the function; end it with a message where that cannot be.

    Args:
        runtime: Distributions that the runtime brings.
    """
    code = Path.cwd()
    try:
        taken = list(_take_over(code))
    except LookupError as error:
        sys.stdout.write(json.dumps({"status": "error", "error": str(error)}) + "\n")
        sys.exit(1)
    if taken:
        sys.stderr.write(f"sandbox: {_HERE} runs this function, with its own {', '.join(taken)}\n")
    brought = code.parent / "runtime"
    for name in runtime:
        own = metadata.distribution(name)
        _link(own, brought, {PurePath(path.parts[0]) for path in _files(own)})
    sys.path[:] = [*filter(_is_standard, sys.path), str(brought)]


def _take_over(code: Path) -> Iterable[str]:
    """Put the sandbox's own files in the place of compiled distributions; yield each with its version.

    Raises:
        LookupError: The sandbox has none of a distribution, or another version.
    """
    missing = []
    for wanted in sorted(metadata.distributions(path=[str(code)]), key=lambda one: one.name):
        if not _is_compiled(wanted):
            continue
        own = next(iter(metadata.distributions(name=wanted.name)), None)
        if own is None or own.version != wanted.version:
            has = f"has {own.version}" if own else "has none"
            missing.append(f"{wanted.name} {wanted.version} of the archive is compiled, and the sandbox {has}")
            continue
        _link(own, code, _files(own))
        yield f"{own.name} {own.version}"
    if missing:
        rule = f"the sandbox runs functions in {_HERE}, and takes compiled packages from its own environment"
        fix = "build the archive and the sandbox by the same lock: `make setup`, then deploy again"
        raise LookupError(f"{rule}: {'; '.join(missing)}; {fix}")


def _is_compiled(distribution: metadata.Distribution) -> bool:
    """Tell whether a distribution has modules for one machine: its wheel says so (PEP 425)."""
    tags = [line for line in (distribution.read_text("WHEEL") or "").splitlines() if line.startswith("Tag:")]
    return any(not line.endswith("-none-any") for line in tags)


def _files(distribution: metadata.Distribution) -> set[PurePath]:
    """Return the files of an installed distribution below its directory, without scripts and bytecode."""
    return {file for file in distribution.files or () if file.parts[0] != ".." and file.suffix != ".pyc"}


def _link(distribution: metadata.Distribution, place: Path, paths: Iterable[PurePath]) -> None:
    """Put links to files of an installed distribution into a directory, over what is there."""
    for path in paths:
        link = place / path
        link.unlink(missing_ok=True)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(Path(str(distribution.locate_file(path))).resolve())


def _is_standard(entry: str) -> bool:
    """Tell whether an entry of the path is of the standard library."""
    place = Path(entry)
    libraries = (Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("platstdlib")))
    others = {"site-packages", "dist-packages"}
    return any(place.is_relative_to(one) for one in libraries) and not others.intersection(place.parts)
