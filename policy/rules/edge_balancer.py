"""Load balancers: TLS only, by protocols of this decade, logged, guarded where the internet reaches them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Setting, Severity, WhenUnknown, resource_rule, stack_rule
from policy.table import be, be_one_of, be_set, check, not_be, only
from policy.tokens import ACCELERATED, BALANCERS, LISTENER_RULES, LISTENERS, TARGET_GROUPS, WEB_ACL_ASSOCIATIONS
from policy.values import plain, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_ENCRYPTED: Final = ("HTTPS", "TLS", "QUIC")
_MODERN: Final = r"ELBSecurityPolicy-TLS13-1-[23](-Res)?(-FIPS)?(-PQ)?-20\d\d-\d\d"


def _is_application(balancer: Resource) -> bool:
    return balancer.get("loadBalancerType") in (None, "application")


def _speaks_http(group: Resource) -> bool:
    return group.get("protocol") in ("HTTP", "HTTPS")


def _has_transport(group: Resource) -> bool:
    """Tell whether a target group chooses how it reaches its targets.

    One of functions has no protocol; one before another balancer, or before appliances, hands through what comes.
    """
    return group.get("targetType") not in ("lambda", "alb") and group.get("protocol") != "GENEVE"


@resource_rule(
    "alb-https-listener",
    on=LISTENERS,
    severity=Severity.CRITICAL,
    controls=("ELB.1", "ELB.18", "CKV_AWS_2", "CKV2_AWS_20", "AWS-0054"),
    remediation="set protocol to HTTPS with a certificate, or make the only action a redirect to HTTPS",
    guards=("protocol", "defaultActions"),
)
def https_listener(listener: Resource, _settings: Settings) -> Iterator[str]:
    """Listeners answer by TLS, or send there.

    A listener of a network load balancer that hands TCP or UDP through encrypts nothing and is not meant for the world.
    """
    protocol = listener.get("protocol")
    if protocol in _ENCRYPTED:
        return
    redirects = [action.get("redirect.protocol") for action in listener.blocks("defaultActions")]
    if protocol != "HTTP" or not redirects or any(target != "HTTPS" for target in redirects):
        yield f"protocol is {show(protocol)}; allowed: HTTPS, or HTTP that redirects to HTTPS"


@stack_rule(
    "alb-http-rule-redirects",
    on=LISTENER_RULES,
    severity=Severity.CRITICAL,
    controls=("ELB.1", "CKV_AWS_2", "AWS-0054"),
    when_unknown=WhenUnknown.PASS,
    remediation="move the rule to the HTTPS listener, or make its only action a redirect to HTTPS",
    guards=("actions", "listenerArn"),
)
def rule_redirects(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Rules of a listener without TLS hand nothing on.

    A listener that redirects by default still forwards what a rule of its own matches. Fixed answers are fine.
    """
    listeners = [listener for listener in stack.of(LISTENERS) if plain(listener.inputs.get("protocol")) == "HTTP"]
    for rule in stack.of(LISTENER_RULES):
        if not any(rule.refers_to(listener, "listenerArn") for listener in listeners):
            continue
        for action in rule.blocks("actions"):
            type_, protocol = action.get("type"), action.get("redirect.protocol")
            if type_ != "fixed-response" and (type_ != "redirect" or protocol != "HTTPS"):
                found = f"{action.path}.type is {show(type_)} on an HTTP listener"
                yield Breach(rule, f"{found}; allowed: redirect to HTTPS")


@resource_rule(
    "alb-tls-policy",
    on=LISTENERS,
    severity=Severity.HIGH,
    controls=("ELB.17", "CKV_AWS_103", "CKV2_AWS_74", "AWS-0047"),
    remediation="set ssl_policy to one that ends at TLS 1.2, such as ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    settings={"pattern": Setting(_MODERN, {"type": "string"}, "regular expression of the policies that are allowed")},
    guards=("sslPolicy",),
)
def tls_policy(listener: Resource, settings: Settings) -> Iterator[str]:
    """Listeners accept TLS 1.3, and 1.2 at the least.

    What a listener that names no policy gets still speaks TLS 1.0.
    """
    policy = listener.get("sslPolicy")
    if listener.get("protocol") in _ENCRYPTED and not re.fullmatch(settings.text("pattern"), str(policy)):
        yield f"sslPolicy is {show(policy)}; allowed: {settings.text('pattern')}"


@resource_rule(
    "alb-multi-az",
    on=BALANCERS,
    severity=Severity.MEDIUM,
    controls=("ELB.13", "NIST-CP-10"),
    remediation="give it subnets of at least two zones",
    guards=("subnets", "subnetMappings"),
)
def multi_az(balancer: Resource, _settings: Settings) -> Iterator[str]:
    """Load balancers stand in two zones or more."""
    found = max(_length(balancer, "subnets"), _length(balancer, "subnetMappings"))
    if found < 2:  # noqa: PLR2004 - as the title says
        yield f"has {found} subnets; allowed: two or more"


def _length(balancer: Resource, key: str) -> int:
    """Count a list whose elements need not be known yet."""
    value = balancer.get(key)
    return len(value) if isinstance(value, list | tuple) else 0


@stack_rule(
    "alb-waf",
    on=BALANCERS,
    severity=Severity.MEDIUM,
    controls=("ELB.16", "CKV2_AWS_28"),
    remediation="add a WebAclAssociation with the load balancer's ARN",
)
def guarded(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Every load balancer that the internet reaches stands behind a web ACL.

    One that is internal, and one that is no application load balancer, may do without.
    """
    associations = stack.of(WEB_ACL_ASSOCIATIONS)
    for balancer in stack.of(BALANCERS):
        if not _is_application(balancer) or same(balancer.get("internal"), wanted=True):
            continue
        if not any(association.refers_to(balancer, "resourceArn") for association in associations):
            yield Breach(balancer, "no WebAclAssociation of this stack names it by resourceArn")


RULES: Final[tuple[Rule, ...]] = (
    check(
        "accelerator-client-address", "Accelerators hand on the address of the client",
        "endpointConfigurations.clientIpPreservationEnabled", not_be(False),
        why="Else web ACL, group and log of the load balancer see addresses of AWS.",
        on=ACCELERATED, severity=Severity.MEDIUM, controls=("NIST-AU-3",),
        url="https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html",
        remediation="leave client_ip_preservation_enabled out or set it to True",
    ),
    https_listener,
    rule_redirects,
    tls_policy,
    only(_is_application, check(
        "alb-drop-invalid-headers", "Load balancers drop malformed headers", "dropInvalidHeaderFields", be(True),
        on=BALANCERS, severity=Severity.MEDIUM,
        controls=("ELB.4", "CKV_AWS_131", "AWS-0052"), remediation="set drop_invalid_header_fields=True",
    )),
    only(_is_application, check(
        "alb-access-logs", "Load balancers log who asks for what", "accessLogs.enabled", be(True),
        on=BALANCERS, severity=Severity.MEDIUM,
        controls=("ELB.5", "CKV_AWS_91"), remediation="set access_logs to a bucket that admits ELB, with enabled=True",
    )),
    check(
        "alb-deletion-protection", "Load balancers refuse to be deleted", "enableDeletionProtection", be(True),
        on=BALANCERS, severity=Severity.LOW, level=Level.PRODUCTION,
        controls=("ELB.6", "CKV_AWS_150"), remediation="set enable_deletion_protection=True",
    ),
    only(_is_application, check(
        "alb-desync", "Load balancers refuse ambiguous requests", "desyncMitigationMode", not_be("monitor"),
        why="Two servers that read one request differently can be made to answer one viewer with another's page.",
        on=(*BALANCERS, "aws:elb/loadBalancer:LoadBalancer"), severity=Severity.MEDIUM,
        controls=("ELB.12", "ELB.14", "CKV_AWS_328"),
        remediation="leave desync_mitigation_mode out or set it to 'defensive'",
    )),
    multi_az,
    guarded,
    only(_speaks_http, check(
        "tg-health-check", "Target groups ask a path that shows whether the target can serve", "healthCheck.path",
        be_set(),
        on=TARGET_GROUPS, severity=Severity.LOW, level=Level.ADVISORY,
        controls=("CKV_AWS_261",), remediation="set health_check.path",
        url="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    )),
    only(_has_transport, check(
        "tg-encrypted", "Load balancers reach their targets by TLS", "protocol", be_one_of(*_ENCRYPTED),
        on=TARGET_GROUPS, severity=Severity.MEDIUM,
        controls=("ELB.22", "CKV_AWS_378", "CKV_AWS_395"),
        remediation="set protocol to HTTPS, and let the targets answer by TLS",
    )),
)  # fmt: skip
