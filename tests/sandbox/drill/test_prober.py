"""Health checks against real servers: the loss of one is noticed, and so is its return."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from sandbox.drill.frontend import Frontend, Frontends
from sandbox.drill.health import Calculated, HealthCheck
from sandbox.drill.prober import Prober
from sandbox.drill.rules import Rule

CHECK = HealthCheck("hc-east", "dualstack.east.elb.", "/healthz", interval_seconds=0.05, threshold=3)
OTHER = HealthCheck("hc-west", "west.elb", "/healthz", interval_seconds=0.05, threshold=3)
PATIENCE = 10.0


@pytest.mark.slow
def test_a_closed_endpoint_becomes_unhealthy_and_an_open_one_healthy_again() -> None:
    with Frontend("us-east-1", "/healthz") as east, Frontend("us-west-2", "/healthz") as west:
        network = Frontends({"east.elb": east, "dualstack.west.elb": west})
        with Prober([CHECK, OTHER], network.passes) as prober:
            time.sleep(3 * CHECK.interval_seconds)
            assert prober.healthy() == {"hc-east": True, "hc-west": True}
            lost = time.monotonic()
            east.close()
            change = prober.await_state("hc-east", healthy=False, limit_seconds=PATIENCE)
            assert change is not None, "the loss is noticed"
            assert change.at - lost >= 2 * CHECK.interval_seconds, "by its threshold of requests, not by one"
            assert prober.healthy() == {"hc-east": False, "hc-west": True}, (
                "the other one is judged by its own endpoint"
            )
            east.open()
            assert prober.await_state("hc-east", healthy=True, limit_seconds=PATIENCE), "the return is noticed"
        assert [change.healthy for change in prober.changes] == [False, True], "and nothing else happened"


@pytest.mark.slow
def test_a_calculated_check_follows_those_that_it_counts() -> None:
    quiet = replace(OTHER, id="hc-quiet", path="/standby-active", inverted=True)
    both = Calculated("hc-both", ("hc-east", "hc-quiet"), 2)
    with Frontend("us-east-1", "/healthz") as east, Frontend("us-west-2", "/healthz") as west:
        network = Frontends({"east.elb": east, "west.elb": west})
        with Prober([both, CHECK, quiet], network.passes) as prober:
            assert prober.healthy()["hc-both"] is False, "a new inverted check is not healthy yet"
            assert prober.await_state("hc-both", healthy=True, limit_seconds=PATIENCE), "until its answers have come"
            west.rules = (Rule(1, ("/standby-active",), 200, "active"),)
            change = prober.await_state("hc-both", healthy=False, limit_seconds=PATIENCE)
            assert change is not None
            assert prober.healthy() == {"hc-east": True, "hc-quiet": False, "hc-both": False}, "one of them is enough"
            west.close()
            assert prober.await_state("hc-both", healthy=True, limit_seconds=PATIENCE), "no answer holds nobody off"
        seen = [change.healthy for change in prober.changes if change.check == "hc-both"]
        assert seen == [True, False, True]
        assert change.at == next(one.at for one in prober.changes if one.check == "hc-quiet" and not one.healthy)


def test_waiting_for_what_does_not_happen_ends() -> None:
    with Frontend("us-east-1", "/healthz") as east, Prober([CHECK], Frontends({"east.elb": east}).passes) as prober:
        assert prober.await_state("hc-east", healthy=False, limit_seconds=0.1) is None


def test_an_endpoint_answers_with_its_region_and_only_where_it_is_asked() -> None:
    with Frontend("us-east-1", "/healthz") as east:
        network = Frontends({"east.elb": east})
        assert network.fetch("dualstack.EAST.elb.", "/healthz") == (200, "us-east-1")
        assert network.fetch("east.elb", "/else")[0] == 404
        assert network.fetch("nobody.elb", "/healthz")[0] == 0, "a name that leads nowhere is no answer"
        assert not network.passes(HealthCheck("hc", "east.elb", "/else", 1, 1)), "404 is not healthy"
        east.rules = (Rule(2, ("/*",), 503, "late"), Rule(1, ("/else",), 200, "a word"))
        assert network.fetch("east.elb", "/else") == (200, "a word"), "its first rule comes before its pods"
        assert network.fetch("east.elb", "/healthz") == (503, "late")
        east.close()
        status, reason = network.fetch("east.elb", "/healthz")
        assert (status, "refused" in reason) == (0, True), "a closed one refuses"
