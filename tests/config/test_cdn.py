"""Buckets behind CloudFront: which it can read, which pattern leads where, and what has a load balancer beside it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.config.containersfile import GONE, accepted, refused

BUCKETS: Final = "edge.cdn.buckets"
ASSETS: Final = f"{BUCKETS}.static-assets"
TIMES: Final = {"min_seconds": 0, "default_seconds": 60, "max_seconds": 3600}
NEW: Final[dict[str, Any]] = {
    "data.buckets.films": {
        "name": "phoenix-films-prod",
        "purpose": "films",
        "read_by_cloudfront": True,
        "lifecycle": {"infrequent_access_days": 30},
    }
}
"""One more bucket, as data has it."""
ALONE: Final[dict[str, object]] = {
    "edge.balancer": GONE,
    "edge.health_check": GONE,
    "edge.tier": GONE,
    "edge.cdn.origin_timeout_seconds": GONE,
    "edge.cdn.origin_keepalive_seconds": GONE,
    "containers": GONE,
    "api": GONE,
    "beanstalk": GONE,
    "functions": GONE,
    "streaming.functions": False,
    "sockets": GONE,
    "edge.cdn.api_paths": GONE,
    "kubernetes.load_balancer_controller": GONE,
    "kubernetes.application": GONE,
    "observability": GONE,
    "recovery": GONE,
    "experiments": GONE,
}
"""The stack without a load balancer, and without what needs one."""


def films(**paths: str) -> dict[str, object]:
    return {**NEW, f"{BUCKETS}.films": {"paths": {name: {"path": path} | TIMES for name, path in paths.items()}}}


def at_the_edge(found: dict[str, Any]) -> set[str]:
    return {path for path in found if path.startswith(("edge", "data"))}


REFUSED: Final[dict[str, tuple[dict[str, object], str, str]]] = {
    "a bucket that data lacks": (
        {f"{BUCKETS}.nowhere": {"paths": {"nowhere": {"path": "/nowhere/*"} | TIMES}}},
        f"{BUCKETS}.nowhere",
        "no bucket of data.buckets",
    ),
    "a bucket that CloudFront may not read": (
        {**films(films="/films/*"), "data.buckets.films": {**NEW["data.buckets.films"], "read_by_cloudfront": False}},
        "data.buckets.films.read_by_cloudfront",
        "CloudFront may not read",
    ),
    "objects that must be restored first": (
        {
            **films(films="/films/*"),
            "data.buckets.films": {
                **NEW["data.buckets.films"],
                "lifecycle": {"infrequent_access_days": 30, "glacier_days": 90},
                "archive_without_backup": "films can be made again from what they were cut of",
            },
        },
        "data.buckets.films.lifecycle.glacier_days",
        "restored first",
    ),
    "objects that Intelligent-Tiering archives": (
        {
            **films(films="/films/*"),
            "data.buckets.films": {
                **NEW["data.buckets.films"],
                "lifecycle": {"intelligent_tiering_days": 0},
                "intelligent_tiering": {"archive_days": 90},
                "archive_without_backup": "films can be made again from what they were cut of",
            },
        },
        "data.buckets.films.intelligent_tiering.archive_days",
        "restored first",
    ),
    "a pattern of another bucket": (films(films="/static/*"), f"{BUCKETS}.films.paths.films.path", "static-assets"),
    "a pattern within one of another bucket": (
        films(films="/static/films/*"),
        f"{BUCKETS}.films.paths.films.path",
        "answered by static-assets.paths.hashed already",
    ),
    "a name of another bucket's paths": (films(hashed="/films/*"), f"{BUCKETS}.films.paths.hashed", "static-assets"),
    "everything, beside a load balancer": (
        films(films="/*"),
        f"{BUCKETS}.films.paths.films.path",
        "goes to the load balancer",
    ),
    "nobody for the rest": (ALONE, BUCKETS, "no bucket for what no pattern takes"),
    "two for the rest": (
        {**ALONE, **films(films="/*", more="*")},
        f"{BUCKETS}.films.paths.more.path",
        "goes to films.paths.films",
    ),
    "a time-out of nobody": (
        {**ALONE, **films(films="/*"), "edge.cdn.origin_timeout_seconds": 30},
        "edge.cdn.origin_timeout_seconds",
        "needs edge.balancer",
    ),
    "a health check of nobody": (
        {**ALONE, **films(films="/*"), "edge.health_check": {"path": "/x", "interval_seconds": 30,
         "failure_threshold": 3}},
        "edge.health_check",
        "needs edge.balancer",
    ),
    "a load balancer that nobody asks": ({"edge.health_check": GONE}, "edge.balancer", "needs edge.health_check"),
    "an edge that leads nowhere": ({**ALONE, BUCKETS: GONE}, "edge", "needs edge.balancer or edge.cdn.buckets"),
}  # fmt: skip
"""What is wrong -> changes of a valid stack; the path that is refused, and words of the reason."""


@pytest.mark.parametrize("case", REFUSED)
def test_a_contradiction_is_refused_where_it_stands(case: str) -> None:
    changes, path, words = REFUSED[case]
    found = refused(changes)
    assert path in found, sorted(found)
    assert words in found[path].what
    assert found[path].fix


@pytest.mark.parametrize(
    "changes",
    [
        films(films="/films/*", posters="/films-*"),
        {f"{ASSETS}.signers": GONE, f"{ASSETS}.origin_id": GONE},
        {BUCKETS: GONE},
        {**ALONE, **films(films="/*", posters="/films/*")},
    ],
    ids=["two buckets", "everybody is served", "an application alone", "buckets alone"],
)
def test_what_fits_is_taken(changes: dict[str, object]) -> None:
    assert at_the_edge(refused(changes)) == set()


@given(st.lists(st.sampled_from(["/a/*", "/a/b/*", "/*.js", "/a/?", "/b*", "/b", "/a*"]), min_size=2, max_size=4))
def test_of_patterns_that_are_taken_each_is_compared_for_something(patterns: list[str]) -> None:
    if refused(films(**{f"p{at}": one for at, one in enumerate(patterns)})):
        return
    for place, one in enumerate(patterns):
        asked = one.replace("*", "#" * 40).replace("?", "#"), one.replace("*", "").replace("?", "#")
        assert any(not any(fnmatchcase(url, before) for before in patterns[:place]) for url in asked), one


def test_what_is_left_out_is_what_cloudfront_does_by_itself() -> None:
    cdn = accepted({"edge.cdn.origin_keepalive_seconds": GONE}).edge
    assert cdn
    assert cdn.cdn
    assert cdn.cdn.keepalive_seconds == 5
