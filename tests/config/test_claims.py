"""Claims are about a request that changes nothing, of a system that somebody can ask."""

from __future__ import annotations

import pytest

from tests.config.containersfile import WHOLE
from tests.config.stackfile import judged

CLAIM = {
    "path": "/lookup/$",
    "users": 10000,
    "pause_seconds": 1,
    "seconds": 300,
    "p95_milliseconds": 500,
    "failed_percent": 0.1,
}


def test_a_claim_is_taken() -> None:
    assert "claims" in WHOLE
    assert judged({"claims": {"lookup": CLAIM}}) == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("method", "POST"),
        ("path", "lookup"),
        ("path", "//elsewhere.example/ x"),
        ("users", 0),
        ("pause_seconds", 0),
        ("seconds", 3601),
        ("p95_milliseconds", 0),
        ("failed_percent", 101),
    ],
)
def test_what_changes_something_or_never_ends_is_refused(field: str, value: object) -> None:
    assert judged({"claims": {"lookup": {**CLAIM, field: value}}}) == {f"claims.lookup.{field}"}


def test_a_system_that_nobody_can_ask_claims_nothing() -> None:
    assert "claims" in judged({"claims": {"lookup": CLAIM}, "edge": None})
