"""Tables of DynamoDB: keys, indexes, capacity, copies in other regions.

Ranges are those of the DynamoDB API (`CreateTable`, `UpdateTable`, `UpdateContinuousBackups`) and of its developer
guide, "Quotas in Amazon DynamoDB", read 2026-11-30.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.facts.codes import Region
from config.facts.limits import (
    TABLE_GLOBAL_INDEXES,
    TABLE_LOCAL_INDEXES,
    TABLE_NON_KEY_ATTRIBUTES,
    TABLE_REQUEST_UNITS,
)

TableName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=3, max_length=30)]
"""Short name of a table; a part of its name and of logical names."""
IndexName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", min_length=3, max_length=40)]
AttributeName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.:-]*$", max_length=255)]
Units = Annotated[int, Field(ge=1, le=TABLE_REQUEST_UNITS)]
"""Capacity or request units in a second, up to the default quota of a table."""


class KeyAttribute(Section):
    """An attribute that a key is made of; every item has it."""

    name: AttributeName
    """Name of the attribute."""
    type: Literal["S", "N", "B"]
    """Text, number or bytes. One attribute has one type in all keys of the table."""


class Index(Section):
    """What both kinds of index have."""

    projection: Literal["ALL", "KEYS_ONLY", "INCLUDE"]
    """Attributes that the index holds beside the keys: all, none, or those of `non_key_attributes`."""
    non_key_attributes: Annotated[tuple[AttributeName, ...], Field(max_length=TABLE_NON_KEY_ATTRIBUTES)] = ()
    """Attributes beside the keys; with `projection: INCLUDE` only."""


class LocalIndex(Index):
    """Another order of the items of one partition key.

    It is made with its table, and a change of it is another table.
    """

    sort_key: KeyAttribute
    """What it is ordered by."""


class GlobalIndex(Index):
    """The items under another key, a moment later than in the table."""

    partition_key: KeyAttribute
    """What items are found by."""
    sort_key: KeyAttribute | None = None
    """What those of one partition key are ordered by; none = nothing."""


class OnDemand(Section):
    """The most that a table takes on demand; what comes beyond is throttled. Each global index has the same."""

    max_read_units: Units | None = None
    """Read request units in a second; none = as many as the account has."""
    max_write_units: Units | None = None
    """Write request units in a second; none = as many as the account has."""


class CapacityRange(Section):
    """Units that Application Auto Scaling keeps between two bounds."""

    min: Units
    """Fewest, which are paid for around the clock."""
    max: Units
    """Most."""
    target_percent: Annotated[int, Field(ge=20, le=90)]
    """Share of the units in use that is held; the rest is room for what comes faster than the scaling follows."""


class Provisioned(Section):
    """Capacity that is provisioned and scaled; the table and each of its global indexes have these bounds."""

    read: CapacityRange
    """Read capacity units."""
    write: CapacityRange
    """Write capacity units."""


class Table(Section):
    """A table under the `data` key, protected from deletion, that can be put back to any second."""

    purpose: Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9 _.:/=+@-]+$")]
    """What an item is, in a few words; a tag of the table."""
    partition_key: KeyAttribute
    """What items are found by."""
    sort_key: KeyAttribute | None = None
    """What distinguishes and orders the items of one partition key; none = each partition key has one item."""
    local_indexes: Annotated[dict[IndexName, LocalIndex], Field(max_length=TABLE_LOCAL_INDEXES)] = Field(
        default_factory=dict
    )
    """Other orders within a partition key, by name; they need a sort key. None by default."""
    global_indexes: Annotated[dict[IndexName, GlobalIndex], Field(max_length=TABLE_GLOBAL_INDEXES)] = Field(
        default_factory=dict
    )
    """Other keys, by name; none by default."""
    ttl_attribute: AttributeName | None = None
    """Number attribute with the second of the epoch after which an item is deleted, within days of it and free of
    charge; none = items stay."""
    point_in_time_recovery_days: Annotated[int, Field(ge=1, le=35)] = 35
    """Days to any second of which the table can be restored, under another name; 35 is the most, and costs no more."""
    on_demand: OnDemand | None = None
    """The most of a table that is paid by request; none = no bound of its own. Refused beside `provisioned`."""
    provisioned: Provisioned | None = None
    """Capacity by the hour; none = on demand, paid by request."""
    stream: Literal["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] | None = None
    """What the stream of changes, which lasts 24 hours, says of each; none = no stream. A replica needs both images."""
    table_class: Literal["STANDARD", "STANDARD_INFREQUENT_ACCESS"] = "STANDARD"
    """`STANDARD_INFREQUENT_ACCESS`: storage for less than half, requests for a quarter more."""
    contributor_insights: Literal["THROTTLED_KEYS", "ACCESSED_AND_THROTTLED_KEYS"] | None = None
    """Counts which keys are throttled, or used, most; paid by event, so `THROTTLED_KEYS` costs next to nothing. None =
    nobody counts."""
    replica_regions: Annotated[tuple[Region, ...], Field(max_length=10)] = ()
    """Regions with a copy that is written to as well (global table, eventual consistency), each under a key of its own,
    paid like the table itself. For a primary; a standby of the same table uses the copy in its region. None by
    default."""

    @property
    def keys(self) -> tuple[KeyAttribute, ...]:
        """The table's own key attributes."""
        return (self.partition_key,) if self.sort_key is None else (self.partition_key, self.sort_key)
