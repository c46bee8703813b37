"""Systems Manager Automation does runbooks: calls by a role's rights, sleeps, waits, and what follows a cancellation.

A step is done at a tick of the clock, by a request to the emulator itself, as anybody's would be. What a role may not
do fails the step. A step that fails or is cancelled leads to the one that it names; a runbook that was cancelled is
`Cancelled` when that is done, one of which a step failed is `Failed`.
https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html (2026-12-01)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import os
import re
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import iam

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError
from sandbox.emulator.patches.ssm_documents import CALL, SLEEP, found, invalid, runbook, serve
from sandbox.emulator.tasks import rights

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

EXECUTIONS: Final = stores.regional("ssm-automation-executions")
"""Id -> execution, as it is described; names that begin with `_` are the sandbox's own, and not answered."""
GOING: Final = ("InProgress", "Cancelling")
_BUSY: Final = threading.RLock()
_SSM: Final = "ssm.amazonaws.com"
_SLEEP: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?")
_WAIT_S: Final = 3600.0
"""Seconds that a step waits for a property where it does not say."""


def start(body: Document) -> Document:
    """Start a runbook; its first step is done at the next tick.

    Raises:
        RefusedError: There is none, or Automation cannot have its role.
    """
    try:
        said, kept = runbook(body["DocumentName"]), found(body["DocumentName"])
    except RefusedError as error:
        raise invalid(str(error), "AutomationDefinitionNotFoundException") from error
    role = said.get("assumeRole", "")
    trust = (iam._roles.get(role.rpartition("/")[2]) or {}).get("AssumeRolePolicyDocument", "")
    if _SSM not in (trust if isinstance(trust, str) else json.dumps(trust)):
        message = f"The defined assume role {role!r} is unable to be assumed."
        raise invalid(message, "InvalidAutomationExecutionParametersException")
    name = str(uuid.uuid4())
    EXECUTIONS[name] = {
        "AutomationExecutionId": name,
        "DocumentName": body["DocumentName"].rpartition("/")[2],
        "DocumentVersion": kept["default"],
        "AutomationExecutionStatus": "InProgress",
        "ExecutionStartTime": time.time(),
        "Mode": "Auto",
        "StepExecutions": [],
        "_role": role,
        "_steps": said["mainSteps"],
        "_at": said["mainSteps"][0]["name"],
        "_ends_as": "Success",
    }
    return {"AutomationExecutionId": name}


def one(name: str) -> Document:
    """Return an execution.

    Raises:
        RefusedError: There is none.
    """
    execution: Document | None = EXECUTIONS.get(name)
    if execution is None:
        raise invalid(f"Couldn't find the automation execution {name}.", "AutomationExecutionNotFoundException")
    return execution


def stop(body: Document) -> Document:
    """Cancel a runbook: the step that it is at leads to what it names for that.

    Raises:
        RefusedError: There is none, or it is over.
    """
    with _BUSY:
        execution = one(body["AutomationExecutionId"])
        if execution["AutomationExecutionStatus"] not in GOING:
            message = f"The execution is {execution['AutomationExecutionStatus']} already."
            raise invalid(message, "InvalidAutomationStatusUpdateException")
        if execution["_ends_as"] != "Cancelled":
            execution |= {"AutomationExecutionStatus": "Cancelling", "_ends_as": "Cancelled"}
            step, running = _step(execution), _running(execution)
            if running is not None:
                running |= {"StepStatus": "Cancelled", "ExecutionEndTime": time.time()}
            _lead(execution, step.get("onCancel", "Abort"))
    return {}


def _step(execution: Document) -> Document:
    step: Document = next(each for each in execution["_steps"] if each["name"] == execution["_at"])
    return step


def _running(execution: Document) -> Document | None:
    done: list[Document] = execution["StepExecutions"]
    return done[-1] if done and done[-1]["StepStatus"] == "InProgress" else None


def _lead(execution: Document, to: str) -> None:
    """Go on with the step that another one names for its failure or cancellation, or end."""
    kind, _, name = to.partition(":")
    if kind == "step":
        execution["_at"] = name
        return
    execution |= {"AutomationExecutionStatus": execution["_ends_as"], "ExecutionEndTime": time.time()}


def _go_on(execution: Document) -> None:
    """Do steps until one waits, or none is left."""
    while execution["AutomationExecutionStatus"] in GOING:
        step, record = _step(execution), _running(execution)
        if record is None:
            shown = {"StepName": step["name"], "Action": step["action"], "StepExecutionId": str(uuid.uuid4())}
            record = {**shown, "StepStatus": "InProgress", "ExecutionStartTime": time.time()}
            execution["StepExecutions"].append(record)
            execution |= {"CurrentStepName": step["name"], "CurrentAction": step["action"]}
        wrong = _done(execution, step, record)
        if wrong is None:
            return
        record |= {"StepStatus": "Failed" if wrong else "Success", "ExecutionEndTime": time.time()}
        if wrong:
            record["FailureMessage"] = execution["FailureMessage"] = wrong
            execution["_ends_as"] = "Failed"
            _lead(execution, "Abort" if step.get("isEnd") else step.get("onFailure", "Abort"))
        else:
            _lead(execution, f"step:{step['nextStep']}" if "nextStep" in step and not step.get("isEnd") else "End")


def _done(execution: Document, step: Document, record: Document) -> str | None:
    """Return None while a step waits, an empty text when it is done, and else why it failed."""
    inputs, since = step["inputs"], time.time() - record["ExecutionStartTime"]
    if step["action"] == SLEEP:
        hours, minutes, seconds = (int(part or 0) for part in _SLEEP.fullmatch(inputs["Duration"]).groups())  # type: ignore[union-attr]
        return "" if since >= hours * 3600 + minutes * 60 + seconds else None
    try:
        answer = _called(execution["_role"], inputs)
    except Exception as error:  # noqa: BLE001 - what a call says is why its step failed
        return f"{step['action']}: {error}"
    if step["action"] == CALL:
        return ""
    value: Any = answer
    for part in inputs["PropertySelector"].removeprefix("$.").split("."):
        value = (value or {}).get(part)
    if value in inputs["DesiredValues"]:
        return ""
    return f"{step['name']} timed out at {value}" if since > step.get("timeoutSeconds", _WAIT_S) else None


def _called(role: str, inputs: Document) -> Document:
    """Make a call of an API by a role's rights, on the ARN that it names."""
    import boto3  # noqa: PLC0415 - a third of the emulator's start, and few emulators do runbooks
    from botocore import xform_name  # noqa: PLC0415 - as above

    service, api = inputs["Service"], inputs["Api"]
    own = ("Service", "Api", "PropertySelector", "DesiredValues")
    given = {key: value for key, value in inputs.items() if key not in own}
    named = next((value for value in given.values() if str(value).startswith("arn:")), "*")
    if not rights.allowed(role, f"{service}:{api}", named):
        raise PermissionError(f"{role} is not authorized to perform: {service}:{api} on resource: {named}")
    client = boto3.client(
        service,
        region_name=get_region(),
        endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        aws_access_key_id=get_account_id(),
        aws_secret_access_key="sandbox",  # noqa: S106 - the embedded AWS reads no secret
    )
    answer: Document = getattr(client, xform_name(api))(**given)
    return answer


def _tick() -> None:
    with _BUSY:
        for (account, region, _), execution in list(EXECUTIONS.all_items()):
            if execution["AutomationExecutionStatus"] in GOING:
                with request_scope(account, region):
                    _go_on(execution)


def _shown(execution: Document) -> Document:
    return {key: value for key, value in execution.items() if not key.startswith("_")}


def _list(body: Document) -> Document:
    wanted = {each["Key"]: each["Values"] for each in body.get("Filters") or []}
    prefixes = tuple(wanted.get("DocumentNamePrefix", [""]))
    left = ("StepExecutions",)
    shown = [
        {key: value for key, value in _shown(each).items() if key not in left}
        for each in EXECUTIONS.values()
        if each["DocumentName"].startswith(prefixes)
    ]
    return {"AutomationExecutionMetadataList": sorted(shown, key=lambda each: -each["ExecutionStartTime"])}


_ACTIONS: Final = {
    "StartAutomationExecution": start,
    "StopAutomationExecution": stop,
    "GetAutomationExecution": lambda body: {"AutomationExecution": _shown(one(body["AutomationExecutionId"]))},
    "DescribeAutomationExecutions": _list,
}


def _apply() -> None:
    serve(_ACTIONS)
    CLOCK.at_each_tick(_tick)


PATCH = Patch("ssm-automation", "no runbook is done", _apply)
