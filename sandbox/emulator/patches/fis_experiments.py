"""AWS FIS: experiments that run, by the clock of the emulator: what they took is given back when they end.

An alarm of its stop conditions that goes off stops an experiment at the next tick. Where its role cannot be assumed,
lacks a right, or nothing is found, it fails before anything is taken.
https://docs.aws.amazon.com/fis/latest/APIReference/API_StartExperiment.html, userguide/stop-conditions.html
(2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import copy
import json
import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, cloudwatch_logs, iam

from config.facts.experiments import ACTIONS, AUTOMATION
from sandbox.emulator.clock import CLOCK
from sandbox.emulator.patches import fis_faults, fis_runbooks, fis_targets
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.fis_api import (
    EXPERIMENTS,
    NAME,
    answered,
    arn,
    identifier,
    invalid,
    missing,
    seconds,
    tag,
    tags,
)
from sandbox.emulator.patches.fis_templates import found, routes
from sandbox.emulator.patches.service import more_routes
from sandbox.emulator.tasks import rights

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_BUSY: Final = threading.RLock()
_RUNNING: Final = ("pending", "initiating", "running")
_FIS: Final = "fis.amazonaws.com"
log = logging.getLogger(__name__)


def _start(body: Document) -> Document:
    template = found(body["experimentTemplateId"])
    name, now = identifier("EXP"), time.time()
    kept = ("roleArn", "targets", "stopConditions", "logConfiguration", "experimentOptions")
    experiment: Document = {
        **{key: copy.deepcopy(template[key]) for key in kept if key in template},
        "id": name,
        "arn": arn("experiment", name),
        "experimentTemplateId": template["id"],
        "state": {"status": "initiating", "reason": "Experiment is initiating."},
        "actions": {
            key: {**copy.deepcopy(one), "state": {"status": "pending", "reason": "Initial state"}}
            for key, one in template["actions"].items()
        },
        "creationTime": now,
        "startTime": now,
        "targetAccountConfigurationsCount": 0,
        "_resolved": {},
        "_undo": {},
    }
    tag(experiment["arn"], body.get("tags") or {})
    with _BUSY:
        EXPERIMENTS[name] = experiment
        shown = copy.deepcopy(_shown(experiment))
        _begin(experiment)
    return {"experiment": shown}


def _begin(experiment: Document) -> None:
    reason = _refusal(experiment)
    for name, target in experiment["targets"].items():
        experiment["_resolved"][name] = [] if reason else fis_targets.resolve(target)
    mode = experiment["experimentOptions"]["emptyTargetResolutionMode"]
    if reason is None and mode == "fail" and not all(experiment["_resolved"].values()):
        reason = "Error resolving targets. Target resolution returned empty set."
    if reason is not None:
        _end(experiment, "failed", reason)
        return
    experiment["state"] = {"status": "running", "reason": "Experiment is running."}
    _say(experiment, "experiment-start", {"resolved": experiment["_resolved"]})
    _go_on(experiment)


def _refusal(experiment: Document) -> str | None:
    """Return why an experiment cannot begin: its role is not for FIS."""
    role = iam._roles.get(experiment["roleArn"].rpartition("/")[2])
    trust = role.get("AssumeRolePolicyDocument", "") if role is not None else ""
    if _FIS not in (trust if isinstance(trust, str) else json.dumps(trust)):
        return f"Unable to assume role {experiment['roleArn']}. Ensure that {_FIS} may assume it."
    return None


def _denied(experiment: Document, action: Document, arns: list[str]) -> str | None:
    """Return what the role may not do to what an action is done to, judged by its policies and the targets' tags."""
    known, role = ACTIONS[action["actionId"]], experiment["roleArn"]
    for one in arns:
        of = {f"aws:resourcetag/{key}".lower(): value for key, value in fis_targets.tags_of(known.resource_type, one)}
        if known.key and not rights.allowed(role, known.permissions[-1], one, of):
            return f"The role {role} is not authorized to perform: {known.permissions[-1]} on resource: {one}"
    return None


def _go_on(experiment: Document) -> None:
    """End actions whose time is over, and begin those that waited for them."""
    now, actions = time.time(), experiment["actions"]
    for name, action in actions.items():
        if action["state"]["status"] == "running" and action["actionId"] == AUTOMATION:
            _follow(experiment, name)
        elif action["state"]["status"] == "running" and now >= action["startTime"] + _lasts(action):
            _close(experiment, name, "completed", "Action was completed.")
    for name, action in actions.items():
        before = [actions[one]["state"]["status"] for one in action.get("startAfter") or []]
        if action["state"]["status"] == "pending" and all(one == "completed" for one in before):
            _open(experiment, name)
        if experiment["state"]["status"] != "running":
            return
    if all(action["state"]["status"] == "completed" for action in actions.values()):
        _end(experiment, "completed", "Experiment completed.")


def _follow(experiment: Document, name: str) -> None:
    """End an action with the runbook that it follows."""
    action = experiment["actions"][name]
    over = time.time() >= action["startTime"] + seconds(action["parameters"]["maxDuration"])
    state, why = fis_runbooks.state(experiment["_undo"].get(name, []), over=over)
    if state == "completed":
        _close(experiment, name, "completed", "Action was completed.")
    elif state == "failed":
        _fail(experiment, name, why)


def _lasts(action: Document) -> float:
    given = action.get("parameters") or {}
    return seconds(given["duration"]) if "duration" in given else 0.0


def _open(experiment: Document, name: str) -> None:
    action = experiment["actions"][name]
    target = next(iter((action.get("targets") or {}).values()), None)
    of = experiment["targets"].get(target, {}).get("parameters") or {}
    arns = experiment["_resolved"].get(target, [])
    action |= {"startTime": time.time(), "state": {"status": "running", "reason": "Action was started."}}
    _say(experiment, "action-start", {"action": name, "targets": arns})
    if denied := _denied(experiment, action, arns):
        _fail(experiment, name, denied)
        return
    given = action.get("parameters") or {}
    try:
        if action["actionId"] == AUTOMATION:
            experiment["_undo"][name] = fis_runbooks.begin(experiment["roleArn"], given)
            return
        experiment["_undo"][name] = fis_faults.inject(action["actionId"], arns, of, given)
    except fis_faults.FaultError as error:
        _fail(experiment, name, str(error))
        return
    if not _lasts(action):
        _close(experiment, name, "completed", "Action was completed.")


def _fail(experiment: Document, name: str, reason: str) -> None:
    experiment["actions"][name] |= {"endTime": time.time(), "state": {"status": "failed", "reason": reason}}
    _end(experiment, "failed", f"Action {name} failed: {reason}")


def _close(experiment: Document, name: str, status: str, reason: str) -> None:
    action, undo = experiment["actions"][name], experiment["_undo"].pop(name, [])
    fis_runbooks.cancel(undo)
    fis_faults.give_back(undo)
    action |= {"endTime": time.time(), "state": {"status": status, "reason": reason}}
    _say(experiment, "action-end", {"action": name, "status": status})


def _end(experiment: Document, status: str, reason: str) -> None:
    for name, action in experiment["actions"].items():
        if action["state"]["status"] == "running":
            _close(experiment, name, "stopped" if status != "completed" else status, reason)
        elif action["state"]["status"] == "pending":
            action["state"] = {"status": "cancelled", "reason": reason}
    experiment |= {"state": {"status": status, "reason": reason}, "endTime": time.time()}
    _say(experiment, "experiment-end", {"status": status, "reason": reason})


def _halted(experiment: Document) -> str | None:
    """Return the ARN of an alarm that stops an experiment; None where none is in ALARM."""
    for one in experiment["stopConditions"]:
        if one["source"] == "none":
            continue
        _, _, _, region, account, _, name = one["value"].split(":", 6)
        with request_scope(account, region):
            alarm = cloudwatch._alarms.get(name) or cloudwatch._composite_alarms.get(name)
        if alarm is not None and alarm.get("StateValue") == "ALARM":
            return str(one["value"])
    return None


def _tick() -> None:
    with _BUSY:
        fis_faults.databases_return()
        fis_faults.refresh()
        for (account, region, _), experiment in list(EXPERIMENTS.all_items()):
            if experiment["state"]["status"] != "running":
                continue
            with request_scope(account, region):
                if alarm := _halted(experiment):
                    _end(experiment, "stopped", f"Experiment halted by stop condition: {alarm}")
                else:
                    _go_on(experiment)


def _one(name: str) -> Document:
    experiment: Document | None = EXPERIMENTS.get(name)
    if experiment is None:
        raise missing("Experiment", name)
    return experiment


def _stop(body: Document) -> Document:
    with _BUSY:
        experiment = _one(body["id"])
        if experiment["state"]["status"] not in _RUNNING:
            raise invalid(f"Experiment {body['id']} is {experiment['state']['status']}, and cannot be stopped.")
        _end(experiment, "stopped", "Experiment was stopped.")
        return {"experiment": _shown(experiment)}


def _shown(experiment: Document) -> Document:
    return {**answered(experiment), "tags": tags(experiment["arn"])}


def _list(body: Document) -> Document:
    asked = body.get("experimentTemplateId")
    kept = ("id", "arn", "experimentTemplateId", "state", "creationTime", "tags", "experimentOptions")
    shown = [_shown(one) for one in EXPERIMENTS.values()]
    wanted = [one for one in shown if asked is None or one["experimentTemplateId"] in asked]
    return {"experiments": [{key: one[key] for key in kept} for one in wanted]}


def _resolved(body: Document) -> Document:
    experiment = _one(body["experimentId"])
    return {
        "resolvedTargets": [
            {
                "resourceType": experiment["targets"][name]["resourceType"],
                "targetName": name,
                "targetInformation": {"arn": one},
            }
            for name, arns in experiment["_resolved"].items()
            for one in arns
        ]
    }


def _say(experiment: Document, kind: str, details: Document) -> None:
    """Write a record to the log group of an experiment; FIS goes on where there is none."""
    config = (experiment.get("logConfiguration") or {}).get("cloudWatchLogsConfiguration") or {}
    group = config.get("logGroupArn", "").removesuffix(":*").partition(":log-group:")[2]
    if group not in cloudwatch_logs._log_groups:
        return
    stream = f"/aws/fis/experiment/{experiment['id']}"
    record = {"id": experiment["id"], "log_type": kind, "event_timestamp": time.time(), "version": "2", **details}
    event = {"timestamp": int(time.time() * 1000), "message": json.dumps(record)}
    cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": [event]})


_SERVED: Final = {
    "StartExperiment": _start,
    "GetExperiment": lambda body: {"experiment": _shown(_one(body["id"]))},
    "StopExperiment": _stop,
    "ListExperiments": _list,
    "ListExperimentResolvedTargets": _resolved,
}


def _apply() -> None:
    more_routes(NAME, routes(dict(_SERVED)))
    CLOCK.at_each_tick(_tick)


PATCH = Patch("fis-experiments", "no experiment of AWS FIS runs", _apply)
