"""What a web ACL refuses: the five families of reference 004 section 4.1. Pure: rules only, no resource.

Behind CloudFront every request comes from an address of CloudFront, and the viewer's own stands in a header. So the
load balancer's firewall looks at both: it counts viewers by the header, and by address whoever brings no header. Who
goes around CloudFront may forge the header (ADR 0011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from components.edge.own_rules import condition

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from config.edge import Firewall

Scope = Literal["CLOUDFRONT", "REGIONAL"]
Json: TypeAlias = Any
"""A part of a rule, in the names of `aws.wafv2.WebAclRuleArgsDict`; its many types differ in name only."""

VIEWER_HEADER: Final = "X-Forwarded-For"
"""Header with the viewer's address, from CloudFront; WAF reads the first address in it."""
MANAGED: Final[Mapping[str, str]] = {
    "reputation": "AWSManagedRulesAmazonIpReputationList",
    "common": "AWSManagedRulesCommonRuleSet",
    "known-bad": "AWSManagedRulesKnownBadInputsRuleSet",
}
"""Rule -> AWS-managed group: known malicious addresses, OWASP Top 10, known bad inputs."""


def rules(firewall: Firewall, scope: Scope) -> list[Json]:
    """Return the rules of a web ACL, cheapest first; the place in the list is the priority."""
    table = [*_countries(firewall, scope), *_rates(firewall, scope), *_own(firewall, scope), *_managed(firewall)]
    return [
        {**rule, "priority": place, "visibility_config": visibility(rule["name"])} for place, rule in enumerate(table)
    ]


def visibility(name: str) -> Json:
    """Return the settings under which a rule, or the ACL, is counted and sampled."""
    return {"metric_name": name, "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": True}


def _countries(firewall: Firewall, scope: Scope) -> Sequence[Json]:
    if not firewall.blocked_countries:
        return []
    match: Json = {"country_codes": list(firewall.blocked_countries)}
    by_address = _block("country", {"geo_match_statement": match})
    by_header = _block("country-of-viewer", {"geo_match_statement": {**match, "forwarded_ip_config": _header()}})
    return [by_address] if scope == "CLOUDFRONT" else [by_address, by_header]


def _rates(firewall: Firewall, scope: Scope) -> Sequence[Json]:
    return [_block(name, statement) for name, statement in _rated("rate", firewall, scope, firewall.rate_limit, None)]


def _rated(name: str, firewall: Firewall, scope: Scope, limit: int, within: Json | None) -> Iterator[tuple[str, Json]]:
    """Yield name and statement of the rules that count one limit, of requests that meet a statement or of all."""
    counted: Json = {"limit": limit, "evaluation_window_sec": firewall.rate_window_seconds}
    narrowed: Json = {"scope_down_statement": within} if within else {}
    by_address: Json = {**counted, "aggregate_key_type": "IP"}
    if scope == "CLOUDFRONT":
        yield name, {"rate_based_statement": {**by_address, **narrowed}}
        return
    direct = _both(_without_header(), within) if within else _without_header()
    by_header: Json = {**counted, "aggregate_key_type": "FORWARDED_IP", "forwarded_ip_config": _header()}
    yield name, {"rate_based_statement": {**by_address, "scope_down_statement": direct}}
    yield f"{name}-of-viewer", {"rate_based_statement": {**by_header, **narrowed}}


def _both(first: Json, second: Json) -> Json:
    """Return one statement for two; what is joined already takes one more."""
    joined = second["and_statement"]["statements"] if "and_statement" in second else [second]
    return {"and_statement": {"statements": [first, *joined]}}


def _own(firewall: Firewall, scope: Scope) -> Iterator[Json]:
    for name, rule in firewall.rules.items():
        action: Json = {"action": {rule.action: {}}}
        if rule.rate_limit is None:
            yield {"name": name, **action, "statement": condition(rule)}
            continue
        for called, statement in _rated(name, firewall, scope, rule.rate_limit, condition(rule)):
            yield {"name": called, **action, "statement": statement}


def _header() -> Json:
    return {"header_name": VIEWER_HEADER, "fallback_behavior": "MATCH"}  # a malformed address is not a way around


def _without_header() -> Json:
    header: Json = {
        "comparison_operator": "GE",
        "size": 1,
        "field_to_match": {"single_header": {"name": VIEWER_HEADER.lower()}},
        "text_transformations": [{"priority": 0, "type": "NONE"}],
    }
    return {"not_statement": {"statements": [{"size_constraint_statement": header}]}}


def _managed(firewall: Firewall) -> Sequence[Json]:
    return [
        {
            "name": rule,
            "override_action": {"none": {}},
            "statement": {
                "managed_rule_group_statement": {
                    "vendor_name": "AWS",
                    "name": group,
                    "rule_action_overrides": _counted(firewall, group),
                }
            },
        }
        for rule, group in MANAGED.items()
    ]


def _counted(firewall: Firewall, group: str) -> list[Json]:
    counted: Mapping[str, tuple[str, ...]] = {str(name): names for name, names in firewall.counted_rules.items()}
    return [{"name": name, "action_to_use": {"count": {}}} for name in counted.get(group, ())]


def _block(name: str, statement: Json) -> Json:
    return {"name": name, "action": {"block": {}}, "statement": statement}
