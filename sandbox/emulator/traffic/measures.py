"""What load balancers tell CloudWatch: what was counted at each tick of the clock, states once a minute.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html (2026-11).
Dimensions are those of the balancer, and of the balancer and the target group; there are none of zones.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from sandbox.emulator.cut import reachable
from sandbox.emulator.patches.queue_metrics import Minute
from sandbox.emulator.traffic import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.emulator.traffic.balancer import Listener

_NAMESPACE: Final = "AWS/ApplicationELB"
_OF_GROUP: Final = "RequestCountPerTarget"
_SECONDS: Final = "TargetResponseTime"
_CONNECTIONS: Final = "ActiveConnectionCount"

_MINUTE: Final = Minute()

CONNECTIONS: Final[Counter[str]] = Counter()
"""ARN of a load balancer -> connections of clients that are open now."""


@dataclass
class Measure:
    """What was counted of a load balancer, or of one of its target groups, since it was last reported.

    Attributes:
        balancer: ARN of the load balancer.
        group: ARN of the target group; empty for what is the balancer's alone.
        counts: Name of a metric -> how often.
        seconds: How long targets took to answer.
    """

    balancer: str
    group: str
    counts: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    seconds: list[float] = field(default_factory=list)

    def add(self, **values: float) -> None:
        """Count."""
        self.seconds += [value for name, value in values.items() if name == _SECONDS]
        for name, value in values.items():
            if name != _SECONDS:
                self.counts[name] += value


_MEASURES: Final[dict[tuple[str, str], Measure]] = {}


def of(listener: Listener, group: str = "") -> Measure:
    """Return what is counted for a listener's load balancer, and one of its target groups."""
    key = listener.settings["LoadBalancerArn"], group
    return _MEASURES.setdefault(key, Measure(*key))


def tell() -> None:
    """Tell CloudWatch what was counted; called at each tick, in a thread."""
    for key in list(_MEASURES):
        _publish(_MEASURES.pop(key))
    if _MINUTE.passed():
        _gauges()


def _gauges() -> None:
    for arn, number in list(CONNECTIONS.items()):
        _put(arn, "", _CONNECTIONS, [float(number)])
        if not number:
            del CONNECTIONS[arn]
    for group, found in list(targets.GROUPS.items()):
        states = [target.state for target in list(found.values()) if target.place is not None]
        if states:
            balancer = next(iter(targets.balancers(group)), "")
            _put(balancer, group, "HealthyHostCount", [float(states.count(targets.HEALTHY))])
            _put(balancer, group, "UnHealthyHostCount", [float(states.count(targets.UNHEALTHY))])


def _publish(one: Measure) -> None:
    for name, value in one.counts.items():
        _put(one.balancer, one.group, name, [value])
        if one.group and name != _OF_GROUP:
            _put(one.balancer, "", name, [value])
    if one.seconds:
        _put(one.balancer, one.group, _SECONDS, one.seconds)
        _put(one.balancer, "", _SECONDS, one.seconds)


def _put(balancer: str, group: str, name: str, values: list[float]) -> None:
    """Put data of a metric under its dimensions."""
    region, account = (balancer or group).split(":")[3:5]
    if not reachable(region):
        return
    unit = "Seconds" if name == _SECONDS else "Count"
    with request_scope(account, region):
        for dimensions in _dimensions(balancer, group, name):
            cloudwatch._store_datum(_NAMESPACE, name, dimensions, time.time(), unit, None, values, None, None)


def _dimensions(balancer: str, group: str, name: str) -> Iterator[dict[str, str]]:
    own = {"LoadBalancer": balancer.partition("loadbalancer/")[2]} if balancer else {}
    if not group:
        yield own
        return
    of_group = {"TargetGroup": group.rpartition(":")[2]}
    if name == _OF_GROUP:
        yield of_group
    if own:
        yield of_group | own


def forget() -> None:
    """Forget what was counted."""
    _MEASURES.clear()
    CONNECTIONS.clear()
