"""An application of Elastic Beanstalk with one environment, behind the load balancer of the edge.

Beanstalk makes instances, their Auto Scaling group, target group and rule of the listener by itself; what it is given
stands in `components.beanstalk.plan`. Not here: versions of the application, which a pipeline uploads and deploys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import elasticbeanstalk

from components.base import child, named
from components.beanstalk.outputs import BeanstalkOutputs
from components.beanstalk.plan import Place, options, settings_of
from components.beanstalk.roles import build_roles
from config.beanstalk import Beanstalk as Settings
from config.edge import Edge

if TYPE_CHECKING:
    from components.network import NetworkOutputs
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class BeanstalkArgs:
    """What it is built from."""

    settings: Settings
    """The stack file's `beanstalk`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs
    """VPC, subnets, security groups."""
    balancer_arn: pulumi.Output[str]
    """Load balancer that sends it requests."""


class Beanstalk(pulumi.ComponentResource):
    """The application, its environment and their roles."""

    outputs: BeanstalkOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: BeanstalkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:beanstalk:Beanstalk", name, None, opts)
        self._name = name
        self._args = args
        application = elasticbeanstalk.Application(
            named(name, "application"), description=args.settings.purpose, opts=child(self)
        )
        environment = self._environment(application)
        self.outputs = BeanstalkOutputs(application=application.name, environment=environment.name)
        self.register_outputs({"application": application.name, "environment": environment.name})

    def _environment(self, application: elasticbeanstalk.Application) -> elasticbeanstalk.Environment:
        settings, network = self._args.settings, self._args.network
        roles = build_roles(self, self._name)
        place = Place(
            vpc_id=network.vpc_id,
            subnets=_joined(network.subnets_of(Settings.serves)),
            balancer_subnets=_joined(network.subnets_of(Edge.serves)),
            group_id=network.group_of(Settings.serves),
            balancer_arn=self._args.balancer_arn,
            service_role_arn=roles.service_arn,
            profile_name=roles.profile_name,
        )
        return elasticbeanstalk.Environment(
            named(self._name, "environment"),
            application=application.name,
            description=settings.purpose,
            solution_stack_name=settings.solution_stack,
            tier="WebServer",
            settings=[
                elasticbeanstalk.EnvironmentSettingArgs(namespace=space, name=option, value=value)
                for space, option, value in settings_of(options(settings, Settings.serves.port, place))
            ],
            # Managed updates move both: the platform's version, and the version that a pipeline deployed.
            opts=child(self, ignore_changes=["solutionStackName", "version"]),
        )


def _joined(ids: list[pulumi.Output[str]]) -> pulumi.Output[str]:
    return pulumi.Output.all(*ids).apply(lambda values: ",".join(sorted(values)))
