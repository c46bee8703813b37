"""Everything that a quota counts is counted in the recordings of every stack, and is within it."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest

from config.facts.quotas import QUOTAS
from tests.components.recording import STACKS, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from review.graph import Graph

pytestmark = pytest.mark.slow

Counts = dict[str, int]

CAPACITY: Final = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
}
"""Managed group -> capacity units (WAF Developer Guide, "AWS Managed Rules rule groups list", 2026-11-30)."""
OTHER_RULE: Final = 60
"""Capacity units of a rule of this program's own at most: a rate with a scope-down on a header."""


def each(*types: str, size: Callable[[Mapping[str, Any]], int]) -> Callable[[Graph], Counts]:
    """Count by resource."""
    return lambda graph: {one.name: size(one.inputs) for type_ in types for one in here(graph, type_)}


def by(key: str, *types: str, size: Callable[[Mapping[str, Any]], int] = lambda _: 1) -> Callable[[Graph], Counts]:
    """Count what belongs to one thing, which an input names."""

    def count(graph: Graph) -> Counts:
        found: Counter[str] = Counter()
        for type_ in types:
            for one in here(graph, type_):
                found[f"{type_.rpartition(':')[2]} of {one.inputs.get(key)}"] += size(one.inputs)
        return dict(found)

    return count


def here(graph: Graph, type_: str) -> list[Any]:
    return [one for one in graph.resources if one.type == type_]


def plain(policy: object) -> str:
    """Return a policy as IAM counts it: without white space."""
    return re.sub(r"\s", "", policy if isinstance(policy, str) else json.dumps(policy))


def environment(inputs: Mapping[str, Any]) -> int:
    variables = inputs.get("environment", {}).get("variables", {})
    return sum(len(name) + len(str(value).encode()) for name, value in variables.items())


def capacity(inputs: Mapping[str, Any]) -> int:
    groups = [rule["statement"].get("managedRuleGroupStatement", {}).get("name") for rule in inputs["rules"]]
    return sum(CAPACITY[name] if name else OTHER_RULE for name in groups)


def all_of(*types: str) -> Callable[[Graph], Counts]:
    """Count the resources of a type in the whole stack."""
    return lambda graph: {type_: len(here(graph, type_)) for type_ in types}


COUNTERS: Final[Mapping[str, Callable[[Graph], Counts]]] = {
    "group_rules": by(
        "securityGroupId",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    ),
    "routes": by("routeTableId", "aws:ec2/route:Route"),
    "acl_rules": each(
        "aws:ec2/networkAcl:NetworkAcl",
        size=lambda inputs: max(len(inputs.get("ingress", ())), len(inputs.get("egress", ()))),
    ),
    "interface_endpoints": by(
        "vpcId", "aws:ec2/vpcEndpoint:VpcEndpoint", size=lambda inputs: inputs["vpcEndpointType"] == "Interface"
    ),
    "listener_rules": by("listenerArn", "aws:lb/listenerRule:ListenerRule"),
    "lifecycle_rules": each(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", size=lambda inputs: len(inputs["rules"])
    ),
    "event_rules": all_of("aws:cloudwatch/eventRule:EventRule"),
    "event_targets": by("rule", "aws:cloudwatch/eventTarget:EventTarget"),
    "event_pattern": each(
        "aws:cloudwatch/eventRule:EventRule", size=lambda inputs: len(inputs.get("eventPattern", ""))
    ),
    "behaviours": each(
        "aws:cloudfront/distribution:Distribution", size=lambda inputs: 1 + len(inputs["orderedCacheBehaviors"])
    ),
    "origins": each("aws:cloudfront/distribution:Distribution", size=lambda inputs: len(inputs["origins"])),
    "origin_groups": each("aws:cloudfront/distribution:Distribution", size=lambda inputs: len(inputs["originGroups"])),
    "cache_policies": all_of("aws:cloudfront/cachePolicy:CachePolicy"),
    "public_keys": all_of("aws:cloudfront/publicKey:PublicKey"),
    "key_groups": all_of("aws:cloudfront/keyGroup:KeyGroup"),
    "api_routes": by("apiId", "aws:apigatewayv2/route:Route"),
    "api_integrations": by("apiId", "aws:apigatewayv2/integration:Integration"),
    "api_authorizers": by("apiId", "aws:apigatewayv2/authorizer:Authorizer"),
    "vpc_links": all_of("aws:apigatewayv2/vpcLink:VpcLink"),
    "api_domains": all_of("aws:apigatewayv2/domainName:DomainName"),
    "web_acl_capacity": each("aws:wafv2/webAcl:WebAcl", size=capacity),
    "trust_policy": each("aws:iam/role:Role", size=lambda inputs: len(plain(inputs["assumeRolePolicy"]))),
    "role_policies": by("role", "aws:iam/rolePolicy:RolePolicy", size=lambda inputs: len(plain(inputs["policy"]))),
    "managed_policy": each("aws:iam/policy:Policy", size=lambda inputs: len(plain(inputs["policy"]))),
    "key_policy": each(
        "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", size=lambda inputs: len(inputs["policy"].encode())
    ),
    "bucket_policy": each("aws:s3/bucketPolicy:BucketPolicy", size=lambda inputs: len(inputs["policy"].encode())),
    "tags": lambda graph: {one.name: len(one.inputs.get("tagsAll", ())) for one in graph.resources},
    "records": by("zoneId", "aws:route53/record:Record"),
    "replicas": by(
        "replicateSourceDb", "aws:rds/instance:Instance", size=lambda inputs: bool(inputs.get("replicateSourceDb"))
    ),
    "cache_nodes": each(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        size=lambda inputs: inputs.get("numNodeGroups", 1) * (1 + inputs.get("replicasPerNodeGroup", 0)),
    ),
    "node_groups": all_of("eks:index:ManagedNodeGroup"),
    "scheduled_actions": by("autoscalingGroupName", "aws:autoscaling/schedule:Schedule"),
    "scaling_policies": by("autoscalingGroupName", "aws:autoscaling/policy:Policy"),
    "config_rules": all_of("aws:cfg/rule:Rule"),
    "dashboard_widgets": each(
        "aws:cloudwatch/dashboard:Dashboard", size=lambda inputs: len(json.loads(inputs["dashboardBody"])["widgets"])
    ),
    "composite_rule": each(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm", size=lambda inputs: len(inputs["alarmRule"])
    ),
    "composite_children": each(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm", size=lambda inputs: inputs["alarmRule"].count("ALARM(")
    ),
    "metric_filters": by("logGroupName", "aws:cloudwatch/logMetricFilter:LogMetricFilter"),
    "function_environment": each("aws:lambda/function:Function", size=environment),
}
"""Quota -> what is counted against it, by the thing that bounds it."""


def test_every_quota_is_counted() -> None:
    assert COUNTERS.keys() == QUOTAS.keys()


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_that_a_stack_makes_is_above_its_quota(stack: str) -> None:
    graph = recorded(stack)
    above = {
        f"{name}: {what}": f"{count} of {QUOTAS[name].most}"
        for name, counter in COUNTERS.items()
        for what, count in counter(graph).items()
        if count > QUOTAS[name].most
    }
    assert above == {}


def test_each_counter_finds_something_to_count() -> None:
    """A misspelt type or input would count nothing, and pass."""
    idle = {
        name for name, counter in COUNTERS.items() if not any(sum(counter(recorded(one)).values()) for one in STACKS)
    }
    assert idle == set()
