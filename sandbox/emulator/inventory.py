"""What exists in an emulator, asked as any AWS client would ask.

Proves that nothing is left after `down`, and tells `status` what stands. Whatever AWS itself puts into an empty account
(default VPC, default groups, service-linked roles, keys of services) does not count, nor does what waits for its end.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Client: TypeAlias = Any
"""A boto3 client; boto3 builds its methods at run time."""


@dataclass(frozen=True)
class Inventory:
    """How many resources of each kind exist in one account and region.

    Buckets, roles, zones, health checks and distributions belong to the account: every region counts the same ones,
    save that a bucket counts in its own region only.
    """

    vpcs: int
    subnets: int
    nat_gateways: int
    elastic_ips: int
    endpoints: int
    flow_logs: int
    network_acls: int
    security_groups: int
    launch_templates: int
    clusters: int
    node_groups: int
    db_instances: int
    cache_groups: int
    buckets: int
    keys: int
    roles: int
    policies: int
    secrets: int
    log_groups: int
    functions: int
    load_balancers: int
    zones: int
    health_checks: int
    distributions: int

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return not any(self.left().values())

    def left(self) -> dict[str, int]:
        """The kinds of which something exists, with their counts."""
        return {kind: count for kind, count in asdict(self).items() if count}


def take(url: str, account: str, region: str) -> Inventory:
    """Count what exists.

    Args:
        url: Address of the emulator.
        account: 12-digit account id.
        region: AWS region.

    Raises:
        botocore.exceptions.BotoCoreError: The emulator does not answer.
        botocore.exceptions.ClientError: It refuses a question.
    """

    def client(service: str) -> Client:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=url,
            aws_access_key_id=account,
            aws_secret_access_key="sandbox",  # noqa: S106 - the emulator checks none
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    return Inventory(
        **_network(client("ec2")), **_cluster(client("eks")), **_data(client), **_edge(client), **_rest(client, region)
    )


def _network(ec2: Client) -> dict[str, int]:
    vpcs = {vpc["VpcId"] for vpc in _all(ec2, "describe_vpcs", "Vpcs") if not vpc["IsDefault"]}
    gateways = _all(ec2, "describe_nat_gateways", "NatGateways")
    return {
        "vpcs": len(vpcs),
        "subnets": sum(subnet["VpcId"] in vpcs for subnet in _all(ec2, "describe_subnets", "Subnets")),
        "nat_gateways": sum(gateway["State"] != "deleted" for gateway in gateways),
        "elastic_ips": len(ec2.describe_addresses()["Addresses"]),
        "endpoints": _count(_all(ec2, "describe_vpc_endpoints", "VpcEndpoints")),
        "flow_logs": _count(_all(ec2, "describe_flow_logs", "FlowLogs")),
        "network_acls": sum(not acl["IsDefault"] for acl in _all(ec2, "describe_network_acls", "NetworkAcls")),
        "security_groups": sum(
            group["GroupName"] != "default" for group in _all(ec2, "describe_security_groups", "SecurityGroups")
        ),
        "launch_templates": _count(_all(ec2, "describe_launch_templates", "LaunchTemplates")),
    }


def _cluster(eks: Client) -> dict[str, int]:
    names = list(_all(eks, "list_clusters", "clusters"))
    groups = sum(_count(_all(eks, "list_nodegroups", "nodegroups", clusterName=name)) for name in names)
    return {"clusters": len(names), "node_groups": groups}


def _data(client: Callable[[str], Client]) -> dict[str, int]:
    return {
        "db_instances": _count(_all(client("rds"), "describe_db_instances", "DBInstances")),
        "cache_groups": _count(_all(client("elasticache"), "describe_replication_groups", "ReplicationGroups")),
        "secrets": _count(_all(client("secretsmanager"), "list_secrets", "SecretList")),
    }


def _edge(client: Callable[[str], Client]) -> dict[str, int]:
    pages = client("cloudfront").get_paginator("list_distributions").paginate()
    return {
        "load_balancers": _count(_all(client("elbv2"), "describe_load_balancers", "LoadBalancers")),
        "zones": _count(_all(client("route53"), "list_hosted_zones", "HostedZones")),
        "health_checks": _count(_all(client("route53"), "list_health_checks", "HealthChecks")),
        "distributions": sum(len(page["DistributionList"].get("Items", [])) for page in pages),
    }


def _rest(client: Callable[[str], Client], region: str) -> dict[str, int]:
    iam, kms, s3 = client("iam"), client("kms"), client("s3")
    roles = (role for role in _all(iam, "list_roles", "Roles") if not role["Path"].startswith("/aws-service-role/"))
    return {
        "buckets": sum(_region(s3, bucket["Name"]) == region for bucket in s3.list_buckets()["Buckets"]),
        "keys": sum(_lives(kms, key["KeyId"]) for key in _all(kms, "list_keys", "Keys")),
        "roles": _count(roles),
        "policies": _count(_all(iam, "list_policies", "Policies", Scope="Local")),
        "log_groups": _count(_all(client("logs"), "describe_log_groups", "logGroups")),
        "functions": _count(_all(client("lambda"), "list_functions", "Functions")),
    }


def _region(s3: Client, bucket: str) -> str:
    return str(s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1")


def _lives(kms: Client, key: str) -> bool:
    found = kms.describe_key(KeyId=key)["KeyMetadata"]
    return found["KeyManager"] == "CUSTOMER" and found["KeyState"] not in {"PendingDeletion", "PendingReplicaDeletion"}


def _all(client: Client, operation: str, field: str, **arguments: str) -> Iterator[Any]:
    """Every item an operation lists, over all its pages."""
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[field]


def _count(items: Iterator[Any]) -> int:
    return sum(1 for _ in items)
