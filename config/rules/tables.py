"""Tables of DynamoDB: what its API takes together (`CreateTable`, `UpdateTable`, `UpdateTimeToLive`, 2026-11-30)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.limits import TABLE_PROJECTED_ATTRIBUTES
from config.problems import NOTHING, Path, dotted, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.problems import Problem
    from config.stack import StackConfig
    from config.table import KeyAttribute, Table

    Judge = Callable[[StackConfig, Path, Table], Iterator[Problem]]

TABLES: Final[Path] = ("data", "tables")
WHOLE_STREAM: Final = "NEW_AND_OLD_IMAGES"
"""What a stream must hold for a replica to follow by it."""


def of_each_table(judge: Judge) -> Callable[[StackConfig], Iterator[Problem]]:
    """Make a rule on one table one on all of them; what is not known of one hides no other."""

    def rule(config: StackConfig) -> Iterator[Problem]:
        for name, table in config.tables.items():
            yield from until_incomplete(judge(config, (*TABLES, name), table))

    rule.__doc__, rule.__name__ = judge.__doc__, judge.__name__
    return rule


def declared(path: Path, table: Table) -> Iterator[tuple[Path, KeyAttribute]]:
    """Yield each key attribute of a table and its indexes with its path, the table's first."""
    yield (*path, "partition_key"), table.partition_key
    if table.sort_key is not None:
        yield (*path, "sort_key"), table.sort_key
    for name, local in table.local_indexes.items():
        yield (*path, "local_indexes", name, "sort_key"), local.sort_key
    for name, index in table.global_indexes.items():
        yield (*path, "global_indexes", name, "partition_key"), index.partition_key
        if index.sort_key is not None:
            yield (*path, "global_indexes", name, "sort_key"), index.sort_key


@of_each_table
def one_type(_: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """An attribute has one type in all keys: DynamoDB declares it once for the table."""
    first: dict[str, tuple[Path, str]] = {}
    for where, key in declared(path, table):
        place, type_ = first.setdefault(key.name, (where, key.type))
        if key.type != type_:
            what, fix = f"{key.name} is of type {type_} in {dotted(place)}", "give it one type, or name another"
            yield refuse((*where, "type"), what, got=key.type, allowed=type_, fix=fix)


@of_each_table
def two_attributes(_: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """Partition key and sort key are two attributes, in each index, too."""
    pairs = [(path, table.partition_key, table.sort_key)]
    pairs += [
        ((*path, "local_indexes", name), table.partition_key, one.sort_key) for name, one in table.local_indexes.items()
    ]
    pairs += [
        ((*path, "global_indexes", name), one.partition_key, one.sort_key) for name, one in table.global_indexes.items()
    ]
    for where, partition, sort in pairs:
        if sort is not None and sort.name == partition.name:
            what, fix = "the partition key already", "name another attribute, or leave the sort key out"
            at = (*where, "sort_key", "name")
            yield refuse(at, what, got=sort.name, allowed=f"an attribute other than {partition.name}", fix=fix)


@of_each_table
def local_orders(_: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """A table with local indexes has a sort key, beside which they are other orders."""
    if table.local_indexes and table.sort_key is None:
        what, fix = "needs sort_key: each partition key has one item, and no order", "add sort_key, or drop the indexes"
        got = list(table.local_indexes)
        yield refuse((*path, "local_indexes"), what, got=got, allowed="beside sort_key", fix=fix)


@of_each_table
def index_names(_: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """Local and global indexes share one set of names."""
    for name in table.global_indexes:
        if name in table.local_indexes:
            what, fix = "the name of a local index, too", "rename one of the two"
            yield refuse((*path, "global_indexes", name), what, got=name, allowed="each name once", fix=fix)


@of_each_table
def projections(_: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """Attributes are named exactly where the projection asks for them, and not more than DynamoDB takes."""
    total = 0
    for part, indexes in (("local_indexes", table.local_indexes), ("global_indexes", table.global_indexes)):
        for name, index in indexes.items():
            where, named = (*path, part, name, "non_key_attributes"), list(index.non_key_attributes)
            total += len(named)
            if index.projection == "INCLUDE" and not named:
                fix = "name them, or write KEYS_ONLY"
                yield refuse(where, "projection INCLUDE names none", got=NOTHING, allowed="1 to 20 names", fix=fix)
            elif index.projection != "INCLUDE" and named:
                what, fix = f"projection {index.projection} takes none", "write `projection: INCLUDE`, or leave it out"
                yield refuse(where, what, got=named, allowed="none", fix=fix)
    if total > TABLE_PROJECTED_ATTRIBUTES:
        what = "more attributes than the indexes of a table may name together"
        allowed, fix = f"{TABLE_PROJECTED_ATTRIBUTES} in all", "project ALL in one of them, or name fewer"
        yield refuse(path, what, got=total, allowed=allowed, fix=fix)


@of_each_table
def expiry(_: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """Items expire by a number that is no key of the table: an item cannot be given another key."""
    name, where = table.ttl_attribute, (*path, "ttl_attribute")
    if name is None:
        return
    if name in {key.name for key in table.keys}:
        what, fix = "a key of the table, which no item can change", "name another attribute"
        yield refuse(where, what, got=name, allowed="an attribute that is no key of the table", fix=fix)
        return
    for place, key in declared(path, table):
        if key.name == name and key.type != "N":
            what = f"of type {key.type} in {dotted(place)}: DynamoDB deletes by numbers only, and nothing would expire"
            fix = "give it the type N, or name another attribute"
            yield refuse(where, what, got=name, allowed="a number", fix=fix)
            return


@of_each_table
def capacity(_: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """A table is paid by request or by the hour; bounds are in order, and say something."""
    if table.on_demand is not None and table.provisioned is not None:
        what, fix = "beside provisioned: a table is paid by request or by the hour", "leave one of the two out"
        yield refuse((*path, "on_demand"), what, got=NOTHING, allowed="on_demand or provisioned", fix=fix)
    bounds = table.on_demand
    if bounds is not None and bounds.max_read_units is None and bounds.max_write_units is None:
        what, fix = "bounds nothing", "give one of them, or leave on_demand out"
        allowed = "max_read_units or max_write_units"
        yield refuse((*path, "on_demand"), what, got=NOTHING, allowed=allowed, fix=fix)
    if table.provisioned is None:
        return
    for side, range_ in (("read", table.provisioned.read), ("write", table.provisioned.write)):
        if range_.min > range_.max:
            where, allowed = (*path, "provisioned", side, "min"), f"at most {range_.max}"
            yield refuse(where, "more than its max", got=range_.min, allowed=allowed, fix="put the numbers in order")


@of_each_table
def replicas(config: StackConfig, path: Path, table: Table) -> Iterator[Problem]:
    """A copy is in another region, follows by a stream of both images, and takes whatever is written.

    Provisioned copies would need the same scaling of writes in every region, or they fall behind (DynamoDB Developer
    Guide, "Best practices for global tables").
    """
    where = (*path, "replica_regions")
    if not table.replica_regions:
        return
    if config.identity.role == "standby":
        what, fix = "made by the primary's stack, together with its table", "name them in the primary's file"
        yield refuse(where, what, got=list(table.replica_regions), allowed="none in a standby", fix=fix)
    for at, region in enumerate(table.replica_regions):
        if region == config.identity.region:
            what, fix = "lost together with the table", "choose another region"
            yield refuse((*where, at), what, got=region, allowed=f"a region other than {region}", fix=fix)
    if table.stream != WHOLE_STREAM:
        what, fix = "needed by replica_regions, which follow by the stream", f"write `stream: {WHOLE_STREAM}`"
        got = NOTHING if table.stream is None else table.stream
        yield refuse((*path, "stream"), what, got=got, allowed=WHOLE_STREAM, fix=fix)
    if table.provisioned is not None:
        what, fix = "beside replica_regions: each copy takes every write, whatever its own load", "leave it out"
        yield refuse((*path, "provisioned"), what, got=NOTHING, allowed="none beside replica_regions", fix=fix)


RULES: Final = (
    one_type,
    two_attributes,
    local_orders,
    index_names,
    projections,
    expiry,
    capacity,
    replicas,
)
