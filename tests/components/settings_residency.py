"""Settings of residency, each with another valid value: none of them makes a resource."""

from __future__ import annotations

from typing import Any, Final

_CLASS: Final = "residency.classes.operational"
_EXCEPTION: Final = "residency.exceptions.cdn"
_CHANGES: Final[dict[str, tuple[str, Any]]] = {
    "residency.classes.*.what": (f"{_CLASS}.what", "what is wrong"),
    "residency.classes.*.places.*": (f"{_CLASS}.places", ["slack"]),
    "residency.classes.*.at.*": (f"{_CLASS}.at", ["observability"]),
    "residency.exceptions.*.of": (f"{_EXCEPTION}.of", "edge"),
    "residency.exceptions.*.to.*": (f"{_EXCEPTION}.to", ["us-east-1", "edge"]),
    "residency.exceptions.*.basis": (f"{_EXCEPTION}.basis", "consent"),
    "residency.exceptions.*.reason": (f"{_EXCEPTION}.reason", "somebody has agreed to it"),
    "residency.exceptions.*.until": (f"{_EXCEPTION}.until", "2027-06-30"),
    "residency.exceptions.*.owner": (f"{_EXCEPTION}.owner", "platform@estates.example"),
    "residency.prevails": ("residency.prevails", "the owner of the data has decided so"),
}
RESIDENCY: Final = {kind: ("realestate", dict([change])) for kind, change in _CHANGES.items()}
"""Setting -> a stack, and another value in it."""
WHY: Final = dict.fromkeys(_CHANGES, "what the file and the pack are held to; it makes no resource")
"""Setting -> why nothing is made of it."""
