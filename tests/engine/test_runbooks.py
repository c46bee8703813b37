"""Every command of a runbook that only reads, as it is typed, answers something against the deployed world."""

from __future__ import annotations

import json
import re
import shlex
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.drill import runbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.world import World
    from tests.sandbox.drill.runbook import Read

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

PAGES = sorted(path.stem for path in runbook.FOLDER.glob("*.md"))
READS = [read for page in PAGES for read in runbook.reads(page)]
SILENT = {
    "--state-value ALARM": "no alarm rings in a world in which nothing is wrong",
    "phoenix-prod-g2": "the second generation is made by the update that the page types before it",
    "application-autoscaling": "neither stack has a service that is scaled",
    "cloudfront list-public-keys": "neither stack has signers",
    "kafka list-": "neither stack has topics",
    "/aws/service/eks/optimized-ami": "the embedded AWS has no parameters of AWS's own",
    "runbook/example": "the page puts the object there before",
}
"""What a command names -> why it answers nothing, or an error, where both stacks stand and nothing else was done."""


def _script(reads: list[Read], place: Path) -> str:
    """Return a script that types each command in a shell of its own, and keeps what it answers."""
    lines = []
    for at, read in enumerate(reads):
        named = re.match(r"([a-z_]+)=", read.text)
        shown = f'\nprintf "%s\\n" "${named[1]}"' if named else ""
        whole = shlex.quote(f"{read.before}\n{read.text}{shown}")
        lines.append(f"/bin/sh -c {whole} >{place}/{at}.out 2>{place}/{at}.err; echo $? >{place}/{at}.status")
    return "\n".join(lines)


def answer(read: Read, place: Path) -> str:
    """Return what a command answered; an error is no answer."""
    at = READS.index(read)
    if (place / f"{at}.status").read_text(encoding="utf-8").strip() != "0":
        return ""
    return (place / f"{at}.out").read_text(encoding="utf-8").strip()


def says_something(text: str) -> bool:
    """Whether an answer has a value in every line, or in every list of a document."""
    if text.startswith(("{", "[")):
        return _is_full(json.loads(text))
    return text not in {"", "None"} and all(set(line.split()) != {"None"} for line in text.splitlines())


def _is_full(value: object) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(_is_full(inner) for inner in value.values() if isinstance(inner, dict | list))
    return not isinstance(value, list) or (bool(value) and any(_is_full(inner) for inner in value))


@pytest.fixture(scope="module")
def answers(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the answers of all commands are."""
    place = tmp_path_factory.mktemp("runbooks")
    ended = world.sandbox("shell", script=_script(READS, place))
    assert ended.status == 0, ended.text[-4000:]
    return place


def _reason(read: Read) -> str:
    return next((reason for named, reason in SILENT.items() if named in read.text), "")


@pytest.mark.parametrize("read", [one for one in READS if not _reason(one)], ids=lambda one: one.text[:90])
def test_a_command_that_reads_answers(answers: Path, read: Read) -> None:
    said, at = answer(read, answers), READS.index(read)
    assert says_something(said), f"{read.text}\n{said}\n{(answers / f'{at}.err').read_text(encoding='utf-8')}"


@pytest.mark.parametrize(
    "read",
    [one for one in READS if one.expected and one.standing and not _reason(one)],
    ids=lambda one: one.text[:90],
)
def test_the_answer_is_what_the_page_says(answers: Path, read: Read) -> None:
    said = " ".join(answer(read, answers).split())
    assert fnmatchcase(said, " ".join(read.expected.split())), read.text


@pytest.mark.parametrize("named", SILENT)
def test_every_exception_is_one(answers: Path, named: str) -> None:
    silent = [one for one in READS if named in one.text]
    assert silent, "a page still types it"
    assert not any(says_something(answer(one, answers)) for one in silent), "it answers by now: drop the exception"
