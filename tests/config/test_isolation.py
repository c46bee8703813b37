"""Nodes without a way to the internet: what they need is there, or the file is refused."""

from __future__ import annotations

import pytest

from config.rules.isolation import ALWAYS
from tests.config.stackfile import SETTINGS, judged, refused

WAY = "network.tiers.private.internet"
PARTS = {
    "cluster_autoscaler": "autoscaling",
    "load_balancer_controller": "elasticloadbalancing",
    "pgbouncer": "secretsmanager",
    "device_plugin": None,
}
OWN = "100000000004.dkr.ecr.us-east-1.amazonaws.com/phoenix/prod/mirror:1.0"
EVERY = sorted({*ALWAYS, "logs", "monitoring", *filter(None, PARTS.values())})
MIRRORED = {f"kubernetes.{part}.image": OWN.replace(":1.0", ":v1.35.2") for part in PARTS}


def closed(without: str = "", gateway: tuple[str, ...] = ("s3",), **changes: object) -> set[str]:
    """Judge prod with its private tier closed, and endpoints for everything but one service."""
    endpoints = {"tier": "private", "gateway": list(gateway), "interface": [one for one in EVERY if one != without]}
    return judged({WAY: "none", "network.endpoints": endpoints} | MIRRORED | changes)


def test_a_closed_tier_with_all_endpoints_and_mirrored_images_is_accepted() -> None:
    assert closed() == set()


@pytest.mark.parametrize("service", EVERY)
def test_each_service_that_nodes_call_needs_an_endpoint(service: str) -> None:
    assert closed(without=service) == {WAY}


def test_layers_of_images_come_by_the_gateway_of_s3() -> None:
    assert closed(gateway=("dynamodb",)) == {WAY}


@pytest.mark.parametrize(("part", "service"), [(part, service) for part, service in PARTS.items() if service])
def test_what_a_stack_leaves_out_needs_no_endpoint(part: str, service: str) -> None:
    kept = {path: image for path, image in MIRRORED.items() if part not in path}
    endpoints = {"tier": "private", "gateway": ["s3"], "interface": [one for one in EVERY if one != service]}
    found = judged({WAY: "none", "network.endpoints": endpoints, f"kubernetes.{part}": None} | kept)
    assert WAY not in found


@pytest.mark.parametrize("part", list(PARTS))
def test_an_image_from_the_internet_is_refused_there(part: str) -> None:
    path = f"kubernetes.{part}.image"
    image = SETTINGS["kubernetes"][part]["image"]
    assert closed(**{path: image}) == {path}


def test_prods_own_endpoints_do_not_do() -> None:
    found = refused(("10.0.13.0/24]\n          internet: nat", "10.0.13.0/24]\n          internet: none"))
    assert "no way to ec2, eks, eks-auth, monitoring, elasticloadbalancing, autoscaling" in found[WAY].what


def test_a_closed_tier_of_tainted_nodes_leaves_controllers_where_they_are() -> None:
    endpoints = {"tier": "private", "gateway": ["s3"], "interface": EVERY}
    assert judged({"network.tiers.blockchain.internet": "none", "network.endpoints": endpoints}) == set()


def test_a_stack_may_do_without_any_nat_gateway() -> None:
    changes = {"network.nat": "none", "network.tiers.blockchain.internet": "none"}
    assert closed(**changes, **{"observability.alarms.nat-ports": None}) == set()


def test_nat_that_no_tier_uses_is_refused_as_waste() -> None:
    assert closed(**{"network.tiers.blockchain.internet": "none"}) == {"network.nat"}
