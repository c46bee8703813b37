"""Settings of rules of one's own in web ACLs, which no stack of the count has: how one would have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_RULE: Final = "edge.firewall.rules.own"
_BESIDE: Final[Mapping[str, Any]] = {
    f"{_RULE}.reason": "tried by the count of settings",
    f"{_RULE}.path_begins": "/lookup",
}
_CHANGES: Final[Mapping[str, Mapping[str, Any]]] = {
    "action": {"action": "count"},
    "path_begins": {"path_begins": "/other", "methods": ["POST"]},
    "methods.*": {"methods": ["POST"]},
    "header.name": {"header.name": "Accept", "header.contains": "harvester"},
    "header.contains": {"header.contains": "harvester", "header.name": "User-Agent"},
    "without_header": {"without_header": "User-Agent"},
    "body_above_bytes": {"body_above_bytes": 4096},
    "rate_limit": {"rate_limit": 500},
    "reason": {"reason": "another reason to have it"},
}
"""Field -> its value, first, and what stands beside it, in a rule on a path."""


def _rule(changes: Mapping[str, Any]) -> dict[str, Any]:
    made = {f"{_RULE}.{field}": value for field, value in changes.items()}
    return {**made, **{path: value for path, value in _BESIDE.items() if path not in made}}


FIREWALL: Final = {f"edge.firewall.rules.*.{field}": ("prod", _rule(changes)) for field, changes in _CHANGES.items()}
"""Kind of setting -> the stack, and what is changed there, the setting first."""
