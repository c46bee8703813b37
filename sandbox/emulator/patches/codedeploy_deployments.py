"""A deployment of CodeDeploy shifts the traffic of a function's alias, and takes it back on an alarm or a failure.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/ (2026-11): API_CreateDeployment, API_StopDeployment,
API_GetDeploymentTarget, API_PutLifecycleEventHookExecutionStatus
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import request_scope

from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches.base import Patch, add_action
from sandbox.emulator.patches.codedeploy_configs import routing
from sandbox.emulator.patches.codedeploy_revisions import RevisionError, content
from sandbox.emulator.patches.codedeploy_settings import ACTIONS, alarms_of, application, checked, group
from sandbox.emulator.patches.codedeploy_shifting import BUSY, DEPLOYMENTS, OVER, end, move, new_id, revision_of
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.emulator.patches.service import Action, Document

_TARGETS: Final = ("Pending", "InProgress", "Succeeded", "Failed", "Skipped", "Ready")


def _create(body: Document) -> Document:
    kept = group(body)
    shown = kept["shown"]
    of_group = [one["info"] for one in _of(body["applicationName"], body["deploymentGroupName"])]
    if active := [one["deploymentId"] for one in of_group if one["status"] not in OVER]:
        what = f"The Deployment Group '{body['deploymentGroupName']}' already has an active Deployment '{active[0]}'"
        raise RefusedError("DeploymentLimitExceededException", what)
    if not body.get("revision"):
        raise RefusedError("RevisionRequiredException", "A revision is required")
    if content(body["revision"]) is None:
        what = "The revision has no AppSpec file in itself (AppSpecContent), or one of another hash"
        raise RefusedError("InvalidRevisionException", what)
    config = body.get("deploymentConfigName") or shown["deploymentConfigName"]
    alarms = body.get("overrideAlarmConfiguration") or shown["alarmConfiguration"]
    alarms_of(alarms)
    info: Document = {
        **{name: shown[name] for name in ("applicationName", "deploymentGroupName", "deploymentStyle")},
        "deploymentConfigName": config,
        "deploymentId": new_id(),
        "revision": body["revision"],
        "status": "Created",
        "createTime": round(time.time(), 3),  # in milliseconds: what a client reads, it may ask for
        "creator": "user",
        "computePlatform": "Lambda",
        "autoRollbackConfiguration": body.get("autoRollbackConfiguration") or shown["autoRollbackConfiguration"],
        **{name: body[name] for name in ("description", "overrideAlarmConfiguration") if name in body},
    }
    made = {"info": info, "events": [], "share": 0, "routing": routing(config), "alarms": alarms}
    DEPLOYMENTS[info["deploymentId"]] = made
    return {"deploymentId": info["deploymentId"]}


def _of(app: str | None, name: str | None) -> Iterable[Document]:
    """Yield the deployments of an application, or of a group, or all; the newest first."""
    for one in sorted(DEPLOYMENTS.values(), key=lambda one: -one["info"]["createTime"]):
        info = one["info"]
        if (app or info["applicationName"], name or info["deploymentGroupName"]) == (
            info["applicationName"],
            info["deploymentGroupName"],
        ):
            yield one


def _found(body: Document) -> Document:
    if body.get("deploymentId") not in DEPLOYMENTS:
        what = f"The deployment {body.get('deploymentId')} could not be found"
        raise RefusedError("DeploymentDoesNotExistException", what)
    found: Document = DEPLOYMENTS[body["deploymentId"]]
    return found


def _info(one: Document) -> Document:
    """Return a deployment as it is shown."""
    counted = dict.fromkeys(_TARGETS, 0) | {_status(one): 1}
    return {**one["info"], "deploymentOverview": counted}


def _status(one: Document) -> str:
    """Return the status of a deployment's target."""
    status = str(one["info"]["status"])
    return {"Created": "Pending", "Stopped": "Failed"}.get(status, status)


def _list(body: Document) -> Document:
    app, name = body.get("applicationName"), body.get("deploymentGroupName")
    if name:
        group(body)
    elif app:
        application(body)
    statuses, times = body.get("includeOnlyStatuses") or [], body.get("createTimeRange") or {}
    first, last = times.get("start") or 0, times.get("end") or time.time()
    shown = [one["info"] for one in _of(app, name)]
    kept = [
        one for one in shown if first <= one["createTime"] <= last and one["status"] in (statuses or [one["status"]])
    ]
    return {"deployments": [one["deploymentId"] for one in kept]}


def _stop(body: Document) -> Document:
    found = _found(body)
    if found["info"]["status"] in OVER:
        what = f"The deployment {body['deploymentId']} has already completed"
        raise RefusedError("DeploymentAlreadyCompletedException", what)
    rollback = found["info"]["autoRollbackConfiguration"]
    by_group = bool(rollback.get("enabled") and "DEPLOYMENT_STOP_ON_REQUEST" in (rollback.get("events") or []))
    back = by_group if body.get("autoRollbackEnabled") is None else bool(body["autoRollbackEnabled"])
    end(found, "Stopped", "MANUAL_STOP", "the deployment was stopped by a request", back=back)
    return {"status": "Succeeded", "statusMessage": "No more traffic is shifted"}


def _target(one: Document) -> Document:
    """Return the one target of a deployment.

    Raises:
        RefusedError: The deployment has not begun, and never will where its revision is none of a function.
    """
    info = one["info"]
    try:
        revision = revision_of(one)
    except RevisionError as error:
        raise RefusedError("DeploymentNotStartedException", str(error)) from None
    shown = ("lifecycleEventName", "status", "startTime", "endTime")
    target = {
        "deploymentId": info["deploymentId"],
        "targetId": f"{revision.function}:{revision.alias}",
        "targetArn": f"{revision.function}:{revision.alias}",
        "status": _status(one),
        "lastUpdatedAt": info.get("completeTime") or info["createTime"],
        "lifecycleEvents": [{name: event[name] for name in shown if name in event} for event in one["events"]],
        "lambdaFunctionInfo": {
            "functionName": revision.function,
            "functionAlias": revision.alias,
            "currentVersion": revision.current,
            "targetVersion": revision.target,
            "targetVersionWeight": one["share"] / 100,
        },
    }
    return {"deploymentTargetType": "LambdaTarget", "lambdaTarget": target}


def _targets(body: Document) -> list[Document]:
    one = _target(_found(body))
    if other := [name for name in body.get("targetIds") or [] if name != one["lambdaTarget"]["targetId"]]:
        raise RefusedError("DeploymentTargetDoesNotExistException", f"no target of the deployment: {', '.join(other)}")
    return [one]


def _hear(body: Document) -> Document:
    """Keep what the function of a hook says of its checks."""
    wanted, status = body.get("lifecycleEventHookExecutionId"), body.get("status")
    events = [one for one in _found(body)["events"] if one.get("execution") == wanted and wanted]
    if not events:
        raise RefusedError("InvalidLifecycleEventHookExecutionIdException", f"no hook was called by {wanted}")
    if status not in {"Succeeded", "Failed"}:
        raise RefusedError("InvalidLifecycleEventHookExecutionStatusException", f"{status} is not Succeeded or Failed")
    if events[0]["said"]:
        raise RefusedError("LifecycleEventAlreadyCompletedException", "the hook has said how it ended")
    events[0]["said"] = status
    return {"lifecycleEventHookExecutionId": wanted}


def _names(body: Document) -> Document:
    return {"targetIds": [one["lambdaTarget"]["targetId"] for one in _targets(body)]}


_ACTIONS: Final[dict[str, Action]] = {
    "CreateDeployment": _create,
    "GetDeployment": lambda body: {"deploymentInfo": _info(_found(body))},
    "BatchGetDeployments": lambda body: {
        "deploymentsInfo": [_info(DEPLOYMENTS[one]) for one in body["deploymentIds"] if one in DEPLOYMENTS]
    },
    "ListDeployments": _list,
    "StopDeployment": _stop,
    "GetDeploymentTarget": lambda body: {
        "deploymentTarget": _targets({**body, "targetIds": [body["targetId"]]})[0],
    },
    "BatchGetDeploymentTargets": lambda body: {"deploymentTargets": _targets(body)},
    "ListDeploymentTargets": _names,
    "PutLifecycleEventHookExecutionStatus": _hear,
}


def _alone(act: Action) -> Action:
    def call(body: Document) -> Document:
        with BUSY:
            return act(body)

    return call


def _tick() -> None:
    """Do what is due for every deployment that is not over."""
    with BUSY:
        for (account, region, _), one in list(DEPLOYMENTS.all_items()):
            if one["info"]["status"] not in OVER:
                with request_scope(account, region):
                    move(one)


def _last(act: Action) -> Action:
    """Add the last deployments to what is shown of a group."""

    def call(body: Document) -> Document:
        shown: dict[str, Any] = dict(act(body)["deploymentGroupInfo"])
        found = [one["info"] for one in _of(body["applicationName"], body["deploymentGroupName"])]
        over = [one for one in found if one["status"] == "Succeeded"]
        for name, those in (("lastAttemptedDeployment", found), ("lastSuccessfulDeployment", over)):
            if those:
                last = {one: those[0][one] for one in ("deploymentId", "status", "createTime")}
                ended = those[0].get("completeTime")
                shown[name] = {**last, **({"endTime": ended} if ended else {})}
        return {"deploymentGroupInfo": shown}

    return call


def _apply() -> None:
    for name, act in _ACTIONS.items():
        add_action(ACTIONS, name, _alone(checked(name, act)))
    ACTIONS["GetDeploymentGroup"] = _last(ACTIONS["GetDeploymentGroup"])
    CLOCK.at_each_tick(_tick)


PATCH = Patch(
    "codedeploy-deployments",
    "an alias stays at its version: nothing shifts traffic, and no alarm takes it back",
    _apply,
)
