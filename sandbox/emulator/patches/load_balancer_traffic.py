"""Load balancers serve traffic: rules decide, targets that run here are asked, checked for health, and drained.

ministack calls every target healthy, forgets a deregistered one at once, dials a target's private address, matches
`[` in paths as a set and lets any source through. A target that does not run here stays healthy, since nothing can be
asked; requests to it time out at once.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from ministack.services import alb

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap, wrap_action
from sandbox.emulator.traffic import targets
from sandbox.emulator.traffic.balancer import Listener
from sandbox.emulator.traffic.messages import Request
from sandbox.emulator.traffic.running import TRAFFIC

if TYPE_CHECKING:
    from sandbox.emulator.traffic.targets import Target

    Document = dict[str, Any]

_CHANGES: Final = (
    "CreateListener",
    "DeleteListener",
    "DeleteLoadBalancer",
    "DeleteTargetGroup",
    "DeregisterTargets",
    "ModifyListener",
    "ModifyTargetGroup",
    "RegisterTargets",
)
"""Actions after which the data planes look again."""


def _announced(original: Handler) -> Handler:
    def act(*args: Any, **rest: Any) -> Any:  # noqa: ANN401 - as the function it replaces
        answer = original(*args, **rest)
        TRAFFIC.changed()
        return answer

    return act


def _register(_: Handler) -> Handler:
    """Register targets by address and port: one address may be registered with several ports."""

    def register(params: Params) -> Response:
        group = alb._p(params, "TargetGroupArn")
        if group not in alb._tgs:
            refused: Response = alb._error("TargetGroupNotFound", f"Target group '{group}' not found.")
            return refused
        registered = alb._targets.setdefault(group, [])
        for target in alb._parse_targets_param(params):
            if _key(group, target) not in [_key(group, one) for one in registered]:
                registered.append(target)
        answer: Response = alb._empty("RegisterTargets")
        return answer

    return register


def _deregister(_: Handler) -> Handler:
    def deregister(params: Params) -> Response:
        group = alb._p(params, "TargetGroupArn")
        if group not in alb._tgs:
            refused: Response = alb._error("TargetGroupNotFound", f"Target group '{group}' not found.")
            return refused
        gone = alb._parse_targets_param(params)
        alb._targets[group] = [
            one for one in alb._targets.get(group, []) if not any(_is(group, one, it) for it in gone)
        ]
        answer: Response = alb._empty("DeregisterTargets")
        return answer

    return deregister


def _key(group: str, target: Document) -> tuple[str, int]:
    return target["Id"], int(target.get("Port") or alb._tgs[group].get("Port") or 0)


def _is(group: str, registered: Document, asked: Document) -> bool:
    """Whether a registered target is the one that is asked for; without a port, it is by its address."""
    return bool(registered["Id"] == asked["Id"]) and (
        "Port" not in asked or _key(group, registered) == _key(group, asked)
    )


def _describe(original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        group = alb._p(params, "TargetGroupArn")
        if group not in alb._tgs or alb._tgs[group]["TargetType"] == "lambda":
            answer: Response = original(params)
            return answer
        asked = alb._parse_targets_param(params)
        found = [one for one in targets.of(group) if not asked or any(_asked(group, one, it) for it in asked)]
        said = "".join(_health(one, alb._tgs[group]) for one in found)
        result = f"<TargetHealthDescriptions>{said}</TargetHealthDescriptions>"
        written: Response = alb._xml(200, "DescribeTargetHealth", result)
        return written

    return describe


def _asked(group: str, target: Target, asked: Document) -> bool:
    return _is(group, {"Id": target.address, "Port": target.port}, asked)


def _health(target: Target, group: Document) -> str:
    port = target.port if group["HealthCheckPort"] == "traffic-port" else group["HealthCheckPort"]
    why = ""
    if target.reason is not None:
        code, text = target.reason
        why = f"<Reason>{code}</Reason><Description>{escape(text)}</Description>"
    return (
        f"<member><Target><Id>{escape(target.address)}</Id><Port>{target.port}</Port></Target>"
        f"<HealthCheckPort>{port}</HealthCheckPort>"
        f"<TargetHealth><State>{target.state}</State>{why}</TargetHealth></member>"
    )


def _dispatch(original: Handler) -> Handler:
    """Answer what reaches the emulator's own port under a load balancer's name as its ports do."""

    async def dispatch(  # noqa: PLR0913, PLR0917 - the signature it replaces
        lb: Document,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query: Document,
        port: int = 80,
        client_ip: str | None = None,
        raw_query_string: str | None = None,
        raw_path: str | None = None,
    ) -> Any:  # noqa: ANN401 - same
        mine = [one for one in alb._listeners.values() if one["LoadBalancerArn"] == lb["LoadBalancerArn"]]
        found = next((one for one in mine if one["Port"] == port), next(iter(mine), None))
        if found is None:
            given = (client_ip, raw_query_string, raw_path)
            return await original(lb, method, path, headers, body, query, port, *given)
        target = (raw_path or path) + (f"?{raw_query_string}" if raw_query_string else "")
        request = Request(method, target, list(headers.items()), body, client_ip or "127.0.0.1")
        answer = await Listener(found["ListenerArn"]).answer(request)
        said: dict[str, str | list[str]] = {}
        for name, value in answer.headers:
            before = said.get(name)
            said[name] = value if before is None else [*([before] if isinstance(before, str) else before), value]
        return answer.status, said, await answer.whole()

    return dispatch


def _apply() -> None:
    wrap_action(alb._ACTION_MAP, "RegisterTargets", _register)
    wrap_action(alb._ACTION_MAP, "DeregisterTargets", _deregister)
    wrap_action(alb._ACTION_MAP, "DescribeTargetHealth", _describe)
    for action in _CHANGES:
        wrap_action(alb._ACTION_MAP, action, _announced)
    wrap(alb, "_describe_target_health", _describe)  # ECS asks so, from a thread
    wrap(alb, "set_targets_for_group", _announced)
    wrap(alb, "dispatch_request", _dispatch)


PATCH = Patch("elbv2-traffic", "every target is healthy, and none can be reached", _apply)
