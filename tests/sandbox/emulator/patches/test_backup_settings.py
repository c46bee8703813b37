"""Types of resources are opted in by region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def opted(aws: Aws, region: str = "us-east-1") -> set[str]:
    found = aws("backup", region).describe_region_settings()["ResourceTypeOptInPreference"]
    return {kind for kind, on in found.items() if on}


def test_a_type_is_opted_in_in_one_region_and_the_others_stay(aws: Aws) -> None:
    backup = aws("backup")
    assert opted(aws) == set()
    backup.update_region_settings(ResourceTypeOptInPreference={"RDS": True, "S3": True})
    backup.update_region_settings(ResourceTypeOptInPreference={"S3": False, "EBS": True})
    assert (opted(aws), opted(aws, "us-west-2")) == ({"RDS", "EBS"}, set())


def test_vaults_are_still_served(aws: Aws) -> None:
    assert aws("backup").list_backup_vaults()["BackupVaultList"] == []
    assert aws("backup").describe_region_settings()["ResourceTypeManagementPreference"] == {
        "DynamoDB": False,
        "EFS": False,
    }
