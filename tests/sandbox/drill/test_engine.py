"""The drill on the real program, as `make drill` holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from review.engine_json import LOSES
from tests.sandbox.drill.standin import Copy
from tests.sandbox.run.trial import marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.paths import RunDirectory

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.slow, pytest.mark.timeout(4500)]

FILES = ("Pulumi.prod.yaml", "Pulumi.dr.yaml")
STAY = ("users stay", "users stay until the standby lets go")
"""Steps in which the primary is back and gets nobody."""
OWN = {"rds", "eks", "ssm", "lambda", "elasticloadbalancing"}


@dataclass(frozen=True)
class Drilled:
    """A drill that ended.

    Attributes:
        copy: Where it was held.
        status: Its exit status.
        said: What it said.
        before: The stack files before it.
        evidence: The document that it left.
    """

    copy: Copy
    status: int
    said: str
    before: Mapping[str, str]
    evidence: dict[str, Any]

    def step(self, name: str) -> dict[str, Any]:
        """Return what is written of a step."""
        return next(dict(step) for step in self.evidence["steps"] if step["step"] == name)


@pytest.fixture(scope="module")
def drilled(pair: RunDirectory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drilled]:
    """The drill on a copy of the deployed pair; its world rests afterwards."""
    copy = Copy.made(tmp_path_factory.mktemp("drilled") / "copy", world=pair)
    before = {name: (copy.root / name).read_text() for name in FILES}
    ended = copy.sandbox("drill")
    yield Drilled(copy, ended.returncode, ended.stdout, before, copy.evidence())
    copy.sandbox("down")
    assert not marked(copy.mark), "a drill leaves nothing running"


def test_the_standby_takes_over_and_the_data_comes_home(drilled: Drilled) -> None:
    assert drilled.status == 0, drilled.said
    assert drilled.evidence["ok"]
    assert set(drilled.evidence["measured"]) == {"detection", "traffic", "failover", "recovery"}
    services = {bound["service"] for bound in drilled.evidence["bounds"]}
    assert services >= {"postgres", "redis", "buckets", "cluster", "system"}, "what is promised stands beside it"


@pytest.mark.parametrize("plan", ["failover", "failback, follow", "failback, cut-over", "failback, standby"])
def test_no_plan_loses_what_holds_data(drilled: Drilled, plan: str) -> None:
    kept = [check for check in drilled.step(f"{plan}: plan")["checks"] if check["name"].startswith("plan-keeps-data")]
    assert [check["ok"] for check in kept] == [True]


def test_a_failover_makes_nothing_anew(drilled: Drilled) -> None:
    assert not LOSES & set(drilled.step("failover: plan")["plan"]), "with data or without"


@pytest.mark.parametrize("step", STAY)
def test_users_stay_although_the_primary_answers(drilled: Drilled, step: str) -> None:
    seen = [check["ok"] for check in drilled.step(step)["checks"] if check["name"].startswith("traffic-")]
    assert seen == [True, True]


def test_a_failover_works_in_its_own_region(drilled: Drilled) -> None:
    calls = drilled.step("failover: update")["calls"]
    assert {call["service"] for call in calls if call["region"] == "us-west-2"} >= OWN


def test_the_world_is_put_back(drilled: Drilled) -> None:
    assert {name: (drilled.copy.root / name).read_text() for name in FILES} == drilled.before, "files stay as typed"
    assert "the world stands as before the drill" in drilled.said
