"""Plans of the repository's stacks, recorded once, for any account; and edits that stand for another stack file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from config.files import read_file, stack_file
from preflight.plan import Plan
from review.graph import Graph, Resource
from review.recording import record_stack

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = "100000000004"
"""The account that the stack files name."""


@cache
def recorded(stack: str) -> Plan:
    """Return a stack's plan."""
    file = read_file(stack_file(stack))
    standby = file.settings.recovery.standby if file.settings.recovery else None
    graph = record_stack(stack, file.settings, recorded(standby.primary).graph if standby else None)
    return Plan(stack, file.settings, graph, file.layers)


def unrecorded(stack: str) -> Plan:
    """Return a plan without resources, for tests that do not look at any."""
    file = read_file(stack_file(stack))
    return Plan(stack, file.settings, Graph(stack=stack, source="recording", resources=()), file.layers)


def plan_for(stack: str, account: str) -> Plan:
    """Return a stack's plan as its file would give it with another account id."""
    plan = recorded(stack)
    resources = tuple(replace(one, inputs=_renamed(one.inputs, account)) for one in plan.graph.resources)
    identity = plan.settings.identity.model_copy(update={"account_id": account})
    settings = plan.settings.model_copy(update={"identity": identity})
    return replace(plan, settings=settings, graph=replace(plan.graph, resources=resources))


def _renamed(value: Any, account: str) -> Any:  # noqa: ANN401  any JSON
    if isinstance(value, str):
        return value.replace(OWN, account)
    if isinstance(value, dict):
        return {key: _renamed(inner, account) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, account) for inner in value]
    return value


def edited(plan: Plan, type_: str, change: Callable[[dict[str, Any]], dict[str, Any]], name: str = "") -> Plan:
    """Return a plan in which the resources of a type, or one of them, have other inputs."""
    found = [one for one in plan.of(type_) if name in one.name]
    assert found, f"no {type_} {name} in the plan"
    changed = {one.urn: replace(one, inputs={**one.inputs, **change(dict(one.inputs))}) for one in found}
    resources = tuple(changed.get(one.urn, one) for one in plan.graph.resources)
    return replace(plan, graph=replace(plan.graph, resources=resources))


def added(plan: Plan, type_: str, **inputs: Any) -> Plan:  # noqa: ANN401  any JSON
    """Return a plan with one resource more, made in the stack's region."""
    provider = next(one.provider for one in plan.graph.resources if one.type == "aws:ec2/vpc:Vpc")
    urn = f"urn:pulumi:{plan.stack}::platform::{type_}::added"
    more = Resource(urn=urn, type=type_, name="added", custom=True, provider=provider, inputs=inputs)
    return replace(plan, graph=replace(plan.graph, resources=(*plan.graph.resources, more)))


def without(plan: Plan, type_: str) -> Plan:
    """Return a plan without the resources of a type."""
    assert plan.of(type_), f"no {type_} in the plan"
    kept = tuple(one for one in plan.graph.resources if one.type != type_)
    return replace(plan, graph=replace(plan.graph, resources=kept))


def postgres(plan: Plan, **update: Any) -> Plan:  # noqa: ANN401  any setting
    """Return a plan with other settings of the database."""
    data = plan.settings.data.model_copy(update={"postgres": plan.settings.data.postgres.model_copy(update=update)})
    return replace(plan, settings=plan.settings.model_copy(update={"data": data}))


def redis(plan: Plan, **update: Any) -> Plan:  # noqa: ANN401  any setting
    """Return a plan with other settings of the cache."""
    data = plan.settings.data.model_copy(update={"redis": plan.settings.data.redis.model_copy(update=update)})
    return replace(plan, settings=plan.settings.model_copy(update={"data": data}))
