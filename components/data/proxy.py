"""RDS Proxy in front of the database: a pool of connections that AWS runs and that outlives a failover of it.

Clients log in to the proxy by IAM authentication as their own database user, and the proxy logs in to the database by
IAM in turn: no password is known to either. The master user alone comes by its secret. When the secret rotates, the
proxy takes the new version at its next login and tries the previous one meanwhile, so that a rotation cuts off nobody.
The other pool, PgBouncer in the cluster, serves clients that cannot do so (ADR 0023).

RDS refuses a read replica as a target. So a database that follows has a proxy without a target; its promotion adds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_aws import ec2, iam, rds, vpc

from components.base import child, named
from components.data.application import DATABASE_USER
from components.iam import Statement, document, source_if_named, through, trust_service
from config.data import Postgres

if TYPE_CHECKING:
    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.data import PostgresProxy
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class ProxyArgs:
    """What a proxy is built from."""

    settings: PostgresProxy
    """The stack file's `data.postgres.proxy`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Database tier, where the proxy lives; the groups `eks`, its clients, and `rds`, behind it."""
    keys: KeysOutputs
    """`secrets` opens the secret."""
    secret_arn: pulumi.Output[str]
    """Secret by which the proxy logs in."""
    port: int
    """Port of the database, and of the proxy."""
    resource_id: pulumi.Output[str]
    """Id of the database in IAM authentication."""
    target: pulumi.Output[str] | None
    """Identifier of the database; none = it follows another one, and cannot be a target yet."""


class Proxy(pulumi.ComponentResource):
    """Proxy, its role, its security group, and its target."""

    endpoint: pulumi.Output[str]
    """Host name that clients connect to."""
    resource_id: pulumi.Output[str]
    """Id of the proxy in IAM authentication."""

    def __init__(self, name: str, args: ProxyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Proxy", name, None, opts)
        self._name = name
        self._args = args
        proxy = self._proxy(self._role(), self._security_group())
        group = self._pool(proxy)
        if args.target is not None:
            rds.ProxyTarget(
                named(name, "target"),
                db_proxy_name=proxy.name,
                target_group_name=group.name,
                db_instance_identifier=args.target,
                opts=child(self),
            )
        self.endpoint = proxy.endpoint
        self.resource_id = proxy.arn.apply(lambda arn: arn.rpartition(":")[2])
        self.register_outputs({"endpoint": proxy.endpoint})

    def _role(self) -> pulumi.Output[str]:
        args = self._args
        role = iam.Role(
            named(self._name, "role"),
            description="RDS Proxy reads the secret of its database",
            assume_role_policy=trust_service(
                "rds.amazonaws.com",
                reason="RDS Proxy logs in to the database",
                conditions=source_if_named(args.identity.account_id),
            ),
            opts=child(self),
        )
        policy = iam.RolePolicy(
            named(self._name, "policy"),
            role=role.name,
            policy=document(*self._statements()),
            opts=child(self),
        )
        return pulumi.Output.all(role.arn, policy.id).apply(lambda values: str(values[0]))

    def _statements(self) -> tuple[Statement, ...]:
        args = self._args
        return (
            Statement(
                sid="LogInToDatabase",
                reason="the proxy logs in as the user whose client it serves",
                actions=["rds-db:connect"],
                resources=[
                    pulumi.Output.format(
                        "arn:aws:rds-db:{0}:{1}:dbuser:{2}/{3}",
                        args.identity.region,
                        args.identity.account_id,
                        args.resource_id,
                        DATABASE_USER,
                    )
                ],
            ),
            Statement(
                sid="ReadSecret",
                reason="the master user's sessions are opened by the secret",
                actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
                resources=[args.secret_arn],
            ),
            Statement(
                sid="OpenSecret",
                reason="the secret is encrypted by the secrets key; only by way of Secrets Manager",
                actions=["kms:Decrypt"],
                resources=[args.keys.arn("secrets")],
                conditions=through("secretsmanager", args.identity.region),
            ),
        )

    def _security_group(self) -> ec2.SecurityGroup:
        """Make the proxy's group: from the clients of the database, to the database, nothing else."""
        port, network = self._args.port, self._args.network
        group = ec2.SecurityGroup(
            named(self._name, "group"),
            description="RDS Proxy",
            vpc_id=network.vpc_id,
            tags={"Name": f"{self._args.identity.system}-{self._args.identity.environment}-rds-proxy"},
            opts=child(self),
        )
        connection: dict[str, Any] = {"ip_protocol": "tcp", "from_port": port, "to_port": port, "opts": child(self)}
        for client in network.clients_of(Postgres.serves):
            vpc.SecurityGroupIngressRule(
                named(self._name, f"in-{client.group}"),
                security_group_id=group.id,
                referenced_security_group_id=network.group_of(client),
                description=f"PostgreSQL from {client.called}",
                **connection,
            )
        vpc.SecurityGroupEgressRule(
            named(self._name, "out-rds"),
            security_group_id=group.id,
            referenced_security_group_id=network.group_of(Postgres.serves),
            description="PostgreSQL to the database",
            **connection,
        )
        vpc.SecurityGroupIngressRule(
            named(self._name, "in-rds"),
            security_group_id=network.group_of(Postgres.serves),
            referenced_security_group_id=group.id,
            description="PostgreSQL from the proxy",
            **connection,
        )
        return group

    def _proxy(self, role_arn: pulumi.Output[str], group: ec2.SecurityGroup) -> rds.Proxy:
        settings = self._args.settings
        return rds.Proxy(
            named(self._name, "proxy"),
            engine_family="POSTGRESQL",
            role_arn=role_arn,
            vpc_subnet_ids=self._args.network.subnets_of(Postgres.serves),
            vpc_security_group_ids=[group.id],
            require_tls=settings.require_tls,
            default_auth_scheme="IAM_AUTH",
            idle_client_timeout=settings.idle_client_timeout_seconds,
            auths=[
                rds.ProxyAuthArgs(
                    auth_scheme="SECRETS",
                    iam_auth="REQUIRED",
                    secret_arn=self._args.secret_arn,
                    description="master user",
                )
            ],
            opts=child(self),
        )

    def _pool(self, proxy: rds.Proxy) -> rds.ProxyDefaultTargetGroup:
        settings = self._args.settings
        return rds.ProxyDefaultTargetGroup(
            named(self._name, "pool"),
            db_proxy_name=proxy.name,
            connection_pool_config=rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs(
                max_connections_percent=settings.max_connections_percent,
                connection_borrow_timeout=settings.borrow_timeout_seconds,
            ),
            opts=child(self),
        )
