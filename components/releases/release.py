"""How new versions of functions get their traffic: CodeDeploy moves it, and takes it back on an alarm.

A deployment group for each function that the stack file releases so. Who makes a deployment: docs/runbooks/releases.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import codedeploy, iam

from components.base import child, named
from components.iam import Statement, document, trust_service
from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from components.functions import FunctionOutputs
    from config.functions import Release

CONFIGURATION: Final = "CodeDeployDefault.Lambda"
"""What the names of CodeDeploy's own configurations for Lambda begin with."""


@dataclass(frozen=True, kw_only=True)
class Released:
    """A function that CodeDeploy releases."""

    settings: Release
    """Its section `release`."""
    function: FunctionOutputs
    """The function."""
    alarms: Sequence[pulumi.Output[str]]
    """Names of the alarms that take a release back."""


@dataclass(frozen=True, kw_only=True)
class ReleasesOutputs(Outputs):
    """What a pipeline has to know."""

    application: pulumi.Output[str]
    """Name of the application of CodeDeploy."""
    groups: Mapping[str, pulumi.Output[str]]
    """Function -> name of its deployment group."""

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return `release_application`, and `release_groups`: function -> deployment group."""
        return {"release_application": self.application, "release_groups": gathered(self.groups)}


class Releases(pulumi.ComponentResource):
    """Releases of the functions of a stack."""

    outputs: ReleasesOutputs
    """What a pipeline has to know."""

    def __init__(self, name: str, args: Mapping[str, Released], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:releases:Releases", name, None, opts)
        self._name = name
        application = codedeploy.Application(named(name, "application"), compute_platform="Lambda", opts=child(self))
        role, rights = self._role(args)
        groups = {short: self._group(short, one, application, role, rights) for short, one in args.items()}
        self.outputs = ReleasesOutputs(application=application.name, groups=groups)
        self.register_outputs({"application": application.name})

    def _role(self, args: Mapping[str, Released]) -> tuple[iam.Role, iam.RolePolicy]:
        role = iam.Role(
            named(self._name, "role"),
            description="Moves the traffic of functions from version to version",
            assume_role_policy=trust_service(
                "codedeploy.amazonaws.com", reason="CodeDeploy moves the aliases of the functions"
            ),
            opts=child(self),
        )
        move = Statement(
            sid="MoveAliases",
            reason="a release is a change of what an alias leads to",
            actions=["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
            resources=[one.function.alias_arn for one in args.values()],
        )
        watch = Statement(
            sid="WatchAlarms",
            reason="an alarm takes a release back; the call takes no resource",
            actions=["cloudwatch:DescribeAlarms"],
            resources=["*"],
        )
        rights = iam.RolePolicy(
            named(self._name, "rights"), role=role.name, policy=document(move, watch), opts=child(self)
        )
        return role, rights

    def _group(
        self, short: str, one: Released, application: codedeploy.Application, role: iam.Role, rights: iam.RolePolicy
    ) -> pulumi.Output[str]:
        group = codedeploy.DeploymentGroup(
            named(self._name, f"of-{short}"),
            app_name=application.name,
            deployment_group_name=short,
            deployment_config_name=f"{CONFIGURATION}{one.settings.traffic}",
            service_role_arn=role.arn,
            deployment_style={"deployment_option": "WITH_TRAFFIC_CONTROL", "deployment_type": "BLUE_GREEN"},
            auto_rollback_configuration={
                "enabled": True,
                "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
            },
            # Alarms that CodeDeploy cannot ask for stop a release; else it would go on unwatched.
            alarm_configuration={"alarms": list(one.alarms), "enabled": True, "ignore_poll_alarm_failure": False},
            # No reference says so, but a deployment needs the rights.
            opts=child(self, depends_on=[rights]),
        )
        return group.deployment_group_name
