"""AWS FIS starts runbooks of Systems Manager Automation by its role's rights, and cancels them with the experiment.

https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#ssm-start-automation-execution (2026-12-01)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.core.responses import get_account_id, get_region

from sandbox.emulator.patches import ssm_automation
from sandbox.emulator.patches.fis_faults import FaultError
from sandbox.emulator.patches.service import RefusedError
from sandbox.emulator.patches.ssm_documents import runbook
from sandbox.emulator.tasks import rights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.emulator.patches.service import Document


def begin(role: str, given: Mapping[str, str]) -> list[Document]:
    """Start a runbook.

    Args:
        role: ARN of the role of the experiment.
        given: Parameters of the action.

    Returns:
        What `state` and `cancel` need, as plain data.

    Raises:
        FaultError: The role may not, or Automation refuses.
    """
    try:
        _judge(role, given["documentArn"])
        started = ssm_automation.start({"DocumentName": given["documentArn"]})
    except RefusedError as error:
        raise FaultError(str(error)) from error
    return [{"automation": started["AutomationExecutionId"]}]


def _judge(role: str, document: str) -> None:
    place, _, name = document.rpartition(":document/")
    any_execution = f"arn:aws:ssm:{get_region()}:{get_account_id()}:automation-execution/any"
    passed = {"iam:passedtoservice": "ssm.amazonaws.com"}
    for action, resource, keys in (
        ("ssm:StartAutomationExecution", f"{place}:automation-definition/{name}:$DEFAULT", {}),
        ("ssm:GetAutomationExecution", any_execution, {}),
        ("ssm:StopAutomationExecution", any_execution, {}),
        ("iam:PassRole", runbook(document).get("assumeRole", ""), passed),
    ):
        if not rights.allowed(role, action, resource, keys):
            raise FaultError(f"The role {role} is not authorized to perform: {action} on resource: {resource}")


def state(undo: Sequence[Document], *, over: bool) -> tuple[str, str]:
    """Return `running`, `completed` or `failed`, and why.

    Args:
        undo: What `begin` returned.
        over: Whether the runbook had all the time that it may have.
    """
    for one in undo:
        execution = ssm_automation.one(one["automation"])
        status = execution["AutomationExecutionStatus"]
        if status == "Success":
            return "completed", ""
        if status in ssm_automation.GOING and not over:
            return "running", ""
        return "failed", f"The automation is {status}. {execution.get('FailureMessage', '')}".strip()
    return "completed", ""


def cancel(undo: Sequence[Document]) -> None:
    """Cancel a runbook that is not done; what it took it gives back itself."""
    for one in undo:
        name = one.get("automation")
        if name is not None and ssm_automation.one(name)["AutomationExecutionStatus"] in ssm_automation.GOING:
            ssm_automation.stop({"AutomationExecutionId": name})
