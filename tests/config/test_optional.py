"""A section may be left out: what needs it is refused with its line, and a file that follows its refusals is valid."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, get_args

import pytest

from config import StackConfig
from config.allowed import names
from config.backup import Backed
from config.beanstalk import Beanstalk
from config.containers import Service
from config.functions import Function
from config.instances import InstanceGroup
from config.kubernetes import Namespace
from config.objectives import availability, bounds, services
from config.observability import EventKind
from config.pairs import judge_pair
from config.problems import dotted
from config.recovery import Objective, Recovery
from config.rules.needs import ENTRIES, NEEDS, RULES, Needs, there
from config.rules.objectives import RULES as OBJECTIVES
from config.shape import settings_schema
from config.walk import expand
from tests.config.optional import (
    ALL,
    KEPT,
    OPTIONAL,
    Path,
    all_but,
    drawn,
    followed,
    followed_pair,
    parted,
    parts,
    problems_of,
    without,
)
from tests.config.pairfiles import PRIMARY, STANDBY

if TYPE_CHECKING:
    from config import Problem

DRAWS, FEW = 200, 10
"""Combinations of sections in all, and those that every run follows."""
ALONE: list[tuple[str, Path]] = [(stack, path) for stack in ALL for path in parts(stack)]
SERVICES: tuple[Path, ...] = (("data", "postgres"), ("data", "redis"), ("data", "buckets"))


def ill_told(problem: Problem) -> bool:
    return not all((problem.line, problem.what, problem.allowed, problem.fix, str(problem).isprintable()))


def test_every_section_but_three_may_be_left_out() -> None:
    assert settings_schema()["required"] == list(KEPT)
    assert {("network",), ("cluster",), ("data",), *SERVICES} <= set(OPTIONAL)


@pytest.mark.parametrize(("stack", "path"), ALONE, ids=lambda one: one if isinstance(one, str) else dotted(one))
def test_a_part_left_out_is_refused_where_it_is_needed_or_not_at_all(stack: str, path: Path) -> None:
    problems = problems_of(stack, without(stack, path))
    assert [str(one) for one in problems if ill_told(one)] == []
    assert [str(one) for one in problems if one.path[: len(path)] == path] == [], "who needs it says so"


@pytest.mark.parametrize(("stack", "path"), parted(), ids=lambda one: one if isinstance(one, str) else dotted(one))
def test_what_a_part_is_said_to_need_is_all_that_it_needs(stack: str, path: Path) -> None:
    assert there(followed(stack, *all_but(stack, path)), path)


def test_the_smallest_stack_is_valid_and_promises_nothing() -> None:
    config = followed("prod", *OPTIONAL)
    assert config.model_fields_set == set(KEPT)
    assert (services(config), bounds(config), availability(config).parts) == ((), (), ())


@pytest.mark.parametrize("first", [pytest.param(0), pytest.param(FEW, marks=pytest.mark.slow)])
def test_whatever_is_left_out_is_refused_with_lines_or_valid(first: int) -> None:
    refused = 0
    for number in range(first, DRAWS if first else FEW):
        stack, left_out = drawn(number)
        problems = problems_of(stack, without(stack, *left_out))
        assert [(number, str(one)) for one in problems if ill_told(one)] == []
        refused += bool(problems)
    assert refused > FEW / 2, "most of what is drawn lacks something"


@pytest.mark.slow
@pytest.mark.parametrize("first", [0, FEW])
def test_who_leaves_out_all_that_is_refused_has_a_valid_file_and_a_pair_that_is_judged(first: int) -> None:
    for number in range(first, DRAWS if first else FEW):
        stack, left_out = drawn(number)
        assert followed(stack, *left_out).keys, number
        if stack == "dr":
            assert judge_pair(*followed_pair(*left_out)) == [], number


@pytest.mark.slow
@pytest.mark.parametrize("path", [("cluster",), ("registry",), ("observability",), *SERVICES], ids=dotted)
def test_a_pair_of_which_one_lacks_a_part_is_judged_to_its_end(path: Path) -> None:
    less = judge_pair(followed("dr", path), PRIMARY)
    more = judge_pair(STANDBY, followed("prod", path))
    assert less
    assert more
    assert [str(one) for one in (*less, *more) if not one.beside] == []


def test_a_standby_does_not_follow_what_its_primary_does_not_have() -> None:
    (found,) = [
        one for one in judge_pair(STANDBY, followed("prod", ("data", "redis"))) if one.path == ("data", "redis")
    ]
    assert found.what == "needs data.redis of its primary: its secret is the primary's"


def test_every_path_of_the_tables_is_one_of_the_schema() -> None:
    paths = {path for row in NEEDS for path in (row.part, *row.of)}
    paths |= {*ENTRIES, *chain.from_iterable(parts for table in ENTRIES.values() for parts in table.values())}
    for path in paths:
        *above, last = path.split(".")
        assert last in names(settings_schema(), tuple("x" if step == "*" else step for step in above)), path
        list(expand(PRIMARY, path))


def test_what_needs_something_in_a_list_is_something_that_the_list_takes() -> None:
    takes = {
        "backup.resources": set(get_args(Backed)),
        "beanstalk.reaches": set(get_args(get_args(Beanstalk.model_fields["reaches"].annotation)[0])),
        "kubernetes.namespaces.*.reach": set(get_args(get_args(Namespace.model_fields["reach"].annotation)[0])),
        "containers.services.*.reaches": set(get_args(get_args(Service.model_fields["reaches"].annotation)[0])),
        "instances.*.reaches": set(get_args(get_args(InstanceGroup.model_fields["reaches"].annotation)[0])),
        "functions.*.reaches": set(get_args(get_args(Function.model_fields["reaches"].annotation)[0])),
        "observability.events.*.kind": set(get_args(EventKind)),
    }
    assert {path: set(table) <= takes[path] for path, table in ENTRIES.items()} == dict.fromkeys(takes, True)


ROWS = [row for row in NEEDS if row.part not in ("recovery.standby.streaming", "edge.accelerator")]
"""Rows about what one of the stacks has; the others are in test_streaming.py and test_accelerator.py."""


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.part} without {' or '.join(row.of)}")
def test_each_row_of_the_table_refuses_what_it_is_about(row: Needs) -> None:
    """The part as a stack has it, and none of what it needs."""
    lacking: list[Path] = [tuple(one.split(".")) for one in row.of]
    found = [one.what for stack in ALL for one in problems_of(stack, without(stack, *lacking))]
    assert f"needs {' or '.join(row.of)}: {row.why}" in found


def test_a_promise_of_what_is_not_there_is_refused() -> None:
    config = followed("prod", ("recovery",), ("data", "redis"))
    promise = Objective(scope="zone", rto_minutes=20, rpo_minutes=9)
    promising = config.model_copy(update={"recovery": Recovery(objectives={"redis": promise, "cluster": promise})})
    (found,) = [problem for rule in OBJECTIVES for problem in rule(promising)]
    assert (dotted(found.path), found.fix) == ("recovery.objectives.redis", "drop it, or add data.redis")


def test_no_availability_is_promised_where_nothing_serves() -> None:
    promising = followed("prod", *OPTIONAL).model_copy(update={"recovery": Recovery(availability_percent=99.0)})
    (found,) = [problem for rule in OBJECTIVES for problem in rule(promising)]
    assert (dotted(found.path), found.fix) == ("recovery.availability_percent", "drop it")


def test_a_section_with_nothing_in_it_keeps_nothing() -> None:
    empty = StackConfig.model_validate({**PRIMARY.model_dump(include=set(KEPT)), "data": {}})
    (found,) = [problem for rule in RULES for problem in rule(empty)]
    assert (found.path, found.fix) == (("data",), "add data.postgres, or leave data out")


def test_days_are_asked_for_where_something_is_logged_and_refused_elsewhere() -> None:
    days: tuple[Path, ...] = (("data", "log_retention_days"), ("data", "access_log_retention_days"))
    asked = {dotted(one.path) for one in problems_of("prod", without("prod", *days))}
    assert asked == {"data.postgres", "data.redis", "data.buckets", "edge", "audit"}
    idle = {dotted(one.path) for one in problems_of("prod", without("prod", *SERVICES, ("edge",), ("audit",)))}
    assert {"data.log_retention_days", "data.access_log_retention_days"} <= idle
