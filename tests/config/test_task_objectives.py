"""Objectives of services, queues and Beanstalk: what their own numbers come to, and what no number can keep."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.objectives import availability, bound, bounds, unreckoned
from config.objectives.tasks import reckoned
from tests.config.containersfile import GONE, accepted, refused
from tests.config.pairfiles import WITH_CONTAINERS

if TYPE_CHECKING:
    from config import StackConfig
    from config.recovery import ServiceName

WEB, LIVE, WORKER = (f"containers.services.{name}" for name in ("web", "live", "worker"))
ONE_GATEWAY: dict[str, Any] = {"network.nat": "single", "recovery": GONE, "experiments": GONE}
BEANSTALK: dict[str, Any] = {
    "purpose": "Pages of the staff",
    "solution_stack": "64bit Amazon Linux 2023 v6.9.2 running Node.js 24",
    "instance_types": ["t4g.small"],
    "scaling": {"min": 2, "max": 4},
    "update_window_utc": "Sun:04:00",
    "log_retention_days": 90,
    "tier": "tasks",
    "target": {"paths": ["/staff/*"], "priority": 90, "health_path": "/health"},
}


def zone(config: StackConfig, service: ServiceName = "containers") -> float:
    return bound(service, "zone", config).seconds("rto")


@given(interval=st.integers(10, 280), bad=st.integers(2, 10), good=st.integers(2, 10))
def test_slower_checks_never_recover_faster(interval: int, bad: int, good: int) -> None:
    def checked(seconds: int) -> StackConfig:
        at = f"{LIVE}.target"
        return accepted(
            {f"{at}.interval_seconds": seconds, f"{at}.unhealthy_threshold": bad, f"{at}.healthy_threshold": good}
        )

    config = checked(interval)
    target = config.services["live"].target
    assert target is not None
    assert zone(config) >= interval * (bad + good) + target.timeout_seconds
    assert zone(checked(interval + 20)) >= zone(config)


@given(minutes=st.integers(0, 30))
def test_a_promise_holds_exactly_where_the_steps_do(minutes: int) -> None:
    promise = {"recovery.objectives": {"containers": {"scope": "zone", "rto_minutes": minutes, "rpo_minutes": 0}}}
    found = refused({**promise, "experiments": GONE})
    assert set(found) == ({"recovery.objectives.containers.rto_minutes"} if minutes * 60 < zone(accepted()) else set())


def test_what_nobody_promises_is_not_reckoned() -> None:
    assert set(reckoned(accepted())) == {"web", "live"}, "all tasks of the worker are on Spot"
    assert set(reckoned(accepted({f"{WORKER}.capacity.base": 1}))) == {"web", "live", "worker"}
    alone = accepted().model_copy(update={"containers": accepted().containers})
    only = {"worker": alone.services["worker"]}
    spot = alone.model_copy(update={"containers": alone.containers.model_copy(update={"services": only})})  # type: ignore[union-attr]
    found = bound("containers", "zone", spot)
    assert math.isinf(found.seconds("rto"))
    assert "Spot" in found.arithmetic("rto")


@pytest.mark.parametrize("service", ["containers", "beanstalk"])
def test_one_gateway_is_lost_with_its_zone(service: ServiceName) -> None:
    config = accepted({**ONE_GATEWAY, "beanstalk": BEANSTALK})
    assert math.isinf(zone(config, service))
    assert math.isfinite(zone(accepted({"beanstalk": BEANSTALK}), service))


def test_a_refused_promise_names_the_gateways_that_would_keep_it() -> None:
    promise = {"containers": {"scope": "zone", "rto_minutes": 10, "rpo_minutes": 0}}
    found = refused({**ONE_GATEWAY, "recovery": {"objectives": promise}})
    assert "network.nat: per_zone" in str(found["recovery.objectives.containers.rto_minutes"].fix)


def test_queues_outlive_a_zone_and_not_their_region() -> None:
    standby, _ = WITH_CONTAINERS
    assert bound("queues", "zone", accepted()).seconds("rto") == 0
    lost = bound("queues", "region", standby)
    assert math.isfinite(lost.seconds("rto"))
    assert math.isinf(lost.seconds("rpo"))


def test_a_standby_serves_by_the_tasks_that_it_has() -> None:
    standby, _ = WITH_CONTAINERS
    assert math.isfinite(bound("containers", "region", standby).seconds("rto"))
    services = dict(standby.services)
    services["live"] = services["live"].model_copy(update={"desired": 0})
    assert standby.containers is not None
    idle = standby.model_copy(update={"containers": standby.containers.model_copy(update={"services": services})})
    assert math.isinf(bound("containers", "region", idle).seconds("rto"))
    assert "no task of live runs here" in bound("containers", "region", idle).arithmetic("rto")


def test_every_section_with_services_is_reckoned() -> None:
    config = accepted({"beanstalk": BEANSTALK})
    assert unreckoned(config) == []
    assert {"containers", "queues", "beanstalk"} <= {one.service for one in bounds(config)}


@pytest.mark.parametrize("gone", [("containers",), ("messaging",), ("api", "sockets")])
def test_each_part_in_the_way_of_a_request_costs_availability(gone: tuple[str, ...]) -> None:
    config = accepted()
    without = config.model_copy(update=dict.fromkeys(gone))
    assert availability(without).percent > availability(config).percent
    kept = config.model_copy(update=dict.fromkeys(gone[1:]))
    assert availability(kept).percent == availability(config).percent, "both APIs are one service"
