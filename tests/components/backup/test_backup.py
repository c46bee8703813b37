"""The vault, its plan, restores on trial, and copies of another region's backups."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.backup import Backup, BackupArgs, CopyPlan, CopyPlanArgs
from components.backup.plan import Sources, trial_name, vault_name
from config import load_file, stack_file
from config.backup import BackupCopy
from review.record import record
from tests.components.cluster.surroundings import options

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.backup import Backed
    from config.backup import Backup as BackupSettings
    from config.stack import StackConfig
    from review.graph import Graph

PLAN = "aws:backup/plan:Plan"
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
SELECTION = "aws:backup/selection:Selection"
SOURCES = Sources(
    postgres=["postgres"], buckets={"static-assets": "one", "logs": "two"}, tables={}, cluster="phoenix-prod"
)


@pytest.fixture(scope="module")
def backup_settings(settings: StackConfig) -> BackupSettings:
    assert settings.backup is not None
    return settings.backup


@pytest.fixture(scope="module")
def record_backup(settings: StackConfig) -> Callable[[BackupSettings], Graph]:
    def recorded(backup: BackupSettings) -> Graph:
        def program() -> None:
            args = BackupArgs(settings=backup, identity=settings.identity, keys=settings.keys, sources=SOURCES)
            Backup("backup", args, options(settings))

        return record(program, "test")

    return recorded


@pytest.fixture(scope="module")
def backup(record_backup: Callable[[BackupSettings], Graph], backup_settings: BackupSettings) -> Graph:
    return record_backup(backup_settings)


@pytest.fixture(scope="module")
def record_copies(settings: StackConfig) -> Callable[[tuple[Backed, ...]], Graph]:
    lifecycle = BackupCopy(schedule="cron(0 9 * * ? *)", retention_days=30, source_retention_days=7)

    def recorded(resources: tuple[Backed, ...]) -> Graph:
        def program() -> None:
            args = CopyPlanArgs(
                settings=lifecycle,
                identity=settings.identity,
                vault_name="primary-vault",
                role_arn="primary-role",
                destination_vault_arn="standby-vault",
                resources=resources,
                sources=SOURCES,
            )
            CopyPlan("copies", args, options(settings))

        return record(program, "test")

    return recorded


@pytest.fixture(scope="module")
def copies(record_copies: Callable[[tuple[Backed, ...]], Graph]) -> Graph:
    return record_copies(("postgres",))


def _policy(graph: Graph, name: str) -> dict[str, dict[str, Any]]:
    found = json.loads(graph.named(name).inputs["policy"])["Statement"]
    return {statement["Sid"]: statement for statement in found}


def test_the_vault_has_a_name_that_another_region_can_compute(backup: Graph, settings: StackConfig) -> None:
    vault = backup.named("backup-vault-vault")
    assert vault.inputs["name"] == vault_name(settings.identity) == "phoenix-prod-primary"
    assert (vault.protect, vault.retain_on_delete) == (True, True), "it holds what everything else is restored from"


def test_the_vault_has_a_key_of_its_own(backup: Graph) -> None:
    key = backup.named("backup-vault-key")
    assert backup.named("backup-vault-vault").property_dependencies["kmsKeyArn"] == (key.urn,)
    statements = {each["Sid"]: each for each in json.loads(key.inputs["policy"])["Statement"]}
    via = statements["UsedThroughServices"]["Condition"]["StringEquals"]["kms:ViaService"]
    services = [service.partition(".")[0] for service in via]
    assert services == ["backup", "rds", "ec2", "s3"], "those that copy into a vault, in the caller's name"


def test_nobody_deletes_a_recovery_point_or_shortens_its_life(backup: Graph) -> None:
    statement = _policy(backup, "backup-vault-policy")["DenyDeletion"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": ["*"]})
    assert statement["Action"] == ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]


def test_a_governance_lock_can_be_lifted_and_a_compliance_lock_cannot(
    record_backup: Callable[[BackupSettings], Graph], backup_settings: BackupSettings, backup: Graph
) -> None:
    lock = backup.named("backup-vault-lock").inputs
    assert (lock["minRetentionDays"], lock["maxRetentionDays"]) == (7, 400)
    assert "changeableForDays" not in lock, "with it AWS would make the lock final"
    final = backup_settings.lock.model_copy(update={"mode": "compliance", "cooling_off_days": 14})
    graph = record_backup(backup_settings.model_copy(update={"lock": final}))
    assert graph.named("backup-vault-lock").inputs["changeableForDays"] == 14


def test_failures_are_reported_to_the_owner_by_an_encrypted_topic(backup: Graph, settings: StackConfig) -> None:
    topic = backup.named("backup-vault-events", "aws:sns/topic:Topic")
    assert topic.property_dependencies["kmsMasterKeyId"] == (backup.named("backup-vault-key").urn,)
    assert backup.named("backup-vault-events-owner").inputs["endpoint"] == settings.identity.owner
    reported = backup.named("backup-vault-events", "aws:backup/vaultNotifications:VaultNotifications").inputs
    assert reported["backupVaultEvents"] == ["COPY_JOB_FAILED", "S3_BACKUP_OBJECT_FAILED", "S3_RESTORE_OBJECT_FAILED"]


@pytest.mark.parametrize(
    ("kind", "key"), [("Backup Job State Change", "state"), ("Restore Job State Change", "status")]
)
def test_jobs_that_end_badly_reach_the_topic_through_eventbridge(backup: Graph, kind: str, key: str) -> None:
    rules = {rule.urn: json.loads(rule.inputs["eventPattern"]) for rule in backup.of_type(EVENT_RULE)}
    (rule,) = [urn for urn, pattern in rules.items() if pattern["detail-type"] == [kind]]
    assert rules[rule]["detail"] == {key: ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]}, "what notifications leave out"
    (target,) = [one for one in backup.of_type(EVENT_TARGET) if rule in one.property_dependencies["rule"]]
    topic, policy = (
        backup.named("backup-vault-events", f"aws:sns/{one}") for one in ("topic:Topic", "topicPolicy:TopicPolicy")
    )
    assert {topic.urn, policy.urn} <= set(target.property_dependencies["arn"]), "known once EventBridge may publish"


def test_eventbridge_may_publish_to_the_topic_and_use_its_key(backup: Graph) -> None:
    statements = json.loads(backup.named("backup-vault-events", "aws:sns/topicPolicy:TopicPolicy").inputs["policy"])
    publishing = {
        each["Sid"]: each["Principal"]["Service"] for each in statements["Statement"] if "Service" in each["Principal"]
    }
    assert publishing == {"VaultTells": ["backup.amazonaws.com"], "EventsTell": ["events.amazonaws.com"]}
    key = _policy(backup, "backup-vault-key")["UsedByVaultEvents"]
    assert key["Principal"] == {"Service": ["backup.amazonaws.com", "events.amazonaws.com"]}, (
        "or it is encrypted for nobody"
    )


def test_the_seeds_daily_backup_is_kept_for_thirty_days(backup: Graph) -> None:
    rules = {rule["ruleName"]: rule for rule in backup.of_type(PLAN)[0].inputs["rules"]}
    assert rules["daily"]["lifecycle"] == {"deleteAfter": 30}, "section 6.2"
    assert rules["monthly"]["lifecycle"] == {
        "coldStorageAfter": 30,
        "deleteAfter": 366,
        "optInToArchiveForSupportedResources": True,
    }, "EBS archives nothing without the opt-in"
    assert {rule["targetVaultName"] for rule in rules.values()} == {"phoenix-prod-primary"}


def test_database_and_buckets_are_named_and_volumes_are_known_by_their_tag(backup: Graph) -> None:
    named = backup.named("backup-data", SELECTION).inputs
    assert named["resources"] == ["postgres", "one", "two"]
    volumes = backup.named("backup-volumes", SELECTION).inputs
    assert volumes["resources"] == ["arn:aws:ec2:*:*:volume/*"]
    equals = [{"key": "aws:ResourceTag/KubernetesCluster", "value": "phoenix-prod"}]
    assert volumes["conditions"] == [{"stringEquals": equals}], "no other volume of the account"


def test_what_is_not_named_is_not_backed_up(
    record_backup: Callable[[BackupSettings], Graph], backup_settings: BackupSettings
) -> None:
    changes = {"resources": ("postgres",), "restore_testing": None}
    graph = record_backup(backup_settings.model_copy(update=changes))
    (selection,) = graph.of_type(SELECTION)
    assert selection.inputs["resources"] == ["postgres"]
    policies = {
        each.inputs["policyArn"].rpartition("/")[2]
        for each in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    }
    assert not any("S3" in policy for policy in policies), "the role may read no bucket where none is backed up"


def test_a_standby_without_rules_has_a_vault_and_no_plan(
    record_backup: Callable[[BackupSettings], Graph], backup_settings: BackupSettings
) -> None:
    graph = record_backup(backup_settings.model_copy(update={"rules": {}, "restore_testing": None}))
    assert graph.named("backup-vault-vault")
    assert graph.any_of_type(PLAN, SELECTION) == (), "it only takes copies"


def test_restores_are_tried_from_this_vault(backup: Graph, settings: StackConfig) -> None:
    plan = backup.named("backup-trial-plan").inputs
    assert plan["name"] == trial_name(settings.identity) == "phoenix_prod_primary", "AWS takes no hyphen there"
    assert plan["recoveryPointSelection"]["selectionWindowDays"] == 7
    assert plan["recoveryPointSelection"]["excludeVaults"] == [], "left out, provider 5.100 fails at the first change"
    types = {
        each.inputs["protectedResourceType"]
        for each in backup.of_type("aws:backup/restoreTestingSelection:RestoreTestingSelection")
    }
    assert types == {"S3", "EBS"}


def test_one_small_bucket_and_one_volume_are_restored_and_not_all_of_them(backup: Graph) -> None:
    selection = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
    assert backup.named("backup-trial-buckets", selection).inputs["protectedResourceArns"] == ["one"]
    volume = backup.named("backup-trial-volumes", selection).inputs
    assert "protectedResourceArns" not in volume, "the provider takes ARNs or conditions, not both"
    equals = {each["key"]: each["value"] for each in volume["protectedResourceConditions"]["stringEquals"]}
    assert equals == {
        "aws:ResourceTag/KubernetesCluster": "phoenix-prod",
        "aws:ResourceTag/kubernetes.io/created-for/pvc/namespace": "blockchain",
        "aws:ResourceTag/kubernetes.io/created-for/pvc/name": "data-validator-0",
    }


def test_copies_are_made_in_the_primarys_vault_and_kept_in_the_standbys(copies: Graph) -> None:
    (rule,) = copies.of_type(PLAN)[0].inputs["rules"]
    assert (rule["targetVaultName"], rule["lifecycle"]) == ("primary-vault", {"deleteAfter": 7})
    assert rule["copyActions"] == [{"destinationVaultArn": "standby-vault", "lifecycle": {"deleteAfter": 30}}]


def test_copies_are_of_what_the_primary_has_by_the_primarys_role(copies: Graph) -> None:
    (selection,) = copies.of_type(SELECTION)
    assert (selection.inputs["resources"], selection.inputs["iamRoleArn"]) == (["postgres"], "primary-role")


def test_what_stays_under_the_key_of_its_source_is_copied_by_the_standby(settings: StackConfig) -> None:
    """Points of databases and volumes: AWS Backup manages those of buckets only."""
    standby = load_file(stack_file("dr")).backup
    assert settings.backup is not None
    assert standby is not None
    kept = {"postgres", "volumes"} & set(settings.backup.resources)
    assert kept == {"postgres", "volumes"}, "prod backs both up"
    assert kept <= set(standby.resources), "a copy takes the key of the vault that it comes into"
    assert standby.copy_from_primary is not None


def test_copies_of_volumes_are_selected_by_their_tag_in_the_primarys_region(
    record_copies: Callable[[tuple[Backed, ...]], Graph],
) -> None:
    selections = record_copies(("postgres", "buckets", "volumes")).of_type(SELECTION)
    assert {each.inputs["name"] for each in selections} == {"data", "volumes"}
    assert {each.inputs["iamRoleArn"] for each in selections} == {"primary-role"}
