"""PgBouncer in transaction mode before the stack's own PostgreSQL, by TLS on both sides.

Clients log in as the pooled user, whose password lies in a secret of Secrets Manager; pods read it by a role of their
own through the Secrets Store driver, so it stands in no manifest. RDS's certificate authority lies in config/facts: it
is no public one, and to fetch it when pods start would need another region in the hour in which one is lost.

A changed secret reaches the pods when they start anew (`kubectl rollout restart`, docs/adr/0013-kubernetes-layer.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.base import child, named
from components.data.secret import Secret, SecretArgs
from components.kubernetes import pooler
from components.kubernetes.manifest import declare
from components.kubernetes.pod_role import PodRole, PodRoleArgs
from components.kubernetes.pods import deployment
from config.facts.regions import regions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.cluster.outputs import ClusterOutputs
    from components.keys import KeysOutputs
    from config.identity import Identity
    from config.kubernetes import PgBouncer as PgBouncerSettings


@dataclass(frozen=True, kw_only=True)
class PgBouncerArgs:
    """What PgBouncer is built from."""

    settings: PgBouncerSettings
    """The stack file's `kubernetes.pgbouncer`."""
    identity: Identity
    """The stack file's `identity`."""
    cluster: ClusterOutputs
    """Cluster that it runs on."""
    keys: KeysOutputs
    """`secrets` encrypts the secret."""
    address: pulumi.Output[str]
    """Host name of the database."""
    database: str
    """Database that clients name."""
    clients: Sequence[str]
    """Namespaces whose pods are its clients."""
    secret_arn: pulumi.Output[str] | None
    """Secret of the pooled user, where it is another stack's: a standby's replica of it. None = one is made."""
    space: pulumi.Resource
    """Its namespace."""
    ready: Sequence[pulumi.Resource]
    """What its pods need first: namespace, bounds, priority class; in a standby what makes the secret's replica."""


class PgBouncer(pulumi.ComponentResource):
    """The pooler with its secret and its role."""

    secret_arn: pulumi.Output[str]
    """Secret of the pooled user."""
    host: str
    """Name of its service inside the cluster."""

    def __init__(self, name: str, args: PgBouncerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:kubernetes:PgBouncer", name, None, opts)
        self._name = name
        self._args = args
        settings = args.settings
        self.secret_arn = args.secret_arn or self._secret()
        self.host = pooler.host(settings)
        configuration = args.address.apply(lambda address: pooler.configuration(settings, address, args.database))
        certificate = authority(args.identity.region)
        before = [
            *pooler.manifests(settings, args.clients),
            pooler.secret_provider(settings, args.identity.region, self.secret_arn),
            pooler.config_map(settings, configuration, certificate),
        ]
        made = [declare(self, name, one, space=args.space) for one in before]
        digest = configuration.apply(lambda text: hashlib.sha256((text + certificate).encode()).hexdigest())
        pods = deployment(pooler.workload(settings, digest))
        declare(self, name, pods, after=[*args.ready, self._role().association, *made])
        self.register_outputs({"secretArn": self.secret_arn})

    def _secret(self) -> pulumi.Output[str]:
        args = SecretArgs(
            description=f"Pooled database user {self._args.settings.user} of {self._args.database}",
            key_arn=self._args.keys.arn("secrets"),
            content={"username": self._args.settings.user, "dbname": self._args.database},
        )
        return Secret(named(self._name, "login"), args, opts=child(self)).arn

    def _role(self) -> PodRole:
        args = PodRoleArgs(
            purpose="PgBouncer: reads the password of the pooled database user",
            cluster=self._args.cluster,
            namespace=self._args.settings.namespace,
            service_account=pooler.NAME,
            statements=pooler.statements(self._args.identity, self.secret_arn, self._args.keys.arn("secrets")),
        )
        return PodRole(named(self._name, "pods"), args, opts=child(self))


def authority(region: str) -> str:
    """Return the root certificate of RDS in a region.

    Raises:
        ValueError: It is not among those kept in config/facts; the rules of the stack file refuse that.
    """
    path = regions()[region].rds_root()
    if path is None:
        raise ValueError(f"kubernetes.pgbouncer: no root certificate of RDS in {region} is kept in config/facts")
    return path.read_text(encoding="ascii")
