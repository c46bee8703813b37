"""The audit of a stack's region and, where the stack file says so, of its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.audit.audit import Audit, AuditArgs
from components.data import DataOutputs
from components.keys import KeysOutputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the audit, where the stack file has one; it needs the bucket of access logs."""
    settings = platform.settings.audit
    if settings is None:
        return
    args = AuditArgs(
        settings=settings,
        identity=platform.identity,
        keys=platform.needed(KeysOutputs),
        access_logs=platform.needed(DataOutputs).logs.name,
    )
    yield Audit("audit", args, platform.options).outputs
