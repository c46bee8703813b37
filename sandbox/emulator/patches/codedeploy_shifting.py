"""How a deployment of CodeDeploy passes: begun, its hooks called, traffic shifted by the clock, stopped, taken back.

https://docs.aws.amazon.com/codedeploy/latest/userguide/ (2026-11): deployment-steps-lambda.html,
deployments-rollback-and-redeploy.html, monitoring-create-alarms.html, reference-appspec-file-structure-hooks.html. What
AWS does not say: an alarm that does not exist is taken for one whose state cannot be known.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import secrets
import string
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from ministack.services import cloudwatch, lambda_svc

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.codedeploy_revisions import (
    AFTER,
    ALLOW,
    BEFORE,
    WHOLE,
    Revision,
    RevisionError,
    content,
    read,
    steps,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    Deployment = dict[str, Any]

DEPLOYMENTS: Final = stores.regional("codedeploy-deployments")
"""Id -> deployment: `info` as GetDeployment shows it, and how far it is."""
BUSY: Final = threading.RLock()
"""Held by who changes a deployment: requests, and the clock."""
OVER: Final = frozenset({"Succeeded", "Failed", "Stopped"})
"""Statuses that stay."""
_HOOK_S: Final = 3600.0
_ROLLBACK: Final = {"Failed": "DEPLOYMENT_FAILURE", "Stopped": "DEPLOYMENT_STOP_ON_ALARM"}


def new_id() -> str:
    """Return an id that no deployment has."""
    return "d-" + "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(9))


def revision_of(deployment: Deployment) -> Revision:
    """Return what a deployment deploys.

    Raises:
        RevisionError: Its revision is none of a function.
    """
    return read(content(deployment["info"]["revision"]) or "")


def move(deployment: Deployment) -> None:
    """Do what is due for a deployment that is not over."""
    info = deployment["info"]
    try:
        if info["status"] == "Created":
            _begin(deployment, revision_of(deployment))
        if not (on := _ringing(deployment)):
            _pass(deployment, revision_of(deployment))
            return
        what = f"alarms that are on, or that nobody knows, have stopped the deployment: {', '.join(on)}"
        end(deployment, "Stopped", "ALARM_ACTIVE", what)
    except RevisionError as error:
        end(deployment, "Failed", error.code, str(error))


def _begin(deployment: Deployment, revision: Revision) -> None:
    function = lambda_svc._functions.get(revision.function)
    alias = (function or {}).get("aliases", {}).get(revision.alias)
    versions = (function or {}).get("versions", {})
    if alias is None or not {revision.current, revision.target} <= versions.keys():
        what = (
            f"{revision.function} has no such alias or version: {revision.alias}, {revision.current}, {revision.target}"
        )
        raise RevisionError("INVALID_LAMBDA_FUNCTION", what)
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights")
    if alias["FunctionVersion"] != revision.current or weights:
        leads = f"{alias['FunctionVersion']}{f' and {sorted(weights)}' if weights else ''}"
        what = f"CurrentVersion is {revision.current}, and the alias {revision.alias} leads to {leads}"
        raise RevisionError("INVALID_LAMBDA_CONFIGURATION", what)
    deployment["events"] = [{"lifecycleEventName": name, "status": "Pending"} for name in (BEFORE, ALLOW, AFTER)]
    deployment["info"].update(status="InProgress", startTime=time.time())


def _ringing(deployment: Deployment) -> list[str]:
    """Return the alarms that stop a deployment now."""
    watched = deployment["alarms"]
    if not watched.get("enabled"):
        return []
    found = {one["name"]: _state(one["name"]) for one in watched["alarms"]}
    unknown = not watched.get("ignorePollAlarmFailure")
    return [name for name, state in found.items() if state == "ALARM" or (state is None and unknown)]


def _state(alarm: str) -> str | None:
    kept = cloudwatch._alarms.get(alarm) or cloudwatch._composite_alarms.get(alarm)
    return str(kept["StateValue"]) if kept else None


def _pass(deployment: Deployment, revision: Revision) -> None:
    """Go through lifecycle events, as far as they are done."""
    for event in deployment["events"]:
        if event["status"] == "Pending":
            event.update(status="InProgress", startTime=time.time())
        if event["status"] == "InProgress":
            shifting = event["lifecycleEventName"] == ALLOW
            status = _shift(deployment, event, revision) if shifting else _hook(deployment, event, revision)
            if status == "InProgress":
                return
            event.update(status=status, endTime=time.time())
    end(deployment, "Succeeded")


def _shift(deployment: Deployment, event: Mapping[str, Any], revision: Revision) -> str:
    """Give the new version its share by now; returns the status of the event."""
    passed = time.time() - event["startTime"]
    share = max(percent for at, percent in steps(deployment["routing"]) if at <= passed)
    if share != deployment["share"]:
        lead(revision, share)
        deployment["share"] = share
    return "Succeeded" if share == WHOLE else "InProgress"


def lead(revision: Revision, share: int) -> None:
    """Let an alias lead to the new version by a share in percent; all and none leave it one version."""
    version = revision.target if share == WHOLE else revision.current
    weights = {revision.target: share / WHOLE} if 0 < share < WHOLE else {}
    routing = {"FunctionVersion": version, "RoutingConfig": {"AdditionalVersionWeights": weights}}
    lambda_svc._update_alias(revision.function, revision.alias, routing)


def _hook(deployment: Deployment, event: dict[str, Any], revision: Revision) -> str:
    """Call the function of a lifecycle event, and wait for what it says; returns the status of the event.

    Raises:
        RevisionError: It is not there, says that it failed, or says nothing for an hour.
    """
    name = revision.hooks.get(event["lifecycleEventName"])
    if name is None:
        return "Skipped"
    if "execution" not in event:
        function = lambda_svc._functions.get(name)
        if function is None:
            raise _failed(event, f"there is no function {name}")
        event.update(execution=secrets.token_urlsafe(24), said=None)
        asked = {
            "DeploymentId": deployment["info"]["deploymentId"],
            "LifecycleEventHookExecutionId": event["execution"],
        }
        lambda_svc.invoke_async_with_retry(function, asked)
    if event["said"] == "Failed":
        raise _failed(event, f"{name} says that it failed")
    if event["said"] is None and time.time() - event["startTime"] > _HOOK_S:
        raise _failed(event, f"{name} has said nothing for an hour")
    return str(event["said"] or "InProgress")


def _failed(event: dict[str, Any], message: str) -> RevisionError:
    event.update(status="Failed", endTime=time.time())
    return RevisionError("HOOK_EXECUTION_FAILURE", f"{event['lifecycleEventName']}: {message}")


def end(deployment: Deployment, status: str, code: str = "", message: str = "", *, back: bool | None = None) -> None:
    """End a deployment, and take it back where its group says so.

    Args:
        deployment: It.
        status: Its status from now on.
        code: Why it has not succeeded.
        message: The same in words.
        back: Whether it is taken back; None = as its configuration says.
    """
    info = deployment["info"]
    info.update(status=status, completeTime=time.time())
    if code:
        info["errorInformation"] = {"code": code, "message": message}
    for event in deployment["events"]:
        if event["status"] in {"Pending", "InProgress"}:
            event["status"] = "Failed" if event["status"] == "InProgress" else "Skipped"
    rollback = info["autoRollbackConfiguration"]
    wanted = rollback.get("enabled") and _ROLLBACK.get(status) in (rollback.get("events") or [])
    if deployment["events"] and (wanted if back is None else back):
        _take_back(deployment, message)


def _take_back(deployment: Deployment, message: str) -> None:
    """Let the alias lead where it led before, by a deployment of its own."""
    info, revision, made = deployment["info"], revision_of(deployment), new_id()
    lead(revision, 0)
    now = round(time.time(), 3)
    triggered = {"rollbackTriggeringDeploymentId": info["deploymentId"], "rollbackMessage": message}
    appspec = {"revisionType": "AppSpecContent", "appSpecContent": {"content": revision.back()}}
    kept = {name: info[name] for name in info if name not in {"errorInformation", "description"}}
    times = {"createTime": now, "startTime": now, "completeTime": now}
    own = {"deploymentId": made, "creator": "codeDeployRollback", "status": "Succeeded", "revision": appspec, **times}
    events = [{"lifecycleEventName": ALLOW, "status": "Succeeded", "startTime": now, "endTime": now}]
    DEPLOYMENTS[made] = {
        **deployment,
        "info": {**kept, **own, "rollbackInfo": triggered},
        "events": events,
        "share": WHOLE,
    }
    info["rollbackInfo"] = {"rollbackDeploymentId": made, "rollbackMessage": message}
