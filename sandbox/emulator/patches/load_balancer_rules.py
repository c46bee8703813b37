"""Rules of a listener have a priority of their own each, and no more values and wildcards than ELB takes.

ministack takes two rules of one priority, of which one then never gets a request, and rules of any size.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html (`PriorityInUse`; 2026-11-30)
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html (values, wildcards)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.services import alb

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

if TYPE_CHECKING:
    from collections.abc import Iterable

_PRIORITIES: Final = range(1, 50_001)
_MOST_VALUES: Final = 5
_MOST_WILDCARDS: Final = 5


def _too_much(params: Params) -> Response | None:
    """Return the refusal of conditions that are more than a rule takes."""
    conditions: list[dict[str, Any]] = alb._parse_conditions(params)
    values = [
        value for one in conditions for value in (*one["Values"], *one.get("HttpHeaderConfig", {}).get("Values", ()))
    ]
    wildcards = sum(value.count("*") + value.count("?") for value in values)
    for count, most, of in ((len(values), _MOST_VALUES, "values"), (wildcards, _MOST_WILDCARDS, "wildcards")):
        if count > most:
            refused: Response = alb._error("ValidationError", f"A rule can only have '{most}' condition {of}")
            return refused
    return None


def _taken(listener: str, wanted: dict[str, str]) -> Response | None:
    """Return the refusal of priorities, by rule, that a listener cannot give; `new` is a rule that is not there yet."""
    now = {arn: rule["Priority"] for arn, rule in alb._rules.items() if rule["ListenerArn"] == listener}
    after = {**now, **wanted}
    for priority in wanted.values():
        if not priority.isdigit() or int(priority) not in _PRIORITIES:
            invalid: Response = alb._error("ValidationError", f"Priority '{priority}' must be between 1 and 50000")
            return invalid
        if list(after.values()).count(priority) > 1:
            in_use: Response = alb._error("PriorityInUse", f"Priority '{priority}' is currently in use")
            return in_use
    return None


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        listener = alb._p(params, "ListenerArn")
        wanted = {"new": alb._p(params, "Priority")}
        found: Response = _too_much(params) or _taken(listener, wanted) or original(params)
        return found

    return create


def _modify(original: Handler) -> Handler:
    def modify(params: Params) -> Response:
        found: Response = _too_much(params) or original(params)
        return found

    return modify


def _wanted(params: Params) -> Iterable[tuple[str, str]]:
    number = 1
    while arn := alb._p(params, f"RulePriorities.member.{number}.RuleArn"):
        yield arn, alb._p(params, f"RulePriorities.member.{number}.Priority")
        number += 1


def _set_priorities(original: Handler) -> Handler:
    def set_priorities(params: Params) -> Response:
        wanted = dict(_wanted(params))
        listeners = {alb._rules[arn]["ListenerArn"] for arn in wanted if arn in alb._rules}
        for listener in listeners:
            own = {arn: one for arn, one in wanted.items() if alb._rules.get(arn, {}).get("ListenerArn") == listener}
            if refused := _taken(listener, own):
                return refused
        found: Response = original(params)
        return found

    return set_priorities


def _apply() -> None:
    wrap_action(alb._ACTION_MAP, "CreateRule", _create)
    wrap_action(alb._ACTION_MAP, "ModifyRule", _modify)
    wrap_action(alb._ACTION_MAP, "SetRulePriorities", _set_priorities)


PATCH = Patch("elbv2-rules", "two rules of one priority are taken, and rules that ELB refuses", _apply)
