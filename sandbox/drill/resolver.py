"""What Route 53 answers: failover records judged by the state of their health checks. Pure: records are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PRIMARY: Final = "PRIMARY"
SECONDARY: Final = "SECONDARY"


@dataclass(frozen=True)
class Record:
    """A record set, as far as choosing between several of one name needs it.

    Attributes:
        name: Its name, lower case, without the last dot.
        type: `A`, `AAAA`, ...
        failover: `PRIMARY` or `SECONDARY`; empty for a record that stands alone.
        health_check: Id of its health check; empty without one, which counts as healthy.
        target: What it leads to: name of an alias target, or its values.
    """

    name: str
    type: str
    failover: str
    health_check: str
    target: str

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Record:
        """Return an item of ListResourceRecordSets."""
        values = ",".join(value["Value"] for value in said.get("ResourceRecords", ()))
        target = said.get("AliasTarget", {}).get("DNSName") or values
        return cls(
            name=plain(said["Name"]),
            type=said["Type"],
            failover=said.get("Failover", ""),
            health_check=said.get("HealthCheckId", ""),
            target=plain(target),
        )


def pair(records: Iterable[Record], name: str, kind: str = "A") -> dict[str, Record]:
    """Return the records of a name and type by their part in the failover."""
    return {record.failover: record for record in records if (record.name, record.type) == (plain(name), kind)}


def answer(records: Iterable[Record], name: str, healthy: Mapping[str, bool], kind: str = "A") -> Record | None:
    """Return the record that Route 53 answers with; None when there is none of this name and type.

    The primary while it is healthy; else the secondary while that is; else the primary again, as nothing better is
    known (Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured",
    2026-11-21). The health of an alias target itself, which the records may ask for too, is what the health checks
    here look at.

    Args:
        records: The zone's.
        name: The name that is asked for.
        healthy: State of each health check by id; one that is not there counts as healthy.
        kind: Type of record.
    """
    found = pair(records, name, kind)
    if "" in found:
        return found[""]
    ordered = [found[part] for part in (PRIMARY, SECONDARY) if part in found]
    well = (record for record in ordered if healthy.get(record.health_check, True))
    return next(well, ordered[0] if ordered else None)


def plain(name: str) -> str:
    """Return a name in the form in which names are compared: lower case, no last dot, no escaped asterisk."""
    return name.rstrip(".").lower().replace("\\052", "*")
