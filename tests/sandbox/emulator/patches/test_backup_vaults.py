"""A vault keeps its policy, lock and notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from config.facts.deprecated import DEPRECATED

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
TOPIC = "arn:aws:sns:us-east-1:111122223333:backups"


@pytest.fixture
def backup(aws: Aws) -> Client:
    made = aws("backup")
    made.create_backup_vault(BackupVaultName="vault")
    return made


def test_a_policy_is_kept_until_it_is_deleted(backup: Client) -> None:
    backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy='{"Statement": []}')
    assert backup.get_backup_vault_access_policy(BackupVaultName="vault")["Policy"] == '{"Statement": []}'
    backup.delete_backup_vault_access_policy(BackupVaultName="vault")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        backup.get_backup_vault_access_policy(BackupVaultName="vault")


def test_notifications_are_kept(backup: Client) -> None:
    events = ["BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED"]
    backup.put_backup_vault_notifications(BackupVaultName="vault", SNSTopicArn=TOPIC, BackupVaultEvents=events)
    found = backup.get_backup_vault_notifications(BackupVaultName="vault")
    assert (found["SNSTopicArn"], found["BackupVaultEvents"]) == (TOPIC, events)


@pytest.mark.parametrize("event", DEPRECATED)
def test_an_event_that_is_never_sent_is_refused(backup: Client, event: str) -> None:
    events = ["COPY_JOB_FAILED", event]
    with pytest.raises(backup.exceptions.InvalidParameterValueException, match=event):
        backup.put_backup_vault_notifications(BackupVaultName="vault", SNSTopicArn=TOPIC, BackupVaultEvents=events)
    with pytest.raises(backup.exceptions.ResourceNotFoundException):
        backup.get_backup_vault_notifications(BackupVaultName="vault")


def test_a_governance_lock_is_shown_and_lifted(backup: Client) -> None:
    backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=7, MaxRetentionDays=400)
    found = backup.describe_backup_vault(BackupVaultName="vault")
    assert (found["Locked"], found["MinRetentionDays"], found["MaxRetentionDays"]) == (True, 7, 400)
    assert "LockDate" not in found, "a date would make it final"
    backup.delete_backup_vault_lock_configuration(BackupVaultName="vault")
    found = backup.describe_backup_vault(BackupVaultName="vault")
    assert (found["Locked"], "MinRetentionDays" in found) == (False, False)


def test_a_compliance_lock_has_its_date(backup: Client) -> None:
    backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=7, ChangeableForDays=3)
    assert "LockDate" in backup.describe_backup_vault(BackupVaultName="vault"), "from then on nobody lifts it"


def test_a_vault_made_anew_has_nothing_of_the_old_one(backup: Client) -> None:
    backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy='{"Statement": []}')
    backup.delete_backup_vault(BackupVaultName="vault")
    backup.create_backup_vault(BackupVaultName="vault")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        backup.get_backup_vault_access_policy(BackupVaultName="vault")
