"""The ECS cluster: capacity providers, Container Insights, records of ECS Exec, the namespace of its services.

Not here: the services (service).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import cloudwatch, ecs, kms, servicediscovery

from components.base import child, named, stateful
from components.containers.plan import cluster_name, sessions_log_group_name
from components.iam import document
from components.keys.policy import Site, sessions_key_statements

if TYPE_CHECKING:
    from config.containers import Containers, Sessions
    from config.identity import Identity

PROVIDERS: Final = ("FARGATE", "FARGATE_SPOT")


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    """What the cluster is built from."""

    settings: Containers
    """The stack file's `containers`."""
    identity: Identity
    """The stack file's `identity`."""
    vpc_id: pulumi.Output[str]
    """VPC in which the namespace answers."""
    logs_key_arn: pulumi.Output[str]
    """Key of the domain `logs`."""


@dataclass(frozen=True, kw_only=True)
class SessionsOutputs:
    """Where shells of ECS Exec are recorded."""

    key_arn: pulumi.Output[str]
    """Key that encrypts what is typed and shown on its way."""
    log_group_arn: pulumi.Output[str]
    """Log group of the records."""


@dataclass(frozen=True, kw_only=True)
class ClusterOutputs:
    """The cluster as its services see it."""

    name: str
    """Its name."""
    arn: pulumi.Output[str]
    """Its ARN."""
    capacity: pulumi.Resource
    """What makes Fargate its capacity; services come after it and go before it."""
    namespace_id: pulumi.Output[str] | None
    """Private DNS namespace; None where the stack file names none."""
    sessions: SessionsOutputs | None
    """Where shells are recorded; None where nobody may open one."""


class Cluster(pulumi.ComponentResource):
    """The cluster of a stack."""

    outputs: ClusterOutputs
    """What its services may know."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:containers:Cluster", name, None, opts)
        self._name = name
        self._args = args
        sessions, configuration = self._recorded(args.settings.sessions)
        cluster = ecs.Cluster(
            named(name, "cluster"),
            name=cluster_name(args.identity),
            settings=[{"name": "containerInsights", "value": args.settings.insights}],
            configuration=configuration,
            opts=child(self),
        )
        capacity = ecs.ClusterCapacityProviders(
            named(name, "capacity"),
            cluster_name=cluster.name,
            capacity_providers=list(PROVIDERS),
            default_capacity_provider_strategies=[{"capacity_provider": PROVIDERS[0], "weight": 1}],
            opts=child(self),
        )
        self.outputs = ClusterOutputs(
            name=cluster_name(args.identity),
            arn=cluster.arn,
            capacity=capacity,
            namespace_id=self._namespace(args.settings.namespace),
            sessions=sessions,
        )
        self.register_outputs({"arn": cluster.arn})

    def _recorded(
        self, settings: Sessions | None
    ) -> tuple[SessionsOutputs | None, ecs.ClusterConfigurationArgsDict | None]:
        """Make key and log group of ECS Exec; without a service that allows it, nothing."""
        if settings is None:
            return None, None
        identity = self._args.identity
        site = Site(account_id=identity.account_id, region=identity.region)
        key = kms.Key(
            named(self._name, "sessions-key"),
            description=f"{identity.system} {identity.environment}: ECS Exec",
            enable_key_rotation=True,
            policy=document(*sessions_key_statements(site)),
            tags={"Name": f"{identity.system}-{identity.environment}-ecs-exec"},
            opts=stateful(self),
        )
        log = cloudwatch.LogGroup(
            named(self._name, "sessions"),
            name=sessions_log_group_name(identity),
            retention_in_days=settings.log_retention_days,
            kms_key_id=self._args.logs_key_arn,
            opts=child(self),
        )
        configuration: ecs.ClusterConfigurationArgsDict = {
            "execute_command_configuration": {
                "kms_key_id": key.arn,
                "logging": "OVERRIDE",
                "log_configuration": {
                    "cloud_watch_encryption_enabled": True,
                    "cloud_watch_log_group_name": log.name,
                },
            }
        }
        return SessionsOutputs(key_arn=key.arn, log_group_arn=log.arn), configuration

    def _namespace(self, name: str | None) -> pulumi.Output[str] | None:
        if name is None:
            return None
        made = servicediscovery.PrivateDnsNamespace(
            named(self._name, "namespace"),
            name=name,
            vpc=self._args.vpc_id,
            description="Services of the stack, by name",
            opts=child(self),
        )
        return made.id
