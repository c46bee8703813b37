"""The commands of a runbook: its blocks marked `sh`, which are typed as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from sandbox.paths import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = CHECKOUT / "docs" / "runbooks"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AWS = re.compile(r"\baws (?!:)[a-z0-9-]+ [a-z0-9-]+")
NAMES = ("failover", "failback", "region-loss", "degradation", "scaling", "restore")


def text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    """Return the blocks of a runbook in their order."""
    return BLOCK.findall(text(name))


def spoken_of(name: str) -> set[str]:
    """Return the AWS commands a runbook names anywhere, such as `aws rds describe-db-instances`."""
    return set(AWS.findall(" ".join(text(name).split())))


def links(name: str) -> list[Path]:
    """Return the files a runbook points to."""
    found = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text(name))
    return [(FOLDER / target).resolve() for target in found if not target.startswith("http")]


READS = re.compile(r"(describe|get|list|head|search|lookup)-[a-z0-9-]+|ls|output")
"""Commands of `aws` and of `pulumi stack` that change nothing."""
CALLED = re.compile(
    r"(?:^|[;|&(]|\bdo\b)\s*(?P<program>[a-z][a-z0-9_-]*)(?=[\s;)]|$)(?P<rest>(?:(?!\$\()[^;|&)\n])*)", re.MULTILINE
)
SHELL = frozenset({"for", "do", "done", "printf", "echo", "date", "python3", "if", "then", "fi"})
INLINE = re.compile(r"`(aws [^`]+)`")
EXPECTED = "# expect: "
"""What begins a comment that gives a pattern of the whole answer of the command before it."""


@dataclass(frozen=True)
class Read:
    """A command of a runbook that only reads.

    Attributes:
        runbook: Its page.
        text: As it is typed; a loop is one command.
        before: Assignments of its block that it rests on.
        expected: Pattern of what it answers, with blanks for any white space; empty where the page says none.
        standing: Whether the page's world still is the deployed one: no update was typed before it.
    """

    runbook: str
    text: str
    before: str = ""
    expected: str = ""
    standing: bool = True


def reads(name: str) -> list[Read]:
    """Return the commands of a runbook that only read: those of its blocks, then those that its text spells out."""
    found: list[Read] = []
    standing = True
    for block in blocks(name):
        before: list[str] = []
        typed = list(_statements(block))
        for at, statement in enumerate(typed):
            if statement.startswith("#"):
                continue
            if not only_reads(statement):
                standing = standing and "pulumi up" not in statement
                continue
            expected = [line[len(EXPECTED) :] for line in _comments(typed[at + 1 :]) if line.startswith(EXPECTED)]
            found.append(Read(name, statement, "\n".join(before), "\n".join(expected), standing))
            if _ASSIGNMENT.match(statement):
                before.append(statement)
    inline = (" ".join(span.split()) for span in INLINE.findall(BLOCK.sub("", text(name))))
    return found + [Read(name, span) for span in inline if " --" in span and "..." not in span and only_reads(span)]


_ASSIGNMENT = re.compile(r'[a-z_]+="')


def _statements(block: str) -> Iterator[str]:
    """Yield what is typed as a whole: a line with those that continue it, or a loop; comments by themselves."""
    whole: list[str] = []
    for line in block.splitlines():
        whole.append(line)
        joined = "\n".join(whole)
        opened = len(re.findall(r"\bdo\b", joined)) - len(re.findall(r"\bdone\b", joined))
        if not line.endswith("\\") and opened == 0:
            yield joined
            whole = []


def _comments(statements: list[str]) -> Iterator[str]:
    return takewhile(lambda one: one.startswith("#"), statements)


def only_reads(statement: str) -> bool:
    """Whether everything that a statement calls only reads, something of AWS or of a stack among it."""
    text = re.sub(r"'[^']*'", "''", statement.replace("\\\n", " "))
    called = [
        (found["program"], found["rest"].split()) for found in CALLED.finditer(text) if found["program"] not in SHELL
    ]
    words = [rest[1] if len(rest) > 1 else "" for _, rest in called]
    known = all(program in ("aws", "pulumi") for program, _ in called)
    return bool(called) and known and all(READS.fullmatch(word) for word in words) and " > " not in text
