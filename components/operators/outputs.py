"""What a stack publishes of the roles of its operators."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class OperatorRoleOutputs:
    """A role as other areas see it."""

    arn: pulumi.Output[str]
    """Its ARN."""
    policy_arns: Mapping[str, pulumi.Output[str]]
    """Right -> ARN of its policy, by which a session is narrowed to it."""

    @property
    def command(self) -> pulumi.Output[str]:
        """Return how a session is begun that may do the first of its rights only."""
        (first, *_) = self.policy_arns.values()
        return pulumi.Output.format(
            "aws sts assume-role --role-arn {0} --role-session-name YOUR_USER_NAME --policy-arns arn={1} "
            "--serial-number ARN_OF_YOUR_DEVICE --token-code CODE",
            self.arn,
            first,
        )


@dataclass(frozen=True, kw_only=True)
class OperatorsOutputs(Outputs):
    """The roles of operators as other areas see them."""

    roles: Mapping[str, OperatorRoleOutputs]
    """Role in the stack file -> role."""

    def exports(self) -> Mapping[str, pulumi.Input[object]]:
        """Return `operators`: role -> its ARN, the ARN of each right's policy, and the command, as JSON."""
        said = {
            name: pulumi.Output.all(arn=role.arn, command=role.command, policies=pulumi.Output.all(**role.policy_arns))
            for name, role in self.roles.items()
        }
        return {"operators": pulumi.Output.all(**said).apply(lambda roles: json.dumps(roles, sort_keys=True))}
