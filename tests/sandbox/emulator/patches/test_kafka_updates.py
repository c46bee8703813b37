"""A cluster of MSK is changed by operations, each on the version that it knows; storage and versions only go up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.streaming import CONNECTED, PROPERTIES, cluster, connect, version

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

CHANGES: Final[dict[str, tuple[dict[str, Any], tuple[str, ...], object]]] = {
    "update_broker_count": ({"TargetNumberOfBrokerNodes": 6}, ("NumberOfBrokerNodes",), 6),
    "update_broker_storage": (
        {"TargetBrokerEBSVolumeInfo": [{"KafkaBrokerNodeId": "All", "VolumeSizeGB": 200}]},
        ("BrokerNodeGroupInfo", "StorageInfo", "EbsStorageInfo", "VolumeSize"),
        200,
    ),
    "update_broker_type": (
        {"TargetInstanceType": "kafka.m7g.large"},
        ("BrokerNodeGroupInfo", "InstanceType"),
        "kafka.m7g.large",
    ),
    "update_cluster_kafka_version": (
        {"TargetKafkaVersion": "4.0.x"},
        ("CurrentBrokerSoftwareInfo", "KafkaVersion"),
        "4.0.x",
    ),
    "update_monitoring": ({"EnhancedMonitoring": "PER_BROKER"}, ("EnhancedMonitoring",), "PER_BROKER"),
    "update_security": (
        {"ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}, "Scram": {"Enabled": True}}}},
        ("ClientAuthentication", "Sasl", "Scram", "Enabled"),
        True,
    ),
    "update_connectivity": (
        {"ConnectivityInfo": CONNECTED},
        (
            "BrokerNodeGroupInfo",
            "ConnectivityInfo",
            "VpcConnectivity",
            "ClientAuthentication",
            "Sasl",
            "Iam",
            "Enabled",
        ),
        True,
    ),
}
WRONG: Final[dict[str, tuple[str, dict[str, Any], str]]] = {
    "brokers that are no multiple": ("update_broker_count", {"TargetNumberOfBrokerNodes": 5}, "multiple"),
    "no more brokers": ("update_broker_count", {"TargetNumberOfBrokerNodes": 3}, "above the present one"),
    "storage that shrinks": (
        "update_broker_storage",
        {"TargetBrokerEBSVolumeInfo": [{"KafkaBrokerNodeId": "All", "VolumeSizeGB": 99}]},
        "larger only",
    ),
    "storage that stays": ("update_storage", {"VolumeSizeGB": 100}, "larger only"),
    "storage of one broker": (
        "update_broker_storage",
        {"TargetBrokerEBSVolumeInfo": [{"KafkaBrokerNodeId": "1", "VolumeSizeGB": 200}]},
        "all brokers",
    ),
    "a type of EC2": ("update_broker_type", {"TargetInstanceType": "m5.xlarge"}, "Unsupported InstanceType"),
    "the same type": ("update_broker_type", {"TargetInstanceType": "kafka.m5.large"}, "any updates"),
    "an older version": ("update_cluster_kafka_version", {"TargetKafkaVersion": "3.8.x"}, "goes up only"),
    "plain text among brokers": (
        "update_security",
        {"EncryptionInfo": {"EncryptionInTransit": {"InCluster": False}}},
        "cannot be changed",
    ),
    "no change of connectivity": (
        "update_connectivity",
        {"ConnectivityInfo": {"PublicAccess": {"Type": "DISABLED"}}},
        "any updates",
    ),
}


@pytest.mark.parametrize(("call", "change", "where", "wanted"), [(name, *rest) for name, rest in CHANGES.items()])
def test_a_change_is_an_operation_and_is_read_back(
    aws: Aws, call: str, change: dict[str, Any], where: tuple[str, ...], wanted: object
) -> None:
    kafka, arn = aws("kafka"), cluster(aws)
    before = version(aws, arn)
    made = getattr(kafka, call)(ClusterArn=arn, CurrentVersion=before, **change)["ClusterOperationArn"]
    found: Any = kafka.describe_cluster(ClusterArn=arn)["ClusterInfo"]
    for step in where:
        found = found[step]
    assert found == wanted
    assert version(aws, arn) != before
    operation = kafka.describe_cluster_operation(ClusterOperationArn=made)["ClusterOperationInfo"]
    assert operation["OperationState"] == "UPDATE_COMPLETE"
    assert len(kafka.list_cluster_operations(ClusterArn=arn)["ClusterOperationInfoList"]) == 1


@pytest.mark.parametrize(("call", "change", "said"), WRONG.values(), ids=WRONG)
def test_what_msk_does_not_change_is_refused(aws: Aws, call: str, change: dict[str, Any], said: str) -> None:
    arn = cluster(aws)
    before = version(aws, arn)
    with pytest.raises(ClientError, match=said):
        getattr(aws("kafka"), call)(ClusterArn=arn, CurrentVersion=before, **change)
    assert version(aws, arn) == before


def test_a_change_of_a_version_that_is_past_is_refused(aws: Aws) -> None:
    with pytest.raises(ClientError, match="not the current one"):
        aws("kafka").update_broker_count(ClusterArn=cluster(aws), CurrentVersion="K1", TargetNumberOfBrokerNodes=6)


def test_a_broker_starts_anew_and_nothing_is_changed_meanwhile(
    timed: client.Emulator, request: pytest.FixtureRequest
) -> None:
    aws = session(timed, account_of(request))
    kafka, arn = aws("kafka"), cluster(aws)
    with pytest.raises(ClientError, match="One broker of 1, 2, 3"):
        kafka.reboot_broker(ClusterArn=arn, BrokerIds=["4"])
    made = kafka.reboot_broker(ClusterArn=arn, BrokerIds=["1"])["ClusterOperationArn"]
    operation = kafka.describe_cluster_operation(ClusterOperationArn=made)["ClusterOperationInfo"]
    assert operation["OperationType"] == "REBOOT_NODE"
    assert kafka.describe_cluster_v2(ClusterArn=arn)["ClusterInfo"]["State"] == "REBOOTING_BROKER"
    with pytest.raises(ClientError, match="while it is ACTIVE"):
        kafka.reboot_broker(ClusterArn=arn, BrokerIds=["2"])
    more = {"CurrentVersion": version(aws, arn), "TargetNumberOfBrokerNodes": 6}
    with pytest.raises(ClientError, match="while it is ACTIVE"):
        kafka.update_broker_count(ClusterArn=arn, **more)
    client.control(timed.port, "POST", "advance?seconds=240")
    assert kafka.describe_cluster_v2(ClusterArn=arn)["ClusterInfo"]["State"] == "ACTIVE"
    kafka.update_broker_count(ClusterArn=arn, **more)


def test_a_cluster_takes_the_revision_that_it_is_told(aws: Aws) -> None:
    kafka, arn = aws("kafka"), cluster(aws)
    configuration = kafka.create_configuration(Name="feed", ServerProperties=PROPERTIES)["Arn"]
    told = {"Arn": configuration, "Revision": 1}
    kafka.update_cluster_configuration(ClusterArn=arn, CurrentVersion=version(aws, arn), ConfigurationInfo=told)
    found = kafka.describe_cluster(ClusterArn=arn)["ClusterInfo"]["CurrentBrokerSoftwareInfo"]
    assert (found["ConfigurationArn"], found["ConfigurationRevision"]) == (configuration, 1)
    with pytest.raises(ClientError, match="revision does not exist"):
        kafka.update_cluster_configuration(
            ClusterArn=arn, CurrentVersion=version(aws, arn), ConfigurationInfo={**told, "Revision": 2}
        )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"InstanceType": "kafka.t3.small"}, "not supported for kafka.t3.small"),
        ({"ClientAuthentication": {"Sasl": {"Scram": {"Enabled": True}}}}, "authenticate by IAM"),
        (
            {"ClientAuthentication": {"Sasl": {"Iam": {"Enabled": True}}, "Unauthenticated": {"Enabled": True}}},
            "without a name",
        ),
    ],
)
def test_private_connectivity_needs_iam_and_larger_brokers(aws: Aws, changes: dict[str, Any], said: str) -> None:
    arn = cluster(aws, **changes)
    with pytest.raises(ClientError, match=said):
        connect(aws, arn)


def test_brokers_have_names_for_other_vpcs_once_these_are_let_in(aws: Aws) -> None:
    kafka, arn = aws("kafka"), cluster(aws)
    connect(aws, arn)
    assert "BootstrapBrokerStringVpcConnectivitySaslIam" in kafka.get_bootstrap_brokers(ClusterArn=arn)
