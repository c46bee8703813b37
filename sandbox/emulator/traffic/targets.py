"""Targets that run on this machine: asked for their health as their group says, drained when they are deregistered.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html (2026-11): a new
target is healthy after one check that passes; later, checks in a row decide. Intervals and the deregistration delay go
by the emulator's clock, what a target takes to answer by the real one. A target that does not run here is not asked.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ministack.core.responses import request_scope
from ministack.services import alb

from sandbox.emulator.traffic import reach, rules, waiting, wire
from sandbox.emulator.traffic.messages import BrokenError, Request

if TYPE_CHECKING:
    from sandbox.emulator.traffic.messages import Stream
    from sandbox.emulator.traffic.reach import Place

    Document: TypeAlias = dict[str, Any]
    Key: TypeAlias = tuple[str, int]

HEALTHY: Final = "healthy"
UNHEALTHY: Final = "unhealthy"
INITIAL: Final = "initial"
DRAINING: Final = "draining"

_TLS: Final = ("HTTPS", "TLS")


@cache
def unverified() -> ssl.SSLContext:
    """Return how a balancer speaks TLS to a target: it encrypts, and takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@dataclass(eq=False)
class Target:
    """A target of a group.

    Attributes:
        group: ARN of its target group.
        address: Its IP address.
        port: Its port.
        place: Where it listens on this machine; None when it does not run here.
        state: As DescribeTargetHealth names it.
        reason: Why it is not healthy, as DescribeTargetHealth names it, and in words.
        open: Connections to it.
    """

    group: str
    address: str
    port: int
    place: Place | None = None
    state: str = HEALTHY
    reason: tuple[str, str] | None = None
    open: set[Stream] = field(default_factory=set)
    _row: int = 0
    _task: asyncio.Task[None] | None = None
    _ends: bool = False

    @property
    def takes_requests(self) -> bool:
        """Whether requests may be sent to it at all."""
        return self.state != DRAINING

    def learn(self) -> None:
        """Learn whether it runs here, and begin to ask for its health once it does."""
        self.place = reach.local(self.address, self.port) or self.place
        if self.place is not None and self._task is None:
            self._become(INITIAL, ("Elb.RegistrationInProgress", "Target registration is in progress"))
            if _in_loop():
                self._task = asyncio.create_task(self._watch())

    def drain(self) -> None:
        """Take no new requests; those under way have the group's delay to end."""
        self._become(DRAINING, ("Target.DeregistrationInProgress", "Target deregistration is in progress"))
        if _in_loop() and not self._ends:
            self.stop()
            self._ends = True
            self._task = asyncio.create_task(self._end())

    def stop(self) -> None:
        """Ask no more."""
        if self._task is not None:
            self._task.cancel()

    def _become(self, state: str, reason: tuple[str, str] | None) -> None:
        self.state, self.reason = state, reason

    async def _end(self) -> None:
        delay = attribute(self.group, "deregistration_delay.timeout_seconds", 300)
        await waiting.sleep(delay)
        for stream in list(self.open):
            stream.abort()
        GROUPS.get(self.group, {}).pop((self.address, self.port), None)

    async def _watch(self) -> None:
        while (settings := _settings(self.group)) is not None and settings["HealthCheckEnabled"]:
            self._count(await self._check(settings), settings)
            await waiting.sleep(settings["HealthCheckIntervalSeconds"])
        self._become(HEALTHY, None)

    def _count(self, failure: tuple[str, str] | None, settings: Document) -> None:
        if self.state == DRAINING:
            return
        well = failure is None
        if self.state != INITIAL and well == (self.state == HEALTHY):
            self._row = 0
            self.reason = failure
            return
        self._row += 1
        needed = settings["HealthyThresholdCount" if well else "UnhealthyThresholdCount"]
        if self._row >= (1 if well and self.state == INITIAL else needed):
            self._row = 0
            self._become(HEALTHY if well else UNHEALTHY, failure)

    async def _check(self, settings: Document) -> tuple[str, str] | None:
        """Return why the target is not well, None when it is."""
        try:
            async with asyncio.timeout(settings["HealthCheckTimeoutSeconds"]):
                return await self._asked(settings)
        except TimeoutError:
            return "Target.Timeout", "Request timed out"
        except (OSError, BrokenError):
            return "Target.FailedHealthChecks", "Health checks failed"

    async def _asked(self, settings: Document) -> tuple[str, str] | None:
        port = settings["HealthCheckPort"]
        place = self.place if port == "traffic-port" else reach.local(self.address, int(port))
        if place is None:
            raise BrokenError("nothing listens on the port of the health check")
        protocol = settings["HealthCheckProtocol"]
        stream = await wire.connect(place, unverified() if protocol in _TLS else None)
        if protocol in ("TCP", "TLS"):
            stream.close()
            return None
        headers = [("host", f"{self.address}:{self.port}"), ("user-agent", "ELB-HealthChecker/2.0")]
        request = Request("GET", settings["HealthCheckPath"], headers)
        answer = await wire.ask(stream, request, lambda: float(settings["HealthCheckTimeoutSeconds"]))
        answer.finish()
        if _matches(settings["Matcher"]["HttpCode"], answer.status):
            return None
        return "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{answer.status}]"


def _matches(matcher: str, status: int) -> bool:
    """Whether a status is one of `200`, `200,202` or `200-299`."""
    parts = (part.partition("-") for part in re.sub(r"\s", "", matcher).split(","))
    return any(int(low) <= status <= int(high or low) for low, _, high in parts)


GROUPS: Final[dict[str, dict[Key, Target]]] = {}
"""ARN of a target group -> address and port -> target, of the groups that have been looked at."""


def of(group: str) -> list[Target]:
    """Return the targets of a group as they are registered now, those that drain last.

    In the event loop, targets that run here are asked for their health from now on, and those that are registered no
    more begin to drain. In another thread nothing is begun: what the next look in the loop will find is returned.
    """
    targets = GROUPS.setdefault(group, {}) if _in_loop() else dict(GROUPS.get(group, {}))
    wanted = _registered(group)
    for key in wanted:
        if key not in targets or targets[key].state == DRAINING:
            if key in targets and _in_loop():
                targets[key].stop()
            targets[key] = Target(group, *key)
        targets[key].learn()
    for key in [key for key in targets if key not in wanted]:
        if targets[key].place is None:
            del targets[key]
        else:
            targets[key].drain()
    if not targets and _settings(group) is None:
        GROUPS.pop(group, None)
    return sorted(targets.values(), key=lambda target: target.state == DRAINING)


def _in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _registered(group: str) -> list[Key]:
    settings = _settings(group)
    if settings is None or settings["TargetType"] == "lambda":
        return []
    with _scope(group):
        return [(one["Id"], int(one.get("Port") or settings["Port"])) for one in alb._targets.get(group, [])]


def _settings(group: str) -> Document | None:
    with _scope(group):
        found: Document | None = alb._tgs.get(group)
        return found


def settings(group: str) -> Document:
    """Return a target group.

    Raises:
        KeyError: There is no such group.
    """
    found = _settings(group)
    if found is None:
        raise KeyError(group)
    return found


def attribute(arn: str, key: str, default: float) -> float:
    """Return an attribute of a target group."""
    with _scope(arn):
        found = next((one["Value"] for one in alb._tg_attrs.get(arn, []) if one["Key"] == key), default)
    return float(found)


def _scope(arn: str) -> Any:  # noqa: ANN401 - ministack's own context manager
    region, account = arn.split(":")[3:5]
    return request_scope(account, region)


def balancers(group: str) -> list[str]:
    """Return the ARNs of the load balancers whose rules lead to a target group."""
    with _scope(group):
        listeners = {
            rule["ListenerArn"]
            for rule in alb._rules.values()
            for action in rule["Actions"]
            if action["Type"] == "forward" and group in rules.weights(action)
        }
        return [alb._listeners[arn]["LoadBalancerArn"] for arn in listeners if arn in alb._listeners]


def look() -> None:
    """Look at all groups of the emulator again: targets may have come or gone."""
    for _, _, arn in list(alb._tgs._data):
        of(arn)
    for arn in [arn for arn in GROUPS if _settings(arn) is None]:
        of(arn)


def forget() -> None:
    """Stop asking, and forget all targets."""
    for targets in GROUPS.values():
        for target in targets.values():
            target.stop()
            for stream in list(target.open):
                stream.abort()
    GROUPS.clear()
