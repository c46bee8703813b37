"""A resource that is given as it is: by a test, or by an export of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Made:
    """A resource; has the shape of `policy.resources.Recorded`."""

    type: str
    """Type token, such as `aws:s3/bucket:Bucket`."""
    name: str = "it"
    """Logical name."""
    inputs: Mapping[str, object] = field(default_factory=dict)
    """Inputs in the provider's spelling (camelCase), as the engine sends them after the provider's check."""
    id: str = ""
    """Physical id; empty where there is none yet."""
    provider: str = ""
    """URN of the explicit provider, which stands in the stack, too."""
    outputs: Mapping[str, object] = field(default_factory=dict)
    property_dependencies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """URNs of the resources behind each input."""
    protect: bool = False
    ignore_changes: Sequence[str] = ()
    at: str = ""
    """Its URN, where that says more than type and name, such as its parents."""

    @property
    def urn(self) -> str:
        """Unique name inside the stack."""
        return self.at or f"urn:pulumi:test::platform::{self.type}::{self.name}"
