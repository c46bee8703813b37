"""One service: its log, roles, task definition, name in the VPC, and what moves the number of its tasks.

Not here: target group and rule of the load balancer (edge), security group (network), alarms (observability).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import cloudwatch, ecs, servicediscovery

from components.base import child, named
from components.containers.log import log_group_name
from components.containers.permissions import RolesArgs
from components.containers.plan import providers
from components.containers.roles import build_roles
from components.containers.scaling import Scaling, ScalingArgs
from components.containers.task import TaskArgs, build_task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.access import Reached
    from components.api import ApiOutputs
    from components.containers.cluster import ClusterOutputs
    from components.containers.roles import Roles
    from components.edge import RegionalEdgeOutputs, Targets
    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.containers import Service as ServiceSettings
    from config.identity import Identity
    from config.task import SecretReference

DNS_SECONDS: Final = 10
"""Seconds that a name of a service may be kept: tasks come and go."""


@dataclass(frozen=True, kw_only=True)
class ServiceArgs:
    """What a service is built from."""

    name: str
    """Its name in the stack file."""
    settings: ServiceSettings
    """Its section."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """Subnets and security group of its tasks."""
    keys: KeysOutputs
    """`logs`, `secrets`, `storage`, `data`."""
    cluster: ClusterOutputs
    """Where it runs."""
    reached: Reached
    """The things of the stack that it may name."""
    balancer: RegionalEdgeOutputs | None
    """Load balancer with the service's target group; None where there is no edge."""
    api: ApiOutputs | None
    """API with the service's target group; None where there is none."""
    alarms: Sequence[pulumi.Output[str]]
    """Names of the alarms that roll back its deployments."""


class Service(pulumi.ComponentResource):
    """A service of the cluster."""

    arn: pulumi.Output[str]
    """Its ARN."""
    task_role_name: pulumi.Output[str]
    """Name of the role of its tasks."""

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:containers:Service", name, None, opts)
        self._name = name
        self._args = args
        log = self._log()
        roles = self._roles(log)
        task = TaskArgs(
            service=args.name,
            settings=args.settings,
            identity=args.identity,
            roles=roles,
            secrets=self._secrets(),
            places=args.reached.places(args.settings.places()),
        )
        definition = build_task(self, name, task)
        service = self._service(definition, roles)
        self._scaling(service)
        self.arn = service.arn
        self.task_role_name = roles.task_name
        self.register_outputs({"arn": service.arn})

    def _log(self) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, "log"),
            name=log_group_name(self._args.identity, self._args.name),
            retention_in_days=self._args.settings.log_retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _roles(self, log: cloudwatch.LogGroup) -> Roles:
        args = self._args
        named_secrets = args.settings.task.secrets.values()
        return build_roles(
            self,
            self._name,
            RolesArgs(
                service=args.name,
                settings=args.settings,
                reached=args.reached,
                cluster_name=args.cluster.name,
                log_group_arn=log.arn,
                secret_arns=[args.reached.secret(one) for one in dict.fromkeys(_whole(one) for one in named_secrets)],
                sessions=args.cluster.sessions,
            ),
        )

    def _secrets(self) -> dict[str, pulumi.Input[str]]:
        """Return environment variable -> secret, with the key of its JSON that is meant."""
        return {
            variable: pulumi.Output.concat(self._args.reached.secret(one), f":{one.json_key}::" if one.json_key else "")
            for variable, one in self._args.settings.task.secrets.items()
        }

    def _service(self, definition: ecs.TaskDefinition, roles: Roles) -> ecs.Service:
        args, settings = self._args, self._args.settings
        member, deployment = settings.member(args.name), settings.deployment
        return ecs.Service(
            named(self._name, "service"),
            name=args.name,
            cluster=args.cluster.arn,
            task_definition=definition.arn,
            desired_count=settings.desired,
            capacity_provider_strategies=[
                {"capacity_provider": provider, "base": base, "weight": weight}
                for provider, base, weight in providers(settings.capacity)
            ],
            # Without it another split would replace the service, and nothing would serve meanwhile.
            force_new_deployment=True,
            platform_version="LATEST",
            network_configuration={
                "subnets": args.network.subnets_of(member),
                "security_groups": [args.network.group_of(member)],
                "assign_public_ip": False,
            },
            availability_zone_rebalancing="ENABLED",
            deployment_circuit_breaker={"enable": True, "rollback": True},
            deployment_minimum_healthy_percent=deployment.minimum_healthy_percent,
            deployment_maximum_percent=deployment.maximum_percent,
            alarms={"alarm_names": list(args.alarms), "enable": True, "rollback": True} if args.alarms else None,
            health_check_grace_period_seconds=max(
                (one.grace_seconds for one in settings.targets.values()), default=None
            ),
            load_balancers=self._behind_balancer(),
            service_registries=self._name_in_vpc(),
            enable_execute_command=settings.task.ecs_exec,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            tags={"Purpose": settings.purpose},
            opts=child(
                self,
                # Tasks that start before their rights fail; a cluster cannot give up capacity that a service uses.
                depends_on=[*roles.policies, args.cluster.capacity],
                ignore_changes=["desiredCount"] if settings.scaling else [],
            ),
        )

    def _balanced(self) -> list[tuple[pulumi.Output[str], Targets]]:
        """Return load balancer, as metrics name it, and target group of each that sends requests here."""
        edge, api, name = self._args.balancer, self._args.api, self._args.name
        found = [(edge.balancer_suffix, edge.services)] if edge else []
        found += [(api.balancer_suffix, api.services)] if api and api.balancer_suffix is not None else []
        return [(balancer, services[name]) for balancer, services in found if name in services]

    def _behind_balancer(self) -> list[ecs.ServiceLoadBalancerArgsDict]:
        name, port = self._args.name, self._args.settings.port
        return [
            {"target_group_arn": targets.arn, "container_name": name, "container_port": port}
            for _, targets in self._balanced()
            if port is not None
        ]

    def _name_in_vpc(self) -> ecs.ServiceServiceRegistriesArgsDict | None:
        namespace = self._args.cluster.namespace_id
        if not self._args.settings.discoverable or namespace is None:
            return None
        registered = servicediscovery.Service(
            named(self._name, "name"),
            name=self._args.name,
            dns_config={
                "namespace_id": namespace,
                "routing_policy": "MULTIVALUE",
                "dns_records": [{"type": "A", "ttl": DNS_SECONDS}],
            },
            health_check_custom_config={"failure_threshold": 1},  # ECS says which tasks are healthy
            opts=child(self),
        )
        return {"registry_arn": registered.arn}

    def _scaling(self, service: ecs.Service) -> None:
        args, scaling = self._args, self._args.settings.scaling
        if scaling is None:
            return
        labels = [pulumi.Output.format("{0}/{1}", balancer, one.suffix) for balancer, one in self._balanced()]
        scaling_args = ScalingArgs(
            settings=scaling,
            service=service,
            name=args.name,
            cluster_name=args.cluster.name,
            queue=args.reached.queues[scaling.backlog.queue].name if scaling.backlog else None,
            request_label=labels[0] if labels else None,
        )
        Scaling(named(self._name, "scaling"), scaling_args, child(self))


def _whole(reference: SecretReference) -> SecretReference:
    """Return the reference to a whole secret: two of its keys are read by one permission."""
    return reference.model_copy(update={"json_key": None})
