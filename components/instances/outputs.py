"""What later areas may know of the groups of instances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class InstancesOutputs(Outputs):
    """The groups as other areas see them."""

    group_names: Mapping[str, pulumi.Output[str]]
    """Group in the stack file -> name of its Auto Scaling group."""
    role_names: Mapping[str, pulumi.Output[str]]
    """Group in the stack file -> name of the role of its instances."""

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return `instance_groups`: name -> Auto Scaling group, which an operator looks at and refreshes."""
        return {"instance_groups": gathered(self.group_names)}
