"""Makes roles follow the stack file where no provider resource can: a Lambda function in the standby's region.

Every deployment whose order differs from the last one calls the function with it: at creation, when `active` flips, at
destruction. The function brings about what the order says and does nothing where it is so already. All that a failover
changes here is the order: function, role and rights are the same before and after, since IAM cannot be changed while
us-east-1 is lost. The function has no way into the VPC and never sees data; what it is told is no secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import cloudwatch, iam, lambda_

from components.base import child, named
from components.iam import Statement, document, trust_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.keys import KeysOutputs
    from components.recovery.promotion.task import Task
    from config.identity import Identity

FUNCTION: Final = Path(__file__).with_name("function")
"""Source of the function, a package of its own; shipped as text, so that no path of a machine enters the state."""
RUNTIME: Final = "python3.13"
"""Lambda runtime (end of support 2029-06-30; Lambda developer guide, 2026-11)."""
TIMEOUT_SECONDS: Final = 900
"""Lambda's longest; a failover between regions takes about a minute, a planned one may wait for the lag to drain."""


@dataclass(frozen=True, kw_only=True)
class PromotionArgs:
    """What the controller is built from."""

    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`logs` encrypts the function's log."""
    log_retention_days: int
    """Days that the function's log is kept."""
    active: bool
    """Whether this stack serves in the primary's place."""
    tasks: Sequence[Task]
    """What there is to do, in this order."""
    after: Sequence[pulumi.Resource]
    """What the tasks work on; the function is called once it stands."""


class Promotion(pulumi.ComponentResource):
    """The function, its rights, and the call."""

    def __init__(self, name: str, args: PromotionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:Promotion", name, None, opts)
        self._name = name
        self._args = args
        log_group = self._log_group()
        role = self._role()
        policy = self._policy(role, log_group)
        function = self._function(role, log_group)
        self._call(function, policy)
        self.register_outputs({})

    def _log_group(self) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, "logs"),
            retention_in_days=self._args.log_retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _role(self) -> iam.Role:
        return iam.Role(
            named(self._name, "role"),
            description="Moves roles between the regions when a standby takes over",
            assume_role_policy=trust_service("lambda.amazonaws.com", reason="Lambda runs the function"),
            opts=child(self),
        )

    def _policy(self, role: iam.Role, log_group: cloudwatch.LogGroup) -> iam.RolePolicy:
        write = Statement(
            sid="WriteLog",
            reason="the function's own log",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[pulumi.Output.concat(log_group.arn, ":*")],
        )
        statements = [statement for task in self._args.tasks for statement in task.statements]
        return iam.RolePolicy(
            named(self._name, "policy"), role=role.name, policy=document(write, *statements), opts=child(self)
        )

    def _function(self, role: iam.Role, log_group: cloudwatch.LogGroup) -> lambda_.Function:
        return lambda_.Function(
            named(self._name, "function"),
            description="Moves roles between the regions; called by deployments",
            role=role.arn,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler="function.handler.handler",
            code=pulumi.AssetArchive(
                {
                    f"function/{path.name}": pulumi.StringAsset(path.read_text(encoding="utf-8"))
                    for path in sorted(FUNCTION.glob("*.py"))
                }
            ),
            timeout=TIMEOUT_SECONDS,
            memory_size=256,
            logging_config=lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=log_group.name),
            opts=child(self),
        )

    def _call(self, function: lambda_.Function, policy: iam.RolePolicy) -> None:
        order = {"active": self._args.active} | {task.name: task.content for task in self._args.tasks}
        lambda_.Invocation(
            named(self._name, "call"),
            function_name=function.name,
            input=pulumi.Output.json_dumps(order, sort_keys=True),
            lifecycle_scope="CRUD",
            # The call needs the rights and what it works on; no reference says so.
            opts=child(self, depends_on=[policy, *self._args.after]),
        )
