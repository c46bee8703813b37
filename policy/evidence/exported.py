"""Reads `pulumi stack export`, of any program."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from policy.evidence.place import Place
from policy.made import Made

if TYPE_CHECKING:
    from collections.abc import Iterable

_POSITION: Final = re.compile(r"^project://(?:/)*([^#]+)#(\d+)")
"""Where a program registered a resource, as newer engines keep it: `project:///__main__.py#12,3`."""


class ExportError(ValueError):
    """The document is not what the engine writes."""


def exported(document: object) -> list[Made]:
    """Return the resources of an export; those that wait for their deletion are left out.

    Raises:
        ExportError: it is no such document.
    """
    return [_made(state) for state in _states(document)]


def positions(document: object) -> Mapping[str, Place]:
    """Return the lines of the program that registered resources, by URN, as far as the engine kept them.

    Raises:
        ExportError: it is no such document.
    """
    found = {state["urn"]: _POSITION.match(str(state.get("sourcePosition", ""))) for state in _states(document)}
    return {urn: Place(file=at[1], line=max(int(at[2]), 1)) for urn, at in found.items() if at}


def _states(document: object) -> Iterable[Mapping[str, Any]]:
    deployment = document.get("deployment") if isinstance(document, Mapping) else None
    states = deployment.get("resources") if isinstance(deployment, Mapping) else None
    if not isinstance(states, list) or not all(
        isinstance(one, Mapping) and {"urn", "type"} <= set(one) for one in states
    ):
        raise ExportError("no export of a stack: write it by `pulumi stack export`")
    return [state for state in states if not state.get("delete")]


def _made(state: Mapping[str, Any]) -> Made:
    links = state.get("propertyDependencies") or {}
    return Made(
        type=state["type"],
        name=state["urn"].rpartition("::")[2],
        at=state["urn"],
        inputs=state.get("inputs") or {},
        id=state.get("id", ""),
        provider=state.get("provider", "").rpartition("::")[0],
        outputs=state.get("outputs") or {},
        property_dependencies={key: tuple(urns or ()) for key, urns in links.items()},
        protect=bool(state.get("protect")),
        ignore_changes=tuple(state.get("ignoreChanges") or ()),
    )
