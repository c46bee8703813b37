"""A standby beside its primary as it is deployed: what contradicts ends the program with lines, never a traceback."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.recovery.primary import COPY, SETTINGS, Primary, follow, needs
from config.files import read_file, stack_file
from config.renamed import RENAMED
from review.record import record
from tests.config.pairfiles import FOLLOWS, PRIMARY, STANDBY, exchanged

if TYPE_CHECKING:
    from config.stack import StackConfig

OUTPUTS: dict[str, Any] = {
    field.name: f"the {field.name}" for field in fields(Primary) if field.name not in {"accelerator", "streaming"}
}
"""What dr needs of prod; neither has topics (tests/components/streaming)."""
ACTIVE = ("recovery", "standby", "active")


def beside(standby: StackConfig, primary: StackConfig = PRIMARY) -> None:
    """Let dr follow prod as it would be deployed with other settings."""
    outputs = OUTPUTS | {SETTINGS: primary.model_dump_json()}
    _follow(standby, {"prod": outputs, "dr": {COPY: OUTPUTS}})


def _follow(standby: StackConfig, references: dict[str, dict[str, Any]]) -> None:
    how = standby.recovery.standby if standby.recovery else None
    assert how is not None
    record(lambda: follow(standby, how), "dr", references)


def place(*path: str) -> str:
    """Return file and line of one of dr's settings."""
    file, line = read_file(stack_file("dr")).layers.place(path)
    return f"{file}:{line}: "


BUCKET = PRIMARY.data.buckets["logs"].model_copy(update={"name": "phoenix-another-dr"})
CASES: dict[str, tuple[tuple[str, ...], object]] = {
    "a bucket that the primary lacks": (("data", "buckets", "another"), BUCKET),
    "another major version": (("data", "postgres", "engine_version"), "16.9"),
    "other shards": (("data", "redis", "shards"), 2),
    "another database": (("data", "postgres", "database_name"), "other"),
    "the primary's region": (("identity", "region"), "us-east-1"),
    "another account": (("identity", "account_id"), "100000000005"),
    "points that the primary's vault keeps longer": (("backup", "copy_from_primary", "source_retention_days"), 1),
    "a route table that is not there": (("network", "peers", "production", "route_tables"), ("private-z",)),
    "a smaller class": (("data", "postgres", "instance_class"), "db.r5.large"),
}


@pytest.mark.parametrize(("path", "new"), CASES.values(), ids=CASES.keys())
def test_a_standby_that_contradicts_its_deployed_primary_is_refused_for(path: tuple[str, ...], new: object) -> None:
    with pytest.raises(pulumi.RunError) as stopped:
        beside(exchanged(STANDBY, path, new))
    said = str(stopped.value)
    assert "of this stack beside its primary as it is deployed" in said
    assert f": {'.'.join(path)}" in said
    assert place(*path) in said or "configuration of stack dr: " in said
    assert "primary: outputs of stack prod: " in said


def test_a_line_is_given_where_the_file_says_what_the_program_runs_with() -> None:
    raised = exchanged(PRIMARY, ("data", "postgres", "database_name"), "other")
    with pytest.raises(pulumi.RunError, match=place("data", "postgres", "database_name")):
        beside(STANDBY, raised)


def test_all_contradictions_are_reported_at_once() -> None:
    wrong = exchanged(exchanged(STANDBY, ("data", "redis", "shards"), 2), ("identity", "account_id"), "100000000005")
    with pytest.raises(pulumi.RunError, match="2 problems of this stack") as stopped:
        beside(wrong)
    assert len(str(stopped.value).splitlines()) == 3


def test_the_pair_as_it_stands_is_let_through() -> None:
    beside(STANDBY)


def test_a_standby_that_serves_is_not_held_up() -> None:
    beside(exchanged(exchanged(STANDBY, ("data", "redis", "shards"), 2), ACTIVE, new=True))


def test_a_primary_that_is_a_standby_is_refused_before_the_outputs_that_it_lacks() -> None:
    theirs = exchanged(PRIMARY, ("identity", "role"), "standby")
    with pytest.raises(pulumi.RunError, match="is a standby itself"):
        _follow(STANDBY, {"prod": {SETTINGS: theirs.model_dump_json()}})


def test_what_differs_from_another_versions_settings_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    theirs = json.loads(PRIMARY.model_dump_json()) | {"network": "what it was before", "of_later": 1}
    theirs["identity"] |= {"account_id": "100000000005", "of_later": 1}
    _follow(STANDBY, {"prod": OUTPUTS | {SETTINGS: json.dumps(theirs)}})
    said = caplog.text
    assert "another version of this program deployed prod: update it first" in said
    assert "1 problem of this stack" in said
    assert "identity.account_id" in said


def test_what_the_primary_leaves_out_is_judged() -> None:
    """A none in deployed settings is a value, not something unknown that nothing is held against."""
    place = ("cluster", "node_groups", "gpu", "tier")
    assert PRIMARY.model_dump()["cluster"]["node_groups"]["gpu"]["tier"] is None
    with pytest.raises(pulumi.RunError, match="1 problem of this stack") as stopped:
        beside(exchanged(STANDBY, place, "blockchain"))
    assert f": {'.'.join(place)}: " in str(stopped.value)


def test_a_primary_that_was_deployed_with_old_names_of_keys_is_followed() -> None:
    text = PRIMARY.model_dump_json()
    for old, new in RENAMED.items():
        text = text.replace(f'"{new}":', f'"{old.rpartition(".")[2]}":')
    assert '"followed":true' in text, "else the next line says nothing"
    _follow(STANDBY, {"prod": OUTPUTS | {SETTINGS: text}})


@pytest.mark.parametrize("lacking", [*OUTPUTS, SETTINGS])
def test_a_primary_that_is_not_deployed_is_refused_with_what_it_lacks(lacking: str) -> None:
    outputs = {name: value for name, value in OUTPUTS.items() if name != lacking}
    settings = {} if lacking == SETTINGS else {SETTINGS: PRIMARY.model_dump_json()}
    with pytest.raises(pulumi.RunError, match=f"stack 'prod' lacks the outputs {lacking}; deploy 'prod' first"):
        _follow(STANDBY, {"prod": outputs | settings})


LEFT_OUT: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "edge": (("edge",), {"zone_id"}),
    "kubernetes": (("kubernetes",), {"pooler_secret_arn"}),
    "backup": (("backup",), {"backup_role_arn", "backup_vault_name", "cluster_name"}),
    "network.peers": (("network", "peers"), {"vpcs"}),
    "data.redis": (("data", "redis"), {"redis_group_id", "redis_secret_arn"}),
    "data": (
        ("data",),
        {"postgres_arn", "postgres_secret_arn", "redis_group_id", "redis_secret_arn", "bucket_names", "topic_arns"}
        | {"writers"},
    ),
}
"""Part that a standby leaves out -> its path, and the outputs that it needs no longer."""


@pytest.mark.parametrize(("path", "spared"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_standby_needs_of_its_primary_what_its_own_stack_file_has(path: tuple[str, ...], spared: set[str]) -> None:
    less = exchanged(STANDBY, path, {} if path[-1] == "peers" else None)
    standby = less.recovery.standby if less.recovery else None
    assert standby is not None
    assert set(OUTPUTS) - set(needs(less, standby)) == spared


def test_a_standby_that_serves_follows_a_copy_that_lacks_what_it_does_not_need() -> None:
    serves = exchanged(exchanged(STANDBY, ACTIVE, new=True), ("edge",), None)
    _follow(serves, {"dr": {COPY: {name: value for name, value in OUTPUTS.items() if name != "zone_id"}}})


def test_a_standby_that_serves_without_a_copy_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match="has no copy of its primary's outputs"):
        _follow(exchanged(STANDBY, ACTIVE, new=True), {"dr": {}})


def test_the_copy_of_a_standby_leaves_the_settings_out() -> None:
    assert SETTINGS not in {field.name for field in fields(Primary)}
    assert FOLLOWS.primary == "prod"
