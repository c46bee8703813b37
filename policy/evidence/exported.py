"""Reads what the engine writes of a stack, of any program: `pulumi stack export`, and the JSON of a preview."""

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


_GONE: Final = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})
"""Steps after which a resource is not there."""
_KEPT: Final[Mapping[str, tuple[str, ...]]] = {"same": ("id", "outputs"), "update": ("id",)}
"""What stays as it was, by operation; a preview has it under `oldState` alone."""


class ExportError(ValueError):
    """The document is not what the engine writes."""


def exported(document: object) -> list[Made]:
    """Return the resources of an export or of a preview; those that wait for their deletion are left out.

    Raises:
        ExportError: it is no such document.
    """
    return [_made(state) for state in _states(document)]


def planned(document: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """Return the states that a preview plans, by URN, from `pulumi preview --json --show-sames`.

    Raises:
        ExportError: it has no steps, or leaves out what would not change, so that a verdict were one on nothing.
    """
    steps = document.get("steps")
    if not isinstance(steps, list):
        raise ExportError("not a preview: no list 'steps'; got keys " + ", ".join(sorted(document)))
    if not all(isinstance(step, Mapping) and {"op", "urn"} <= set(step) for step in steps):
        raise ExportError("an entry without op and urn; the engine writes no such file")
    counted = (document.get("changeSummary") or {}).get("same", 0)
    shown = len({step["urn"] for step in steps if step["op"] == "same"})
    if shown < counted:
        raise ExportError(
            f"{counted - shown} unchanged resources are left out; write it by `pulumi preview --json --show-sames`"
        )
    states: dict[str, Mapping[str, Any]] = {}
    for step in steps:
        if step["op"] not in _GONE and (state := step.get("newState")) is not None:
            before = step.get("oldState") or {}
            states[step["urn"]] = {**{key: before[key] for key in _KEPT.get(step["op"], ()) if key in before}, **state}
    return states


def positions(document: object) -> Mapping[str, Place]:
    """Return the lines of the program that registered resources, by URN, as far as the engine kept them.

    Raises:
        ExportError: it is no such document.
    """
    found = {state["urn"]: _POSITION.match(str(state.get("sourcePosition", ""))) for state in _states(document)}
    return {urn: Place(file=at[1], line=max(int(at[2]), 1)) for urn, at in found.items() if at}


def _states(document: object) -> Iterable[Mapping[str, Any]]:
    if isinstance(document, Mapping) and "steps" in document:
        return list(planned(document).values())
    deployment = document.get("deployment") if isinstance(document, Mapping) else None
    states = deployment.get("resources") if isinstance(deployment, Mapping) else None
    if not isinstance(states, list) or not all(
        isinstance(one, Mapping) and {"urn", "type"} <= set(one) for one in states
    ):
        raise ExportError("no export of a stack: write it by `pulumi stack export`, or `pulumi preview --json`")
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
