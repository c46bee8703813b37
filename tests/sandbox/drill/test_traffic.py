"""Users reach the region that has the data: from published records, by health checks at work, over real connections."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox.drill import fence, limits
from sandbox.drill.health import Calculated, HealthCheck
from sandbox.drill.resolver import Record
from sandbox.drill.rules import Rule
from sandbox.drill.traffic import Traffic
from sandbox.drill.zone import Zone

EAST, WEST = "us-east-1", "us-west-2"
pytestmark = pytest.mark.slow

ORIGIN = "origin.phoenix.example"
STANDBY = "standby.phoenix.example"
FENCE = "/standby-active"
QUICK = 0.05
BOTH = Calculated("hc-both", ("hc-east", "hc-quiet"), 2)


def _zone() -> Zone:
    records = (
        Record(ORIGIN, "A", "PRIMARY", "hc-both", "dualstack.east.elb.example"),
        Record(ORIGIN, "A", "SECONDARY", "hc-west", "west.elb.example"),
        Record(STANDBY, "A", "", "", "west.elb.example"),
        Record(ORIGIN, "AAAA", "PRIMARY", "hc-other", "elsewhere.example"),
    )
    checks: dict[str, HealthCheck | Calculated] = {
        "hc-east": HealthCheck("hc-east", "east.elb.example", "/healthz", QUICK, 3),
        "hc-west": HealthCheck("hc-west", "west.elb.example", "/healthz", QUICK, 3),
        "hc-quiet": HealthCheck("hc-quiet", STANDBY, FENCE, QUICK, 3, inverted=True),
        "hc-both": BOTH,
    }
    return Zone(ORIGIN, records, checks, {"east.elb.example": EAST, "west.elb.example": WEST})


class Listeners:
    """Rules of both load balancers; the standby's says whether it serves."""

    def __init__(self) -> None:
        self.status = 404

    def __call__(self, host: str, region: str) -> tuple[Rule, ...]:
        assert (host, region) in {("east.elb.example", EAST), ("west.elb.example", WEST)}
        return (Rule(1, (FENCE,), self.status, "a word"),) if region == WEST else ()


def _begun(traffic: Traffic) -> None:
    found, _ = traffic.becomes(healthy=True)
    assert found.ok, found
    assert traffic.reaches(EAST).ok, "the primary serves while it answers and no standby serves"


def _lost(traffic: Traffic) -> None:
    traffic.lose(EAST)
    found, _ = traffic.becomes(healthy=False)
    assert found.ok, found


def test_users_follow_the_loss_of_a_region() -> None:
    with Traffic(_zone(), Listeners()) as traffic:
        _begun(traffic)
        traffic.lose(EAST)
        assert not traffic.reaches(WEST).ok, "until the health check fails, users go where nobody answers"
        assert traffic.becomes(healthy=False)[0].ok
        assert traffic.reaches(WEST).ok, "then they reach the standby, and nobody has done anything"


def test_users_stay_where_the_data_is_until_the_standby_lets_go() -> None:
    listeners = Listeners()
    with Traffic(_zone(), listeners) as traffic:
        _begun(traffic)
        _lost(traffic)
        listeners.status = 200
        traffic.refresh()
        assert traffic.fenced(raised=True)[0].ok
        traffic.restore(EAST)
        assert traffic.answers()[0].ok, "the primary answers as if nothing had happened"
        assert [check.ok for check in traffic.stays(WEST)] == [True, True], "and gets nobody"
        listeners.status = 404
        traffic.refresh()
        assert traffic.fenced(raised=False)[0].ok
        assert traffic.becomes(healthy=True)[0].ok
        assert traffic.reaches(EAST).ok, "then users come home by themselves"
        assert [check.name for check in traffic.stays(EAST) if not check.ok] == ["traffic-moves"], "which is a move"


def test_without_a_word_of_the_standby_users_go_back_to_old_data(monkeypatch: pytest.MonkeyPatch) -> None:
    with Traffic(_zone(), Listeners()) as traffic:
        _begun(traffic)
        _lost(traffic)
        with monkeypatch.context() as hasty:
            hasty.setattr(limits, "DETECTION_SLACK", 0.1)
            assert not traffic.fenced(raised=True)[0].ok, "what does not happen is not waited for"
        traffic.restore(EAST)
        assert traffic.becomes(healthy=True)[0].ok
        gone = [check.name for check in traffic.stays(WEST) if not check.ok]
    assert gone == [f"traffic-stays {ORIGIN}", "traffic-moves"], "this is what the fence is for"


def test_a_primary_serves_where_nobody_knows_of_a_standby() -> None:
    whole = _zone()
    alone = [record for record in whole.records if record.name != STANDBY and record.failover != "SECONDARY"]
    with Traffic(replace(whole, records=tuple(alone)), Listeners()) as traffic:
        _begun(traffic)


def test_without_a_secondary_record_users_stay_in_the_dark() -> None:
    whole = _zone()
    records = tuple(record for record in whole.records if record.failover != "SECONDARY")
    with Traffic(replace(whole, records=records), Listeners()) as traffic:
        _begun(traffic)
        _lost(traffic)
        reached = traffic.reaches(WEST)
    assert not reached.ok, "and nothing follows from it"
    assert reached.found.startswith("0 from"), "nobody answers"


def test_a_zone_without_a_fence_says_so() -> None:
    whole = _zone()
    records = tuple(replace(one, health_check="hc-east") if one.failover == "PRIMARY" else one for one in whole.records)
    bare = replace(whole, records=records)
    with Traffic(bare, Listeners()) as traffic:
        found, _ = traffic.fenced(raised=True)
    assert (found.ok, found.found) == (False, "no such health check")
    assert fence.listens(bare).found == "1 of east.elb.example/healthz"


@pytest.mark.parametrize("check", [replace(BOTH, threshold=1), replace(BOTH, children=(*BOTH.children, "hc-west"))])
def test_a_fence_with_a_gap_is_none(check: Calculated) -> None:
    whole = _zone()
    assert fence.listens(whole).ok
    gap = replace(whole, health_checks={**whole.health_checks, "hc-both": check})
    assert not fence.listens(gap).ok, "either of them must be able to hold users off"
