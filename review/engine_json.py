"""Loads a graph from what the engine writes: `pulumi preview --json` and `pulumi stack export`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from review.graph import SECRET, UNKNOWN, Change, Graph, Resource

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key that marks an object as something other than an object."""
RESOURCE_SIGNATURE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
"""Mark of a reference to a resource, given by `urn` and `id`."""
_SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  the engine's mark of a secret, none itself
_UNKNOWN_VALUES: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string, and every other kind in JSON
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
_GONE: Final = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})
_WHOLE: Final[Mapping[str, str]] = {
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "discard": "delete",
    "discard-replaced": "replace",
    "import-replacement": "replace",
    "read-discard": "delete",
    "read-replacement": "read",
    "remove-pending-replace": "delete",
}
"""Steps of the engine under the name of what they are a part of."""
_FORGETS: Final = frozenset({"discard", "discard-replaced", "read-discard"})
"""Steps that drop what was only read, such as another stack's outputs; what was read stays as it is."""
LOSES: Final = frozenset(
    {"replace", "delete", *(step for step, whole in _WHOLE.items() if whole in ("replace", "delete"))} - _FORGETS
)
"""Operations and steps after which a resource is not the one it was."""
_KEPT: Final[Mapping[str, tuple[str, ...]]] = {"same": ("id", "outputs"), "update": ("id",)}
"""What stays as it was, by operation; a preview has it under `oldState` alone."""


class EngineJsonError(ValueError):
    """The document is not what the engine writes."""


def read_json(path: Path) -> dict[str, Any]:
    """Return what the engine has written into a file.

    Raises:
        EngineJsonError: It is no JSON object.
        OSError: It cannot be read.
    """
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        raise EngineJsonError(f"{path}: not JSON: {error}") from None
    if not isinstance(document, dict):
        raise EngineJsonError(f"{path}: an object is needed, got {type(document).__name__}")
    return document


def from_preview(document: Mapping[str, Any], stack: str) -> Graph:
    """Load the planned state of a preview, and what it would do.

    Args:
        document: parsed output of `pulumi preview --json --show-sames`.
        stack: name of the stack that was previewed.

    Raises:
        EngineJsonError: the document has no steps, or leaves out what would not change.
    """
    steps = document.get("steps")
    if not isinstance(steps, list):
        raise EngineJsonError("not a preview: no list 'steps'; got keys " + ", ".join(sorted(document)))
    steps = [_with_keys(step, "op", "urn") for step in steps]
    _complete(document, steps)
    resources: dict[str, Resource] = {}
    taken: dict[str, list[Mapping[str, Any]]] = {}
    for step in steps:
        operation, urn = step["op"], step["urn"]
        taken.setdefault(urn, []).append(step)
        if operation in _GONE:
            continue
        if (state := step.get("newState")) is not None:
            before = step.get("oldState") or {}
            kept = {key: before[key] for key in _KEPT.get(operation, ()) if key in before}
            resources[urn] = _resource({**kept, **state})
    changes = {urn: change for urn, parts in taken.items() if (change := _change(parts)) is not None}
    return Graph(stack=stack, source="preview", resources=tuple(resources.values()), changes=changes)


def _change(steps: Sequence[Mapping[str, Any]]) -> Change | None:
    """Return the steps on one resource as one change; None for those that say nothing of the resource."""
    operations = [_WHOLE.get(step["op"], step["op"]) for step in steps]
    operation = "replace" if "replace" in operations else max(operations, key=lambda one: one != "delete")
    states = [step[side] for side in ("oldState", "newState") for step in steps if step.get(side)]
    if not states:
        return None
    forcing, differing = (
        tuple(dict.fromkeys(name for step in steps for name in step.get(key) or ()))
        for key in ("replaceReasons", "diffReasons")
    )
    return Change(operation=operation, before=_resource(states[0]), because=forcing or differing)


def _complete(document: Mapping[str, Any], steps: Iterable[Mapping[str, Any]]) -> None:
    """Refuse a preview of which the engine showed the changes only: a verdict on those would be one on nothing."""
    counted = (document.get("changeSummary") or {}).get("same", 0)
    shown = len({step["urn"] for step in steps if step["op"] == "same"})
    if shown < counted:
        raise EngineJsonError(
            f"{counted - shown} unchanged resources are left out; write it by `pulumi preview --json --show-sames`"
        )


def from_state(document: Mapping[str, Any], stack: str) -> Graph:
    """Load a state file.

    Args:
        document: parsed output of `pulumi stack export`.
        stack: name of the stack.

    Raises:
        EngineJsonError: the document has no deployment.
    """
    deployment = document.get("deployment")
    if not isinstance(deployment, Mapping):
        raise EngineJsonError("not a state: no object 'deployment'; got keys " + ", ".join(sorted(document)))
    states = [_with_keys(state, "urn", "type") for state in deployment.get("resources") or ()]
    live = tuple(_resource(state) for state in states if not state.get("delete"))
    return Graph(stack=stack, source="state", resources=live)


def _with_keys(entry: Any, *keys: str) -> Mapping[str, Any]:  # noqa: ANN401  whatever a file holds
    """Return an entry of a list that the engine writes, which has these keys."""
    if not isinstance(entry, Mapping) or not set(keys) <= set(entry):
        raise EngineJsonError(f"an entry without {' and '.join(keys)}; the engine writes no such file")
    return entry


def _resource(state: Mapping[str, Any]) -> Resource:
    urn = state["urn"]
    return Resource(
        urn=urn,
        type=state["type"],
        name=urn.rpartition("::")[2],
        custom=bool(state.get("custom")),
        id=state.get("id", ""),
        parent=state.get("parent", ""),
        provider=provider_urn(state.get("provider", "")),
        inputs=clean(state.get("inputs") or {}),
        outputs=clean(state.get("outputs") or {}),
        dependencies=tuple(state.get("dependencies") or ()),
        property_dependencies={k: tuple(v or ()) for k, v in (state.get("propertyDependencies") or {}).items()},
        protect=bool(state.get("protect")),
        retain_on_delete=bool(state.get("retainOnDelete")),
        ignore_changes=tuple(state.get("ignoreChanges") or ()),
        aliases=tuple(state.get("aliases") or ()),
    )


def provider_urn(reference: str) -> str:
    """URN part of a provider reference `<urn>::<id>`."""
    return reference.rpartition("::")[0]


def clean(value: Any) -> Any:  # noqa: ANN401  JSON has no narrower type
    """Replace secrets and unknowns by their markers and references by ids, at every depth."""
    if isinstance(value, Mapping):
        return _clean_object(value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the wire knows floats only
    return UNKNOWN if isinstance(value, str) and value in _UNKNOWN_VALUES else value


def _clean_object(value: Mapping[str, Any]) -> Any:  # noqa: ANN401
    mark = value.get(SIGNATURE)
    if mark == _SECRET_SIGNATURE:
        return SECRET
    if mark == RESOURCE_SIGNATURE:
        return clean(value.get("id") or value["urn"])
    return {key: clean(item) for key, item in value.items()}
