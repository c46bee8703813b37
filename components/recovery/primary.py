"""What a standby reads of its primary.

While it follows, it reads the primary's outputs and publishes a copy of them. Once active it reads that copy, out of
its own last deployment: the primary's state may be lost together with its region.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import pulumi

from components.exports import Followed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.keys import KeyDomain
    from config.observability import Severity
    from config.recovery import Standby

COPY: Final = "primary"
"""Output of a standby that holds its copy."""


@dataclass(frozen=True, kw_only=True)
class Primary(Followed):
    """The outputs of the primary that a standby needs; each is a field of `Exports`, and said there.

    Those below a primary may leave out, and one that is followed may not.
    """

    topic_arns: pulumi.Output[dict[str, str]]
    """Severity -> topic."""
    backup_vault_name: pulumi.Output[str]
    """Vault that copies are taken from."""
    backup_role_arn: pulumi.Output[str]
    """Role that takes them."""
    zone_id: pulumi.Output[str]
    """Public zone of the system."""

    def key_arn(self, domain: KeyDomain) -> pulumi.Output[str]:
        """Return the ARN of its key of `domain`."""
        return self.key_arns.apply(lambda arns: arns[domain])

    def topic_arn(self, severity: Severity) -> pulumi.Output[str]:
        """Return the ARN of its topic of `severity`."""
        return self.topic_arns.apply(lambda arns: arns[severity])

    def bucket_name(self, short: str) -> pulumi.Output[str]:
        """Return the physical name of its bucket.

        Raises:
            pulumi.RunError: At deployment, where it has none of that short name.
        """
        return self.bucket_names.apply(lambda names: _bucket_name(names, short))


def follow(standby: Standby, region: str) -> Primary:
    """Return what is known of the primary, and publish a copy of it.

    Args:
        standby: The stack file's `recovery.standby`.
        region: Region of this stack, which must not be the primary's.

    Raises:
        pulumi.RunError: At deployment, where an output is missing, or both stacks are in one region.
    """
    stack = pulumi.get_stack() if standby.active else standby.primary
    reference = pulumi.StackReference(
        "primary-last-known" if standby.active else "primary",
        stack_name=f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}",
    )
    known = reference.outputs.apply(lambda outputs: _checked(outputs, standby, region))
    pulumi.export(COPY, known)
    return Primary(**{field.name: known[field.name] for field in fields(Primary)})


def _bucket_name(names: Mapping[str, str], short: str) -> str:
    if short not in names:
        raise pulumi.RunError(
            f"data.buckets.{short}: the primary has no bucket of that short name (it has {', '.join(sorted(names))}); "
            "name it there too and deploy the primary first"
        )
    return names[short]


def _checked(outputs: Mapping[str, Any], standby: Standby, region: str) -> dict[str, Any]:
    """Return the fields of `Primary` among the outputs of a stack."""
    there = outputs.get(COPY) or {} if standby.active else outputs
    names = [field.name for field in fields(Primary)]
    missing = [name for name in names if there.get(name) is None]
    if missing and standby.active:
        raise pulumi.RunError(
            f"recovery.standby.active: this stack has no copy of its primary's outputs {', '.join(missing)}; "
            "deploy it once with `active: false` while the primary is there"
        )
    if missing:
        raise pulumi.RunError(
            f"recovery.standby.primary: stack {standby.primary!r} lacks the outputs {', '.join(missing)}; "
            f"deploy {standby.primary!r} first"
        )
    if there["region"] == region:
        raise pulumi.RunError(
            f"identity.region: {region} is the region of stack {standby.primary!r} too; a standby needs another one"
        )
    return {name: there[name] for name in names}
