"""What others may know of the backups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class BackupOutputs(Outputs):
    """The vault and its role, as another region's copies name them."""

    vault_name: pulumi.Output[str]
    """Vault, known once it is locked."""
    vault_arn: pulumi.Output[str]
    """ARN of the vault."""
    role_arn: pulumi.Output[str]
    """Role that AWS Backup acts as, known once it may."""

    def exports(self) -> Mapping[str, pulumi.Output[str]]:
        """Return vault and role, which a standby's copies name."""
        return {"backup_vault_name": self.vault_name, "backup_role_arn": self.role_arn}
