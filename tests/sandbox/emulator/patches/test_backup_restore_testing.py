"""Restores are tested by plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator
ROLE = "arn:aws:iam::111122223333:role/backup"


@pytest.fixture
def backup(aws: Aws) -> Client:
    made = aws("backup")
    made.create_backup_vault(BackupVaultName="vault")
    return made


def _trial(backup: Client) -> None:
    points = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    plan = {
        "RestoreTestingPlanName": "trial",
        "ScheduleExpression": "cron(0 12 2 * ? *)",
        "RecoveryPointSelection": points,
    }
    backup.create_restore_testing_plan(RestoreTestingPlan=plan, Tags={"one": "1"})
    selection = {
        "RestoreTestingSelectionName": "buckets",
        "IamRoleArn": ROLE,
        "ProtectedResourceType": "S3",
        "ProtectedResourceArns": ["arn:aws:s3:::data"],
    }
    backup.create_restore_testing_selection(RestoreTestingPlanName="trial", RestoreTestingSelection=selection)


def test_a_restore_testing_plan_is_read_back_with_its_selection(backup: Client) -> None:
    _trial(backup)
    plan = backup.get_restore_testing_plan(RestoreTestingPlanName="trial")["RestoreTestingPlan"]
    assert plan["ScheduleExpression"] == "cron(0 12 2 * ? *)"
    assert backup.list_tags(ResourceArn=plan["RestoreTestingPlanArn"])["Tags"] == {"one": "1"}
    names = {"RestoreTestingPlanName": "trial", "RestoreTestingSelectionName": "buckets"}
    found = backup.get_restore_testing_selection(**names)["RestoreTestingSelection"]
    assert (found["ProtectedResourceType"], found["ProtectedResourceArns"]) == ("S3", ["arn:aws:s3:::data"])


def test_a_restore_testing_plan_changes_and_ends(backup: Client) -> None:
    _trial(backup)
    changed = {"ScheduleExpression": "cron(0 13 2 * ? *)"}
    backup.update_restore_testing_plan(RestoreTestingPlanName="trial", RestoreTestingPlan=changed)
    plan = backup.get_restore_testing_plan(RestoreTestingPlanName="trial")["RestoreTestingPlan"]
    assert plan["ScheduleExpression"] == "cron(0 13 2 * ? *)"
    backup.delete_restore_testing_selection(RestoreTestingPlanName="trial", RestoreTestingSelectionName="buckets")
    backup.delete_restore_testing_plan(RestoreTestingPlanName="trial")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        backup.get_restore_testing_plan(RestoreTestingPlanName="trial")
