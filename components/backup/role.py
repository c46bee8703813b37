"""The role that AWS Backup acts as: AWS's own four policies for it, the S3 half of them where buckets are backed up.

They are written for this service, bounded by resource type and tag where the service allows, and follow what it learns
to back up; a list of our own would be as wide, and out of date (AWS Backup guide, "Managed policies", 2026-11).
The trust has no condition: the guide names none that the service passes when it assumes a role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam

from components.base import child, named
from components.iam import trust_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.backup import Backed

_ALWAYS: Final = {
    "backup": "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    "restore": "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
}
_BUCKETS: Final = {
    "backup-s3": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
    "restore-s3": "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
}


def build_role(parent: pulumi.Resource, name: str, resources: Sequence[Backed]) -> pulumi.Output[str]:
    """Build the role.

    Returns:
        Its ARN, known once it may act: AWS Backup tries a selection's role at once.
    """
    role = iam.Role(
        named(name, "role"),
        description="Backs up and restores what the plans select",
        assume_role_policy=trust_service("backup.amazonaws.com", reason="AWS Backup acts as this role"),
        opts=child(parent),
    )
    policies = _ALWAYS | (_BUCKETS if "buckets" in resources else {})
    attached = [
        iam.RolePolicyAttachment(named(name, f"role-{short}"), role=role.name, policy_arn=arn, opts=child(parent))
        for short, arn in policies.items()
    ]
    return pulumi.Output.all(role.arn, *(each.id for each in attached)).apply(lambda values: str(values[0]))
