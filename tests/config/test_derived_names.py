"""No name that a user gives meets one that the program derives: tried with every name that recordings of it hold."""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

import pytest

from components.stack import deploy
from config import ConfigError, StackConfig
from config.examine import examine
from config.files import stack_files
from config.problems import dotted
from review.record import record
from tests.config import derived
from tests.config.stackfile import refused

pytestmark = pytest.mark.slow
MARKED = 8
"""Mappings, at the least, that a stack has and that are tried."""


def told(stack: str, way: tuple[str | int, ...], key: str) -> list[str]:
    """Return what is said of a key, or of a name in its place, that is given although the program derives it."""
    settings = derived.with_entry(derived.marked(stack)[0], way, key)
    path = (*way, key) if isinstance(derived.find(settings, way), dict) else way
    try:
        examine(settings, None, stack)
    except ConfigError as error:
        return [one.what for one in error.problems if one.path[: len(path)] == path]
    return []


@pytest.mark.parametrize("stack", sorted(stack_files()))
def test_a_key_that_would_meet_a_derived_name_is_refused_at_its_place(stack: str) -> None:
    marks = derived.marked(stack)[1]
    names = [name for _, name in derived.names_of(derived.recording(json.dumps(derived.marked(stack)[0]), stack))]
    assert sum(any(mark in name for name in names) for mark in marks) >= MARKED, "recordings hold what users name"
    meetings = derived.meetings(stack)
    assert len(meetings) > 15
    missed = {f"{dotted(way)} {key}": meeting for (way, key), meeting in meetings.items() if not told(stack, way, key)}
    assert missed == {}, "these would be two of one name: refuse them (config/rules/meeting.py), or name things apart"


@pytest.mark.parametrize("stack", sorted(stack_files()))
def test_no_name_of_a_recording_stands_twice(stack: str) -> None:
    """Physical names above all: of logical ones the engine takes no second."""
    graph = derived.recording(json.dumps(derived.marked(stack)[0]), stack)
    made = Counter((kind, name) for kind, name in derived.names_of(graph) if kind.endswith((" bucket", " identifier")))
    assert len(made) > 5
    assert [name for name, count in made.items() if count > 1] == []


def test_the_recording_itself_would_not_take_such_a_key() -> None:
    """Else there was nothing to refuse."""
    settings: Any = copy.deepcopy(derived.settings_of("prod"))
    settings["data"]["postgres"]["replicas"]["primary"] = settings["data"]["postgres"]["replicas"]["reader-b"]
    config = StackConfig.model_validate_json(json.dumps(settings), strict=True)
    with pytest.raises(Exception, match="registered twice"):
        record(lambda: deploy(config).publish(), "prod")


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        (("reader-b: {", "primary: {"), "data.postgres.replicas.primary", "the program's own name"),
        (
            ("name: phoenix-ai-models\n", "name: phoenix-prod-access-logs-us-east-1\n"),
            "data.buckets.ai-models.name",
            "of the form of the program's own buckets",
        ),
        (
            ("        cache-cpu: #", "        database-cpu-reader-b: #"),
            "observability.alarms.database-cpu-reader-b",
            "the name of an alarm that `database-cpu` makes: one for each database",
        ),
        (
            ("interface: [ecr.api, ecr", "interface: [s3, ecr"),
            "network.endpoints.interface[0]",
            "reached by a gateway endpoint",
        ),
        (
            ("interface: [ecr.api, ecr", "interface: [dynamodb, ecr"),
            "network.endpoints.interface[0]",
            "reached by a gateway endpoint",
        ),
    ],
)
def test_a_name_of_the_programs_is_refused(swap: tuple[str, str], path: str, what: str) -> None:
    assert refused(swap)[path].what.startswith(what)
