"""Names and resources of the backups. Pure: no resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.naming import physical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from config.backup import Backed, VolumeClaim
    from config.identity import Identity

EVERY_VOLUME = "arn:aws:ec2:*:*:volume/*"
"""Resources of a selection that a condition narrows."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What can be backed up, in one region."""

    postgres: Sequence[pulumi.Input[str]]
    """ARN of the database, then those of its previous generations; empty where there is none."""
    buckets: Mapping[str, pulumi.Input[str]]
    """Bucket -> ARN; all have versions, without which AWS Backup takes none."""
    tables: Mapping[str, pulumi.Input[str]]
    """Table of DynamoDB -> ARN."""
    cluster: pulumi.Input[str] | None
    """Name of the EKS cluster, whose volumes carry its tag; None where there is none."""

    def there(self, resources: Sequence[Backed]) -> list[Backed]:
        """Return those of the resources that the region has."""
        found = {
            "postgres": bool(self.postgres),
            "buckets": bool(self.buckets),
            "tables": bool(self.tables),
            "volumes": self.cluster is not None,
        }
        return [one for one in resources if found[one]]

    def arns(self, resources: Sequence[Backed]) -> list[pulumi.Input[str]]:
        """Return the ARNs of what is named by ARN."""
        databases = self.postgres if "postgres" in resources else ()
        buckets = self.buckets.values() if "buckets" in resources else []
        return [*databases, *buckets, *(self.tables.values() if "tables" in resources else [])]


def claim_conditions(cluster: pulumi.Input[str], volume: VolumeClaim) -> Mapping[str, pulumi.Input[str]]:
    """Return the tags by which the volume of a claim is known (EBS CSI driver, `extraCreateMetadata`, 2026-11)."""
    of_claim = "aws:ResourceTag/kubernetes.io/created-for/pvc"
    return {
        **volume_conditions(cluster),
        f"{of_claim}/namespace": volume.namespace,
        f"{of_claim}/name": volume.claim,
    }


def vault_name(identity: Identity) -> str:
    """Return the name of the vault; fixed, because another region must compute it."""
    return physical("backup-vault", identity.system, identity.environment, identity.role)


def volume_conditions(cluster: pulumi.Input[str]) -> Mapping[str, pulumi.Input[str]]:
    """Return the tag by which the volumes of a cluster's pods are known; the EBS CSI driver sets it."""
    return {"aws:ResourceTag/KubernetesCluster": cluster}


def trial_name(identity: Identity) -> str:
    """Return the name of the restore testing plan, which AWS allows letters, digits and underscores only."""
    return f"{identity.system}_{identity.environment}_{identity.role}".replace("-", "_")
