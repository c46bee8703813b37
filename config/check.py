"""`python -m config.check [STACK | FILE ...] [--json]`: judge stack files without engine, network or credentials."""

from __future__ import annotations

import argparse
import io
import json
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.files import alternatives, read_file, stack_file, stack_files
from config.notes import Note, notes
from config.pairs.files import pair_problems, standbys_of, unpaired
from config.problems import ConfigError, Problem, dotted

if TYPE_CHECKING:
    from collections.abc import Container, Sequence


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was found of one stack file."""

    problems: tuple[Problem, ...]
    """What is wrong with it, by itself and beside the other file of its pair, in the order of the files."""
    notes: tuple[Note, ...] = ()
    """What nobody could judge of it; empty where something is wrong."""
    unpaired: str | None = None
    """File of its primary, which is not there to judge it beside."""

    def __str__(self) -> str:
        """Return the verdict in a few words."""
        count = len(self.problems)
        alone = f" by itself; not judged beside {self.unpaired}, which is not here" if self.unpaired else ""
        return f"{count} problem{'' if count == 1 else 's'}{alone}" if count else f"valid{alone}"


def check(name: str, judged: Container[Path] = ()) -> Verdict:
    """Return what is wrong with a stack, or with a file given by its path, and with the pairs that it belongs to.

    Args:
        name: The stack or the path.
        judged: Files that are judged by themselves anyway; a primary is not judged beside these a second time.
    """
    try:
        file = read_file(_path(name))
    except ConfigError as error:
        return Verdict(problems=error.problems)
    pairs = [file, *(one for one in standbys_of(file) if one.path not in judged)]
    problems = [*file.problems, *(problem for one in pairs for problem in pair_problems(one))]
    unknown = () if problems else notes(file.settings, file.layers)
    return Verdict(problems=ConfigError(problems).problems, notes=unknown, unpaired=unpaired(file))


def _path(name: str) -> Path:
    return Path(name) if name.endswith((".yaml", ".yml")) or "/" in name else stack_file(name)


def main(arguments: Sequence[str]) -> int:
    """Judge the files named, or all of the project; print what is wrong or not known; return 0 if nothing is wrong."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may know fewer letters than the file holds
    parser = argparse.ArgumentParser(prog="python -m config.check", description="Judge stack files offline.")
    parser.add_argument("names", nargs="*", metavar="STACK|FILE", help="stacks or stack files; default: all stacks")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    names = options.names or [*stack_files(), *alternatives()]
    if not names:
        parser.error("no stack file (Pulumi.<stack>.yaml) is here")
    paths = _paths(names)
    found = {name: check(name, paths) for name in names}
    wrong = any(verdict.problems for verdict in found.values())
    if options.json:
        files = [_document(name, verdict) for name, verdict in found.items()]
        sys.stdout.write(json.dumps({"valid": not wrong, "files": files}, indent=2) + "\n")
        return int(wrong)
    for name, verdict in found.items():
        sys.stdout.writelines(f"{line}\n" for line in (*verdict.problems, *verdict.notes, f"{name}: {verdict}"))
    return int(wrong)


def _paths(names: Sequence[str]) -> set[Path]:
    paths: set[Path] = set()
    for name in names:
        with suppress(ConfigError):
            paths.add(_path(name))
    return paths


def _document(name: str, verdict: Verdict) -> dict[str, object]:
    alone = {"unpaired": verdict.unpaired} if verdict.unpaired else {}
    unknown = [{**asdict(one), "path": dotted(one.path)} for one in verdict.notes]
    return {"name": name, "problems": [one.document() for one in verdict.problems], "notes": unknown, **alone}


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    sys.exit(main(sys.argv[1:]))
