"""Where data of a stack may be, as its stack file declares it: `residency.json`, which the program's review writes.

An object of stacks by name. Each has `regions`, in which it may stand and to which it may send, and `passes`: what may
leave for other places, bound to types of resources, with a last day where an exception of the file says so. A stack
that is not there declares nothing. No pack config changes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from policy.resources import Stack

FILE: Final = Path(__file__).resolve().parents[1] / "residency.json"


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What may leave."""

    of: str
    """Setting of the stack file that sends it."""
    types: tuple[str, ...]
    """Types of resources; `*` at the end = all with that beginning."""
    to: frozenset[str]
    """Where to: regions, and places that are none, such as `edge`."""
    until: date | None
    """Last day; None = the class of the data may be there."""
    owner: str
    """Who answers for it."""

    def covers(self, type_: str) -> bool:
        """Tell whether it is for a type."""
        return any(type_.startswith(one[:-1]) if one.endswith("*") else type_ == one for one in self.types)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a stack file declares."""

    regions: tuple[str, ...]
    """Regions in which the stack may stand."""
    passes: tuple[Pass, ...]
    """What may leave."""

    def lets(self, type_: str, place: object) -> bool:
        """Tell whether a resource of a type may stand in a place, or send data there."""
        return place in self.regions or any(place in one.to and one.covers(type_) for one in self.passes)

    def words(self, type_: str) -> str:
        """Return the places that a type may reach."""
        more = {place for one in self.passes if one.covers(type_) for place in one.to}
        return ", ".join([*self.regions, *sorted(more - {*self.regions})]) or "none"


def load(path: Path = FILE) -> dict[str, Declared]:
    """Return what all stack files declare; raises ValueError or KeyError where the file is not what it should be."""
    document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {stack: read(said) for stack, said in document.items()}


def read(said: dict[str, list[dict[str, object]]]) -> Declared:
    """Return what one stack declares, from the file's form of it."""
    return Declared(regions=tuple(map(str, said["regions"])), passes=tuple(map(_pass, said["passes"])))


def _pass(said: dict[str, object]) -> Pass:
    types, places, until = said["types"], said["to"], said["until"]
    if not isinstance(types, list) or not isinstance(places, list):
        raise TypeError(f"{FILE.name}: lists of types and places are needed, got {types!r} and {places!r}")
    last = None if until is None else date.fromisoformat(str(until))
    return Pass(of=str(said["of"]), types=tuple(types), to=frozenset(places), until=last, owner=str(said["owner"]))


DECLARED: Final = load()
"""What the stack files declare, by stack."""


def declared(urn: str) -> Declared | None:
    """Return what the stack of a resource declares; None = nothing."""
    if not DECLARED:
        return None
    parts = urn.split(":", 3)
    return DECLARED.get(parts[2]) if len(parts) > 3 else None  # noqa: PLR2004 - urn:pulumi:<stack>:...


def declared_of(stack: Stack) -> Declared | None:
    """Return what a stack declares; None = nothing."""
    return next((declared(each.urn) for each in stack.resources), None)
