"""What the picture of a stack shows, as plain data taken from a graph: zones, tiers, and what stands where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from review.graph import Graph, Resource

SUBNET: Final = "aws:ec2/subnet:Subnet"
NODE_GROUPS: Final = ("eks:index:ManagedNodeGroup", "aws:eks/nodeGroup:NodeGroup")
SERVICES: Final = "aws:ecs/service:Service"
FUNCTIONS: Final = "aws:lambda/function:Function"
ALIASES: Final = "aws:lambda/alias:Alias"
"""What callers call of a function; one that the program makes for itself has none, and is not drawn."""
APIS: Final = "aws:apigatewayv2/api:Api"
API_DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName"
TABLE: Final = "aws:dynamodb/table:Table"
CONTROL_PLANES: Final = ("eks:index:Cluster", "aws:eks/cluster:Cluster")

DRAWN: Final = frozenset(
    {
        SUBNET,
        *NODE_GROUPS,
        *CONTROL_PLANES,
        "aws:ec2/vpc:Vpc",
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        SERVICES,
        ALIASES,
        APIS,
        TABLE,
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:kms/key:Key",
        "aws:rds/instance:Instance",
        "aws:s3/bucket:Bucket",
        "aws:secretsmanager/secret:Secret",
    }
)
"""Types that the picture has words for."""


@dataclass(frozen=True)
class Cell:
    """One subnet and what is placed in it."""

    cidr: str
    """Block of the subnet."""
    things: tuple[str, ...]
    """What stands in it, in a few words each."""


@dataclass(frozen=True)
class View:
    """Everything that the picture shows."""

    title: str
    """Stack, region where it is known by a zone, and number of resources."""
    vpc: str
    """Block of the workload's VPC, and those of others with their uses; empty where there is none."""
    zones: tuple[str, ...]
    """Columns."""
    tiers: Mapping[str, Mapping[str, Cell]]
    """Rows by name, then cells by zone."""
    regional: tuple[tuple[str, tuple[str, ...]], ...]
    """What no zone holds: heading and lines."""


def view(graph: Graph) -> View:
    """Take from a graph what its picture shows.

    Raises:
        LookupError: the graph has nothing to draw.
    """
    vpcs, regional = graph.any_of_type("aws:ec2/vpc:Vpc"), tuple(_regional(graph))
    if not vpcs and not regional:
        raise LookupError(f"{graph.stack}: no resource in the {graph.source}; nothing to draw")
    subnets = [subnet for subnet in graph.any_of_type(SUBNET) if subnet.inputs.get("availabilityZone")]
    placed = _placed(graph, subnets)
    home = _home(vpcs, subnets)
    tiers: dict[str, dict[str, Cell]] = {}
    for subnet in sorted(subnets, key=lambda each: (_in(each, vpcs) != home, _block(each.inputs["cidrBlock"]))):
        row = tiers.setdefault(_row(subnet, vpcs, home), {})
        cell = Cell(str(subnet.inputs["cidrBlock"]), tuple(placed.get(subnet.urn, ())))
        row[str(subnet.inputs["availabilityZone"])] = cell
    zones = tuple(sorted({str(subnet.inputs["availabilityZone"]) for subnet in subnets}))
    where = (graph.stack, *([zones[0][:-1]] if zones else []), f"{len(graph.custom())} resources")
    others = [f" · {_use(vpc)} {vpc.inputs['cidrBlock']}" for vpc in vpcs if vpc != home]
    blocks = f"{home.inputs['cidrBlock']}{''.join(sorted(others))}" if home else ""
    return View(" · ".join(where), blocks, zones, tiers, regional)


def _home(vpcs: Sequence[Resource], subnets: list[Resource]) -> Resource | None:
    """Return the VPC that the workload is in: the one with most subnets; None where there is none."""
    homes = [_in(subnet, vpcs) for subnet in subnets]
    return max(vpcs, key=homes.count, default=None)


def _in(subnet: Resource, vpcs: Sequence[Resource]) -> Resource:
    """Return the VPC of a subnet: by id where known, else by dependency."""
    parent, sources = subnet.inputs.get("vpcId"), subnet.property_dependencies.get("vpcId", ())
    return next((vpc for vpc in vpcs if (vpc.id and vpc.id == parent) or vpc.urn in sources), vpcs[0])


def _row(subnet: Resource, vpcs: Sequence[Resource], home: Resource | None) -> str:
    """Return the row of a subnet: its tier, after the use of its VPC where that is not the workload's."""
    tier, vpc = str((subnet.inputs.get("tags") or {}).get("Tier", "subnets")), _in(subnet, vpcs)
    return tier if vpc == home else f"{_use(vpc)} {tier}"


def _use(vpc: Resource) -> str:
    return vpc.name.removesuffix("-vpc")


def _block(cidr: str) -> tuple[int, ...]:
    return tuple(int(part) for part in cidr.partition("/")[0].split("."))


def _placed(graph: Graph, subnets: list[Resource]) -> dict[str, list[str]]:
    """Words by URN of the subnet that they belong in."""
    placed: dict[str, list[str]] = {}
    by_id = {subnet.id: subnet.urn for subnet in subnets if subnet.id}
    for gateway in graph.any_of_type("aws:ec2/natGateway:NatGateway"):
        _put(placed, _targets(gateway, "subnetId", by_id), "NAT gateway")
    for group in _by_name(graph, *_present(graph, NODE_GROUPS)):
        _put(placed, _targets(group, "subnetIds", by_id), _node_group(group))
    for service in _by_name(graph, SERVICES):
        _put(placed, _behind(service, "networkConfiguration", "subnets", by_id), _service(service))
    groups = {g.name: g for g in graph.any_of_type("aws:rds/subnetGroup:SubnetGroup")}
    for database in _by_name(graph, "aws:rds/instance:Instance"):
        homes = [urn for group in groups.values() for urn in _targets(group, "subnetIds", by_id)]
        zone = database.inputs.get("availabilityZone")
        zoned = [s.urn for s in subnets if s.urn in homes and zone in (None, s.inputs["availabilityZone"])]
        _put(placed, zoned, _database(database))
    for group in graph.any_of_type("aws:elasticache/subnetGroup:SubnetGroup"):
        for cache in graph.any_of_type("aws:elasticache/replicationGroup:ReplicationGroup"):
            _put(placed, _targets(group, "subnetIds", by_id), _cache(cache))
    return placed


def _by_name(graph: Graph, *types: str) -> list[Resource]:
    """Resources in an order that does not hang on who was registered first."""
    return sorted(graph.any_of_type(*types), key=lambda resource: resource.name)


def _put(placed: dict[str, list[str]], urns: list[str], words: str) -> None:
    for urn in urns:
        placed.setdefault(urn, []).append(words)


def _targets(resource: Resource, key: str, by_id: Mapping[str, str]) -> list[str]:
    """URNs of the subnets behind an input: by id where known, else by dependency."""
    return _known(resource, key, resource.inputs.get(key), by_id)


def _behind(resource: Resource, key: str, within: str, by_id: Mapping[str, str]) -> list[str]:
    """URNs of the subnets behind a part of an input."""
    value = resource.inputs.get(key)
    return _known(resource, key, value.get(within) if isinstance(value, dict) else None, by_id)


def _known(resource: Resource, key: str, value: object, by_id: Mapping[str, str]) -> list[str]:
    ids = value if isinstance(value, list) else [value]
    known = [by_id[each] for each in ids if isinstance(each, str) and each in by_id]
    return known or [urn for urn in resource.property_dependencies.get(key, ()) if urn in by_id.values()]


def _present(graph: Graph, types: tuple[str, ...]) -> tuple[str, ...]:
    """The most concrete of the types that the graph holds: a component's child where it is seen, else the component."""
    return next(((type_,) for type_ in reversed(types) if graph.any_of_type(type_)), types)


def _node_group(group: Resource) -> str:
    scaling: Mapping[str, Any] = group.inputs.get("scalingConfig") or {}
    name = group.name.removeprefix("cluster-").removesuffix("-group")
    types = group.inputs.get("instanceTypes") or ["?"]
    more = f" +{len(types) - 1}" if len(types) > 1 else ""
    return f"nodes {name} · {scaling.get('minSize')}-{scaling.get('maxSize')} in all · {types[0]}{more}"


def _service(service: Resource) -> str:
    spot = [one.get("capacityProvider") for one in service.inputs.get("capacityProviderStrategies") or ()]
    where = "Fargate and Spot" if len(spot) > 1 else "Fargate Spot" if spot == ["FARGATE_SPOT"] else "Fargate"
    return f"service {service.inputs.get('name')} · {service.inputs.get('desiredCount')} tasks · {where}"


def _database(database: Resource) -> str:
    kind = "replica" if database.inputs.get("replicateSourceDb") else "PostgreSQL"
    both = " Multi-AZ" if database.inputs.get("multiAz") is True else ""
    return f"{kind} {database.inputs.get('instanceClass')}{both}"


def _cache(cache: Resource) -> str:
    replicas = cache.inputs.get("replicasPerNodeGroup")
    if not cache.inputs.get(
        "nodeType"
    ):  # a member of a Global Datastore: engine, size and shards are the first member's
        return f"cache, as its primary's · 1+{replicas} a shard"
    shards, tls = (
        cache.inputs.get("numNodeGroups"),
        ", TLS" if cache.inputs.get("transitEncryptionEnabled") is True else "",
    )
    return f"{cache.inputs.get('engine')} {cache.inputs.get('nodeType')} · {shards} x (1+{replicas}){tls}"


def _regional(graph: Graph) -> Iterator[tuple[str, tuple[str, ...]]]:
    for cluster in graph.any_of_type(*_present(graph, CONTROL_PLANES)):
        yield "EKS", tuple(_control_plane(cluster))
    buckets = [str(bucket.inputs.get("bucket") or bucket.name) for bucket in graph.any_of_type("aws:s3/bucket:Bucket")]
    if buckets:
        yield "S3", tuple(sorted(buckets))
    if tables := [_table(one) for one in graph.any_of_type(TABLE)]:
        yield "DynamoDB", tuple(sorted(tables))
    keys = [key.name.removeprefix("keys-") for key in graph.any_of_type("aws:kms/key:Key")]
    if keys:
        yield "KMS keys", (", ".join(sorted(keys)),)
    if functions := [_function(graph, alias.name.removesuffix("-alias")) for alias in _by_name(graph, ALIASES)]:
        yield "Functions", tuple(functions)
    if apis := [_api(graph, api) for api in _by_name(graph, APIS)]:
        yield "APIs", tuple(apis)
    endpoints = Counter(
        str(e.inputs.get("vpcEndpointType")) for e in graph.any_of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
    )
    if endpoints:
        yield "VPC endpoints", tuple(f"{number} {kind}" for kind, number in sorted(endpoints.items()))
    secrets = [secret.name for secret in graph.any_of_type("aws:secretsmanager/secret:Secret")]
    if secrets:
        yield "Secrets, rotated", tuple(sorted(secrets))
    if others := tuple(_others(graph)):
        yield "Not drawn", others


def _table(table: Resource) -> str:
    paid = "provisioned" if table.inputs.get("billingMode") == "PROVISIONED" else "on demand"
    copies = [str(one.get("regionName")) for one in table.inputs.get("replicas") or []]
    return " · ".join([str(table.inputs.get("name") or table.name), paid, *copies])


def _function(graph: Graph, component: str) -> str:
    """Return a function in a few words: what it runs on, and whether it is in the VPC."""
    made = [one.inputs for one in graph.any_of_type(FUNCTIONS) if one.name == f"{component}-function"]
    words = [
        f"{one.get('runtime')} · {one.get('memorySize')} MiB{' · in the VPC' * bool(one.get('vpcConfig'))}"
        for one in made
    ]
    return " · ".join((component.removeprefix("functions-"), *words))


def _api(graph: Graph, api: Resource) -> str:
    """Return an API of API Gateway in a few words: its name, and whether it is an HTTP or a WebSocket API."""
    component = api.name.rpartition("-")[0].removesuffix("-api")
    names = [one.inputs for one in graph.any_of_type(API_DOMAIN) if one.name == f"{component}-name-domain"]
    return " · ".join((*(str(one.get("domainName")) for one in names), str(api.inputs.get("protocolType"))))


def _others(graph: Graph) -> Iterator[str]:
    """Yield the areas of which nothing is drawn, each with the number of its resources."""
    for area, types in sorted(graph.count_by_area().items()):
        if not DRAWN.intersection(types):
            yield f"{area} · {types.total()}"


def _control_plane(cluster: Resource) -> Iterator[str]:
    network: Mapping[str, Any] = cluster.inputs.get("vpcConfig") or cluster.inputs
    yield f"Kubernetes {cluster.inputs.get('version')}"
    if cluster.inputs.get("encryptionConfigKeyArn") or cluster.inputs.get("encryptionConfig"):
        yield "secrets encrypted by own key"
    yield "API server private" if network.get("endpointPublicAccess") is False else "API server reachable from outside"
