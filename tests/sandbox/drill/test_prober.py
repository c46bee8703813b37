"""Health checks against real servers: the loss of one is noticed, and so is its return."""

from __future__ import annotations

import time

from sandbox.drill.frontend import Frontend, Frontends
from sandbox.drill.health import HealthCheck
from sandbox.drill.prober import Prober

CHECK = HealthCheck("hc-east", "dualstack.east.elb.", "/healthz", interval_seconds=0.05, threshold=3)
OTHER = HealthCheck("hc-west", "west.elb", "/healthz", interval_seconds=0.05, threshold=3)
PATIENCE = 10.0


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
        east.close()
        status, reason = network.fetch("east.elb", "/healthz")
        assert (status, "refused" in reason) == (0, True), "a closed one refuses"
