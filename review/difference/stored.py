"""A stack from plain data, as `recorded.py` writes it in another tree."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from review.graph import SECRET, UNKNOWN, Graph, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A stack as another tree knows it."""

    graph: Graph
    """What it registers."""
    environment: str
    """Its environment, which decides the profile that it is judged by."""
    services: Sequence[Mapping[str, Any]]
    """Documents of what recovers by itself, and of what is promised of it."""


MARK: Final = "$marker"
_MARKERS: Final = {one.name: one for one in (UNKNOWN, SECRET)}
_LISTS: Final = frozenset({"dependencies", "ignore_changes", "aliases"})


def loaded(document: Mapping[str, Any]) -> Stored:
    """Return a stack from plain data; fields of resources that this version does not know are left out.

    Raises:
        KeyError: It is no stored graph.
        TypeError: A resource lacks what each has.
    """
    resources, made = (tuple(map(_resource, document[part])) for part in ("resources", "made"))
    graph = Graph(stack=document["stack"], source=document["source"], resources=resources, made=made)
    return Stored(graph=graph, environment=document["environment"], services=document["services"])


def _resource(document: Mapping[str, Any]) -> Resource:
    known = {one.name for one in fields(Resource)}
    values: dict[str, Any] = {
        name: tuple(one) if name in _LISTS else _marked(one) for name, one in document.items() if name in known
    }
    behind = {name: tuple(urns) for name, urns in (values.get("property_dependencies") or {}).items()}
    return Resource(**{**values, "property_dependencies": behind})


def _marked(value: Any) -> Any:  # noqa: ANN401  what programs give
    if isinstance(value, dict):
        name = value.get(MARK)
        return _MARKERS[name] if name in _MARKERS else {key: _marked(one) for key, one in value.items()}
    return [_marked(one) for one in value] if isinstance(value, list) else value
