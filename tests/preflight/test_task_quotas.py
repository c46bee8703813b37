"""What services and instances of Beanstalk take of the quotas on vCPUs, by the settings alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from config.containers import Capacity
from config.facts.instances import table
from preflight.quota_table import QUOTAS
from tests.config.containersfile import accepted
from tests.preflight.plans import unrecorded

if TYPE_CHECKING:
    from preflight.plan import Plan

ON_DEMAND, SPOT, STANDARD = "L-3032A538", "L-36FBB829", "L-1216C47A"


def need(code: str, plan: Plan, region: str = "us-east-1") -> tuple[float, float]:
    found = next(quota for quota in QUOTAS if quota.code == code).needs(plan, region)
    return found.least, max(found.least, found.most)


def test_tasks_take_vcpus_by_what_they_run_on() -> None:
    plan = unrecorded("auctions")
    sizes = {name: one.task.size.cpu_units / 1024 for name, one in plan.settings.services.items()}
    most = {name: one.most for name, one in plan.settings.services.items()}
    standing = 2 * sizes["serverpod"] + 2 * sizes["live"]
    assert need(ON_DEMAND, plan) == (standing, most["serverpod"] * sizes["serverpod"] + 2 * sizes["live"])
    assert need(SPOT, plan) == (0, most["video"] * sizes["video"])
    assert need(ON_DEMAND, plan, "us-west-2") == (0, 0)
    assert need(ON_DEMAND, unrecorded("prod")) == (0, 0), "no services"


@given(
    tasks=st.integers(0, 60),
    base=st.integers(0, 20),
    weights=st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(any),
)
def test_a_split_leaves_no_task_out(tasks: int, base: int, weights: tuple[int, int]) -> None:
    split = Capacity(base=base, fargate_weight=weights[0], spot_weight=weights[1]).split(tasks)
    assert tasks <= sum(split.values()) <= tasks + 1
    assert split["FARGATE"] >= min(base, tasks)
    assert weights[1] or split["FARGATE_SPOT"] == 0


def test_instances_of_beanstalk_take_vcpus_of_their_family() -> None:
    plan, beanstalk = unrecorded("small"), accepted().beanstalk
    assert beanstalk is not None
    with_it = replace(plan, settings=plan.settings.model_copy(update={"beanstalk": beanstalk}))
    each, region = table()[beanstalk.instance_types[0]].vcpus, plan.settings.identity.region
    assert need(STANDARD, with_it, region) == (beanstalk.scaling.min * each, beanstalk.scaling.max * each)
    assert need(STANDARD, plan, region) == (0, 0)


def test_a_websocket_api_takes_the_connections_that_its_throttling_lets_in() -> None:
    plan, sockets = unrecorded("prod"), accepted().sockets
    assert sockets is not None
    with_it = replace(plan, settings=plan.settings.model_copy(update={"sockets": sockets}))
    assert need("L-9ED1E49A", with_it) == (100, 100)
    shared = {name: one.model_copy(update={"throttling": None}) for name, one in sockets.routes.items()}
    as_all = sockets.model_copy(update={"routes": shared})
    assert need("L-9ED1E49A", replace(plan, settings=plan.settings.model_copy(update={"sockets": as_all}))) == (
        300,
        300,
    )
    assert need("L-9ED1E49A", with_it, "us-west-2") == need("L-9ED1E49A", plan) == (0, 0)
