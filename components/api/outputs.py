"""What later areas may know of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.edge import Targets


@dataclass(frozen=True, kw_only=True)
class ApiOutputs(Outputs):
    """The API as other areas see it."""

    id: pulumi.Output[str]
    """Dimension `ApiId` of its metrics."""
    domain: str
    """Name under which callers reach it."""
    access_log_group: pulumi.Output[str]
    """Log group of its access logs."""
    balancer_suffix: pulumi.Output[str] | None
    """Dimension `LoadBalancer` of the metrics of the load balancer behind the VPC link; None = there is none."""
    services: Mapping[str, Targets]
    """Service of ECS that routes lead to -> its target group."""

    def exports(self) -> Mapping[str, pulumi.Input[str]]:
        """Return `api_domain`, where callers reach the API, and `api_id`."""
        return {"api_domain": self.domain, "api_id": self.id}
