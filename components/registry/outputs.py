"""What later areas may know of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi


@dataclass(frozen=True, kw_only=True)
class RegistryOutputs(Outputs):
    """The registry as other areas see it."""

    repository_urls: Mapping[str, pulumi.Output[str]]
    """Repository in the stack file -> name by which its images are pulled in this region, without a tag."""
    repository_arns: Mapping[str, pulumi.Output[str]]
    """Repository in the stack file -> ARN."""
    repositories: Sequence[pulumi.Resource]
    """The repositories, for what must find them there although it names none."""
