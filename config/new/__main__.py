"""`python -m config.new STACK [--like STACK] [--region ...]`: write the file of a new stack, which holds as it is."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shlex
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.files import ROOT, stack_file
from config.new.answers import AS_OF, FLAGS, QUESTIONS, answered
from config.new.draft import Draft
from config.new.stack import NewStack, like_file, like_name, new_stack, settings_of
from config.problems import NOTHING, ConfigError, dotted, refuse, show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from config.files import StackFile
    from config.new.draft import Change
    from config.problems import Path as Keys
    from config.problems import Problem

SMALLEST: Final = "small"
"""Stack that a new one is made after where nothing is said."""
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""A stack's name as the engine takes it."""


def main(arguments: Sequence[str], directory: Path = ROOT, ask: Callable[[str], str] | None = None) -> int:
    """Write a stack file and say what was chosen; return 0, or 1 where nothing was written.

    Args:
        arguments: Of the command line.
        directory: Where the stack files are.
        ask: Puts a question to who sits at the terminal; None = nobody does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    options = _parsed(arguments)
    target = directory / f"Pulumi.{options.stack}.yaml"
    hint = ""
    try:
        _free(options.stack, target)
        like = like_file(stack_file(options.like, directory))
        given = {one.path: found for one in QUESTIONS if (found := getattr(options, _name(one.flag))) is not None}
        if options.as_of is not None:
            given[AS_OF] = options.as_of
        answers = answered(given, Draft(settings_of(like)), options.stack, ask)
        hint = f"; try again, changed: {_command(options, answers)}"
        made = new_stack(options.stack, like, answers)
        write(target, made.text)
    except ConfigError as error:
        problems = [_by_flag(problem) for problem in error.problems]
        if options.json:
            sys.stdout.write(_document(target, problems=problems))
        else:
            sys.stderr.writelines(f"{problem}\n" for problem in problems)
        sys.stderr.write(f"nothing was written{hint}\n")
        return 1
    except (EOFError, KeyboardInterrupt):
        sys.stderr.write("\nnothing was written\n")
        return 1
    sys.stdout.write(_document(target, made) if options.json else _report(options.stack, target, like, made))
    return 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    description = "Write Pulumi.STACK.yaml, made after another stack of the project. An existing file is never touched."
    parser = argparse.ArgumentParser(prog="python -m config.new", description=description)
    parser.add_argument("stack", metavar="STACK", help="name of the new stack")
    parser.add_argument(
        "--like", default=SMALLEST, metavar="STACK", help="primary that it is made after; default: %(default)s"
    )
    for question in QUESTIONS:
        also = "" if question.needed else " Default: as the other stack."
        text = f"{question.meaning.replace('%', '%%')}{also}"
        parser.add_argument(question.flag, metavar=str(question.path[-1]).upper(), help=text)
    parser.add_argument(
        "--as-of", metavar="DATE", help="day on which versions were checked; default: as the other stack"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser.parse_args(arguments)


def _command(options: argparse.Namespace, answers: Mapping[Keys, str]) -> str:
    """Return the command with all answers as flags."""
    flags = [part for path, answer in answers.items() for part in (FLAGS[path], answer)]
    return shlex.join([".venv/bin/python", "-m", "config.new", options.stack, "--like", options.like, *flags])


def _name(flag: str) -> str:
    return flag.removeprefix("--").replace("-", "_")


def _free(stack: str, target: Path) -> None:
    """Refuse a name that no stack can have, and one that a file has.

    Raises:
        ConfigError: Either.
    """
    if not _NAME.fullmatch(stack):
        allowed = "letters, digits, _ . -, 100 at most, the first no . or -"
        raise ConfigError([refuse((), "no name of a stack", got=stack, allowed=allowed, fix="choose another name")])
    if os.path.lexists(target):
        what, fix = (
            f"{target.name} is there already, and is never overwritten",
            "choose another name, or edit that file",
        )
        raise ConfigError([refuse((), what, got=stack, allowed="a name without a file", fix=fix)])


def write(target: Path, text: str) -> None:
    """Write a file as a whole or not at all, and never over another one.

    Raises:
        ConfigError: There is a file of this name, or the directory takes none.
    """
    draft: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", dir=target.parent, prefix=".new-", delete=False, encoding="utf-8"
        ) as file:
            draft = Path(file.name)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        os.link(draft, target)  # unlike a renaming, it fails where a file is
    except OSError as error:
        what = f"{target.name} cannot be written: {error.strerror or error}"
        fix = "choose another name, or another directory"
        raise ConfigError([refuse((), what, got=NOTHING, allowed="a new file", fix=fix)]) from None
    finally:
        if draft is not None:
            with suppress(OSError):
                draft.unlink()


def _by_flag(problem: Problem) -> Problem:
    """Place a problem of an answer at its flag."""
    flag = FLAGS.get(problem.path)
    return replace(problem, file=flag) if flag and not problem.file else problem


def _report(stack: str, target: Path, like: StackFile, made: NewStack) -> str:
    """Return what was chosen, and what to do next, for a terminal."""
    chosen = [
        _line(target, line, change) for line, change in made.changes if change.why and change.value is not NOTHING
    ]
    left = [f"  {change}" for _, change in made.changes if change.value is NOTHING]
    lines = [f"{target.name}: written, like {like_name(like)}", *["chosen:"] * bool(chosen), *chosen]
    lines += [*["left out:"] * bool(left), *left]
    lines += [
        "next:",
        "  read it: what nobody can know for you, such as budgets, channels, time zones and schedules, is as it was",
        f"  .venv/bin/python -m config.check {stack}",
        f"  make review STACK={stack}",
        f"  make up STACKS={stack}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _line(target: Path, line: int, change: Change) -> str:
    return f"  {target.name}:{line}: {dotted(change.path)}: {show(change.value)}: {change.why}"


def _document(target: Path, made: NewStack | None = None, problems: Sequence[Problem] = ()) -> str:
    """Return what was chosen, or why nothing was written, for a program."""
    changes = [
        {"path": dotted(change.path), "why": change.why}
        | ({"left_out": True} if change.value is NOTHING else {"line": line, "value": change.value})
        for line, change in (made.changes if made else ())
    ]
    found = [one.document() for one in problems]
    return json.dumps({"file": target.name, "changes": changes, "problems": found}, indent=2) + "\n"


def _on_terminal(prompt: str) -> str:
    """Ask on standard error, so that standard output holds nothing but the report."""
    sys.stderr.write(f"\n{prompt}")
    sys.stderr.flush()
    return input()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ask=_on_terminal if sys.stdin.isatty() else None))
