"""Global Accelerator keeps doors, their ports and regions, in us-west-2 alone, and refuses as AWS does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.streaming import subnets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

WEB: Final = [{"FromPort": 443, "ToPort": 443}]


@pytest.fixture
def api(aws: Aws) -> Client:
    """The one API that there is."""
    return aws("globalaccelerator", "us-west-2")


@pytest.fixture
def door(api: Client) -> str:
    """An accelerator."""
    made: str = api.create_accelerator(Name="door", IdempotencyToken="t", Tags=[{"Key": "Stack", "Value": "s"}])[
        "Accelerator"
    ]["AcceleratorArn"]
    return made


@pytest.fixture
def listener(api: Client, door: str) -> str:
    """Its listener."""
    made: str = api.create_listener(AcceleratorArn=door, PortRanges=WEB, Protocol="TCP", IdempotencyToken="t")[
        "Listener"
    ]["ListenerArn"]
    return made


@pytest.fixture
def balancer(aws: Aws) -> str:
    """A load balancer of eu-west-1."""
    made: str = aws("elbv2", "eu-west-1").create_load_balancer(Name="web", Subnets=subnets(aws, "eu-west-1", "ab"))[
        "LoadBalancers"
    ][0]["LoadBalancerArn"]
    return made


def refused(call: Callable[..., Any], code: str, **asked: object) -> None:
    with pytest.raises(ClientError) as error:
        call(**asked)
    assert error.value.response["Error"]["Code"] == code, error.value


def test_a_door_has_two_addresses_and_a_name_and_is_there_for_every_region(api: Client, aws: Aws, door: str) -> None:
    found = api.describe_accelerator(AcceleratorArn=door)["Accelerator"]
    assert (found["Status"], found["Enabled"], found["IpAddressType"]) == ("DEPLOYED", True, "IPV4")
    assert len(set(found["IpSets"][0]["IpAddresses"])) == 2
    assert found["DnsName"].endswith(".awsglobalaccelerator.com")
    assert api.list_tags_for_resource(ResourceArn=door)["Tags"] == [{"Key": "Stack", "Value": "s"}]
    refused(aws("globalaccelerator", "us-east-1").list_accelerators, "UnknownEndpoint")


def test_a_door_goes_once_it_is_off_and_leads_nowhere(api: Client, door: str, listener: str) -> None:
    refused(api.delete_accelerator, "AcceleratorNotDisabledException", AcceleratorArn=door)
    api.update_accelerator(AcceleratorArn=door, Enabled=False)
    refused(api.delete_accelerator, "AssociatedListenerFoundException", AcceleratorArn=door)
    api.create_endpoint_group(ListenerArn=listener, EndpointGroupRegion="eu-west-1", IdempotencyToken="t")
    refused(api.delete_listener, "AssociatedEndpointGroupFoundException", ListenerArn=listener)
    (group,) = api.list_endpoint_groups(ListenerArn=listener)["EndpointGroups"]
    api.delete_endpoint_group(EndpointGroupArn=group["EndpointGroupArn"])
    api.delete_listener(ListenerArn=listener)
    api.delete_accelerator(AcceleratorArn=door)
    refused(api.describe_accelerator, "AcceleratorNotFoundException", AcceleratorArn=door)


def test_ports_are_in_order_and_of_one_listener(api: Client, door: str, listener: str) -> None:
    create = {"AcceleratorArn": door, "Protocol": "TCP", "IdempotencyToken": "t"}
    for first, last in ((444, 443), (400, 500)):
        ports = [{"FromPort": first, "ToPort": last}]
        refused(api.create_listener, "InvalidPortRangeException", **create, PortRanges=ports)
    refused(api.create_listener, "InvalidArgumentException", **{**create, "Protocol": "ICMP"}, PortRanges=WEB)
    refused(api.create_listener, "AcceleratorNotFoundException", **{**create, "AcceleratorArn": "a"}, PortRanges=WEB)
    api.update_listener(ListenerArn=listener, ClientAffinity="SOURCE_IP")
    assert api.describe_listener(ListenerArn=listener)["Listener"]["ClientAffinity"] == "SOURCE_IP"


def test_a_region_is_there_once_and_leads_to_its_own_load_balancers(api: Client, listener: str, balancer: str) -> None:
    asked = {"ListenerArn": listener, "EndpointGroupRegion": "eu-west-1", "IdempotencyToken": "t"}
    endpoint = {"EndpointId": balancer, "Weight": 128, "ClientIPPreservationEnabled": True}
    wrong: list[dict[str, Any]] = [
        {"EndpointConfigurations": [{**endpoint, "Weight": 256}]},
        {"EndpointConfigurations": [endpoint, endpoint]},
        {"EndpointConfigurations": [endpoint], "EndpointGroupRegion": "us-east-1"},
        {"EndpointGroupRegion": "mars-north-1"},
        {"HealthCheckIntervalSeconds": 20},
        {"TrafficDialPercentage": 101.0},
        {"ThresholdCount": 11},
    ]
    for one in wrong:
        refused(api.create_endpoint_group, "InvalidArgumentException", **{**asked, **one})
    refused(api.create_endpoint_group, "ListenerNotFoundException", **{**asked, "ListenerArn": "l"})
    group = api.create_endpoint_group(**asked, EndpointConfigurations=[endpoint], TrafficDialPercentage=0.0)
    found = group["EndpointGroup"]
    assert [one["ClientIPPreservationEnabled"] for one in found["EndpointDescriptions"]] == [True]
    assert (found["TrafficDialPercentage"], found["ThresholdCount"]) == (0.0, 3)
    refused(api.create_endpoint_group, "EndpointGroupAlreadyExistsException", **asked)
    shared = api.list_cross_account_resources(ResourceOwnerAwsAccountId="111122223333")["CrossAccountResources"]
    assert shared == [], "no account shares anything here"
    arn = found["EndpointGroupArn"]
    api.update_endpoint_group(EndpointGroupArn=arn, TrafficDialPercentage=100.0)
    assert api.describe_endpoint_group(EndpointGroupArn=arn)["EndpointGroup"]["TrafficDialPercentage"] == 100.0


def test_flow_logs_need_a_bucket_that_lets_them_in(api: Client, aws: Aws, door: str) -> None:
    name, change = f"flows-{door[-12:]}", api.update_accelerator_attributes
    logs = {"AcceleratorArn": door, "FlowLogsEnabled": True, "FlowLogsS3Prefix": "accelerator"}
    refused(change, "InvalidArgumentException", **logs)
    refused(change, "InvalidArgumentException", **logs, FlowLogsS3Bucket=name)
    aws("s3").create_bucket(Bucket=name)
    refused(change, "AccessDeniedException", **logs, FlowLogsS3Bucket=name)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/accelerator/AWSLogs/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("s3").put_bucket_policy(Bucket=name, Policy=policy)
    change(**logs, FlowLogsS3Bucket=name)
    found = api.describe_accelerator_attributes(AcceleratorArn=door)["AcceleratorAttributes"]
    assert (found["FlowLogsEnabled"], found["FlowLogsS3Bucket"]) == (True, name)
