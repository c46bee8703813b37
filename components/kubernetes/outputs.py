"""What later areas may know of the Kubernetes layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi


@dataclass(frozen=True, kw_only=True)
class KubernetesOutputs(Outputs):
    """The Kubernetes layer as other areas see it."""

    pooler_host: str | None
    """Name of PgBouncer's service inside the cluster; None where there is none."""
    pooler_secret_arn: pulumi.Output[str] | None
    """Secret of the pooled database user; a standby is handed its replica of it."""
    agents: Sequence[pulumi.Resource]
    """Namespace of CloudWatch's agents with its bounds, and their service account; what installs them comes after."""

    def exports(self) -> Mapping[str, pulumi.Output[str]]:
        """Return the secret of the pooled database user, never its value, where there is a pooler."""
        return {"pooler_secret_arn": self.pooler_secret_arn} if self.pooler_secret_arn is not None else {}


@dataclass(frozen=True, kw_only=True)
class PooledUser(Outputs):
    """The secret of the pooled database user in a standby: a replica of its primary's. A primary makes its own."""

    secret_arn: pulumi.Output[str]
    """The replica."""
    after: Sequence[pulumi.Resource]
    """What makes it; pods that mount it do not start without it."""
