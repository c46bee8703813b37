from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.edge.web_acl_rules import rules
from config.firewall import OwnRule

if TYPE_CHECKING:
    from components.edge.web_acl_rules import Scope
    from config.edge import Edge
    from review.graph import Graph

SCOPES: tuple[Scope, ...] = ("CLOUDFRONT", "REGIONAL")


def _by_name(edge: Edge, scope: Scope) -> dict[str, dict[str, Any]]:
    return {rule["name"]: rule for rule in rules(edge.firewall, scope)}


@pytest.mark.parametrize("scope", SCOPES)
def test_the_seeds_five_families_block(edge: Edge, scope: Scope) -> None:
    found = _by_name(edge, scope)
    groups = {
        rule["statement"]["managed_rule_group_statement"]["name"]
        for rule in found.values()
        if "managed_rule_group_statement" in rule["statement"] and rule["override_action"] == {"none": {}}
    }
    assert groups == {
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesAmazonIpReputationList",
    }, "common rules, known bad inputs, IP reputation"
    for name in ("country", "rate"):
        assert found[name]["action"] == {"block": {}}, f"{name}: counting lets everything pass"


@pytest.mark.parametrize("scope", SCOPES)
def test_priorities_are_the_order_and_metrics_have_names_of_their_own(edge: Edge, scope: Scope) -> None:
    found = rules(edge.firewall, scope)
    assert [rule["priority"] for rule in found] == list(range(len(found)))
    metrics = [rule["visibility_config"]["metric_name"] for rule in found]
    assert len(set(metrics)) == len(metrics), "two rules under one metric cannot be distinguished"


def test_two_thousand_requests_in_five_minutes_are_the_limit_of_an_address(edge: Edge) -> None:
    rate = _by_name(edge, "CLOUDFRONT")["rate"]["statement"]["rate_based_statement"]
    assert rate == {"limit": 2000, "evaluation_window_sec": 300, "aggregate_key_type": "IP"}, (
        "reference 004 section 4.1"
    )


def test_behind_cloudfront_viewers_are_counted_and_not_cloudfront(edge: Edge) -> None:
    found = _by_name(edge, "REGIONAL")
    by_header = found["rate-of-viewer"]["statement"]["rate_based_statement"]
    assert by_header["aggregate_key_type"] == "FORWARDED_IP", "few addresses of CloudFront carry all requests"
    assert by_header["forwarded_ip_config"]["header_name"] == "X-Forwarded-For"
    narrowed = found["rate"]["statement"]["rate_based_statement"]["scope_down_statement"]
    (without,) = narrowed["not_statement"]["statements"]
    assert without["size_constraint_statement"]["field_to_match"] == {"single_header": {"name": "x-forwarded-for"}}, (
        "by address only who brings no header"
    )


def test_blocked_countries_are_looked_for_in_both_places_behind_cloudfront(edge: Edge) -> None:
    found = _by_name(edge, "REGIONAL")
    by_address = found["country"]["statement"]["geo_match_statement"]
    by_header = found["country-of-viewer"]["statement"]["geo_match_statement"]
    assert by_address["country_codes"] == by_header["country_codes"] == list(edge.firewall.blocked_countries)
    assert by_header["forwarded_ip_config"]["fallback_behavior"] == "MATCH", "a malformed header is not a way around"


def test_a_rule_that_blocks_what_the_application_needs_can_be_made_to_count(edge: Edge) -> None:
    counted = {"AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",)}
    changed = edge.model_copy(update={"firewall": edge.firewall.model_copy(update={"counted_rules": counted})})
    statements = {
        rule["name"]: rule["statement"]["managed_rule_group_statement"]["rule_action_overrides"]
        for rule in rules(changed.firewall, "REGIONAL")
        if "managed_rule_group_statement" in rule["statement"]
    }
    assert statements == {
        "reputation": [],
        "common": [{"name": "SizeRestrictions_BODY", "action_to_use": {"count": {}}}],
        "known-bad": [],
    }, "that one rule, of that one group"


def _own(edge: Edge, scope: Scope, **conditions: object) -> dict[str, dict[str, Any]]:
    """Return by name the rules that one of our own makes, in an ACL of a scope."""
    rule = OwnRule.model_validate({"reason": "tried by a test", **conditions})
    changed = edge.model_copy(update={"firewall": edge.firewall.model_copy(update={"rules": {"own": rule}})})
    return {name: made for name, made in _by_name(changed, scope).items() if name.startswith("own")}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_rule_of_ones_own_comes_before_awss_groups_and_blocks_what_meets_it(edge: Edge, scope: Scope) -> None:
    (rule,) = _own(edge, scope, path_begins="/lookup").values()
    assert rule["action"] == {"block": {}}
    assert rule["priority"] == {"CLOUDFRONT": 2, "REGIONAL": 4}[scope], "after countries and the rate"
    asked = rule["statement"]["byte_match_statement"]
    assert (asked["search_string"], asked["positional_constraint"]) == ("/lookup", "STARTS_WITH")
    assert [one["type"] for one in asked["text_transformations"]] == ["URL_DECODE", "NORMALIZE_PATH", "LOWERCASE"], (
        "%2Flookup and //LOOKUP are the same path to an application"
    )


def test_a_request_meets_every_condition_and_one_of_the_methods(edge: Edge) -> None:
    conditions = {
        "path_begins": "/lookup",
        "methods": ["POST", "PUT"],
        "header": {"name": "User-Agent", "contains": "harvester"},
        "without_header": "X-Key",
        "body_above_bytes": 4096,
    }
    (rule,) = _own(edge, "REGIONAL", action="count", **conditions).values()
    assert rule["action"] == {"count": {}}
    path, methods, header, without, body = rule["statement"]["and_statement"]["statements"]
    assert path["byte_match_statement"]["search_string"] == "/lookup"
    both = methods["or_statement"]["statements"]
    assert [one["byte_match_statement"]["search_string"] for one in both] == ["POST", "PUT"]
    assert header["byte_match_statement"]["field_to_match"] == {"single_header": {"name": "user-agent"}}
    (has,) = without["not_statement"]["statements"]
    assert has["size_constraint_statement"]["field_to_match"] == {"single_header": {"name": "x-key"}}
    assert body["size_constraint_statement"]["field_to_match"] == {"body": {"oversize_handling": "MATCH"}}, (
        "a body that WAF does not see whole is larger, too"
    )


def test_a_rate_of_ones_own_counts_viewers_as_the_general_one_does(edge: Edge) -> None:
    (at_cloudfront,) = _own(edge, "CLOUDFRONT", path_begins="/lookup", rate_limit=500).values()
    rate = at_cloudfront["statement"]["rate_based_statement"]
    assert (rate["limit"], rate["evaluation_window_sec"], rate["aggregate_key_type"]) == (500, 300, "IP")
    assert rate["scope_down_statement"]["byte_match_statement"]["search_string"] == "/lookup"
    regional = _own(edge, "REGIONAL", path_begins="/lookup", rate_limit=500)
    assert list(regional) == ["own", "own-of-viewer"]
    direct = regional["own"]["statement"]["rate_based_statement"]["scope_down_statement"]
    assert len(direct["and_statement"]["statements"]) == 2, "who brings no header, on that path"
    by_header = regional["own-of-viewer"]["statement"]["rate_based_statement"]
    assert by_header["aggregate_key_type"] == "FORWARDED_IP"
    assert "byte_match_statement" in by_header["scope_down_statement"]


@pytest.mark.parametrize(("graph", "firewall"), [("cdn", "cloudfront"), ("regional", "regional")])
def test_decisions_are_logged_under_our_key_without_credentials(
    graph: str, firewall: str, request: pytest.FixtureRequest
) -> None:
    recorded: Graph = request.getfixturevalue(graph)
    (group,) = recorded.of_type("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["name"] == f"aws-waf-logs-phoenix-prod-{firewall}", "WAF takes no other beginning"
    assert group.inputs["kmsKeyId"] == "key-logs"
    (logging,) = recorded.of_type("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration")
    redacted = {field["singleHeader"]["name"] for field in logging.inputs["redactedFields"]}
    assert redacted == {"authorization", "cookie"}, "who reads logs must not become the viewer"
    (policy,) = recorded.of_type("aws:cloudwatch/logResourcePolicy:LogResourcePolicy")
    assert policy.urn in logging.dependencies, "WAF writes a policy of its own where there is none"


def test_log_delivery_writes_into_the_one_group_for_this_account(regional: Graph) -> None:
    (policy,) = regional.of_type("aws:cloudwatch/logResourcePolicy:LogResourcePolicy")
    (statement,) = json.loads(policy.inputs["policyDocument"])["Statement"]
    assert statement["Resource"] == [
        "arn:aws:logs:us-east-1:100000000004:log-group:aws-waf-logs-phoenix-prod-regional:log-stream:*"
    ]
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "100000000004"}


@pytest.mark.parametrize(("graph", "name"), [("cdn", "front-firewall"), ("regional", "edge-firewall")])
def test_a_web_acl_is_found_among_metrics_by_the_name_of_its_component(
    graph: str, name: str, request: pytest.FixtureRequest
) -> None:
    recorded: Graph = request.getfixturevalue(graph)
    visibility = recorded.named(f"{name}-acl").inputs["visibilityConfig"]
    assert (visibility["metricName"], visibility["cloudwatchMetricsEnabled"]) == (name, True), "as its outputs say"
