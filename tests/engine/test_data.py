"""Databases, caches, secrets and keys as AWS tells them, asked with boto3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Aws

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

PRIMARY = "phoenix-prod"
REPLICAS = {"phoenix-prod-reader-b": "us-east-1b", "phoenix-prod-reader-c": "us-east-1c"}
INSTANCES = (PRIMARY, *REPLICAS)
READ_BY_A_STANDBY = {"data", "storage", "secrets"}


@pytest.fixture(scope="module")
def databases(aws: Aws) -> dict[str, dict[str, Any]]:
    """RDS instances by identifier."""
    found = aws("rds").describe_db_instances()["DBInstances"]
    return {instance["DBInstanceIdentifier"]: instance for instance in found}


@pytest.fixture(scope="module")
def cache(aws: Aws) -> dict[str, Any]:
    """The only replication group."""
    (group,) = aws("elasticache").describe_replication_groups()["ReplicationGroups"]
    return dict(group)


@pytest.fixture(scope="module")
def keys(aws: Aws, key_arns: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What KMS says of the key of each domain, with its rotation."""
    kms = aws("kms")
    return {
        domain: kms.describe_key(KeyId=arn)["KeyMetadata"] | kms.get_key_rotation_status(KeyId=arn)
        for domain, arn in key_arns.items()
    }


def test_there_are_the_primary_and_two_replicas_of_it(databases: dict[str, dict[str, Any]]) -> None:
    sources = {name: reported.get("ReadReplicaSourceDBInstanceIdentifier", "") for name, reported in databases.items()}
    assert sources == {PRIMARY: "", **dict.fromkeys(REPLICAS, PRIMARY)}


def test_the_primary_is_multi_az_at_the_class_of_the_document(databases: dict[str, dict[str, Any]]) -> None:
    primary = databases[PRIMARY]
    assert (primary["MultiAZ"], primary["DBInstanceClass"]) == (True, "db.r5.2xlarge")


def test_the_primary_has_a_terabyte_of_gp3_and_30_days_of_backups(databases: dict[str, dict[str, Any]]) -> None:
    primary = databases[PRIMARY]
    reported = (primary["StorageType"], primary["AllocatedStorage"], primary["BackupRetentionPeriod"])
    assert reported == ("gp3", 1024, 30)


@pytest.mark.parametrize("replica", REPLICAS)
def test_a_replica_stands_in_the_zone_that_the_stack_file_gives_it(
    databases: dict[str, dict[str, Any]], replica: str
) -> None:
    reported = databases[replica]
    assert (reported["AvailabilityZone"], reported["DBInstanceClass"]) == (REPLICAS[replica], "db.r5.xlarge")


@pytest.mark.parametrize("name", INSTANCES)
def test_a_database_is_encrypted_by_the_key_of_data(
    databases: dict[str, dict[str, Any]], key_arns: dict[str, str], name: str
) -> None:
    assert (databases[name]["StorageEncrypted"], databases[name]["KmsKeyId"]) == (True, key_arns["data"])


@pytest.mark.parametrize("name", INSTANCES)
def test_a_database_is_private_and_not_deleted_by_one_call(databases: dict[str, dict[str, Any]], name: str) -> None:
    assert (databases[name]["PubliclyAccessible"], databases[name]["DeletionProtection"]) == (False, True)


@pytest.mark.parametrize("name", INSTANCES)
def test_a_database_refuses_connections_without_tls(aws: Aws, databases: dict[str, dict[str, Any]], name: str) -> None:
    group = databases[name]["DBParameterGroups"][0]["DBParameterGroupName"]
    pages = aws("rds").get_paginator("describe_db_parameters").paginate(DBParameterGroupName=group)
    values = {each["ParameterName"]: each.get("ParameterValue") for page in pages for each in page["Parameters"]}
    assert values.get("rds.force_ssl") == "1"


def test_the_cache_has_three_shards_of_a_primary_and_two_replicas(cache: dict[str, Any]) -> None:
    roles = [sorted(member["CurrentRole"] for member in shard["NodeGroupMembers"]) for shard in cache["NodeGroups"]]
    assert roles == [["primary", "replica", "replica"]] * 3
    assert (cache["ClusterEnabled"], cache["CacheNodeType"]) == (True, "cache.r6g.large")


def test_the_cache_speaks_tls_to_who_knows_the_token(cache: dict[str, Any]) -> None:
    reported = (cache["TransitEncryptionEnabled"], cache["TransitEncryptionMode"], cache["AuthTokenEnabled"])
    assert reported == (True, "required", True)


def test_the_cache_is_encrypted_at_rest_by_the_key_of_data(cache: dict[str, Any], key_arns: dict[str, str]) -> None:
    assert (cache["AtRestEncryptionEnabled"], cache["KmsKeyId"]) == (True, key_arns["data"])


def test_the_cache_fails_over_by_itself(cache: dict[str, Any]) -> None:
    assert (cache["AutomaticFailover"], cache["MultiAZ"]) == ("enabled", "enabled")


def test_every_secret_is_under_the_key_of_secrets_and_copied_to_the_standby(aws: Aws, key_arns: dict[str, str]) -> None:
    manager = aws("secretsmanager")
    reported = [manager.describe_secret(SecretId=each["ARN"]) for each in manager.list_secrets()["SecretList"]]
    assert len(reported) == 3, "the master user of PostgreSQL, the pooled user, the token of Redis"
    for secret in reported:
        assert secret["KmsKeyId"] == key_arns["secrets"], secret["Name"]
        copies = {(copy["Region"], copy["Status"]) for copy in secret["ReplicationStatus"]}
        assert copies == {("us-west-2", "InSync")}, secret["Name"]


def test_secrets_that_a_service_knows_rotate_each_month(aws: Aws) -> None:
    manager = aws("secretsmanager")
    reported = [manager.describe_secret(SecretId=each["ARN"]) for each in manager.list_secrets()["SecretList"]]
    days = [secret["RotationRules"]["AutomaticallyAfterDays"] for secret in reported if secret.get("RotationEnabled")]
    assert days == [30, 30], "the pooled user's is turned over by hand (policy/waivers.yaml)"


def test_there_is_a_key_for_each_domain_and_no_other(aws: Aws, keys: dict[str, dict[str, Any]]) -> None:
    assert set(keys) == {"data", "storage", "secrets", "cluster", "logs", "backup"}
    kms = aws("kms")
    ours = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    arns = {key["Arn"] for key in ours if key["KeyManager"] == "CUSTOMER"}
    assert arns == {key["Arn"] for key in keys.values()}, "a key without an alias belongs to nobody"


def test_every_key_rotates_once_a_year(keys: dict[str, dict[str, Any]]) -> None:
    rotation = {domain: (key["KeyRotationEnabled"], key["RotationPeriodInDays"]) for domain, key in keys.items()}
    assert rotation == dict.fromkeys(keys, (True, 365))


def test_keys_that_a_standby_reads_with_are_multi_region(keys: dict[str, dict[str, Any]]) -> None:
    assert {domain for domain, key in keys.items() if key["MultiRegion"]} == READ_BY_A_STANDBY


def test_volumes_that_nobody_thought_of_are_encrypted_too(aws: Aws, key_arns: dict[str, str]) -> None:
    ec2 = aws("ec2")
    assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key_arns["cluster"]
