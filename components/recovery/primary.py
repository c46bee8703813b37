"""What a standby reads of its primary.

While it follows, it reads the primary's outputs and publishes a copy of them. Once active it reads that copy, out of
its own last deployment: the primary's state may be lost together with its region.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import pulumi

from config.load import stop_beside_primary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.keys import KeyDomain
    from config.observability import Severity
    from config.recovery import Standby
    from config.stack import StackConfig

COPY: Final = "primary"
"""Output of a standby that holds its copy."""
SETTINGS: Final = "settings"
"""Output of a primary that a standby is judged beside, and does not copy."""


@dataclass(frozen=True, kw_only=True)
class Primary:
    """The outputs of the primary that a standby may take: a field's name is that of an output (`Outputs.exports`).

    Which of them it needs follows from its own stack file (`needs`); the value of another is None where the primary has
    none.
    """

    region: pulumi.Output[str]
    """Region of the stack."""
    vpcs: pulumi.Output[dict[str, dict[str, Any]]]
    """Use -> `id`, `cidr` and `tables` (name -> id) of every VPC."""
    key_arns: pulumi.Output[dict[str, str]]
    """Key domain -> ARN."""
    cluster_name: pulumi.Output[str]
    """EKS cluster."""
    postgres_arn: pulumi.Output[str]
    """Primary database instance."""
    postgres_secret_arn: pulumi.Output[str]
    """Secret of the master user; never its value."""
    redis_group_id: pulumi.Output[str]
    """Replication group."""
    redis_secret_arn: pulumi.Output[str]
    """Secret with the authentication token; never its value."""
    pooler_secret_arn: pulumi.Output[str]
    """Secret of the pooled database user, never its value."""
    streaming: pulumi.Output[dict[str, Any]]
    """Cluster of Kafka: `arn`, `brokers`, `subnets`."""
    bucket_names: pulumi.Output[dict[str, str]]
    """Short name in the stack file -> physical name."""
    writers: pulumi.Output[dict[str, str]]
    """Thing that is written to -> where, in the primary."""
    topic_arns: pulumi.Output[dict[str, str]]
    """Severity -> topic."""
    backup_vault_name: pulumi.Output[str]
    """Vault that copies are taken from."""
    backup_role_arn: pulumi.Output[str]
    """Role that takes them."""
    zone_id: pulumi.Output[str]
    """Public zone of the system."""
    accelerator: pulumi.Output[dict[str, Any]]
    """Door of Global Accelerator: `listener_arn`, `dns_name`, `addresses`."""

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


def follow(settings: StackConfig, standby: Standby) -> Primary:
    """Return what is known of the primary, and publish a copy of it.

    Args:
        settings: The stack file.
        standby: Its `recovery.standby`.

    Raises:
        pulumi.RunError: At deployment, where an output is missing, or the stack file contradicts the primary as it is
            deployed. A standby that serves is not judged: nothing may hold it up (ADR 0030).
    """
    stack = pulumi.get_stack() if standby.active else standby.primary
    reference = pulumi.StackReference(
        "primary-last-known" if standby.active else "primary",
        stack_name=f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}",
    )
    known = reference.outputs.apply(lambda outputs: _checked(outputs, settings, standby))
    pulumi.export(COPY, known)
    return Primary(**{field.name: _output(known, field.name) for field in fields(Primary)})


def _output(known: pulumi.Output[dict[str, Any]], name: str) -> pulumi.Output[Any]:
    return known.apply(lambda outputs: outputs.get(name))


def needs(settings: StackConfig, standby: Standby) -> list[str]:
    """Return the outputs of its primary that a standby cannot do without, by what its stack file has.

    Args:
        settings: The stack file.
        standby: Its `recovery.standby`.
    """
    backup, layer, network = settings.backup, settings.kubernetes, settings.network
    postgres, redis, buckets = bool(settings.postgres), bool(settings.redis), bool(settings.buckets)
    copied = backup.resources if backup and backup.copy_from_primary else ()
    needed = {
        "region": True,
        "key_arns": True,
        "vpcs": bool(network and network.peers),
        "cluster_name": bool(settings.cluster) and "volumes" in copied,
        "postgres_arn": postgres and (standby.postgres is not None or "postgres" in copied),
        "postgres_secret_arn": postgres,
        "redis_group_id": redis and standby.redis is not None,
        "redis_secret_arn": redis,
        "streaming": settings.streaming is not None,
        "pooler_secret_arn": layer is not None and layer.pgbouncer is not None,
        "bucket_names": buckets and (standby.buckets is not None or "buckets" in copied),
        "writers": postgres or redis or buckets,
        "topic_arns": buckets and standby.buckets is not None and standby.buckets.lag_alarm is not None,
        "backup_vault_name": bool(copied),
        "backup_role_arn": bool(copied),
        "zone_id": settings.edge is not None,
        "accelerator": settings.edge is not None and settings.edge.accelerator is not None,
    }
    return [name for name, there in needed.items() if there]


def _bucket_name(names: Mapping[str, str], short: str) -> str:
    if short not in names:
        raise pulumi.RunError(
            f"data.buckets.{short}: the primary has no bucket of that short name (it has {', '.join(sorted(names))}); "
            "name it there too and deploy the primary first"
        )
    return names[short]


def _checked(outputs: Mapping[str, Any], settings: StackConfig, standby: Standby) -> dict[str, Any]:
    """Return the fields of `Primary` among the outputs of a stack, which the settings go with."""
    names = needs(settings, standby)
    if standby.active:
        there = outputs.get(COPY) or {}
        _all_there(
            there,
            names,
            "recovery.standby.active: this stack has no copy of its primary's outputs {missing}; "
            "deploy it once with `active: false` while the primary is there",
        )
    else:
        there, primary = outputs, standby.primary
        if SETTINGS in there:  # first: a primary that can have no standby lacks outputs for a reason that is reported
            stop_beside_primary(settings, primary, there[SETTINGS])
        lacking = f"recovery.standby.primary: stack {primary!r} lacks the outputs {{missing}}; deploy {primary!r} first"
        _all_there(there, [*names, SETTINGS], lacking)
    return {field.name: there[field.name] for field in fields(Primary) if there.get(field.name) is not None}


def _all_there(there: Mapping[str, Any], names: Sequence[str], otherwise: str) -> None:
    missing = [name for name in names if there.get(name) is None]
    if missing:
        raise pulumi.RunError(otherwise.format(missing=", ".join(missing)))
