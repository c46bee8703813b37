"""Pricers of what connects: addresses, NAT gateways, endpoints, load balancers, web ACLs, zones, health checks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from review.cost.item import Gap, Item, NotKnownError, flag, number, part, parts, several, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.cost.item import Around, Pricer, Said
    from review.graph import Resource

ONE: Final = Decimal(1)
_INCLUDED: Final = frozenset(
    {
        "AWSManagedRulesAdminProtectionRuleSet",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesAnonymousIpList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesLinuxRuleSet",
        "AWSManagedRulesPHPRuleSet",
        "AWSManagedRulesSQLiRuleSet",
        "AWSManagedRulesUnixRuleSet",
        "AWSManagedRulesWindowsRuleSet",
        "AWSManagedRulesWordPressRuleSet",
    }
)
"""AWS's rule groups without a subscription (WAF Developer Guide, rule groups list)."""
_BOTS: Final = "AWSManagedRulesBotControlRuleSet"
_ENDPOINTS: Final = (
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:cloudfront/distribution:Distribution",
    "aws:ec2/eip:Eip",
    "aws:apigatewayv2/domainName:DomainName",
)
"""Types whose names and addresses are AWS's, for a health check."""


def address(_: Resource, __: Around) -> Said:
    """Price an Elastic IP address, in use or not."""
    yield Item("public IPv4 address", ONE, "vpc", "public_ipv4")


def nat(resource: Resource, _: Around) -> Said:
    """Price a NAT gateway of one zone; its address is a resource of its own."""
    if (mode := text(resource.inputs, "availabilityMode", "zonal")) != "zonal":
        yield Gap(f"{mode} NAT gateway", "it costs by the zones that it works in, which AWS chooses")
        return
    yield Item("NAT gateway", ONE, "vpc", "nat_gateway_hour")


def endpoint(resource: Resource, _: Around) -> Said:
    """Price an endpoint by its zones; those of type Gateway are free."""
    kind = text(resource.inputs, "vpcEndpointType", "Gateway")
    if kind == "Gateway":
        return
    if kind != "Interface":
        yield Gap(f"endpoint of type {kind}", "no price of it in the data")
        return
    zones = Decimal(len(several(resource.inputs, "subnetIds")))
    if not zones:
        raise NotKnownError("subnetIds is left out, so the number of zones is not known")
    service = text(resource.inputs, "serviceName", "its service").rpartition(".")[2]
    yield Item(f"zone of the endpoint of {service}", zones, "vpc", "interface_endpoint_hour", "one subnet a zone")


def balancer(resource: Resource, _: Around) -> Said:
    """Price a load balancer, and the address that it takes in each zone where the internet sees it."""
    given = resource.inputs
    kind = text(given, "loadBalancerType", "application")
    skus = {"application": "alb_hour", "network": "nlb_hour"}
    if kind not in skus:
        yield Gap(f"load balancer of type {kind}", "no price of it in the data")
        return
    yield Item(f"{kind} load balancer", ONE, "elb", skus[kind])
    if part(given, "minimumLoadBalancerCapacity"):
        yield Gap("reserved capacity of a load balancer", "no price of it in the data")
    if flag(given, "internal", default=False):
        return
    if text(given, "ipAddressType", "ipv4") == "dualstack-without-public-ipv4":
        return
    mappings = parts(given, "subnetMappings")
    own = len([one for one in mappings if one.get("allocationId")])
    zones = Decimal(len(several(given, "subnets")) + len(mappings) - own)
    if zones:
        yield Item("public IPv4 address of a load balancer", zones, "vpc", "public_ipv4", "the least it takes")
    elif not own:
        raise NotKnownError("subnets is left out, so the number of addresses is not known")


def web_acl(resource: Resource, _: Around) -> Said:
    """Price a web ACL and its rules; a rule group counts as one rule."""
    rules = parts(resource.inputs, "rules")
    yield Item("web ACL", ONE, "waf", "web_acl")
    if rules:
        yield Item("rule of a web ACL", Decimal(len(rules)), "waf", "rule")
    for rule in rules:
        statement = part(rule, "statement")
        managed = part(statement, "managedRuleGroupStatement")
        name = managed.get("name")
        if name == _BOTS:
            yield Item("Bot Control", ONE, "waf", "bot_control_subscription")
        elif name and (managed.get("vendorName") != "AWS" or name not in _INCLUDED):
            yield Gap(f"rule group {name}", "its subscription has no price in the data")
        if "ruleGroupReferenceStatement" in statement:
            yield Gap(
                f"rules of the group behind {rule.get('name')}", "each costs as a rule, and their number is not here"
            )


def zone(_: Resource, __: Around) -> Said:
    """Price a hosted zone, as one of the first 25 of the account."""
    yield Item("hosted zone", ONE, "route53", "hosted_zone_first_25")


def health_check(resource: Resource, around: Around) -> Said:
    """Price a health check; an endpoint that is not seen to be AWS's is priced as one outside of AWS."""
    given = resource.inputs
    kind = text(given, "type")
    if kind in ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
        yield Item(
            f"health check {kind.lower()}", ONE, "route53", "health_check_aws", "priced as one of an AWS endpoint"
        )
        return
    inside = any(around.behind(resource, key, *_ENDPOINTS) for key in ("fqdn", "ipAddress"))
    of, where = ("aws", "the endpoint is a resource of the stack") if inside else ("non_aws", "taken as outside of AWS")
    yield Item("health check", ONE, "route53", f"health_check_{of}", where)
    options = (
        kind.startswith("HTTPS"),
        kind.endswith("STR_MATCH"),
        number(given, "requestInterval", 30) == 10,  # noqa: PLR2004  seconds of a fast check
        flag(given, "measureLatency", default=False),
    )
    if any(options):
        yield Item("option of a health check", Decimal(sum(options)), "route53", f"health_check_option_{of}", where)


def distribution(resource: Resource, _: Around) -> Said:
    """Price a distribution: by use, but for addresses of its own."""
    if text(part(resource.inputs, "viewerCertificate"), "sslSupportMethod", "sni-only") == "vip":
        yield Gap("dedicated IP addresses of a distribution", "no price of them in the data")


def accelerator(_resource: Resource, _: Around) -> Said:
    """Price an accelerator by the hour; what passes costs by the GB, by region and edge location."""
    yield Item("accelerator", ONE, "global_accelerator", "accelerator")


def pricers() -> Iterator[tuple[str, Pricer]]:
    """Yield the types that are priced here."""
    yield "aws:cloudfront/distribution:Distribution", distribution
    yield "aws:ec2/eip:Eip", address
    yield "aws:ec2/natGateway:NatGateway", nat
    yield "aws:ec2/vpcEndpoint:VpcEndpoint", endpoint
    yield "aws:globalaccelerator/accelerator:Accelerator", accelerator
    yield "aws:lb/loadBalancer:LoadBalancer", balancer
    yield "aws:wafv2/webAcl:WebAcl", web_acl
    yield "aws:route53/zone:Zone", zone
    yield "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", zone
    yield "aws:route53/healthCheck:HealthCheck", health_check
