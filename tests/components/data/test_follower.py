"""Databases and caches that follow those of another region, and the generations of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from components.data import Data, DataArgs, PrimaryData
from review.record import record
from tests.components.cluster.surroundings import cluster_of, keys, network_of, options

if TYPE_CHECKING:
    from config.data import Data as DataSettings
    from config.stack import StackConfig
    from review.graph import Graph, Resource

pytestmark = pytest.mark.slow

INSTANCE = "aws:rds/instance:Instance"
SOURCE = "arn:aws:rds:us-east-1:100000000004:db:phoenix-prod"
SECRET = "arn:aws:secretsmanager:us-east-1:100000000004:secret:data-postgres-master-1a2b3c"
TOKEN = "arn:aws:secretsmanager:us-east-1:100000000004:secret:data-redis-token-1a2b3c"
FROM_THE_SOURCE = ("engine", "engineVersion", "dbName", "username", "password", "allocatedStorage")
GLOBAL = "ldgnf-phoenix-prod"


def primary(*, follow: bool) -> PrimaryData:
    """What prod exports, as a standby in another region takes it."""
    known = pulumi.Output.from_input
    return PrimaryData(
        follow=follow,
        postgres_arn=known(SOURCE),
        postgres_secret_arn=known(SECRET),
        redis_global_id=known(GLOBAL),
        redis_secret_arn=known(TOKEN),
    )


def recorded(settings: StackConfig, data: DataSettings, follow: bool | None) -> Graph:  # noqa: FBT001 - the one question
    def program() -> None:
        args = DataArgs(
            settings=data,
            identity=settings.identity.model_copy(update={"region": "us-west-2", "role": "standby"}),
            network=network_of(settings),
            keys=keys(),
            cluster=cluster_of(settings),
            application=None,
            primary=None if follow is None else primary(follow=follow),
        )
        Data("data", args, options(settings))

    return record(program, "test")


def with_postgres(settings: StackConfig, **changes: object) -> DataSettings:
    return settings.data.model_copy(update={"postgres": settings.data.postgres.model_copy(update=changes)})


@pytest.fixture(scope="module")
def following(settings: StackConfig) -> Graph:
    """The data services of a standby that follows."""
    return recorded(settings, settings.data, follow=True)


@pytest.fixture(scope="module")
def serving(settings: StackConfig) -> Graph:
    """The data services of a standby that has taken over."""
    return recorded(settings, settings.data, follow=False)


def _database(graph: Graph, name: str = "data-postgres-primary") -> Resource:
    return graph.named(name)


def _cache(graph: Graph) -> Resource:
    (found,) = graph.of_type("aws:elasticache/replicationGroup:ReplicationGroup")
    return found


def test_a_follower_says_whom_it_follows_and_what_belongs_to_its_region(following: Graph) -> None:
    inputs = _database(following).inputs
    assert inputs["replicateSourceDb"] == SOURCE, "the primary of the other region"
    assert inputs["kmsKeyId"] == "key-data", "keys do not leave their region"
    assert inputs["dbSubnetGroupName"] == "data-postgres-subnets", "nor do subnets"
    assert inputs["backupRetentionPeriod"] == 30, "its readers and its promotion need backups"


@pytest.mark.parametrize("named", FROM_THE_SOURCE)
def test_what_comes_with_the_data_is_named_neither_before_nor_after_the_promotion(
    following: Graph, serving: Graph, named: str
) -> None:
    assert named not in _database(following).inputs, "RDS refuses it of a replica"
    assert named not in _database(serving).inputs, "naming it would change what has just been promoted"


def test_a_promotion_changes_the_source_and_the_final_snapshot_alone(following: Graph, serving: Graph) -> None:
    before, after = _database(following).inputs, _database(serving).inputs
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert changed == {"replicateSourceDb", "skipFinalSnapshot", "finalSnapshotIdentifier"}, (
        "whatever else changes may replace the database"
    )


def test_a_failover_changes_nothing_else_of_the_data_services(following: Graph, serving: Graph) -> None:
    before = {one.urn: one.inputs for one in following.resources}
    after = {one.urn: one.inputs for one in serving.resources}
    come = {urn.rpartition("::")[2] for urn in set(after) ^ set(before)}
    assert come == {"data-postgres-proxy-target"}, "the proxy takes no target that follows; nothing else comes or goes"
    changed = {urn.rpartition("::")[2] for urn, inputs in before.items() if inputs != after[urn]}
    assert changed == {"data-postgres-primary"}, "IAM cannot be changed while us-east-1 is lost"


def test_a_standby_uses_the_replica_of_its_primary_s_secret(following: Graph) -> None:
    outputs = following.named("data-postgres").outputs
    assert outputs["secretArn"] == SECRET.replace("us-east-1", "us-west-2"), "the same secret, in its own region"
    made = [one.name for one in following.any_of_type("aws:secretsmanager/secret:Secret")]
    assert made == [], "and has none of its own"


def test_a_standby_rotates_nothing(following: Graph, serving: Graph) -> None:
    for graph in (following, serving):
        assert not graph.any_of_type("aws:secretsmanager/secretRotation:SecretRotation"), "its primary rotates for both"


def test_a_cache_joins_the_datastore_and_names_nothing_of_its_primary_s(following: Graph) -> None:
    inputs = _cache(following).inputs
    assert inputs["globalReplicationGroupId"] == GLOBAL, "the secondary of the datastore"
    assert inputs["kmsKeyId"] == "key-data", "under a key of its region"
    refused = (
        "engine", "engineVersion", "nodeType", "numNodeGroups", "parameterGroupName", "authToken",
        "atRestEncryptionEnabled", "transitEncryptionEnabled", "autoMinorVersionUpgrade",
    )  # fmt: skip
    assert not set(refused) & set(inputs), "ElastiCache refuses what the primary or the datastore decides"
    left_alone = _cache(following).ignore_changes
    assert left_alone == ("engine",), "the provider's own default would replace a Valkey group at each later plan"
    assert following.named("data-redis").outputs["secretArn"] == TOKEN.replace("us-east-1", "us-west-2")


def test_a_standby_without_replication_has_data_services_of_its_own(settings: StackConfig) -> None:
    def program() -> None:
        args = DataArgs(
            settings=settings.data,
            identity=settings.identity,
            network=network_of(settings),
            keys=keys(),
            cluster=cluster_of(settings),
            application=None,
            primary=PrimaryData(follow=True),
        )
        Data("data", args, options(settings))

    alone = record(program, "test")
    assert "replicateSourceDb" not in _database(alone).inputs, "there is nobody to follow"
    assert len(alone.of_type("aws:secretsmanager/secretRotation:SecretRotation")) == 2, "it rotates both secrets"


@pytest.fixture(scope="module")
def again(settings: StackConfig) -> Graph:
    """The data services of a primary that follows its standby before it takes writes again."""
    source = "arn:aws:rds:us-west-2:100000000004:db:phoenix-prod"
    return recorded(
        settings, with_postgres(settings, generation=2, previous_generations=(1,), source_arn=source), follow=None
    )


def test_a_new_generation_stands_beside_the_former(again: Graph) -> None:
    names = {one.inputs["identifier"] for one in again.of_type(INSTANCE)}
    readers = ("reader-b", "reader-c")
    assert names == {
        "phoenix-prod", *(f"phoenix-prod-{one}" for one in readers),
        "phoenix-prod-g2", *(f"phoenix-prod-g2-{one}" for one in readers),
    }, "nothing is deleted"  # fmt: skip
    assert (
        _database(again, "data-postgres-g2-primary")
        .inputs["replicateSourceDb"]
        .endswith("us-west-2:100000000004:db:phoenix-prod")
    )


def test_the_readers_of_a_new_generation_follow_its_own_primary(again: Graph) -> None:
    assert _database(again, "data-postgres-g2-reader-b").inputs["replicateSourceDb"] == "phoenix-prod-g2"


def test_a_former_generation_stays_as_it_was(again: Graph, settings: StackConfig) -> None:
    before = recorded(settings, settings.data, follow=None)
    for name in ("data-postgres-primary", "data-postgres-reader-b"):
        kept, was = _database(again, name), _database(before, name)
        assert (kept.urn, kept.inputs) == (was.urn, was.inputs), "the same resource with the same inputs"
        assert kept.ignore_changes == (), "what a policy guards is never out of sight"
        assert kept.protect, "and protected"


def test_a_generation_that_follows_has_no_secret_of_its_own(again: Graph) -> None:
    secrets = [one.name for one in again.of_type("aws:secretsmanager/secret:Secret") if "postgres" in one.name]
    assert secrets == ["data-postgres-master-secret"], "a password set here would be lost to the next change there"
    assert again.named("data-postgres").outputs["secretArn"].endswith("data-postgres-master-secret")


def test_only_the_former_generation_is_rotated_while_a_new_one_follows(again: Graph) -> None:
    found = sorted(one.name for one in again.of_type("aws:secretsmanager/secretRotation:SecretRotation"))
    assert found == ["data-postgres-rotation-schedule", "data-redis-rotation-schedule"]


def test_after_the_cut_over_the_new_generation_is_rotated_at_once(settings: StackConfig) -> None:
    graph = recorded(settings, with_postgres(settings, generation=2, previous_generations=(1,)), follow=None)
    current = _database(graph, "data-postgres-g2-primary").inputs
    assert "replicateSourceDb" not in current, "it takes writes"
    assert "password" not in current, "its password came with the data; rotation gives it the secret's"
    assert (current["engineVersion"], current["allocatedStorage"]) == ("17.10", 1024), "sized by the stack file again"
    schedule = graph.named("data-postgres-g2-rotation-schedule").inputs
    assert schedule["rotateImmediately"] is True, "so that the new secret opens it"
    assert "g2" in schedule["secretId"], "the secret of this generation"
