"""Ask the emulator with boto3, not with our code, whether it has what the state says, and nothing after a destroy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from sandbox.emulator import inventory as whole
from sandbox.run.failure import DeployError, DestroyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.run.inventory import Resource

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True)
class Listing:
    """How AWS lists what a type of the engine makes.

    Attributes:
        service: Name of the boto3 client.
        operation: Name of its paginated or plain listing.
        key: Where the answer holds the list.
        id: Property of an item that holds its name; empty where the item is the name.
        gone: Property and values that mean an item is only waiting for its end.
    """

    service: str
    operation: str
    key: str
    id: str
    gone: tuple[str, tuple[str, ...]] = ("", ())


LISTINGS = {
    "aws:ec2/vpc:Vpc": Listing("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    "aws:ec2/subnet:Subnet": Listing("ec2", "describe_subnets", "Subnets", "SubnetId"),
    "aws:ec2/securityGroup:SecurityGroup": Listing("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    "aws:ec2/natGateway:NatGateway": Listing(
        "ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId", ("State", ("deleted", "deleting"))
    ),
    "aws:eks/cluster:Cluster": Listing("eks", "list_clusters", "clusters", ""),
    "aws:rds/instance:Instance": Listing("rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Listing(
        "elasticache", "describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"
    ),
    "aws:dynamodb/table:Table": Listing("dynamodb", "list_tables", "TableNames", ""),
    "aws:apigatewayv2/api:Api": Listing("apigatewayv2", "get_apis", "Items", "ApiId"),
    "aws:s3/bucket:Bucket": Listing("s3", "list_buckets", "Buckets", "Name"),
    "aws:iam/role:Role": Listing("iam", "list_roles", "Roles", "RoleName"),
    "aws:lb/loadBalancer:LoadBalancer": Listing("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerArn"),
    "aws:route53/healthCheck:HealthCheck": Listing("route53", "list_health_checks", "HealthChecks", "Id"),
}
"""Types whose presence is looked up; the ones a person would look for first."""


@dataclass(frozen=True)
class Guard:
    """How AWS's own deletion protection of a type is lifted.

    Attributes:
        service: Name of the boto3 client.
        operation: What lifts it.
        name: Parameter that takes the name of the thing.
        more: Further parameters.
    """

    service: str
    operation: str
    name: str
    more: Mapping[str, bool]


_TABLE = Guard("dynamodb", "update_table", "TableName", {"DeletionProtectionEnabled": False})
GUARDS: Mapping[str, Guard] = {
    "aws:rds/instance:Instance": Guard(
        "rds", "modify_db_instance", "DBInstanceIdentifier", {"DeletionProtection": False, "ApplyImmediately": True}
    ),
    "aws:dynamodb/table:Table": _TABLE,
    "aws:dynamodb/tableReplica:TableReplica": _TABLE,
}
"""Types that AWS, and the emulator, delete only once their own protection is lifted."""


class Asked:
    """The emulator as an account sees it in one region.

    Args:
        port: Its port on the loopback interface.
        account_id: The account, which is also the access key.
        region: The region.
    """

    def __init__(self, port: int, account_id: str, region: str) -> None:
        self._session = boto3.session.Session(
            aws_access_key_id=account_id,
            aws_secret_access_key="sandbox",  # noqa: S106 not a secret
            region_name=region,
        )
        self._endpoint = f"http://127.0.0.1:{port}"

    def client(self, service: str) -> Any:  # noqa: ANN401 boto3 makes its clients at run time
        """Return a client of a service."""
        config = Config(
            retries={"max_attempts": 1},
            connect_timeout=TIMEOUT_SECONDS,
            read_timeout=TIMEOUT_SECONDS,
            s3={"addressing_style": "path"},
            proxies={},
        )
        return self._session.client(service, endpoint_url=self._endpoint, config=config)

    def ids(self, listing: Listing) -> set[str]:
        """Return the ids of everything a listing shows."""
        client = self.client(listing.service)
        if client.can_paginate(listing.operation):
            pages = client.get_paginator(listing.operation).paginate()
        else:
            pages = [getattr(client, listing.operation)()]
        return {found for page in pages for item in page[listing.key] if (found := item_id(listing, item))}


def item_id(listing: Listing, item: Any) -> str:  # noqa: ANN401 an item of any listing
    """Return an item's id; empty when it is only waiting for its end."""
    if not listing.id:
        return str(item)
    state, ends = listing.gone
    return "" if state and item.get(state) in ends else str(item[listing.id])


def wanted(resources: list[Resource]) -> dict[tuple[str, str], list[Resource]]:
    """Return type and region -> resources of them that the emulator should know."""
    found: dict[tuple[str, str], list[Resource]] = {}
    for resource in resources:
        if resource.type in LISTINGS and resource.id and not resource.held:
            found.setdefault((resource.type, resource.region), []).append(resource)
    return found


def looked_up(port: int, account_id: str, resources: list[Resource]) -> Iterator[tuple[Resource, bool]]:
    """Yield each resource with whether the emulator lists it."""
    groups = wanted(resources)
    asked = {region: Asked(port, account_id, region) for region in {region for _, region in groups}}
    for (token, region), group in groups.items():
        there = asked[region].ids(LISTINGS[token])
        yield from ((resource, resource.listed in there) for resource in group)


def present(port: int, account_id: str, resources: list[Resource]) -> str:
    """Compare the emulator with the state; returns what was found in one line.

    Raises:
        DeployError: The state lists something that the emulator does not.
    """
    found = list(looked_up(port, account_id, resources))
    missing = [resource.name for resource, there in found if not there]
    if missing:
        what = f"the state lists what the embedded AWS does not have: {', '.join(missing)}"
        raise DeployError("verify", what, "run `make down`, then `make up`; the state cannot be trusted")
    kinds = len({resource.type for resource, _ in found})
    return f"asked the embedded AWS with boto3: it has all {len(found)} resources of {kinds} types looked for"


def absent(port: int, account_id: str, resources: list[Resource]) -> str:
    """Prove that a destroyed stack left nothing; returns what was found in one line.

    Raises:
        DestroyError: The emulator still lists something of it.
    """
    found = list(looked_up(port, account_id, resources))
    left = [resource.name for resource, there in found if there]
    if left:
        raise DestroyError("verify", f"the embedded AWS still has {', '.join(left)}", "run `make down DESTROY=1` again")
    return f"asked the embedded AWS with boto3: none of {len(found)} resources looked for is left"


def remains(port: int, account_id: str, resources: list[Resource]) -> str:
    """Return in one line what the account still has, in every region the stack was in, whoever made it."""
    regions = sorted({resource.region for resource in resources if resource.region})
    found: Counter[str] = Counter()
    for region in regions:
        found.update(whole.take(f"http://127.0.0.1:{port}", account_id, region).left())
    if not found:
        return f"the account {account_id} is empty in {', '.join(regions) or 'every region'}"
    listed = ", ".join(f"{number} {kind}" for kind, number in sorted(found.items()))
    return f"made by no stack, dropped with the embedded AWS: {listed}"


def unprotect(port: int, account_id: str, resources: list[Resource]) -> None:
    """Lift AWS's own deletion protection of databases and tables, on the emulator."""
    for resource in resources:
        guard = GUARDS.get(resource.type)
        if guard is not None and resource.id and not resource.held:
            client = Asked(port, account_id, resource.region).client(guard.service)
            name = resource.listed.partition(":")[0]  # a copy of a table: its name, and the region of the table
            getattr(client, guard.operation)(**{guard.name: name}, **guard.more)
