"""What a person reads about each slip, word by word: what stands there, what would do, and a fix that fixes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.config.stackfile import PROD, changed, problems_of

Swap = tuple[str, str]
Reported = tuple[int, str]
"""Lines from the slip to the line that is named, and what is said."""
MESSAGES: list[tuple[Swap, list[Reported]]] = [
    ((one["right"], one["wrong"]), [(reported["lines_below"], reported["message"]) for reported in one["reported"]])
    for one in json.loads(Path(__file__).with_name("data").joinpath("messages.json").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("swap", "reported"), MESSAGES, ids=[swap[1].strip()[:30] for swap, _ in MESSAGES])
def test_a_slip_is_reported_in_these_words(swap: Swap, reported: list[Reported], tmp_path: Path) -> None:
    slip = PROD.count("\n", 0, PROD.index(swap[0])) + 1
    found = {
        ((problem.line or 0) - slip, uncounted(str(problem).partition(": ")[2]))
        for problem in problems_of(changed(swap), tmp_path)
    }
    assert {(below, uncounted(message)) for below, message in reported} <= found


def uncounted(message: str) -> str:
    """Return a message without the length of a list that is cut, which grows with the settings."""
    return re.sub(r"and \d+ others", "and others", message)


def test_messages_are_short_enough_to_be_read() -> None:
    messages = [message for _, reported in MESSAGES for _, message in reported]
    assert len(messages) > 40
    assert [message for message in messages if len(message) > 420] == []


@pytest.mark.parametrize(
    ("swap", "fix"),
    [
        (("shards: 3", 'shards: "3"'), ('shards: "3"', "shards: 3")),
        (("multi_az: true", "multi_az: yes"), ("multi_az: yes", "multi_az: true")),
        (("nat: per_zone", "nat: perzone"), ("nat: perzone", "nat: per_zone")),
        (("nat: per_zone", "nat: [per_zone]"), ("nat: [per_zone]", "nat: per_zone")),
        (("cidr: 10.0.0.0/16\n", "cidr: 10.0.0.1/16\n"), ("cidr: 10.0.0.1/16\n", "cidr: 10.0.0.0/16\n")),
        (("instance_types: [t3.medium]", "instance_types: t3.medium"), ("types: t3.medium", "types: [t3.medium]")),
        (('as_of: "2026-11-21"', "as_of: 2026-11-21"), ("as_of: 2026-11-21", 'as_of: "2026-11-21"')),
        (("        vpc-cni: {", "        vpc_cni: {"), ("        vpc_cni: {", "        vpc-cni: {")),
    ],
)
def test_what_is_advised_is_a_fix(swap: Swap, fix: Swap, tmp_path: Path) -> None:
    text = changed(swap)
    assert problems_of(text, tmp_path) != ()
    assert problems_of(changed(fix, text=text), tmp_path) == ()


def test_what_may_be_a_secret_is_hidden_and_nothing_else(tmp_path: Path) -> None:
    secret = "secret: {rotation_days: 30} # RDS"

    def got(*swap: str) -> list[str]:
        return [problem.got for problem in problems_of(changed((swap[0], swap[1])), tmp_path)]

    assert got(secret, "secret: hunter2 # RDS") == ["(hidden)"]
    assert got(secret, "secret: {rotation_days: hunter2} # RDS") == ["(hidden)"]
    assert got(secret, "secret: {rotation_days: 30, value: hunter2} # RDS") == ["(hidden)"]
    assert got(secret, "secret: {rotation_days: 0} # RDS") == ["0"]
    assert got(secret, "secret: {} # RDS") == ["nothing"]
    assert got("        secrets: {multi_region: true}", "        secrets: {multi_region: 5}") == ["5"]
