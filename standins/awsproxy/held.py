"""Held resources: checked, diffed and planned by the real provider, but never created on the embedded AWS.

The list is data (`held.yaml`), a type and a reason each; smaller is better. The state of a held resource is the
provider's own plan with the inputs laid over it, under an id of ours and the mark `__held`, so that nobody mistakes it
for something that exists.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from standins.awsproxy import values

if TYPE_CHECKING:
    from standins.awsproxy.values import Properties

DATA = Path(__file__).with_name("held.yaml")
MARK = "__held"
"""State property that tells a held resource from a real one; its value is the reason."""


class HeldListError(ValueError):
    """The list of held types is not what it must be."""


@dataclass(frozen=True)
class HeldType:
    """A type the embedded AWS cannot serve, and why (what fails, seen how)."""

    type: str
    reason: str


def load(path: Path | None = None) -> dict[str, HeldType]:
    """Held types by token, from the list beside this module unless another is given.

    Raises:
        HeldListError: An entry has no reason, an unknown key, or stands twice.
    """
    path = path or DATA
    found: dict[str, HeldType] = {}
    for entry in yaml.safe_load(path.read_text()) or []:
        if set(entry) != {"type", "reason"} or not str(entry["reason"]).strip():
            raise HeldListError(f"{path.name}: an entry is a type and a reason, got {entry}")
        if entry["type"] in found:
            raise HeldListError(f"{path.name}: {entry['type']} stands twice")
        found[entry["type"]] = HeldType(entry["type"], " ".join(str(entry["reason"]).split()))
    return found


def make_id(urn: str) -> str:
    """Id of a held resource: says what it is and is the same for the same URN."""
    return f"held-{hashlib.sha256(urn.encode()).hexdigest()[:12]}"


def is_held(properties: Properties) -> bool:
    """Whether this state belongs to a held resource."""
    return MARK in properties


def state(planned: Properties, inputs: Properties, reason: str) -> Properties:
    """State to record: what the provider planned and is known, the inputs over it, the mark."""
    known = {key: item for key, item in values.without_unknowns(planned).items() if item is not None}
    return {**known, **inputs, MARK: reason}
