"""Experiments of AWS FIS take away, are stopped by alarms, and give back; what cannot begin takes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.fis_made import TAGS, role, template

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.fixture
def timely(timed: client.Emulator, request: pytest.FixtureRequest) -> Aws:
    """Clients of an emulator whose clock is set forward, in an account of the test's own."""
    return session(timed, account_of(request))


def begun(aws: Aws, wanted: dict[str, Any]) -> dict[str, Any]:
    fis = aws("fis")
    made = fis.create_experiment_template(**wanted)["experimentTemplate"]
    started = fis.start_experiment(clientToken="go", experimentTemplateId=made["id"])["experiment"]
    assert started["state"]["status"] == "initiating"
    return seen(aws, started["id"])


def seen(aws: Aws, name: str) -> dict[str, Any]:
    found: dict[str, Any] = aws("fis").get_experiment(id=name)["experiment"]
    return found


def database(aws: Aws, *, multi_az: bool = True) -> str:
    made = aws("rds").create_db_instance(
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        MasterUsername="someone",
        MasterUserPassword="something-long",
        AllocatedStorage=20,
        MultiAZ=multi_az,
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )
    return str(made["DBInstance"]["DBInstanceArn"])


def failover(aws: Aws, arn: str, role_arn: str, **changes: object) -> dict[str, Any]:
    target = {"resourceType": "aws:rds:db", "resourceArns": [arn], "selectionMode": "COUNT(1)"}
    actions = {
        "fail": {
            "actionId": "aws:rds:reboot-db-instances",
            "parameters": {"forceFailover": "true"},
            "targets": {"DBInstances": "database"},
        },
        "watch": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT5M"}},
    }
    return template(aws, role_arn, targets={"database": target}, actions=actions, **changes)


def test_a_database_fails_over_is_away_and_is_back_in_another_zone(timely: Aws, timed: client.Emulator) -> None:
    arn, rds = database(timely), timely("rds")
    before = rds.describe_db_instances()["DBInstances"][0]
    experiment = begun(timely, failover(timely, arn, role(timely, ["rds:RebootDBInstance"])))
    away = rds.describe_db_instances()["DBInstances"][0]
    assert (experiment["state"]["status"], away["DBInstanceStatus"]) == ("running", "rebooting")
    assert away["AvailabilityZone"] != before["AvailabilityZone"]
    client.control(timed.port, "POST", "advance?seconds=120")
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"
    said = [one["Message"] for one in rds.describe_events(SourceType="db-instance")["Events"]]
    assert "Multi-AZ instance failover started." in said
    assert seen(timely, experiment["id"])["state"]["status"] == "running", "it watches on"
    client.control(timed.port, "POST", "advance?seconds=240")
    ended = seen(timely, experiment["id"])
    assert (ended["state"]["status"], {one["state"]["status"] for one in ended["actions"].values()}) == (
        "completed",
        {"completed"},
    )


def test_an_alarm_stops_it_and_what_was_cut_off_is_given_back(timely: Aws, timed: client.Emulator) -> None:
    ec2, cloudwatch = timely("ec2"), timely("cloudwatch")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    tags = [{"ResourceType": "subnet", "Tags": [{"Key": key, "Value": value} for key, value in TAGS.items()]}]
    subnets = {
        zone: ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.9.{at}.0/24", AvailabilityZone=f"us-east-1{zone}", TagSpecifications=tags
        )["Subnet"]["SubnetId"]
        for at, zone in enumerate("ab")
    }

    def under(zone: str) -> str:
        filters = [{"Name": "association.subnet-id", "Values": [subnets[zone]]}]
        return str(ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]["NetworkAclId"])

    before = under("a")
    cut = {
        "actionId": "aws:network:disrupt-connectivity",
        "parameters": {"duration": "PT10M", "scope": "all"},
        "targets": {"Subnets": "zone"},
    }
    zone = {
        "resourceType": "aws:ec2:subnet",
        "resourceTags": TAGS,
        "selectionMode": "COUNT(5)",
        "parameters": {"availabilityZoneIdentifier": "us-east-1a", "vpc": vpc},
    }
    rights = role(timely, ["ec2:ReplaceNetworkAclAssociation"])
    experiment = begun(timely, template(timely, rights, targets={"zone": zone}, actions={"cut": cut}))
    assert experiment["state"]["status"] == "running", experiment["state"]
    acl = ec2.describe_network_acls(NetworkAclIds=[under("a")])["NetworkAcls"][0]
    assert {"Key": "managedByFIS", "Value": "true"} in acl["Tags"]
    assert not [one for one in acl["Entries"] if one["RuleAction"] == "allow"]
    assert under("b") == before, "the other zone goes on"
    cloudwatch.put_metric_alarm(
        AlarmName="failing",
        Namespace="Shop",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    client.control(timed.port, "POST", "advance?seconds=60")
    assert seen(timely, experiment["id"])["state"]["status"] == "running", "nothing has gone off"
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=[{"MetricName": "Errors", "Value": 5}])
    client.control(timed.port, "POST", "advance?seconds=0")
    stopped = seen(timely, experiment["id"])
    assert stopped["state"]["status"] == "stopped", stopped["state"]
    assert "stop condition" in stopped["state"]["reason"]
    assert under("a") == before
    assert acl["NetworkAclId"] not in {one["NetworkAclId"] for one in ec2.describe_network_acls()["NetworkAcls"]}


def test_a_cache_loses_its_nodes_of_a_zone_and_another_node_is_primary(timely: Aws, timed: client.Emulator) -> None:
    cache = timely("elasticache")
    cache.create_replication_group(
        ReplicationGroupId="shop",
        ReplicationGroupDescription="sessions",
        Engine="redis",
        CacheNodeType="cache.t4g.micro",
        NumNodeGroups=1,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )

    def statuses() -> set[str]:
        return {one["CacheClusterStatus"] for one in cache.describe_cache_clusters()["CacheClusters"]}

    shard = cache.describe_replication_groups()["ReplicationGroups"][0]["NodeGroups"][0]["NodeGroupMembers"]
    zone = shard[0]["PreferredAvailabilityZone"]
    power = {
        "actionId": "aws:elasticache:replicationgroup-interrupt-az-power",
        "parameters": {"duration": "PT2M"},
        "targets": {"ReplicationGroups": "cache"},
    }
    of = {
        "resourceType": "aws:elasticache:replicationgroup",
        "resourceTags": TAGS,
        "selectionMode": "COUNT(1)",
        "parameters": {"availabilityZoneIdentifier": zone},
    }
    rights = role(timely, ["elasticache:InterruptClusterAzPower"])
    experiment = begun(timely, template(timely, rights, targets={"cache": of}, actions={"power": power}))
    assert experiment["state"]["status"] == "running", experiment["state"]
    assert "modifying" in statuses()
    client.control(timed.port, "POST", "advance?seconds=180")
    assert (seen(timely, experiment["id"])["state"]["status"], statuses()) == ("completed", {"available"})


def test_what_cannot_begin_takes_nothing(aws: Aws) -> None:
    arn, rds = database(aws, multi_az=False), aws("rds")
    able = role(aws, ["rds:RebootDBInstance"])
    reasons = {
        "a role of another service": failover(aws, arn, role(aws, [], service="ec2.amazonaws.com", name="other")),
        "a role without the right": failover(aws, arn, role(aws, ["rds:StopDBInstance"], name="unable")),
        "nothing found": failover(aws, arn.replace(":shop", ":none"), able),
        "no standby": failover(aws, arn, able),
    }
    said = {name: begun(aws, wanted)["state"] for name, wanted in reasons.items()}
    assert {one["status"] for one in said.values()} == {"failed"}, said
    words = dict(zip(reasons, ("assume role", "not authorized", "empty set", "not Multi-AZ"), strict=True))
    assert all(word in said[name]["reason"] for name, word in words.items()), said
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"


def test_who_stops_it_ends_it_once_and_it_is_recorded(aws: Aws) -> None:
    arn, logs = database(aws), aws("logs")
    logs.create_log_group(logGroupName="/shop/experiments")
    group = logs.describe_log_groups()["logGroups"][0]["arn"].removesuffix(":*")
    config = {"logSchemaVersion": 2, "cloudWatchLogsConfiguration": {"logGroupArn": f"{group}:*"}}
    able = role(aws, ["rds:RebootDBInstance"])
    experiment = begun(aws, failover(aws, arn, able, logConfiguration=config))
    fis = aws("fis")
    targets = fis.list_experiment_resolved_targets(experimentId=experiment["id"])["resolvedTargets"]
    assert [one["targetInformation"]["arn"] for one in targets] == [arn]
    assert fis.stop_experiment(id=experiment["id"])["experiment"]["state"]["status"] == "stopped"
    with pytest.raises(ClientError, match="cannot be stopped"):
        fis.stop_experiment(id=experiment["id"])
    stream = f"/aws/fis/experiment/{experiment['id']}"
    events = logs.get_log_events(logGroupName="/shop/experiments", logStreamName=stream)["events"]
    kinds = [json.loads(one["message"])["log_type"] for one in events]
    assert (kinds[0], kinds[-1], kinds.count("action-start")) == ("experiment-start", "experiment-end", 2)
    assert [one["id"] for one in fis.list_experiments()["experiments"]] == [experiment["id"]]
