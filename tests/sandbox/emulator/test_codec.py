"""State is written and read without losing a type."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict, deque
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

from sandbox.emulator.codec import UnsavableError, decode, encode

Store: TypeAlias = Any

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
keys = st.text() | st.integers() | st.tuples(st.text(), st.text()) | st.just("$tuple")
values: st.SearchStrategy[Any] = st.recursive(
    scalars | st.binary() | st.datetimes() | st.sets(st.text()) | st.frozensets(st.integers()),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(keys, inner),
    max_leaves=20,
)


@given(values)
def test_whatever_is_written_is_read_back(value: object) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value, "reading undoes writing"


@pytest.mark.parametrize("kind", [AccountScopedDict, AccountRegionScopedDict])
def test_stores_of_all_accounts_and_regions_are_written(kind: Store) -> None:
    store = kind.from_dict({("1", "us-east-1", "name"): {"a": (1, 2)}, ("2", "us-west-2", "name"): b"\xff"})
    read: Any = decode(json.loads(json.dumps(encode(store))))
    assert type(read) is kind, "a store stays a store"
    assert read.to_dict() == store.to_dict(), "with everything in it"


def test_a_queue_stays_a_queue() -> None:
    assert decode(encode(deque([1, 2]))) == deque([1, 2]), "queues are distinguished from lists"


def test_a_default_dictionary_is_written_as_a_dictionary() -> None:
    assert decode(encode(defaultdict(list, a=[1]))) == {"a": [1]}, "a default is code, not state"


def test_what_cannot_be_written_is_named() -> None:
    with pytest.raises(UnsavableError, match=r"ec2\.vpcs\[0\]: cannot save a builtins\.object"):
        encode({"vpcs": [object()]}, "ec2")


def test_times_keep_their_zone() -> None:
    moment = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    assert decode(encode(moment)) == moment, "a time is the same moment"
