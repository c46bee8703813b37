"""What a table of DynamoDB is made of, as it follows from the stack file. Pure: no resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from components.naming import physical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.identity import Identity
    from config.table import CapacityRange, KeyAttribute, Table

SCALED_BY_POLICY: Final = (
    "readCapacity",
    "writeCapacity",
    "globalSecondaryIndexes[*].readCapacity",
    "globalSecondaryIndexes[*].writeCapacity",
)
"""Inputs of a table that Application Auto Scaling owns once it is made."""


def table_name(identity: Identity, short: str) -> str:
    """Return the name of a table; fixed, because a standby uses the copy of that name in its own region."""
    return physical("table", identity.system, identity.environment, short)


def table_arn(identity: Identity, short: str) -> str:
    """Return the ARN that a table has in the stack's region."""
    return f"arn:aws:dynamodb:{identity.region}:{identity.account_id}:table/{table_name(identity, short)}"


def attributes(table: Table) -> dict[str, str]:
    """Return name -> type of every attribute that a key of the table or of an index is made of, by name.

    DynamoDB refuses an attribute that no key names, and one that is declared twice.
    """
    keys: list[KeyAttribute | None] = [table.partition_key, table.sort_key]
    keys += [one.sort_key for one in table.local_indexes.values()]
    keys += [key for one in table.global_indexes.values() for key in (one.partition_key, one.sort_key)]
    return dict(sorted({key.name: key.type for key in keys if key is not None}.items()))


@dataclass(frozen=True, kw_only=True)
class Scaled:
    """Units of a table, or of one of its global indexes, that are scaled."""

    thing: str
    """What it is called in logical names: `read`, or `read_<index>`; no name in a stack file has an underscore."""
    resource: str
    """End of the id by which Application Auto Scaling knows it, after `table/<name>`."""
    dimension: str
    """Scalable dimension."""
    metric: str
    """Predefined metric."""
    range_: CapacityRange
    """Bounds and target."""


def scaled(table: Table) -> Iterator[Scaled]:
    """Yield what is scaled of a table; nothing of one that is paid by request."""
    if table.provisioned is None:
        return
    for side, range_ in (("Read", table.provisioned.read), ("Write", table.provisioned.write)):
        for index in ("", *table.global_indexes):
            yield Scaled(
                thing=f"{side.lower()}_{index}" if index else side.lower(),
                resource=f"/index/{index}" if index else "",
                dimension=f"dynamodb:{'index' if index else 'table'}:{side}CapacityUnits",
                metric=f"DynamoDB{side}CapacityUtilization",
                range_=range_,
            )
