"""Makes roles follow the stack file where no provider resource can: a Lambda function in the standby's region.

Every deployment whose order differs from the last one calls the function with it: at creation, when `active` flips, at
destruction. The function brings about what the order says and does nothing where it is so already. All that a failover
changes here is the order: function, role and rights are the same before and after, since IAM cannot be changed while
us-east-1 is lost. The function has no way into the VPC and never sees data; its order holds no secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import lambda_

from components.base import child, named
from components.documents import as_json
from components.function import LONGEST_SECONDS, FunctionArgs, function, function_log, texts, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.keys import KeysOutputs
    from components.recovery.promotion.task import Task
    from config.identity import Identity

FUNCTION: Final = Path(__file__).with_name("function")
"""Source of the function, a package of its own."""


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

    call: lambda_.Invocation
    """The call; once it is made, what the order says holds."""

    def __init__(self, name: str, args: PromotionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:Promotion", name, None, opts)
        self._name = name
        self._args = args
        self.call = self._call(self._function())
        self.register_outputs({})

    def _function(self) -> lambda_.Function:
        args = self._args
        log_group = function_log(self, self._name, args.keys.arn("logs"), args.log_retention_days)
        made = FunctionArgs(
            description="Moves roles between the regions; called by deployments",
            role_description="Moves roles between the regions when a standby takes over",
            handler="function.handler.handler",
            code=texts({f"function/{file.name}": file for file in sorted(FUNCTION.glob("*.py"))}),
            timeout_seconds=LONGEST_SECONDS,  # a failover takes a minute; a planned one may wait for the lag to drain
            memory_mib=256,
            log_group=log_group,
            statements=[writing(log_group), *(one for task in args.tasks for one in task.statements)],
        )
        return function(self, self._name, made)

    def _call(self, moves: lambda_.Function) -> lambda_.Invocation:
        order = {"active": self._args.active} | {task.name: task.content for task in self._args.tasks}
        return lambda_.Invocation(
            named(self._name, "call"),
            function_name=moves.name,
            input=as_json(order),
            lifecycle_scope="CRUD",
            # The call needs what it works on; no reference says so.
            opts=child(self, depends_on=self._args.after),
        )
