"""A cluster of MSK is read back with every default, by both versions of the API, and refused as by AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.streaming import asked, cluster, subnets

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

WRONG: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "brokers that are no multiple of the zones": ({"NumberOfBrokerNodes": 4}, "multiple of Availability Zones"),
    "fewer brokers than zones": ({"NumberOfBrokerNodes": 2}, "multiple of Availability Zones"),
    "a version out of support": ({"KafkaVersion": "3.5.1"}, "Unsupported KafkaVersion"),
    "a version that nobody knows": ({"KafkaVersion": "2.9.9"}, "Unsupported KafkaVersion"),
    "a type of EC2": ({"InstanceType": "m5.large"}, "Unsupported InstanceType"),
    "too much storage": ({"StorageInfo": {"EbsStorageInfo": {"VolumeSize": 16_385}}}, "between 1 and 16384"),
    "private connectivity at once": (
        {"ConnectivityInfo": {"VpcConnectivity": {"ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}}}}},
        "once the cluster is active",
    ),
    "logs to nowhere": (
        {"LoggingInfo": {"BrokerLogs": {"CloudWatchLogs": {"Enabled": True, "LogGroup": "/gone"}}}},
        "log group does not exist",
    ),
    "a configuration that is not there": (
        {"ConfigurationInfo": {"Arn": "arn:aws:kafka:us-east-1:1:configuration/no/1", "Revision": 1}},
        "Configuration ARN does not exist",
    ),
    "a name with dots": ({"ClusterName": "feed.prod"}, "name is invalid"),
    "no such monitoring": ({"EnhancedMonitoring": "ALL"}, "enum"),
}


@pytest.mark.parametrize(("changes", "said"), WRONG.values(), ids=WRONG)
def test_what_msk_does_not_take_is_refused(aws: Aws, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said) as refused:
        aws("kafka").create_cluster(**asked(subnets(aws), **changes))
    assert refused.value.response["Error"]["Code"] == "BadRequestException"
    assert aws("kafka").list_clusters()["ClusterInfoList"] == []


@pytest.mark.parametrize("zones", ["a", "aab", "aabc"])
def test_a_cluster_has_two_or_three_subnets_each_in_its_own_zone(aws: Aws, zones: str) -> None:
    made = subnets(aws, zones=zones)
    with pytest.raises(ClientError, match="Availability Zone of its own"):
        aws("kafka").create_cluster(**asked(made, NumberOfBrokerNodes=len(made)))


def test_subnets_are_there(aws: Aws) -> None:
    with pytest.raises(ClientError, match="subnets are invalid"):
        aws("kafka").create_cluster(**asked(["subnet-1", "subnet-2", "subnet-3"]))


def test_a_name_is_taken_once_in_a_region(aws: Aws) -> None:
    cluster(aws)
    with pytest.raises(ClientError, match="exists") as refused:
        cluster(aws)
    assert refused.value.response["Error"]["Code"] == "ConflictException"
    assert cluster(aws, "us-west-2").split(":")[3] == "us-west-2"


def test_what_is_left_out_is_read_back_as_msk_has_it(aws: Aws) -> None:
    found = aws("kafka").describe_cluster(ClusterArn=cluster(aws, Tags={"Team": "feed"}))["ClusterInfo"]
    assert found["EncryptionInfo"]["EncryptionInTransit"] == {"ClientBroker": "TLS", "InCluster": True}
    assert found["EncryptionInfo"]["EncryptionAtRest"]["DataVolumeKMSKeyId"]
    assert found["ClientAuthentication"]["Sasl"] == {"Iam": {"Enabled": True}, "Scram": {"Enabled": False}}
    connected = found["BrokerNodeGroupInfo"]["ConnectivityInfo"]
    assert connected["PublicAccess"] == {"Type": "DISABLED"}
    assert not connected["VpcConnectivity"]["ClientAuthentication"]["Sasl"]["Iam"]["Enabled"]
    assert found["OpenMonitoring"]["Prometheus"]["JmxExporter"] == {"EnabledInBroker": False}
    assert (found["EnhancedMonitoring"], found["State"], found["Tags"]) == ("DEFAULT", "ACTIVE", {"Team": "feed"})


def test_both_versions_of_the_api_say_the_same(aws: Aws) -> None:
    kafka, arn = aws("kafka"), cluster(aws)
    first, second = (one(ClusterArn=arn)["ClusterInfo"] for one in (kafka.describe_cluster, kafka.describe_cluster_v2))
    assert second["ClusterType"] == "PROVISIONED"
    assert second["Provisioned"]["BrokerNodeGroupInfo"] == first["BrokerNodeGroupInfo"]
    assert second["Provisioned"]["CurrentBrokerSoftwareInfo"]["KafkaVersion"] == "3.9.x"
    assert [one["ClusterArn"] for one in kafka.list_clusters_v2(ClusterNameFilter="fe")["ClusterInfoList"]] == [arn]
    assert kafka.list_scram_secrets(ClusterArn=arn)["SecretArnList"] == []


def test_brokers_are_named_for_who_is_let_in_and_for_nobody_else(aws: Aws) -> None:
    kafka, arn = aws("kafka"), cluster(aws)
    found = {key: one for key, one in kafka.get_bootstrap_brokers(ClusterArn=arn).items() if key.startswith("Boot")}
    assert list(found) == ["BootstrapBrokerStringSaslIam"]
    hosts = found["BootstrapBrokerStringSaslIam"].split(",")
    assert [one.rpartition(":")[2] for one in hosts] == ["9098"] * 3
    nodes = kafka.list_nodes(ClusterArn=arn)["NodeInfoList"]
    assert [one["BrokerNodeInfo"]["Endpoints"][0] for one in nodes] == [one.partition(":")[0] for one in hosts]
    assert len({one["BrokerNodeInfo"]["ClientSubnet"] for one in nodes}) == 3


def test_tags_are_changed_and_a_cluster_that_is_deleted_is_gone(aws: Aws) -> None:
    kafka, arn = aws("kafka"), cluster(aws, Tags={"Team": "feed"})
    kafka.tag_resource(ResourceArn=arn, Tags={"Owner": "people"})
    kafka.untag_resource(ResourceArn=arn, TagKeys=["Team"])
    assert kafka.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"Owner": "people"}
    assert kafka.delete_cluster(ClusterArn=arn)["State"] == "DELETING"
    with pytest.raises(kafka.exceptions.NotFoundException):
        kafka.describe_cluster_v2(ClusterArn=arn)


def test_storage_of_brokers_can_be_a_target_of_scaling(aws: Aws) -> None:
    scaling, arn = aws("application-autoscaling"), cluster(aws)
    what = {"ServiceNamespace": "kafka", "ScalableDimension": "kafka:broker-storage:VolumeSize"}
    scaling.register_scalable_target(**what, ResourceId=arn, MinCapacity=1, MaxCapacity=500)
    scaling.put_scaling_policy(
        **what,
        ResourceId=arn,
        PolicyName="grow",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "KafkaBrokerStorageUtilization"},
            "TargetValue": 60.0,
            "DisableScaleIn": True,
        },
    )
    (policy,) = scaling.describe_scaling_policies(ServiceNamespace="kafka")["ScalingPolicies"]
    assert policy["ResourceId"] == arn
    with pytest.raises(ClientError, match="Unsupported service namespace"):
        scaling.register_scalable_target(**what, ResourceId="feed", MinCapacity=1, MaxCapacity=500)
