"""A replicator of MSK comes into the cluster of another region only by what lets it in, and is read back whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.streaming import ACTIONS, admit, cluster, connect, copied

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

THERE: Final = "us-west-2"


def role(aws: Aws) -> str:
    made: str = aws("iam").create_role(RoleName="copies", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    return made


@pytest.fixture
def pair(aws: Aws) -> tuple[str, str, str]:
    """A source that lets replicators in, a target in another region, and a role."""
    source, target = cluster(aws), cluster(aws, THERE)
    connect(aws, source)
    admit(aws, source, ACTIONS)
    return source, target, role(aws)


def test_a_replicator_is_read_back_as_the_provider_tells_source_from_target(
    aws: Aws, pair: tuple[str, str, str]
) -> None:
    kafka = aws("kafka", THERE)
    arn = kafka.create_replicator(**copied(*pair, Tags={"Team": "feed"}))["ReplicatorArn"]
    found = kafka.describe_replicator(ReplicatorArn=arn)
    assert (found["ReplicatorState"], found["Tags"]) == ("RUNNING", {"Team": "feed"})
    aliases = [one["KafkaClusterAlias"] for one in found["KafkaClusters"]]
    (info,) = found["ReplicationInfoList"]
    assert aliases == [info["SourceKafkaClusterAlias"], info["TargetKafkaClusterAlias"]]
    assert len(set(aliases)) == 2, "clusters of one name have another alias"
    assert "SecurityGroupIds" not in found["KafkaClusters"][0]["VpcConfig"]
    assert info["TopicReplication"]["TopicNameConfiguration"] == {"Type": "IDENTICAL"}
    changed = {"TopicsToReplicate": ["bids"], "TopicsToExclude": [], "CopyTopicConfigurations": True}
    changed |= {"CopyAccessControlListsForTopics": False, "DetectAndCopyNewTopics": True}
    kafka.update_replication_info(
        ReplicatorArn=arn,
        CurrentVersion=found["CurrentVersion"],
        SourceKafkaClusterArn=pair[0],
        TargetKafkaClusterArn=pair[1],
        TopicReplication=changed,
    )
    (info,) = kafka.describe_replicator(ReplicatorArn=arn)["ReplicationInfoList"]
    assert info["TopicReplication"]["TopicsToReplicate"] == ["bids"]
    assert info["TopicReplication"]["StartingPosition"] == {"Type": "EARLIEST"}
    with pytest.raises(ClientError, match="ConflictException"):
        kafka.create_replicator(**copied(*pair))
    kafka.delete_replicator(ReplicatorArn=arn)
    with pytest.raises(kafka.exceptions.NotFoundException):
        kafka.describe_replicator(ReplicatorArn=arn)


def test_a_source_that_takes_no_connection_is_refused(aws: Aws) -> None:
    source, target = cluster(aws), cluster(aws, THERE)
    with pytest.raises(ClientError, match="VPC connectivity by IAM"):
        aws("kafka", THERE).create_replicator(**copied(source, target, role(aws)))


@pytest.mark.parametrize("actions", [[], ACTIONS[:2]], ids=["no policy", "a policy that lacks something"])
def test_a_source_that_does_not_admit_the_service_is_refused(aws: Aws, actions: list[str]) -> None:
    source, target = cluster(aws), cluster(aws, THERE)
    connect(aws, source)
    if actions:
        admit(aws, source, actions)
    with pytest.raises(ClientError, match="policy of the source cluster does not allow"):
        aws("kafka", THERE).create_replicator(**copied(source, target, role(aws)))


def test_a_source_of_two_brokers_is_refused(aws: Aws) -> None:
    from tests.sandbox.emulator.patches.streaming import asked, subnets  # noqa: PLC0415 - here alone

    two = asked(subnets(aws, zones="ab"), NumberOfBrokerNodes=2)
    source = aws("kafka").create_cluster(**two)["ClusterArn"]
    with pytest.raises(ClientError, match="3 brokers at least"):
        aws("kafka", THERE).create_replicator(**copied(source, cluster(aws, THERE), role(aws)))


def test_a_replicator_stands_beside_its_target_between_two_clusters_that_differ(
    aws: Aws, pair: tuple[str, str, str]
) -> None:
    source, target, named = pair
    with pytest.raises(ClientError, match="Region of its target cluster"):
        aws("kafka").create_replicator(**copied(*pair))
    kafka = aws("kafka", THERE)
    for asked, said in (
        (copied(target, target, named), "must differ"),
        (copied(source, target, f"{named}-gone"), "role does not exist"),
        (copied(source, f"{target[:-1]}x", named), "does not exist"),
        (copied(source, target, named, ReplicatorName="feed.prod"), "name is invalid"),
    ):
        with pytest.raises(ClientError, match=said):
            kafka.create_replicator(**asked)
    bare = copied(*pair)
    del bare["KafkaClusters"][1]["VpcConfig"]["SecurityGroupIds"]
    with pytest.raises(ClientError, match="needs security groups"):
        kafka.create_replicator(**bare)


def test_a_cluster_has_a_policy_once_other_vpcs_are_let_in(aws: Aws) -> None:
    kafka, arn = aws("kafka"), cluster(aws)
    with pytest.raises(ClientError, match="VPC connectivity turned on"):
        admit(aws, arn, ACTIONS)
    connect(aws, arn)
    with pytest.raises(kafka.exceptions.NotFoundException):
        kafka.get_cluster_policy(ClusterArn=arn)
    admit(aws, arn, ACTIONS)
    found = kafka.get_cluster_policy(ClusterArn=arn)
    assert json.loads(found["Policy"])["Statement"][0]["Action"] == ACTIONS
    with pytest.raises(ClientError, match="policy version"):
        kafka.put_cluster_policy(ClusterArn=arn, Policy="{}", CurrentVersion="P1")
    with pytest.raises(ClientError, match="no JSON"):
        kafka.put_cluster_policy(ClusterArn=arn, Policy="{", CurrentVersion=found["CurrentVersion"])
    kafka.delete_cluster_policy(ClusterArn=arn)
    with pytest.raises(kafka.exceptions.NotFoundException):
        kafka.get_cluster_policy(ClusterArn=arn)


def test_a_replicator_without_its_role_or_its_source_has_failed(aws: Aws, pair: tuple[str, str, str]) -> None:
    kafka = aws("kafka", THERE)
    arn = kafka.create_replicator(**copied(*pair))["ReplicatorArn"]
    aws("iam").delete_role(RoleName="copies")
    found = kafka.describe_replicator(ReplicatorArn=arn)
    assert (found["ReplicatorState"], "copies" in found["StateInfo"]["Message"]) == ("FAILED", True)
    role(aws)
    assert kafka.describe_replicator(ReplicatorArn=arn)["ReplicatorState"] == "RUNNING"
    aws("kafka").delete_cluster(ClusterArn=pair[0])
    assert kafka.list_replicators()["Replicators"][0]["ReplicatorState"] == "FAILED"
