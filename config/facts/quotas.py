"""Quotas on what a stack file leads to: how much of one thing AWS takes in another, before anybody asks for more.

Sources, read 2026-11-30: the quota page of each service (AWS General Reference, "Service endpoints and quotas"), with
its code where one is named. A raised quota is no reason to change a number here: the next account has the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Quota:
    """One quota."""

    most: int
    """The default."""
    of: str
    """What is counted, in what."""
    source: str
    """Page, and code where there is one."""


QUOTAS: Final[Mapping[str, Quota]] = {
    "group_rules": Quota(60, "rules of a security group in one direction", "VPC, L-0EA8095F"),
    "routes": Quota(50, "routes of a route table", "VPC, L-93826ACB"),
    "acl_rules": Quota(20, "rules of a network ACL in one direction", "VPC, L-2AEEBF1A"),
    "interface_endpoints": Quota(50, "interface endpoints of a VPC", "VPC, L-29B6F2EB"),
    "listener_rules": Quota(100, "rules of a load balancer", "Elastic Load Balancing"),
    "lifecycle_rules": Quota(1000, "lifecycle rules of a bucket", "S3, `PutBucketLifecycleConfiguration`"),
    "event_rules": Quota(300, "rules of an event bus", "EventBridge, L-244521F2"),
    "event_targets": Quota(5, "targets of a rule", "EventBridge"),
    "event_pattern": Quota(2048, "characters of an event pattern", "EventBridge"),
    "behaviours": Quota(75, "cache behaviours of a distribution", "CloudFront"),
    "origins": Quota(100, "origins of a distribution", "CloudFront"),
    "origin_groups": Quota(10, "origin groups of a distribution", "CloudFront"),
    "cache_policies": Quota(20, "cache policies of an account", "CloudFront"),
    "public_keys": Quota(10, "public keys of an account", "CloudFront"),
    "key_groups": Quota(10, "key groups of an account", "CloudFront"),
    "api_routes": Quota(300, "routes of an API", "API Gateway, HTTP APIs"),
    "api_integrations": Quota(300, "integrations of an API", "API Gateway, HTTP APIs"),
    "api_authorizers": Quota(10, "authorizers of an API", "API Gateway, HTTP APIs"),
    "vpc_links": Quota(10, "VPC links of a region", "API Gateway, HTTP APIs"),
    "api_domains": Quota(120, "regional names of APIs in a region", "API Gateway, HTTP APIs"),
    "web_acl_capacity": Quota(1500, "capacity units of a web ACL in its base price", "WAF"),
    "trust_policy": Quota(2048, "characters of a role's trust policy", "IAM"),
    "role_policies": Quota(10240, "characters of a role's inline policies together", "IAM, character limits"),
    "managed_policy": Quota(6144, "characters of a managed policy", "IAM, character limits"),
    "key_policy": Quota(32768, "bytes of a key's policy", "KMS, resource quotas"),
    "bucket_policy": Quota(20480, "bytes of a bucket's policy", "S3, bucket policies"),
    "tags": Quota(50, "tags of a resource", "Tagging, `TagResources`"),
    "records": Quota(10000, "records of a hosted zone", "Route 53, L-E209CC9F"),
    "replicas": Quota(15, "read replicas of a database", "RDS, L-5BC124EF"),
    "cache_nodes": Quota(90, "nodes of a replication group in cluster mode", "ElastiCache, L-AF354865"),
    "node_groups": Quota(30, "managed node groups of a cluster", "EKS, L-6D54EA21"),
    "scheduled_actions": Quota(125, "scheduled actions of an Auto Scaling group", "EC2 Auto Scaling"),
    "scaling_policies": Quota(50, "scaling policies of an Auto Scaling group", "EC2 Auto Scaling"),
    "config_rules": Quota(1000, "rules of AWS Config in a region", "AWS Config"),
    "dashboard_widgets": Quota(500, "widgets of a dashboard", "CloudWatch, dashboards"),
    "composite_rule": Quota(10240, "characters of a composite alarm's rule", "CloudWatch API, `PutCompositeAlarm`"),
    "composite_children": Quota(100, "alarms that a composite alarm asks", "CloudWatch API, `PutCompositeAlarm`"),
    "metric_filters": Quota(100, "metric filters of a log group", "CloudWatch Logs"),
    "function_environment": Quota(4096, "bytes of a function's environment", "Lambda, deployment quotas"),
}
"""Name -> quota. A test counts all of them in the recordings of every stack."""
