"""Rules of one's own in the web ACLs: refused where they meet everybody, or are called as others are."""

from __future__ import annotations

import pytest

from config.rules.firewall import DERIVED
from tests.config.stackfile import judged

AT = "edge.firewall.rules"
REASON = {"reason": "tried by a test"}


@pytest.mark.parametrize(
    "condition",
    [
        {"path_begins": "/lookup"},
        {"methods": ["DELETE"]},
        {"header": {"name": "User-Agent", "contains": "harvester/1.0 (x)"}},
        {"without_header": "User-Agent"},
        {"body_above_bytes": 0},
    ],
)
def test_one_condition_is_enough(condition: dict[str, object]) -> None:
    assert judged({AT: {"own": {**REASON, **condition}}}) == set()
    assert judged({AT: {"own": {**REASON, **condition, "rate_limit": 100}}}) == set()


@pytest.mark.parametrize("more", [{}, {"rate_limit": 100}, {"action": "count"}])
def test_a_rule_without_a_condition_is_refused(more: dict[str, object]) -> None:
    assert judged({AT: {"own": {**REASON, **more}}}) == {f"{AT}.own"}


@pytest.mark.parametrize("name", [*sorted(DERIVED), "lookups-of-viewer"])
def test_a_name_that_an_acl_has_already_is_refused(name: str) -> None:
    assert judged({AT: {name: {**REASON, "path_begins": "/lookup"}}}) == {f"{AT}.{name}"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("path_begins", "/Lookup"),
        ("path_begins", "lookup"),
        ("methods", ["POST", "POST"]),
        ("methods", ["TRACE"]),
        ("body_above_bytes", 8192),
        ("header", {"name": "User-Agent", "contains": "Harvester"}),
        ("header", {"name": "User Agent", "contains": "harvester"}),
        ("rate_limit", 9),
    ],
)
def test_what_the_firewall_would_never_meet_or_takes_not_is_refused(field: str, value: object) -> None:
    found = judged({AT: {"own": {**REASON, "path_begins": "/lookup", field: value}}})
    assert found
    assert all(path.startswith(f"{AT}.own.{field}") for path in found)
