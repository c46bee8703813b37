"""A runbook of Systems Manager Automation for what AWS FIS has no action for: one call takes, one gives back.

The call that gives back is done when the time is over, when the call that takes fails, and when the runbook is
cancelled, which is what FIS does with it when the experiment is stopped. Automation waits two minutes at most for what
comes after a cancellation, so that it is one call, and one that may be made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pulumi
from pulumi_aws import iam, ssm

from components.base import child, named
from components.documents import as_json
from components.experiments.plan import duration
from components.iam import Statement, document, source, trust_service
from config.facts.experiments import BROKER, SPARE_MINUTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.experiments import Experiment
    from config.functions import Function
    from config.identity import Identity

_SCHEMA: Final = "0.3"
_BACK: Final = "give-back"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of an API."""

    service: str
    """Service as boto3 and IAM call it."""
    api: str
    """What is called."""
    inputs: Mapping[str, Any]
    """What it is given."""

    @property
    def action(self) -> str:
        """What IAM calls it."""
        return f"{self.service}:{self.api}"

    def inputs_of_step(self) -> dict[str, Any]:
        """Return the inputs of a step that makes it."""
        return {"Service": self.service, "Api": self.api, **self.inputs}


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a runbook does."""

    arn: pulumi.Output[str]
    """To what."""
    why: str
    """Why its role may, one sentence."""
    take: Call
    """What takes."""
    back: Call | None = None
    """What gives back; None = it comes back by itself."""
    until: tuple[Call, str, str] | None = None
    """A look, a place in its answer, and what has to stand there before the runbook ends."""

    @property
    def actions(self) -> list[str]:
        """Everything that its role calls."""
        looks = self.until[0] if self.until else None
        return [one.action for one in (self.take, self.back, looks) if one is not None]


def reboot(arn: pulumi.Output[str]) -> Deed:
    """Return the reboot of a broker."""
    return Deed(
        arn=arn,
        why="the experiment starts a broker of this cluster anew, and waits until it is there",
        take=Call(service="kafka", api="RebootBroker", inputs={"ClusterArn": arn, "BrokerIds": [BROKER]}),
        until=(
            Call(service="kafka", api="DescribeClusterV2", inputs={"ClusterArn": arn}),
            "$.ClusterInfo.State",
            "ACTIVE",
        ),
    )


def hold_back(arn: pulumi.Output[str], function: Function) -> Deed:
    """Return what leaves a function no execution."""
    name, kept = {"FunctionName": arn}, function.reserved_concurrency
    reserve, free = "PutFunctionConcurrency", "DeleteFunctionConcurrency"
    return Deed(
        arn=arn,
        why="the experiment leaves this function no execution, and then those that it had",
        take=Call(service="lambda", api=reserve, inputs={**name, "ReservedConcurrentExecutions": 0}),
        back=Call(service="lambda", api=free, inputs=name)
        if kept is None
        else Call(service="lambda", api=reserve, inputs={**name, "ReservedConcurrentExecutions": kept}),
    )


def disable(arn: pulumi.Output[str]) -> Deed:
    """Return what makes a key unusable."""
    return Deed(
        arn=arn,
        why="the experiment disables this key, and enables it again",
        take=Call(service="kms", api="DisableKey", inputs={"KeyId": arn}),
        back=Call(service="kms", api="EnableKey", inputs={"KeyId": arn}),
    )


def steps(deed: Deed, minutes: int) -> list[dict[str, Any]]:
    """Return the steps of a runbook: take, hold, and give back or wait until it is back."""
    ends = f"step:{_BACK}" if deed.back else "Abort"
    guarded = {"onFailure": ends, "onCancel": ends}
    last = _BACK if deed.back else "settle"
    call = "aws:executeAwsApi"
    found: list[dict[str, Any]] = [
        {"name": "take", "action": call, **guarded, "inputs": deed.take.inputs_of_step(), "nextStep": "hold"},
        {"name": "hold", "action": "aws:sleep", **guarded, "inputs": {"Duration": duration(minutes)}, "nextStep": last},
    ]
    if deed.back is not None:
        found.append(
            {"name": _BACK, "action": call, "maxAttempts": 3, "inputs": deed.back.inputs_of_step(), "isEnd": True}
        )
    elif deed.until is not None:
        look, where, wanted = deed.until
        inputs = {**look.inputs_of_step(), "PropertySelector": where, "DesiredValues": [wanted]}
        waits = {"action": "aws:waitForAwsResourceProperty", "timeoutSeconds": (SPARE_MINUTES - 1) * 60}
        found.append({"name": last, **waits, "inputs": inputs, "isEnd": True})
    return found


def arn_of(identity: Identity, runbook: ssm.Document) -> pulumi.Output[str]:
    """Return the ARN by which FIS starts a runbook; the provider's output names its `automation-definition` instead."""
    return pulumi.Output.concat(f"arn:aws:ssm:{identity.region}:{identity.account_id}:document/", runbook.name)


def build_runbook(
    parent: pulumi.Resource, name: str, identity: Identity, experiment: Experiment, deed: Deed
) -> tuple[ssm.Document, iam.Role, iam.RolePolicy]:
    """Make a runbook, the role that it is done by, and its rights."""
    account, region = identity.account_id, identity.region
    role = iam.Role(
        named(name, "runbook-role"),
        description="Systems Manager Automation takes and gives back for an experiment",
        assume_role_policy=trust_service(
            "ssm.amazonaws.com",
            reason="Automation does runbooks of this account in this region",
            conditions=source(account, f"arn:aws:ssm:{region}:{account}:automation-execution/*"),
        ),
        opts=child(parent),
    )
    rights = Statement(sid="TakeAndGiveBack", reason=deed.why, actions=deed.actions, resources=[deed.arn])
    policy = iam.RolePolicy(named(name, "runbook-rights"), role=role.name, policy=document(rights), opts=child(parent))
    made = ssm.Document(
        named(name, "runbook"),
        document_type="Automation",
        document_format="JSON",
        content=as_json(
            {
                "schemaVersion": _SCHEMA,
                "description": experiment.hypothesis,
                "assumeRole": role.arn,
                "mainSteps": steps(deed, experiment.duration_minutes),
            }
        ),
        opts=child(parent),
    )
    return made, role, policy
