"""A door of Global Accelerator as it is registered: by a primary whole, by a standby its region alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pulumi
import pytest

from components.data import BucketOutputs
from components.edge.accelerator import Accelerator, AcceleratorArgs
from config.edge import Accelerator as Settings
from config.examine import examine
from review.graph import ROOT_TYPE
from review.record import record
from review.recording import record_stack
from tests.components.cluster.surroundings import options
from tests.config.containersfile import changed
from tests.config.stackfile import SETTINGS

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

DOOR: Final = "door.phoenix.example"
THERE: Final = "arn:aws:globalaccelerator::1:accelerator/a/listener/l"


def made(settings: StackConfig, listener: str | None) -> Graph:
    """Record the door of a stack."""

    def program() -> None:
        args = AcceleratorArgs(
            settings=Settings(host=DOOR, traffic_dial_percent=40, sticky=True),
            identity=settings.identity,
            balancer_arn=pulumi.Output.from_input("arn:balancer"),
            access_logs=BucketOutputs(
                name=pulumi.Output.from_input("access-logs"), arn=pulumi.Output.from_input("arn:access-logs")
            ),
            zone_id=pulumi.Output.from_input("zone"),
            listener_arn=pulumi.Output.from_input(listener) if listener else None,
        )
        Accelerator("accelerator", args, options(settings))

    return record(program, "test")


@pytest.fixture(scope="module")
def primary(settings: StackConfig) -> Graph:
    """The door of a primary."""
    return made(settings, None)


def test_a_primary_makes_a_door_with_records_of_who_comes(primary: Graph) -> None:
    accelerator = primary.named("accelerator-accelerator")
    assert accelerator.protect, "its addresses are gone for good with it"
    assert accelerator.inputs["attributes"] == {
        "flowLogsEnabled": True,
        "flowLogsS3Bucket": "access-logs",
        "flowLogsS3Prefix": "accelerator",
    }
    listener = primary.named("accelerator-listener").inputs
    assert [one["fromPort"] for one in listener["portRanges"]] == [80, 443]
    assert (listener["protocol"], listener["clientAffinity"]) == ("TCP", "SOURCE_IP")
    record = primary.named("accelerator-name").inputs
    assert (record["name"], record["type"], record["zoneId"]) == (DOOR, "A", "zone")


def test_the_load_balancer_of_the_region_sees_who_asks(primary: Graph, settings: StackConfig) -> None:
    group = primary.named("accelerator-region").inputs
    assert group["endpointGroupRegion"] == settings.identity.region
    assert group["trafficDialPercentage"] == 40
    (endpoint,) = group["endpointConfigurations"]
    assert endpoint == {"endpointId": "arn:balancer", "weight": 128, "clientIpPreservationEnabled": True}


def test_a_standby_adds_its_region_to_the_primarys_listener_and_nothing_else(standby: StackConfig) -> None:
    graph = made(standby, THERE)
    (group,) = [one for one in graph.resources if one.type.startswith("aws:globalaccelerator/")]
    assert (group.inputs["listenerArn"], group.inputs["endpointGroupRegion"]) == (THERE, standby.identity.region)
    assert not [one for one in graph.resources if one.type.startswith("aws:route53/")]


@pytest.mark.slow
def test_a_whole_primary_has_its_name_in_both_certificates_and_publishes_its_listener() -> None:
    graph = record_stack("prod", examine(changed({"edge.accelerator.host": DOOR}, SETTINGS), None, "Pulumi.prod.yaml"))
    for certificate in ("edge-certificate", "front-certificate"):
        assert DOOR in graph.named(certificate).inputs["subjectAlternativeNames"]
    provider = graph.named("accelerator-region").provider
    assert graph.named("aws-accelerator").urn == provider
    assert graph.named("aws-accelerator").inputs["region"] == "us-west-2"
    policy = json.loads(graph.named("data-access-logs-policy").inputs["policy"])["Statement"]
    assert {one["Sid"] for one in policy} >= {"AdmitFlowLogs", "AdmitFlowLogsCheck"}
    outputs = next(one.outputs for one in graph.resources if one.type == ROOT_TYPE)
    assert set(outputs["accelerator"]) == {"listener_arn", "dns_name", "addresses"}
