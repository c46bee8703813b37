"""Stacks `records` and `records-dr`: deployed from nothing, number by number what their document says, drilled, gone.

A pilot light: no node runs in the standby's region until a failover, and the drill begins with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [
    pytest.mark.engine,
    pytest.mark.rehearsal,
    pytest.mark.soak,
    pytest.mark.slow,
    pytest.mark.timeout(4500),
]

PAIR: Final = ("records", "records-dr")
REGIONS: Final = {"records": "us-east-1", "records-dr": "us-west-2"}
ACCOUNT: Final = "100000000001"
NAME: Final = "recordhouse-prod"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both stacks, deployed in a checkout of their own; nothing of them outlives the tests."""
    world = World.copied(tmp_path_factory.mktemp("records"))
    up = world.sandbox("up", *PAIR, "--json", limit_seconds=1800)
    assert up.status == 0, up.text[-8000:]
    yield world
    world.sandbox("down")


@pytest.fixture(scope="module")
def asked(records: World) -> Callable[[str, str], Any]:
    """A function that makes a client of a service, for the region of a stack."""
    endpoint = records.sandbox("status", "--json").document()["emulator"]

    def client(service: str, stack: str) -> Any:  # noqa: ANN401 boto3 makes its clients at run time
        session = boto3.Session(ACCOUNT, "secret", region_name=REGIONS[stack])
        return session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload] # any service

    return client


def test_a_second_run_changes_nothing(records: World) -> None:
    again = records.sandbox("preview", *PAIR, "--json")
    assert again.status == 0, again.text[-4000:]
    planned = again.document()["stacks"]
    assert [(one["changes"], one["policy"]["refused"]) for one in planned] == [({}, 0)] * len(PAIR)


def test_the_database_is_the_documents(asked: Callable[[str, str], Any]) -> None:
    instances = asked("rds", "records").describe_db_instances()["DBInstances"]
    sizes = sorted((one["DBInstanceClass"], one["AllocatedStorage"], one["Iops"]) for one in instances)
    assert sizes == [("db.r5.2xlarge", 1024, 16000)] * 3, "a primary and two readers, 1 TB and 16,000 IOPS each"
    (primary,) = (one for one in instances if not one.get("ReadReplicaSourceDBInstanceIdentifier"))
    assert (primary["MultiAZ"], primary["BackupRetentionPeriod"], primary["StorageType"]) == (True, 35, "gp3")
    (copy,) = asked("rds", "records-dr").describe_db_instances()["DBInstances"]
    assert NAME in copy["ReadReplicaSourceDBInstanceIdentifier"], "it follows from another region"


def test_the_cache_is_sharded_and_fails_over(asked: Callable[[str, str], Any]) -> None:
    for stack in PAIR:
        (group,) = asked("elasticache", stack).describe_replication_groups()["ReplicationGroups"]
        assert (group["CacheNodeType"], group["AutomaticFailover"]) == ("cache.r6g.xlarge", "enabled")
        assert [len(shard["NodeGroupMembers"]) for shard in group["NodeGroups"]] == [2, 2, 2]


@pytest.mark.parametrize(("stack", "counts"), [("records", (3, 10, 3)), ("records-dr", (0, 10, 0))])
def test_nodes_are_the_documents_and_none_waits(
    asked: Callable[[str, str], Any], stack: str, counts: tuple[int, int, int]
) -> None:
    eks = asked("eks", stack)
    (cluster,) = eks.list_clusters()["clusters"]
    (name,) = eks.list_nodegroups(clusterName=cluster)["nodegroups"]
    group = eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
    assert group["instanceTypes"] == ["c5.2xlarge"]
    scaling = group["scalingConfig"]
    assert (scaling["minSize"], scaling["maxSize"], scaling["desiredSize"]) == counts


def test_objects_are_kept_in_the_documents_classes(asked: Callable[[str, str], Any]) -> None:
    s3, found = asked("s3", "records"), dict[str, list[str]]()
    for short in ("backups", "logs", "archives"):
        rules = s3.get_bucket_lifecycle_configuration(Bucket=f"recordhouse-{short}-{ACCOUNT}")["Rules"]
        found[short] = [move["StorageClass"] for rule in rules for move in rule.get("Transitions", [])]
    assert found == {"backups": ["STANDARD_IA", "GLACIER_IR"], "logs": ["INTELLIGENT_TIERING"], "archives": ["GLACIER"]}


def test_images_keep_their_tags_and_are_scanned(asked: Callable[[str, str], Any]) -> None:
    for stack in PAIR:
        repositories = asked("ecr", stack).describe_repositories()["repositories"]
        assert {one["repositoryName"].rpartition("/")[2] for one in repositories} == {"application", "mirror"}
        assert {one["imageTagMutability"] for one in repositories} == {"IMMUTABLE"}


def test_production_is_entered_by_a_second_factor(asked: Callable[[str, str], Any]) -> None:
    roles = [one for one in asked("iam", "records").list_roles()["Roles"] if "operators" in one["RoleName"]]
    assert len(roles) == len(PAIR)
    for role in roles:
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"]["Bool"] == {"aws:MultiFactorAuthPresent": "true"}


def test_what_is_promised_for_a_zone_is_put_to_the_test_and_held(records: World) -> None:
    ended = records.sandbox("chaos", "records", "--json", limit_seconds=1200)
    assert ended.status == 0, ended.text[-8000:]
    held = {one["name"]: one["verdict"] for one in ended.document()["experiments"]}
    assert held == dict.fromkeys(("failover", "lost-cache", "lost-broker", "lost-zone"), "held")


def test_the_drill_begins_with_nodes_from_nothing_and_the_data_comes_home(records: World) -> None:
    ended = records.sandbox("drill", *PAIR, "--json", limit_seconds=3600)
    assert ended.status == 0, ended.text[-8000:]
    said = ended.document()
    assert said["ok"]
    by_service = {bound["service"]: bound for bound in said["bounds"]}
    assert by_service["cluster"]["mechanism"] == "no warm nodes"
    assert set(said["measured"]) == {"detection", "traffic", "failover", "recovery"}


def test_a_standby_whose_replicator_is_gone_is_no_drill(records: World, asked: Callable[[str, str], Any]) -> None:
    kafka = asked("kafka", "records-dr")
    (one,) = kafka.list_replicators()["Replicators"]
    kafka.delete_replicator(ReplicatorArn=one["ReplicatorArn"])
    ended = records.sandbox("drill", *PAIR, "--json", limit_seconds=900)
    assert ended.status != 0, "topics would end with the region"
    said = ended.document()["error"]["what"]
    assert "topics-follow: expected a replicator to" in said, ended.text[-4000:]
    assert "found no replicator" in said


def test_a_standby_whose_record_is_gone_is_no_drill(records: World, asked: Callable[[str, str], Any]) -> None:
    route53 = asked("route53", "records")
    zones = route53.list_hosted_zones()["HostedZones"]
    (gone,) = (
        (zone["Id"], record)
        for zone in zones
        for record in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        if record.get("Failover") == "SECONDARY"
    )
    batch = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": gone[1]}]}
    route53.change_resource_record_sets(HostedZoneId=gone[0], ChangeBatch=batch)
    ended = records.sandbox("drill", *PAIR, "--json", limit_seconds=900)
    assert ended.status != 0, "nobody would be led to the standby"
    assert "found ['PRIMARY']" in ended.document()["error"]["what"], ended.text[-4000:]
