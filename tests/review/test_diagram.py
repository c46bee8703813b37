"""The picture shows what the graph holds, where it stands, and nothing else."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from review.diagram import draw
from review.graph import Graph, Resource
from review.plan_view import view
from tests.components.recording import recorded

AWS = "urn:pulumi:prod::platform::"


def _resource(type_: str, name: str, inputs: dict[str, object], **more: object) -> Resource:
    urn = f"{AWS}{type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, custom=True, id=f"{name}-id", inputs=inputs, **more)  # type: ignore[arg-type]  # test data


def _subnet(tier: str, zone: str, cidr: str) -> Resource:
    inputs: dict[str, object] = {"cidrBlock": cidr, "availabilityZone": f"us-east-1{zone}", "tags": {"Tier": tier}}
    return _resource("aws:ec2/subnet:Subnet", f"network-{tier}-{zone}", inputs)


VPC = _resource("aws:ec2/vpc:Vpc", "network-vpc", {"cidrBlock": "10.0.0.0/16"})
SUBNETS = (
    _subnet("database", "a", "10.0.21.0/24"),
    _subnet("database", "b", "10.0.22.0/24"),
    _subnet("public", "a", "10.0.1.0/24"),
    _subnet("public", "b", "10.0.2.0/24"),
)
HOME = _resource(
    "aws:rds/subnetGroup:SubnetGroup", "data-home", {"subnetIds": ["network-database-a-id", "network-database-b-id"]}
)
PRIMARY = _resource("aws:rds/instance:Instance", "data-primary", {"instanceClass": "db.r5.2xlarge", "multiAz": True})
REPLICA = _resource(
    "aws:rds/instance:Instance",
    "data-reader",
    {"instanceClass": "db.r5.xlarge", "availabilityZone": "us-east-1b", "replicateSourceDb": "x"},
)
NAT = _resource("aws:ec2/natGateway:NatGateway", "network-nat-a", {"subnetId": "network-public-a-id"})


def _graph(*resources: Resource) -> Graph:
    return Graph(stack="prod", source="recording", resources=(VPC, *SUBNETS, *resources))


def test_tiers_are_rows_in_address_order_and_zones_are_columns() -> None:
    shown = view(_graph())
    assert list(shown.tiers) == ["public", "database"], (
        "the address plan orders the rows, not the order of registration"
    )
    assert shown.zones == ("us-east-1a", "us-east-1b")


def test_a_gateway_stands_in_its_own_subnet_only() -> None:
    public = view(_graph(NAT)).tiers["public"]
    assert {zone: cell.things for zone, cell in public.items()} == {"us-east-1a": ("NAT gateway",), "us-east-1b": ()}


def test_a_replica_stands_in_its_zone_and_a_multi_az_primary_in_every_zone_it_may_move_to() -> None:
    database = view(_graph(HOME, PRIMARY, REPLICA)).tiers["database"]
    assert database["us-east-1a"].things == ("PostgreSQL db.r5.2xlarge Multi-AZ",)
    assert database["us-east-1b"].things == ("PostgreSQL db.r5.2xlarge Multi-AZ", "replica db.r5.xlarge")


def test_before_anything_exists_a_subnet_is_found_by_dependency() -> None:
    planned = Graph(
        stack="prod",
        source="preview",
        resources=(
            VPC,
            SUBNETS[2],
            _resource(
                "aws:ec2/natGateway:NatGateway",
                "network-nat-a",
                {"subnetId": None},
                property_dependencies={"subnetId": (SUBNETS[2].urn,)},
            ),
        ),
    )
    assert view(planned).tiers["public"]["us-east-1a"].things == ("NAT gateway",)


def test_what_is_said_of_the_control_plane_is_read_from_it() -> None:
    open_cluster = _resource("aws:eks/cluster:Cluster", "c", {"version": "1.35", "vpcConfig": {}})
    assert ("EKS", ("Kubernetes 1.35", "API server reachable from outside")) in view(_graph(open_cluster)).regional


def test_the_document_is_well_formed_and_escapes_names() -> None:
    odd = _resource("aws:s3/bucket:Bucket", "b", {"bucket": "<&>"})
    words = [element.text for element in ET.fromstring(draw(view(_graph(odd)))).iter() if element.text]  # noqa: S314  our own document
    assert "<&>" in words, "a name is shown as it is"


def test_a_stack_without_a_network_is_drawn_by_what_no_zone_holds() -> None:
    drawn = view(Graph(stack="small", source="state", resources=(_resource("aws:kms/key:Key", "keys-data", {}),)))
    assert (drawn.title, drawn.vpc, drawn.zones) == ("small · 1 resources", "", ())
    assert drawn.regional == (("KMS keys", ("data",)),)
    words = [element.text for element in ET.fromstring(draw(drawn)).iter() if element.text]  # noqa: S314  our own document
    assert "data" in words
    assert not any(word.startswith("VPC") for word in words)


def test_a_stack_of_nothing_has_no_picture() -> None:
    with pytest.raises(LookupError, match="nothing to draw"):
        view(Graph(stack="prod", source="state", resources=()))


def test_a_cache_that_follows_another_says_so_and_not_what_it_does_not_know() -> None:
    follower = _resource("aws:elasticache/replicationGroup:ReplicationGroup", "c", {"replicasPerNodeGroup": 1})
    subnets: dict[str, object] = {"subnetIds": ["network-database-a-id"]}
    group = _resource("aws:elasticache/subnetGroup:SubnetGroup", "g", subnets)
    drawn = view(_graph(VPC, _subnet("database", "a", "10.0.21.0/24"), group, follower))
    assert drawn.tiers["database"]["us-east-1a"].things == ("cache, as its primary's · 1+1 a shard",)


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_the_pictures_in_the_docs_are_the_ones_drawn_now(stack: str) -> None:
    graph = recorded(stack)
    shown = (Path(__file__).parents[2] / f"docs/images/{stack}.svg").read_text(encoding="utf-8")
    assert shown == draw(view(graph)), f"draw it anew: python -m review {stack} --diagram docs/images/{stack}.svg"
