"""Which resources wear a security group: those that name it in any input, rules of groups apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from policy.tokens import DEFAULT_GROUPS, GROUP_EGRESS_RULES, GROUP_RULES, SECURITY_GROUPS
from policy.values import is_list, plain

if TYPE_CHECKING:
    from policy.resources import Resource, Stack

_GROUPS: Final = frozenset({*SECURITY_GROUPS, *DEFAULT_GROUPS, *GROUP_RULES, *GROUP_EGRESS_RULES})


def wearers(stack: Stack) -> Mapping[str, list[Resource]]:
    """Return the resources that wear each security group of a stack, by the group's URN.

    They are found by dependency where it is known, else by the group's id or ARN in an input.
    """
    groups = stack.of(SECURITY_GROUPS)
    found: dict[str, list[Resource]] = {group.urn: [] for group in groups}
    by_id = {text: group.urn for group in groups for text in group.identities - {group.inputs.get("name")}}
    for resource in stack.resources if groups else ():
        if resource.type in _GROUPS:
            continue
        links = resource.origin.property_dependencies or {}
        named = {urn for urns in links.values() for urn in urns if urn in found}
        if by_id:
            named |= {by_id[text] for text in _texts(resource.inputs) if text in by_id}
        for urn in named:
            found[urn].append(resource)
    return found


def _texts(value: object) -> Iterator[str]:
    """Yield every text at and below a value."""
    value = plain(value)
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for below in value.values():
            yield from _texts(below)
    elif is_list(value):
        for below in value:
            yield from _texts(below)
