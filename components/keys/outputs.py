"""What later areas may know of the encryption keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from config.keys import KeyDomain


@dataclass(frozen=True, kw_only=True)
class KeysOutputs(Outputs):
    """The keys as other areas see them; all five domains are always there."""

    arns: Mapping[KeyDomain, pulumi.Output[str]]
    """Domain -> ARN of its key."""
    key_ids: Mapping[KeyDomain, pulumi.Output[str]]
    """Domain -> id of its key."""

    def arn(self, domain: KeyDomain) -> pulumi.Output[str]:
        """Return the ARN of the key of `domain`."""
        return self.arns[domain]

    def exports(self) -> Mapping[str, pulumi.Output[object]]:
        """Return `key_arns`: domain -> ARN; a multi-Region key can be replicated by it."""
        return {"key_arns": gathered(self.arns)}
