"""Tables of DynamoDB: what its API does not take together is refused, each on its line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from components.data.table_plan import attributes, scaled
from config.objectives import availability, bound
from config.pairs.clash import Pair
from config.pairs.ties import tables as tied
from config.table import Table
from tests.config.containersfile import GONE, accepted, as_written, refused
from tests.config.pairfiles import FOLLOWS, WITH_CONTAINERS, exchanged

SESSIONS, COUNTERS = "data.tables.sessions", "data.tables.counters"
NAMES: Final = [f"a{at}" for at in range(20)]
RANGE: Final = {"min": 5, "max": 10, "target_percent": 70}
Changes = dict[str, Any]
KEY: Final = {"name": "other", "type": "S"}

REFUSED: dict[str, tuple[Changes, str, str]] = {
    "two types of one attribute": (
        {f"{SESSIONS}.global_indexes.by-device.sort_key.type": "S"},
        f"{SESSIONS}.global_indexes.by-device.sort_key.type",
        "started is of type N in data.tables.sessions.local_indexes.by-start.sort_key",
    ),
    "one attribute as both keys": (
        {f"{SESSIONS}.sort_key.name": "person"},
        f"{SESSIONS}.sort_key.name",
        "the partition key already",
    ),
    "one attribute as both keys of a global index": (
        {f"{COUNTERS}.global_indexes.by-day.sort_key": {"name": "day", "type": "S"}},
        f"{COUNTERS}.global_indexes.by-day.sort_key.name",
        "the partition key already",
    ),
    "a local index by the partition key": (
        {f"{SESSIONS}.local_indexes.by-start.sort_key": {"name": "person", "type": "S"}},
        f"{SESSIONS}.local_indexes.by-start.sort_key.name",
        "the partition key already",
    ),
    "a local index without a sort key": (
        {f"{COUNTERS}.local_indexes": {"by-other": {"sort_key": KEY, "projection": "ALL"}}},
        f"{COUNTERS}.local_indexes",
        "needs sort_key",
    ),
    "six local indexes": (
        {f"{SESSIONS}.local_indexes": {f"by-{at}": {"sort_key": KEY, "projection": "ALL"} for at in range(6)}},
        f"{SESSIONS}.local_indexes",
        "",
    ),
    "twenty-one global indexes": (
        {f"{COUNTERS}.global_indexes": {f"by-{at}": {"partition_key": KEY, "projection": "ALL"} for at in range(21)}},
        f"{COUNTERS}.global_indexes",
        "",
    ),
    "one name of two indexes": (
        {f"{SESSIONS}.global_indexes.by-start": {"partition_key": KEY, "projection": "ALL"}},
        f"{SESSIONS}.global_indexes.by-start",
        "the name of a local index",
    ),
    "an INCLUDE of nothing": (
        {f"{SESSIONS}.global_indexes.by-device.non_key_attributes": []},
        f"{SESSIONS}.global_indexes.by-device.non_key_attributes",
        "names none",
    ),
    "attributes beside KEYS_ONLY": (
        {f"{SESSIONS}.local_indexes.by-start.non_key_attributes": ["country"]},
        f"{SESSIONS}.local_indexes.by-start.non_key_attributes",
        "projection KEYS_ONLY takes none",
    ),
    "more attributes than all indexes may name": (
        {
            f"{COUNTERS}.global_indexes": {
                f"by-{at}": {"partition_key": KEY, "projection": "INCLUDE", "non_key_attributes": NAMES}
                for at in range(6)
            }
        },
        COUNTERS,
        "more attributes",
    ),
    "an expiry by a key": ({f"{SESSIONS}.ttl_attribute": "session"}, f"{SESSIONS}.ttl_attribute", "a key of the table"),
    "an expiry by a text": (
        {f"{SESSIONS}.ttl_attribute": "device"},
        f"{SESSIONS}.ttl_attribute",
        "of type S in data.tables.sessions.global_indexes.by-device.partition_key",
    ),
    "on demand and provisioned": (
        {f"{COUNTERS}.on_demand": {"max_read_units": 5}},
        f"{COUNTERS}.on_demand",
        "beside provisioned",
    ),
    "a bound that bounds nothing": ({f"{SESSIONS}.on_demand": {}}, f"{SESSIONS}.on_demand", "bounds nothing"),
    "a least above the most": (
        {f"{COUNTERS}.provisioned.read.min": 101},
        f"{COUNTERS}.provisioned.read.min",
        "more than its max",
    ),
    "a target below 20 %": (
        {f"{COUNTERS}.provisioned.write.target_percent": 19},
        f"{COUNTERS}.provisioned.write.target_percent",
        "",
    ),
    "a target above 90 %": (
        {f"{COUNTERS}.provisioned.read.target_percent": 91},
        f"{COUNTERS}.provisioned.read.target_percent",
        "",
    ),
    "36 days of recovery": (
        {f"{SESSIONS}.point_in_time_recovery_days": 36},
        f"{SESSIONS}.point_in_time_recovery_days",
        "",
    ),
    "a copy in its own region": (
        {f"{SESSIONS}.replica_regions": ["us-east-1"], "observability.alarms.late-copies": GONE},
        f"{SESSIONS}.replica_regions[0]",
        "lost together",
    ),
    "a copy without a stream": ({f"{SESSIONS}.stream": GONE}, f"{SESSIONS}.stream", "needed by replica_regions"),
    "a copy by a stream of keys": (
        {f"{SESSIONS}.stream": "KEYS_ONLY"},
        f"{SESSIONS}.stream",
        "needed by replica_regions",
    ),
    "a copy of provisioned capacity": (
        {f"{SESSIONS}.on_demand": GONE, f"{SESSIONS}.provisioned": {"read": RANGE, "write": RANGE}},
        f"{SESSIONS}.provisioned",
        "beside replica_regions",
    ),
    "rights on a table that is not there": (
        {"containers.services.web.task.role.tables.missing": {"actions": ["dynamodb:GetItem"], "reason": "x" * 10}},
        "containers.services.web.task.role.tables.missing",
        "not in data.tables",
    ),
}


def test_what_dynamodb_does_not_take_is_refused_with_its_path_and_line() -> None:
    wrong = []
    for name, (changes, path, words) in REFUSED.items():
        problem = refused(changes).get(path)
        if problem is None or words not in problem.what or not problem.fix:
            wrong.append((name, sorted(refused(changes))))
    assert wrong == []
    _, problems = as_written({f"{SESSIONS}.ttl_attribute": "session"})
    assert [problem.line for problem in problems if problem.line] != [], "a file and a line"


def test_a_table_may_be_paid_either_way_and_have_no_sort_key() -> None:
    assert accepted({f"{COUNTERS}.provisioned": GONE}).tables["counters"].keys == (
        accepted().tables["counters"].partition_key,
    )


ATTRIBUTES = st.sampled_from(["one", "two", "three", "four"]).map(lambda name: {"name": name, "type": "S"})


@st.composite
def valid_tables(draw: st.DrawFn) -> Table:
    """Return tables whose keys are of two attributes, with any indexes."""
    keys = draw(st.lists(ATTRIBUTES, min_size=1, max_size=2, unique_by=lambda one: one["name"]))
    local = [one for one in draw(st.lists(ATTRIBUTES, max_size=5)) if one != keys[0]] if len(keys) > 1 else []
    indexes = draw(st.lists(ATTRIBUTES, max_size=20))
    return Table.model_validate(
        {
            "purpose": "Any table",
            "partition_key": keys[0],
            "sort_key": keys[1] if len(keys) > 1 else None,
            "local_indexes": {f"local-{at}": {"sort_key": one, "projection": "ALL"} for at, one in enumerate(local)},
            "global_indexes": {
                f"global-{at}": {"partition_key": one, "projection": "ALL"} for at, one in enumerate(indexes)
            },
            "provisioned": draw(st.sampled_from([None, {"read": RANGE, "write": RANGE}])),
        }
    )


@given(valid_tables())
def test_attributes_are_those_of_the_keys_each_once(table: Table) -> None:
    named = {key.name for key in table.keys}
    named |= {one.sort_key.name for one in table.local_indexes.values()}
    named |= {one.partition_key.name for one in table.global_indexes.values()}
    assert set(attributes(table)) == named, "DynamoDB refuses what no key names, and a key that is not declared"
    assert list(attributes(table)) == sorted(named), "in an order that no edit of the file changes"


@given(valid_tables())
def test_the_table_and_each_global_index_are_scaled_for_reads_and_writes(table: Table) -> None:
    found = list(scaled(table))
    assert len(found) == (2 * (1 + len(table.global_indexes)) if table.provisioned else 0)
    assert len({one.thing for one in found}) == len(found), "no two of them share a logical name"
    assert {(one.resource, one.dimension) for one in found} == {
        (f"/index/{name}" if name else "", f"dynamodb:{'index' if name else 'table'}:{side}CapacityUnits")
        for name in (("", *table.global_indexes) if table.provisioned else ())
        for side in ("Read", "Write")
    }


def test_a_standby_uses_the_copy_of_its_region_or_is_refused() -> None:
    standby, primary = WITH_CONTAINERS
    pair = Pair(standby=standby, primary=primary, follows=FOLLOWS)
    assert list(tied(pair)) == []
    without = exchanged(primary, ("data", "tables", "sessions", "replica_regions"), ("eu-west-1",))
    (clash,) = tied(replace(pair, primary=without))
    assert "no copy of it in us-west-2" in clash.problem.what
    (lacking,) = tied(replace(pair, primary=exchanged(primary, ("data", "tables"), {})))
    assert lacking.path == "data.tables.sessions"


def test_what_can_be_promised_of_tables_follows_from_their_copies() -> None:
    standby, primary = WITH_CONTAINERS
    assert bound("tables", "zone", primary).seconds("rpo") == 0
    assert 0 < bound("tables", "region", standby).seconds("rpo") <= 60
    parts = {part.part for part in availability(primary).parts}
    assert "DynamoDB global tables" in parts, "all of them have copies"
    assert "DynamoDB" in {part.part for part in availability(accepted()).parts}, "counters has none"
