"""What others may know of the backups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class BackupOutputs:
    """The vault and its role, as another region's copies name them."""

    vault_name: pulumi.Output[str]
    """Vault, known once it is locked."""
    vault_arn: pulumi.Output[str]
    """ARN of the vault."""
    role_arn: pulumi.Output[str]
    """Role that AWS Backup acts as, known once it may."""
