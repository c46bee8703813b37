"""What the engine's state holds, read for a table: by area, with endpoints and with what was held back."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AREA_PREFIX = "platform:"
"""Begins the type token of every component of the program: `platform:<area>:<Component>`."""

HELD_MARK = "__held"
"""State property that the AWS plugin gives a resource the emulator cannot serve; its value is the reason."""

DROPPED = "dropped.jsonl"
"""File of the run directory in which the AWS plugin notes properties it left out, one JSON line each."""

ENDPOINTS = {
    "aws:eks/cluster:Cluster": ("endpoint",),
    "aws:rds/instance:Instance": ("endpoint",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("configurationEndpointAddress", "primaryEndpointAddress"),
}
"""Type -> properties that say where the thing is reached; the first that is set counts."""

LISTED_BY = {"aws:rds/instance:Instance": "identifier"}
"""Type -> property with the name AWS lists it by, where that is not the id."""

AWS_PROVIDER = "pulumi:providers:aws"

NOT_RESOURCES = ("pulumi:pulumi:", "pulumi:providers:")


@dataclass(frozen=True)
class Resource:
    """A resource of a state.

    Attributes:
        urn: Its URN.
        type: Its type token.
        name: Its logical name.
        area: Area of the component it belongs to; `program` for what belongs to none.
        id: Its physical id; empty for a component.
        listed: Name under which AWS lists it; the id for most.
        region: Region of its AWS provider; empty for anything else.
        custom: Whether a provider made it (a component only groups).
        held: Why it was held back; empty where it was made.
        endpoint: Where it is reached; empty where that does not apply.
    """

    urn: str
    type: str
    name: str
    area: str
    id: str
    listed: str
    region: str
    custom: bool
    held: str
    endpoint: str


@dataclass(frozen=True)
class Dropped:
    """A property the provider at hand does not know and that was left out."""

    resource: str
    property: str
    reason: str


def resources(state: dict[str, Any]) -> list[Resource]:
    """Return the resources of an exported state."""
    entries = [entry for entry in entries_of(state) if not entry.get("delete")]
    regions = {entry["urn"]: inputs(entry).get("region", "") for entry in entries if entry["type"] == AWS_PROVIDER}
    return [read(entry, regions.get(entry.get("provider", "").rpartition("::")[0], "")) for entry in entries]


def entries_of(state: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the raw resources of an exported state."""
    return state.get("deployment", {}).get("resources") or []


def inputs(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of a raw resource."""
    return entry.get("inputs") or {}


def account(state: dict[str, Any]) -> str | None:
    """Return the account a stack was deployed to, as its providers say; None when they do not."""
    for entry in entries_of(state):
        allowed = inputs(entry).get("allowedAccountIds") if entry["type"] == AWS_PROVIDER else None
        listed = json.loads(allowed) if isinstance(allowed, str) else allowed
        if listed:
            return str(listed[0])
    return None


def read(entry: dict[str, Any], region: str) -> Resource:
    """Read one resource of a state."""
    outputs: dict[str, Any] = entry.get("outputs") or {}
    known = [outputs[name] for name in ENDPOINTS.get(entry["type"], ()) if isinstance(outputs.get(name), str)]
    urn: str = entry["urn"]
    physical: str = entry.get("id", "")
    return Resource(
        urn=urn,
        type=entry["type"],
        name=urn.rpartition("::")[2],
        area=area(urn),
        id=physical,
        listed=str(outputs.get(LISTED_BY.get(entry["type"], ""), physical)),
        region=region,
        custom=bool(entry.get("custom")) and not entry["type"].startswith(NOT_RESOURCES),
        held=str(outputs.get(HELD_MARK, "")),
        endpoint=next(filter(None, known), ""),
    )


def area(urn: str) -> str:
    """Return the area of the outermost component of the program above a resource."""
    for token in urn.split("::")[2].split("$"):
        if token.startswith(AREA_PREFIX):
            return token.split(":")[1]
    return "program"


def by_area(listed: list[Resource]) -> dict[str, Counter[str]]:
    """Return area -> type -> number, of what a provider made or held."""
    found: dict[str, Counter[str]] = {}
    for resource in listed:
        if resource.custom:
            found.setdefault(resource.area, Counter())[resource.type] += 1
    return found


def dropped(path: Path, listed: list[Resource]) -> list[Dropped]:
    """Return the properties that were left out for resources of the state, each once."""
    urns = {resource.urn: resource.name for resource in listed}
    found = (
        Dropped(urns[line["urn"]], line["property"], line["reason"]) for line in lines(path) if line["urn"] in urns
    )
    return list(dict.fromkeys(found))


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON-lines file; none where there is no file."""
    with contextlib.suppress(FileNotFoundError), path.open(encoding="utf-8") as file:
        for line in file:
            with contextlib.suppress(ValueError):
                yield json.loads(line)
