from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.naming import physical

if TYPE_CHECKING:
    from components.naming import Kind


@pytest.mark.parametrize(
    ("kind", "parts", "name"),
    [
        ("firewall-log-group", ("phoenix", "prod", "regional"), "aws-waf-logs-phoenix-prod-regional"),
        ("kms-alias", ("phoenix", "prod", "data"), "alias/phoenix-prod-data"),
        ("bucket", ("phoenix-logs-prod", "100000000004"), "phoenix-logs-prod-100000000004"),
        ("log-group", ("phoenix", "prod", "vpc-flow-logs"), "/phoenix/prod/vpc-flow-logs"),
        ("database", ("phoenix", "prod", "reader-b"), "phoenix-prod-reader-b"),
    ],
)
def test_a_name_is_its_parts_joined_as_its_kind_does(kind: Kind, parts: tuple[str, ...], name: str) -> None:
    assert physical(kind, *parts) == name, "a name must be computable from its parts alone"


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("bucket", "Phoenix"),
        ("bucket", "phoenix.logs"),
        ("bucket", "phoenix-"),
        ("bucket", "xn--phoenix"),
        ("bucket", "phoenix-s3alias"),
        ("cache-group", "1redis"),
        ("cache-group", "redis--prod"),
        ("database", "db-"),
        ("database", "db_prod"),
        ("kms-alias", "aws/data"),
        ("log-group", "a b"),
        ("log-group", "aws:thing"),
        ("eks-cluster", "-prod"),
        ("alarm", "an outage"),
        ("chat-configuration", "a.b"),
        ("dashboard", "a/b"),
    ],
)
def test_a_name_outside_its_kinds_alphabet_is_refused(kind: Kind, part: str) -> None:
    with pytest.raises(ValueError, match=re.escape(part)):
        physical(kind, part)


@pytest.mark.parametrize(
    ("kind", "longest"),
    [
        ("bucket", 63),
        ("cache-group", 40),
        ("database", 63),
        ("eks-cluster", 100),
        ("chat-configuration", 128),
        ("dashboard", 255),
    ],
)
def test_a_name_may_fill_its_kinds_budget_and_not_exceed_it(kind: Kind, longest: int) -> None:
    assert len(physical(kind, "a" * longest)) == longest, "the whole budget is usable"
    with pytest.raises(ValueError, match=f"has {longest + 1} characters; allowed are"):
        physical(kind, "a" * (longest + 1))


def test_a_prefix_counts_against_the_budget() -> None:
    assert len(physical("kms-alias", "a" * 250)) == 256, "`alias/` and 250 characters fill the budget"
    with pytest.raises(ValueError, match="has 257 characters"):
        physical("kms-alias", "a" * 251)


@pytest.mark.parametrize("parts", [(), ("",), ("phoenix", "", "data")])
def test_a_name_with_a_part_missing_is_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="needs non-empty parts"):
        physical("bucket", *parts)


@given(st.lists(st.text("abc0-", min_size=1, max_size=30), min_size=1, max_size=5))
def test_a_name_is_never_shortened(parts: list[str]) -> None:
    try:
        name = physical("database", *parts)
    except ValueError:
        return
    assert name == "-".join(parts), "a shortened name may collide with another"
