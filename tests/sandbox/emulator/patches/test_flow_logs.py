"""A flow log is read back as it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

ROLE = "arn:aws:iam::111122223333:role/flow"
GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:/vpc/flow"


@pytest.fixture
def ec2(aws: Aws) -> Client:
    return aws("ec2")


def _create(ec2: Client, **given: object) -> str:
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    asked = {"ResourceIds": [vpc], "ResourceType": "VPC", "TrafficType": "ALL", **given}
    return str(ec2.create_flow_logs(**asked)["FlowLogIds"][0])


def test_a_flow_log_to_cloudwatch_is_read_back_whole(ec2: Client) -> None:
    created = _create(
        ec2,
        LogDestinationType="cloud-watch-logs",
        LogDestination=GROUP,
        DeliverLogsPermissionArn=ROLE,
        MaxAggregationInterval=60,
        TagSpecifications=[{"ResourceType": "vpc-flow-log", "Tags": [{"Key": "Name", "Value": "flow"}]}],
    )
    found = ec2.describe_flow_logs(FlowLogIds=[created])["FlowLogs"][0]
    fields = ("LogDestination", "LogGroupName", "DeliverLogsPermissionArn", "MaxAggregationInterval", "Tags")
    expected = [GROUP, "/vpc/flow", ROLE, 60, [{"Key": "Name", "Value": "flow"}]]
    assert [found.get(field) for field in fields] == expected, "what was asked for is what is described"


def test_an_interval_that_is_not_asked_for_is_ten_minutes(ec2: Client) -> None:
    created = _create(ec2, LogDestination=GROUP, DeliverLogsPermissionArn=ROLE)
    found = ec2.describe_flow_logs(FlowLogIds=[created])["FlowLogs"][0]
    assert found.get("MaxAggregationInterval") == 600, "AWS aggregates over 600 s unless set otherwise"


def test_a_flow_log_to_s3_keeps_its_file_options(ec2: Client) -> None:
    options = {"FileFormat": "parquet", "HiveCompatiblePartitions": False, "PerHourPartition": True}
    created = _create(ec2, LogDestinationType="s3", LogDestination="arn:aws:s3:::flow", DestinationOptions=options)
    found = ec2.describe_flow_logs(FlowLogIds=[created])["FlowLogs"][0]
    assert found.get("DestinationOptions") == options, "the layout of the files is described"


def test_flow_logs_are_found_by_their_group(ec2: Client) -> None:
    created = _create(ec2, LogDestination=GROUP, DeliverLogsPermissionArn=ROLE)
    _create(ec2, LogDestination=f"{GROUP}-other", DeliverLogsPermissionArn=ROLE)
    asked = [{"Name": "log-group-name", "Values": ["/vpc/flow"]}]
    found = ec2.describe_flow_logs(Filters=asked)["FlowLogs"]
    assert [log["FlowLogId"] for log in found] == [created], "the filter log-group-name selects"
