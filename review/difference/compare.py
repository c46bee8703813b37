"""Compares two graphs of a stack: what is made, goes, is made anew or changed, and by which input."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from policy.tokens import LOG_GROUPS
from review.changes import holds_data
from review.difference.forcing import fate, pattern
from review.difference.values import Differs, differences
from review.graph import UNKNOWN, Graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from review.graph import Resource

Operation = Literal["replace", "delete", "update", "create"]
OPERATIONS: Final[tuple[Operation, ...]] = ("replace", "delete", "update", "create")
"""Operations, in the order in which a reviewer wants to hear of them."""
OPTIONS: Final = ("protect", "retain_on_delete")
"""Options of the engine that are compared beside the inputs: what it refuses to delete, and what it leaves in AWS."""
_UNCOMPARED: Final = frozenset({"tagsAll", "__defaults"})
"""Inputs that follow from others: default tags are the provider's, and reported once, of it."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One resource that is not what it was."""

    operation: Operation
    """What an update does about it."""
    resource: Resource
    """The resource as it stands afterwards; as it stood, where it goes."""
    before: Resource | None = None
    """The resource as it stood; None where it is made."""
    differs: tuple[Differs, ...] = ()
    """Where its inputs are others; nothing for what is made or goes."""
    because: tuple[str, ...] = ()
    """For a replacement the inputs that force it; `a (b is made anew)` where an input comes from what is replaced."""
    unsure: tuple[str, ...] = ()
    """Inputs of which nobody knows whether a change of theirs replaces."""

    @property
    def loses_data(self) -> bool:
        """Whether it goes or is made anew, and holds what nobody can make again."""
        return self.before is not None and self.operation in ("replace", "delete") and holds_data(self.before)

    @property
    def tags_only(self) -> bool:
        """Whether nothing but tags differs."""
        return bool(self.differs) and all(one.path[0] == "tags" for one in self.differs)


@dataclass(frozen=True)
class Difference:
    """What differs between two graphs of a stack."""

    stack: str
    """Name of the stack."""
    before: Graph
    """What stood."""
    after: Graph
    """What is to stand."""
    changes: tuple[Changed, ...]
    """Every resource that is not what it was: by operation, those that lose data first, then as registered."""
    renamed: Mapping[str, str]
    """URN afterwards -> URN before, of resources that the program says are the same (`aliases`)."""

    @cached_property
    def counts(self) -> Mapping[Operation, int]:
        """Number of resources by operation."""
        counted = Counter(one.operation for one in self.changes)
        return {operation: counted[operation] for operation in OPERATIONS if counted[operation]}


def compare(before: Graph, after: Graph) -> Difference:
    """Return what differs between two graphs of one stack."""
    renamed = _renamed(before, after)
    was = {renamed_to: before.by_urn[urn] for renamed_to, urn in renamed.items()}
    old = {**{one.urn: one for one in _compared(before) if one.urn not in renamed.values()}, **was}
    new = {one.urn: one for one in _compared(after)}
    found: dict[str, Changed] = {}
    for urn, resource in new.items():
        stood = old.get(urn)
        changed = Changed(operation="create", resource=resource) if stood is None else _changed(stood, resource)
        if changed is not None and (judged := _as_planned(changed, after)) is not None:
            found[urn] = judged
    if not after.changes:
        found |= _cascade(after, old, found)
    gone = [Changed(operation="delete", resource=one, before=one) for urn, one in old.items() if urn not in new]
    return Difference(before.stack, before, after, tuple(_ordered((*found.values(), *gone))), renamed)


def of_preview(preview: Graph) -> Difference:
    """Return what a preview would do: the engine has asked the provider about each change."""
    stood = tuple(one.before for one in preview.changes.values() if one.operation != "create")
    return compare(Graph(stack=preview.stack, source="state", resources=stood), preview)


def _as_planned(changed: Changed, after: Graph) -> Changed | None:
    """Return a change as the engine plans it, where it does; None where it plans none."""
    planned = after.changes.get(changed.resource.urn)
    if planned is None:
        return changed
    operation = next((one for one in OPERATIONS if one == planned.operation), None)
    if operation is None:
        return None
    because = planned.because if operation == "replace" else ()
    return replace(changed, operation=operation, because=because, unsure=())


def _compared(graph: Graph) -> Iterator[Resource]:
    """Yield what can change: resources of providers, and providers, whose tags others take.

    A remote component stands for what its plugin makes, where nobody knows what that is.
    """
    known = {one.parent for one in graph.made}
    yield from (one for one in graph.resources if one.custom or (one.remote and one.urn not in known))
    yield from graph.made


def _renamed(before: Graph, after: Graph) -> dict[str, str]:
    """Return URN afterwards -> URN before, where the program names the one before as an alias."""
    return {
        one.urn: alias
        for one in after.resources
        if one.urn not in before.by_urn
        for alias in one.aliases
        if alias in before.by_urn and alias not in after.by_urn
    }


def _changed(before: Resource, after: Resource) -> Changed | None:
    sides = [{name: value for name, value in one.inputs.items() if name not in _UNCOMPARED} for one in (before, after)]
    ignored = frozenset(after.ignore_changes)
    differs = tuple(
        one
        for one in differences(*sides)
        if pattern(one.path) not in ignored and str(one.path[0]) not in ignored and _known(one)
    )
    options = tuple(
        Differs(path=(name,), before=was, after=now)
        for name in OPTIONS
        if (was := getattr(before, name)) != (now := getattr(after, name))
    )
    if not (differs or options):
        return None
    fates = {pattern(one.path): fate(after.type, one.path) for one in differs}
    because = tuple(path for path, what in fates.items() if what == "replace")
    unsure = tuple(path for path, what in fates.items() if what == "unknown" and not after.type.startswith("pulumi:"))
    operation: Operation = "replace" if because else "update"
    return Changed(
        operation=operation, resource=after, before=before, differs=(*differs, *options), because=because, unsure=unsure
    )


def _known(differs: Differs) -> bool:
    """Whether a difference says something: what one side does not know yet differs from everything."""
    return UNKNOWN not in (differs.before, differs.after)


def _cascade(after: Graph, old: Mapping[str, Resource], found: Mapping[str, Changed]) -> dict[str, Changed]:
    """Return what is made anew because an input that forces it comes from something that is.

    As the engine plans it: what a new resource's outputs will be is not known before it is made.
    """
    anew = {urn: one for urn, one in found.items() if one.operation == "replace"}
    made: dict[str, Changed] = {}
    for resource in after.resources:  # each after those that it waits for
        stood = old.get(resource.urn)
        if stood is None or resource.urn in anew or not (resource.custom or resource.remote):
            continue
        because = tuple(_forced_by(resource, anew))
        if because:
            changed = found.get(resource.urn) or Changed(operation="update", resource=resource, before=stood)
            made[resource.urn] = anew[resource.urn] = replace(changed, operation="replace", because=because)
    return made


def _forced_by(resource: Resource, anew: Mapping[str, Changed]) -> Iterator[str]:
    ignored = frozenset(resource.ignore_changes)
    for name, urns in resource.property_dependencies.items():
        behind = next((urn for urn in urns if urn in anew), None)
        if behind is not None and name not in ignored and fate(resource.type, (name,)) == "replace":
            yield f"{name} ({anew[behind].resource.name} is made anew)"


def _ordered(changes: Iterable[Changed]) -> Sequence[Changed]:
    """Return changes as a reviewer wants to hear of them: losses of data first, those of logs after the others."""

    def rank(one: Changed) -> tuple[bool, bool, int]:
        return not one.loses_data, one.resource.type in LOG_GROUPS, OPERATIONS.index(one.operation)

    return sorted(changes, key=rank)


def areas(difference: Difference, changes: Iterable[Changed]) -> Mapping[str, Sequence[Changed]]:
    """Return changes by the area that each belongs to, in the order in which areas are registered."""
    found: dict[str, list[Changed]] = {}
    for one in changes:
        graph = difference.after if one.resource.urn in difference.after.by_urn else difference.before
        found.setdefault(graph.area(one.resource), []).append(one)
    return found
