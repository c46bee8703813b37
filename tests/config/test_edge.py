"""The edge: who has `edge.cdn`, what CloudFront reads, what fits what."""

from __future__ import annotations

import pytest

from config.edge import Edge
from tests.config.stackfile import SETTINGS, accepted, judged

ASSETS = "edge.cdn.buckets.static-assets"


def test_the_seeds_numbers_stand_in_the_file() -> None:
    edge = accepted().edge
    assert edge is not None
    assert edge.cdn is not None
    assert (edge.firewall.rate_limit, edge.firewall.rate_window_seconds) == (2000, 300), "2000 in 5 minutes per IP"
    assert edge.firewall.blocked_countries, "access is restricted by country"
    assert edge.cdn.price_class == "PriceClass_All", "edge locations worldwide"
    assert edge.health_check.interval_seconds * edge.health_check.failure_threshold == 30, "fast: 10 s, three times"


def test_a_primary_has_a_cdn() -> None:
    assert "edge.cdn" in judged({"edge.cdn": None}), "it has the zone that both regions answer from"


def test_a_standby_is_served_by_its_primarys_cdn() -> None:
    assert "edge.cdn" in judged({"identity.role": "standby"}), "two zones of one name would answer differently"


def test_a_primary_has_its_cdn_in_any_region() -> None:
    assert not {one for one in judged({"identity.region": "us-west-2"}) if one.startswith(("edge.cdn", "identity"))} - {
        f"{ASSETS}.standby.region"
    }, "what must stand in us-east-1 does so by a provider of its own"


def test_nobody_needs_to_be_blocked_and_no_origin_shield_to_stand_before_the_origin() -> None:
    assert judged({"edge.firewall.blocked_countries": [], "edge.cdn.origin_shield": None}) == set()


def test_without_an_origin_shield_no_country_of_a_regional_cache_is_blocked() -> None:
    blocked = ["KP", "US", "BR"]
    without = {"edge.cdn.origin_shield": None, "edge.firewall.blocked_countries": blocked}
    assert judged(without) == {f"edge.firewall.blocked_countries[{at}]" for at in (1, 2)}


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"edge.health_check.path": "/standby-active"}, "edge.health_check.path"),
        ({"edge.balancer.target_health.timeout_seconds": 10}, "edge.balancer.target_health.timeout_seconds"),
        ({"edge.balancer.idle_timeout_seconds": 60}, "edge.balancer.idle_timeout_seconds"),
        ({"edge.firewall.blocked_countries": ["KP", "US"]}, "edge.firewall.blocked_countries[1]"),
        ({f"{ASSETS}.standby.region": "us-east-1"}, f"{ASSETS}.standby.region"),
        ({f"{ASSETS}.paths.named.path": "/static/*"}, f"{ASSETS}.paths.named.path"),
        ({f"{ASSETS}.paths.hashed.default_seconds": 59}, f"{ASSETS}.paths.hashed.default_seconds"),
        ({"data.buckets.static-assets.read_by_cloudfront": False}, "data.buckets.static-assets.read_by_cloudfront"),
        (
            {"data.buckets.static-assets.lifecycle.glacier_days": 90},
            "data.buckets.static-assets.lifecycle.glacier_days",
        ),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(change: dict[str, object], at: str) -> None:
    assert judged(change) == {at}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("edge.domain", "phoenix"),
        ("edge.domain", "Phoenix.example"),
        ("edge.balancer.tls_policy", "ELBSecurityPolicy-2016-08"),
        ("edge.cdn.tls_minimum", "TLSv1.1_2016"),
        ("edge.health_check.path", "healthz"),
        ("edge.health_check.interval_seconds", 20),
        ("edge.firewall.rate_limit", 9),
        ("edge.firewall.blocked_countries", ["Korea"]),
    ],
)
def test_what_aws_would_refuse_or_nobody_should_want_is_refused(path: str, value: object) -> None:
    assert {one.partition("[")[0] for one in judged({path: value})} == {path}


def test_a_cdn_is_not_needed_to_describe_a_region() -> None:
    section = {key: value for key, value in SETTINGS["edge"].items() if key != "cdn"}
    assert Edge.model_validate(section).cdn is None, "a standby's stack file has no `cdn`"
