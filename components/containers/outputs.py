"""What later areas may know of the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class ContainersOutputs(Outputs):
    """Cluster and services as other areas see them."""

    cluster_name: str
    """Name of the cluster."""
    service_arns: Mapping[str, pulumi.Output[str]]
    """Service in the stack file -> ARN."""
    task_role_names: Mapping[str, pulumi.Output[str]]
    """Service in the stack file -> name of the role that its tasks have."""

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return `ecs_cluster_name`, and `ecs_services`: name -> ARN; pipelines deploy by them."""
        return {"ecs_cluster_name": self.cluster_name, "ecs_services": gathered(self.service_arns)}
