"""The same stack as each source has it: a recording, the engine before and after an update, a state, a preview."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from policy import messages
from policy.evidence.exported import exported
from policy.judging import Kind, judge_resource, judge_stack
from policy.pack import RULES
from policy.resources import Stack, adapt
from policy.testing.judge import requests
from policy.testing.values import secret
from policy.values import SECRET, SIGNATURE
from tests.policy.harness import UNKNOWN, Made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from policy.resources import Recorded, Resource
    from policy.rule import Rule

Verdicts = frozenset[tuple[str, str, str, str]]
"""Rule, URN, kind and problem."""


def verdicts(alone: Sequence[Resource], together: Stack, rules: Iterable[Rule] = RULES) -> Verdicts:
    """Return what rules say of resources by themselves, and of the stack that they are."""
    by_type = Stack(alone).by_type
    found = [
        verdict
        for rule in rules
        for verdict in (
            *(
                one
                for type_ in rule.among(by_type)
                for resource in by_type[type_]
                for one in judge_resource(rule, resource, rule.defaults)
            ),
            *judge_stack(rule, together, rule.defaults),
        )
    ]
    return frozenset(
        (one.rule.name, one.urn, one.kind.value, "" if one.kind is Kind.BROKEN else one.problem) for one in found
    )


def offline(stack: Sequence[Recorded], rules: Iterable[Rule] = RULES) -> Verdicts:
    """Judge a stack as the review does."""
    adapted = adapt(stack)
    return verdicts(adapted.resources, adapted, rules)


def state(stack: Sequence[Recorded], rules: Iterable[Rule] = RULES) -> Verdicts:
    """Judge the export of a stack."""
    text = json.dumps({"version": 3, "deployment": {"resources": _states(stack)}})
    return offline(exported(json.loads(text)), rules)


def _states(stack: Sequence[Recorded]) -> list[dict[str, Any]]:
    return [
        {
            "urn": one.urn,
            "type": one.type,
            "custom": bool(one.id),
            "id": one.id,
            "inputs": one.inputs,
            "outputs": {**read_back(one, "read back"), **one.outputs},
            "protect": one.protect,
            "ignoreChanges": list(one.ignore_changes),
            "provider": one.provider and f"{one.provider}::id",
            "propertyDependencies": {key: list(urns) or None for key, urns in one.property_dependencies.items()},
        }
        for one in stack
    ]


def preview(stack: Sequence[Recorded], rules: Iterable[Rule] = RULES) -> Verdicts:
    """Judge the JSON of a preview of what stands, which has ids and outputs under the old states alone."""
    steps = [
        {
            "op": "same",
            "urn": one["urn"],
            "oldState": one,
            "newState": {key: value for key, value in one.items() if key not in {"id", "outputs"}},
        }
        for one in _states(stack)
    ]
    return offline(exported(json.loads(json.dumps({"steps": steps, "changeSummary": {"same": len(steps)}}))), rules)


def engine(stack: Sequence[Recorded], rules: Iterable[Rule] = RULES, *, reads: object = UNKNOWN) -> Verdicts:
    """Judge a stack as the engine shows it.

    Args:
        stack: the resources.
        rules: who judges.
        reads: what the provider reads back into every input that the program does not give. Not known before the first
            update, which is the default; any value after it.
    """
    made = [replace(as_made(one), outputs={**one.outputs, **read_back(one, reads)}) for one in stack]
    each, whole = requests(made)
    given = {request.urn: messages.resource(request) for request in each}
    return verdicts(list(given.values()), messages.stack(whole, given), rules)


def as_made(one: Recorded) -> Made:
    """Return a resource of any reader."""
    return Made(
        type=one.type,
        name=one.name,
        at=one.urn,
        inputs=one.inputs,
        id=one.id,
        provider=one.provider,
        property_dependencies=one.property_dependencies,
        protect=one.protect,
        ignore_changes=one.ignore_changes,
    )


def opened(stack: Sequence[Recorded]) -> list[Made]:
    """Return a stack whose every input is a secret, which the engine opens to the pack."""
    return _with_inputs(stack, secret)


def opened_below(stack: Sequence[Recorded]) -> list[Made]:
    """Return a stack in which everything below an input is a secret."""
    return _with_inputs(stack, _secrets_below)


def _secrets_below(value: Any) -> Any:  # noqa: ANN401 JSON in, JSON out
    if isinstance(value, Mapping):
        return {key: secret(_secrets_below(below)) for key, below in value.items()} if SIGNATURE not in value else value
    return [secret(_secrets_below(below)) for below in value] if isinstance(value, list | tuple) else value


def hidden(stack: Sequence[Recorded]) -> list[Made]:
    """Return a stack whose every input is a secret, as a state keeps it: encrypted."""
    return _with_inputs(stack, lambda _: {SIGNATURE: SECRET, "ciphertext": "v1:abc"})


def redacted(stack: Sequence[Recorded]) -> list[Made]:
    """Return such a stack as `pulumi policy analyze --file` shows it."""
    return _with_inputs(stack, lambda _: "[secret]")


def _with_inputs(stack: Sequence[Recorded], wrap: Callable[[object], object]) -> list[Made]:
    return [
        replace(as_made(one), inputs={key: wrap(value) for key, value in one.inputs.items()}, outputs=one.outputs)
        for one in stack
    ]


def apart(stack: Sequence[Made]) -> list[Made]:
    """Return a stack of fixtures in which every URN is there once, as the engine sees to it."""
    seen: set[str] = set()
    return [
        one if one.urn not in seen and not seen.add(one.urn) else replace(one, at=f"{one.urn}-{at}")  # type: ignore[func-returns-value]
        for at, one in enumerate(stack)
    ]


def read_back(one: Recorded, value: object) -> dict[str, object]:
    """Return a value for every input that some rule reads and the program does not give."""
    return {key: value for key in read_of(one.type) if key not in one.inputs}


@cache
def read_of(type_: str) -> frozenset[str]:
    """Return the inputs that rules read on a type, by what they say of themselves."""
    paths = (path for rule in RULES if rule.covers(type_) for path in (*rule.guards, *rule.reads))
    return frozenset(path.partition(".")[0].partition("[")[0] for path in paths) - {"*"}
