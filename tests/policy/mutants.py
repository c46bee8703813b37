"""Stacks gone wrong at random: any input of any resource replaced by what a program might say instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pulumi
from pulumi_policy.deserialize import serialize_properties

from policy.testing.values import secret
from policy.values import SIGNATURE
from review import graph
from tests.policy.harness import UNKNOWN, Made

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from review.graph import Resource

AnyMade = TypeVar("AnyMade", Made, "Resource")
Path = tuple[str | int, ...]

GONE: Final = object()
"""In place of a value: the input is left out."""
_ARCHIVE: Final = pulumi.AssetArchive({"handler.py": pulumi.StringAsset("pass")})


PROVIDERS: Final = "pulumi:providers:"
"""Beginning of the types of providers, without which the engine registers nothing."""
VALUES: Final[tuple[object, ...]] = (
    GONE, None, UNKNOWN, [UNKNOWN], {"key": UNKNOWN}, secret("hush"), secret(UNKNOWN), secret({"key": [True, None]}),
    True, False, "true", 0, 1, -1, 0.5, 65535, "", "*", "0.0.0.0/0", "::/0", "public-read", "{no json", "[]", [], {},
    [[]], [None], serialize_properties({"it": _ARCHIVE})["it"],
)  # fmt: skip


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield where something stands below a value; what the engine marks (a secret, an archive) is one thing."""
    if isinstance(value, Mapping) and SIGNATURE in value:
        return
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*path, key)
        yield from places(below, (*path, key))


def put(value: Any, path: Path, new: object) -> Any:  # noqa: ANN401 JSON in, JSON out
    """Return a copy of a value with something else at a place below it."""
    step, *rest = path
    items = dict(value) if isinstance(value, Mapping) else dict(enumerate(value))
    if rest:
        items[step] = put(items[step], tuple(rest), new)
    elif new is GONE:
        del items[step]
    else:
        items[step] = new
    return items if isinstance(value, Mapping) else list(items.values())


def mutant(random: Random, made: AnyMade) -> AnyMade:
    """Return a resource with one thing changed: an input, whether it is protected, or what changes it ignores."""
    inputs = dict(made.inputs)
    where = list(places(inputs))
    kind = random.randrange(10)
    if kind == 0:
        return replace(made, protect=not made.protect)
    if kind == 1 and inputs:
        return replace(made, ignore_changes=[random.choice([*inputs, "*", "tags.Owner", "rules[0].id"])])
    if not where:
        return replace(made, inputs={random.choice(["region", "tags", "policy"]): random.choice(VALUES[1:])})
    return replace(made, inputs=put(inputs, random.choice(where), random.choice(VALUES)))


def mutants(random: Random, stack: Sequence[AnyMade]) -> list[AnyMade]:
    """Return a stack in which half of the resources are mutants, and a few are gone; providers stay as they are.

    What a provider hides of itself is read in a recording and not in a preview: nobody makes a secret of a region.
    """
    own = [made.type.startswith(PROVIDERS) for made in stack]
    left = [made for made, kept in zip(stack, own, strict=True) if kept or random.random() < 0.95]
    return [made if made.type.startswith(PROVIDERS) or random.random() < 0.5 else mutant(random, made) for made in left]


def in_order(resources: Iterable[Resource]) -> list[Resource]:
    """Return resources by their URNs, providers first: a program registers them as outputs come, in any order."""
    return sorted(resources, key=lambda one: (not one.type.startswith(PROVIDERS), one.urn))


def as_sent(recorded: Resource) -> Resource:
    """Return a recorded resource as the engine would send it: a recording has marks of its own."""
    return replace(recorded, inputs=_sent(recorded.inputs), outputs=_sent(recorded.outputs))


def _sent(value: Any) -> Any:  # noqa: ANN401 JSON out
    if isinstance(value, Mapping):
        return {key: _sent(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_sent(below) for below in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return secret("hush") if value is graph.SECRET else UNKNOWN
