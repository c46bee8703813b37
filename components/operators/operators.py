"""Roles that people take: after a second factor, under their own names, for a few hours.

Each right of a role is a policy of its own. The role has all of them, and a session can be begun with one of them as
its session policy, so that it may do no more than what it is for.

Not here: the people, who are users of the account or come by IAM Identity Center, and what they may do in Kubernetes,
which is the cluster's (`cluster.access`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import iam

from components.base import child, named
from components.iam import Statement, document
from components.operators.outputs import OperatorRoleOutputs, OperatorsOutputs
from components.operators.rights import RIGHTS, Ground

if TYPE_CHECKING:
    from config.identity import Identity
    from config.operators import OperatorRole, Right
    from config.operators import Operators as Settings

_MINUTE: Final = 60
_HOUR: Final = 3600


@dataclass(frozen=True, kw_only=True)
class OperatorsArgs:
    """What the roles are built from."""

    settings: Settings
    """The stack file's `operators`."""
    identity: Identity
    """The stack file's `identity`."""
    cluster_arn: str | None = None
    """The cluster that `kubernetes` is about; None = there is none."""


class Operators(pulumi.ComponentResource):
    """The roles of the people who operate a stack."""

    outputs: OperatorsOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: OperatorsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:operators:Operators", name, None, opts)
        self._name = name
        self._ground = Ground(identity=args.identity, cluster_arn=args.cluster_arn)
        self.outputs = OperatorsOutputs(
            roles={short: self._role(short, role) for short, role in args.settings.roles.items()}
        )
        self.register_outputs({})

    def _role(self, short: str, settings: OperatorRole) -> OperatorRoleOutputs:
        role = iam.Role(
            named(self._name, short),
            description=settings.purpose,
            assume_role_policy=trusted(settings),
            max_session_duration=settings.session_hours * _HOUR,
            opts=child(self),
        )
        policies: dict[str, pulumi.Output[str]] = {right: self._right(short, right, role) for right in settings.rights}
        return OperatorRoleOutputs(arn=role.arn, policy_arns=policies)

    def _right(self, short: str, right: Right, role: iam.Role) -> pulumi.Output[str]:
        """Give a role a right, as a policy that sessions can be narrowed to."""
        policy = iam.Policy(
            named(self._name, f"{short}-{right}"),
            description=f"What {short} may do by the right {right}",
            policy=document(*RIGHTS[right](self._ground)),
            opts=child(self),
        )
        iam.RolePolicyAttachment(
            named(self._name, f"{short}-{right}"), role=role.name, policy_arn=policy.arn, opts=child(self)
        )
        return policy.arn


def trusted(settings: OperatorRole) -> pulumi.Output[str]:
    """Return the trust policy: a second factor that is fresh, and a session under the user's own name.

    The name of the session is what CloudTrail shows beside the role. `Bool` is false for a request without the key,
    which long-lived keys make (IAM user guide, "Secure API access with MFA", 2026-11).
    """
    return document(
        Statement(
            sid="TakenByPeople",
            reason="People take the role after a second factor, for a session that says who they are",
            actions=["sts:AssumeRole"],
            principals={"AWS": list(settings.trusted)},
            conditions={
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
                "NumericLessThanEquals": {"aws:MultiFactorAuthAge": str(settings.mfa_minutes * _MINUTE)},
                "StringLike": {"sts:RoleSessionName": "${aws:username}"},
            },
        )
    )
