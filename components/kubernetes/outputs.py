"""What later areas may know of the Kubernetes layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi


@dataclass(frozen=True, kw_only=True)
class KubernetesOutputs:
    """The Kubernetes layer as other areas see it."""

    pooler_host: str | None
    """Name of PgBouncer's service inside the cluster; None where there is none."""
    pooler_secret_arn: pulumi.Output[str] | None
    """Secret of the pooled database user; a standby is handed its replica of it."""
    agents: Sequence[pulumi.Resource]
    """Namespace of CloudWatch's agents with its bounds, and their service account; what installs them comes after."""
