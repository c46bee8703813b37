"""Users reach the region that answers: from published records, by health checks at work, over real connections."""

from __future__ import annotations

from dataclasses import replace

from sandbox.drill.health import HealthCheck
from sandbox.drill.resolver import Record
from sandbox.drill.traffic import Traffic
from sandbox.drill.zone import Zone

EAST, WEST = "us-east-1", "us-west-2"
ORIGIN = "origin.phoenix.example"
QUICK = 0.05


def _zone() -> Zone:
    records = (
        Record(ORIGIN, "A", "PRIMARY", "hc-east", "dualstack.east.elb.example"),
        Record(ORIGIN, "A", "SECONDARY", "hc-west", "west.elb.example"),
        Record(ORIGIN, "AAAA", "PRIMARY", "hc-other", "elsewhere.example"),
    )
    checks = {
        "hc-east": HealthCheck("hc-east", "east.elb.example", "/healthz", QUICK, 3),
        "hc-west": HealthCheck("hc-west", "west.elb.example", "/healthz", QUICK, 3),
    }
    return Zone(ORIGIN, records, checks, {"east.elb.example": EAST, "west.elb.example": WEST})


def test_users_follow_the_loss_and_the_return_of_a_region() -> None:
    with Traffic(_zone()) as traffic:
        assert traffic.reaches(EAST).ok, "the primary serves while it answers"
        traffic.lose(EAST)
        assert not traffic.reaches(WEST).ok, "until the health check fails, users go where nobody answers"
        found, _ = traffic.becomes(healthy=False)
        assert found.ok, found
        assert traffic.reaches(WEST).ok, "then they reach the standby, and nobody has done anything"
        traffic.restore(EAST)
        assert traffic.becomes(healthy=True)[0].ok
        assert traffic.reaches(EAST).ok, "and they come back by themselves"


def test_without_a_secondary_record_users_stay_in_the_dark() -> None:
    whole = _zone()
    with Traffic(replace(whole, records=whole.records[:1])) as traffic:
        traffic.lose(EAST)
        assert traffic.becomes(healthy=False)[0].ok, "the loss is noticed"
        reached = traffic.reaches(WEST)
    assert not reached.ok, "and nothing follows from it"
    assert reached.found.startswith("0 from"), "nobody answers"
