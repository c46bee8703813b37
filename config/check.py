"""`python -m config.check [STACK | FILE ...] [--json]`: judge stack files without engine, network or credentials."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from config.files import load_file, stack_file, stack_files
from config.problems import ConfigError, Problem, dotted

if TYPE_CHECKING:
    from collections.abc import Sequence


def check(name: str) -> tuple[Problem, ...]:
    """Return what is wrong with a stack, or with a file given by its path; nothing if it may be used."""
    try:
        load_file(Path(name) if name.endswith((".yaml", ".yml")) or "/" in name else stack_file(name))
    except ConfigError as error:
        return error.problems
    return ()


def main(arguments: Sequence[str]) -> int:
    """Judge the files named, or all of the project; print what is wrong; return 0 if nothing is, else 1."""
    parser = argparse.ArgumentParser(prog="python -m config.check", description="Judge stack files offline.")
    parser.add_argument("names", nargs="*", metavar="STACK|FILE", help="stacks or stack files; default: all stacks")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(arguments)
    names = options.names or list(stack_files())
    if not names:
        parser.error("no stack file (Pulumi.<stack>.yaml) is here")
    found = {name: check(name) for name in names}
    if options.json:
        files = [{"name": name, "problems": [_plain(one) for one in problems]} for name, problems in found.items()]
        sys.stdout.write(json.dumps({"valid": not any(found.values()), "files": files}, indent=2) + "\n")
        return int(any(found.values()))
    for name, problems in found.items():
        verdict = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "valid"
        sys.stdout.writelines(f"{line}\n" for line in (*problems, f"{name}: {verdict}"))
    return int(any(found.values()))


def _plain(problem: Problem) -> dict[str, object]:
    return {**asdict(problem), "path": dotted(problem.path)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
