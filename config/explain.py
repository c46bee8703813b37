"""`python -m config.explain STACK|FILE [PATH] [--json]`: each setting that holds, its origin and its meaning."""

from __future__ import annotations

import argparse
import difflib
import io
import json
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Final

from config.allowed import schema_at
from config.base import Section, fields_of
from config.files import stack_file, valid_file
from config.problems import NOTHING, ConfigError, dotted, refuse, show
from config.shape import settings_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.files import StackFile
    from config.layers import Layers
    from config.problems import Path, Problem

DEFAULT: Final = "default"
"""Origin of a setting that no file has."""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One setting of a stack: a single value, or a list of them."""

    path: Path
    """Path from `platform:settings`."""
    value: object
    """The value as a stack file would have it; null = left out."""
    file: str
    """The file that it comes from: the stack file or a base; `default` where no file has it."""
    line: int | None
    """Line of that file, from 1; None for a default."""
    meaning: str
    """What the setting is, in a few sentences."""

    def __str__(self) -> str:
        """Return `path: value  (file:line)`, and what it means on a line of its own."""
        origin = f"{self.file}:{self.line}" if self.line else self.file
        said = json.dumps(self.value, ensure_ascii=False)
        return "\n    ".join(part for part in (f"{dotted(self.path)}: {said}  ({origin})", self.meaning) if part)

    def document(self) -> dict[str, object]:
        """Return the setting as it stands in a JSON document."""
        return {**asdict(self), "path": dotted(self.path)}


def explain(file: StackFile) -> Iterator[Explained]:
    """Yield every setting that holds, in the order of the models; a section that is left out as one, with null.

    Args:
        file: A stack file with which nothing is wrong.
    """
    for path, value in leaves(file.settings):
        name, line = _origin(path, file.layers)
        yield Explained(path=path, value=value, file=name, line=line, meaning=_meaning(path))


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield the paths and values of settings below `path`; a list of single values is one, as it is replaced as one."""
    if isinstance(value, Section):
        for name in fields_of(type(value)):
            yield from leaves(getattr(value, name), (*path, name))
    elif isinstance(value, dict) and value:
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, tuple) and any(isinstance(one, Section) for one in value):
        for at, one in enumerate(value):
            yield from leaves(one, (*path, at))
    else:
        yield path, _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | float | dict) or value is None else str(value)


def _origin(path: Path, layers: Layers) -> tuple[str, int | None]:
    return layers.place(path) if layers.has(path) else (DEFAULT, None)


def _meaning(path: Path) -> str:
    """Return what a setting means; of a name that the user gives, what the mapping around it means."""
    for length in range(len(path), 0, -1):
        text = schema_at(settings_schema(), path[:length]).get("description")
        if text:
            return str(text).partition("\n\n")[0].replace("\n", " ")
    return ""


def explained(name: str, path: str = "") -> list[Explained]:
    """Return the settings of a stack, or of a file given by its path, at a dotted path and below it.

    Args:
        name: The stack, or the path of a file.
        path: As messages write it, `network.zones[1]`, or with dots only; empty = all settings.

    Raises:
        ConfigError: The file is wrong, or no setting has this path.
    """
    file = valid_file(FilePath(name) if name.endswith((".yaml", ".yml")) or "/" in name else stack_file(name))
    known = list(explain(file))
    found = [
        one for one in known if not path or any(path in _spellings(one.path[:n]) for n in range(len(one.path) + 1))
    ]
    found = found or [entry for one in known for entry in _entries(one, file.layers) if path in _spellings(entry.path)]
    if not found:
        raise ConfigError([_no_setting(path, known, file)])
    return found


def _spellings(path: Path) -> set[str]:
    """Return the ways in which people write a path: as messages do, and with a dot before each step."""
    return {dotted(path), ".".join(map(str, path))}


def _entries(one: Explained, layers: Layers) -> Iterator[Explained]:
    """Yield the entries of a list of single values, to which messages lead."""
    for at, value in enumerate(one.value if isinstance(one.value, list) else ()):
        path = (*one.path, at)
        name, line = _origin(path, layers)
        yield Explained(path=path, value=value, file=name, line=line, meaning=one.meaning)


def _no_setting(path: str, known: Sequence[Explained], file: StackFile) -> Problem:
    """Return what is wrong with a path that no setting has."""
    unset = next(
        (dotted(one.path) for one in known if one.value is None and path.startswith(f"{dotted(one.path)}.")), ""
    )
    sections = {dotted(one.path[:length]) for one in known for length in range(1, len(one.path) + 1)}
    close = difflib.get_close_matches(path, sorted(sections), n=1)
    fix = f"did you mean `{close[0]}`?" if close else "name a section, or nothing for all settings"
    what = f"no setting has the path {show(path)}" + (f", since `{unset}` is left out" if unset else "")
    allowed = ", ".join(type(file.settings).model_fields)
    stack, _ = file.layers.place(())
    return refuse((), what, got=NOTHING, allowed=allowed, fix=fix).at(stack)


def main(arguments: Sequence[str]) -> int:
    """Print the settings, or what is wrong with the file; return 0 if nothing is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may know fewer letters than the file holds
    parser = argparse.ArgumentParser(prog="python -m config.explain", description="Say where each setting comes from.")
    parser.add_argument("name", metavar="STACK|FILE", help="stack or stack file")
    parser.add_argument("path", nargs="?", default="", help="dotted path of a setting or section; default: all of them")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    try:
        found = explained(options.name, options.path)
    except ConfigError as error:
        if options.json:
            problems = [one.document() for one in error.problems]
            sys.stdout.write(json.dumps({"name": options.name, "valid": False, "problems": problems}, indent=2) + "\n")
        else:
            sys.stdout.write(f"{error}\n")
        return 1
    if options.json:
        document = {"name": options.name, "valid": True, "settings": [one.document() for one in found]}
        sys.stdout.write(json.dumps(document, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{one}\n" for one in found)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    sys.exit(main(sys.argv[1:]))
