"""What reference 001 has for the future, deployed once in one small stack: asked by boto3, the same twice, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml

from tests.config.futurefile import SETTINGS, STACK
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A checkout of its own with the stack file; nothing of it outlives the test."""
    made = World.copied(tmp_path_factory.mktemp("future"))
    document = {"config": {"pulumi:disable-default-providers": ["*"], "platform:settings": SETTINGS}}
    (made.directory / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    yield made
    made.sandbox("down")


def client(world: World, service: str, region: str = "") -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return a client of the deployed account, in the stack's region or another."""
    endpoint = world.sandbox("status", "--json").document()["emulator"]
    identity = SETTINGS["identity"]
    session = boto3.Session(identity["account_id"], "secret", region_name=region or identity["region"])
    return session.client(service, endpoint_url=endpoint)


def test_it_stands_as_it_was_asked_for_changes_nothing_a_second_time_and_goes(world: World) -> None:
    up = world.sandbox("up", STACK, "--json")
    assert up.status == 0, up.text[-6000:]
    _a_function_works_on_a_topic(world)
    _a_door_leads_to_the_load_balancer(world)
    again = world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-6000:]
    assert [one["changes"] for one in again.document()["stacks"]] == [{}], again.text[-6000:]
    down = world.sandbox("down", "--destroy", STACK, "--json")
    assert down.status == 0, down.text[-6000:]
    assert down.document()["notes"][-1] == "nothing runs"


def _a_function_works_on_a_topic(world: World) -> None:
    (mapping,) = client(world, "lambda").list_event_source_mappings()["EventSourceMappings"]
    assert (mapping["State"], mapping["Topics"]) == ("Enabled", ["bids"])
    assert mapping["ProvisionedPollerConfig"] == {"MinimumPollers": 1, "MaximumPollers": 6}
    assert "no brokers" in mapping["LastProcessingResult"], "what it cannot do, it says"


def _a_door_leads_to_the_load_balancer(world: World) -> None:
    api = client(world, "globalaccelerator", "us-west-2")
    (door,) = api.list_accelerators()["Accelerators"]
    (listener,) = api.list_listeners(AcceleratorArn=door["AcceleratorArn"])["Listeners"]
    assert listener["ClientAffinity"] == "SOURCE_IP"
    (group,) = api.list_endpoint_groups(ListenerArn=listener["ListenerArn"])["EndpointGroups"]
    (balancer,) = client(world, "elbv2").describe_load_balancers()["LoadBalancers"]
    assert [one["EndpointId"] for one in group["EndpointDescriptions"]] == [balancer["LoadBalancerArn"]]
    logs = api.describe_accelerator_attributes(AcceleratorArn=door["AcceleratorArn"])["AcceleratorAttributes"]
    assert (logs["FlowLogsEnabled"], logs["FlowLogsS3Prefix"]) == (True, "accelerator")
    zones = client(world, "route53")
    (zone,) = zones.list_hosted_zones()["HostedZones"]
    records = zones.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    (name,) = [one for one in records if one["Name"] == "door.ledger.example."]
    assert name["AliasTarget"]["DNSName"].rstrip(".") == door["DnsName"]
