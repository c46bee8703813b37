"""AWS FIS: templates of experiments, the list of actions and of their targets, tags.

The actions are those of `config.facts.experiments`, of AWS's many: what they take away here is in `fis_faults`.
https://docs.aws.amazon.com/fis/latest/APIReference/API_CreateExperimentTemplate.html (2026-11-30)
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from config.facts.experiments import ACTIONS, SCOPES, STOP_ALARMS
from sandbox.emulator.patches import modelled
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.fis_api import (
    NAME,
    TAGS,
    TEMPLATES,
    answered,
    arn,
    identifier,
    invalid,
    missing,
    modelled_action,
    seconds,
    tag,
    tags,
)
from sandbox.emulator.patches.service import more_routes, rest_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.facts.experiments import Action
    from sandbox.emulator.patches.service import Document, Route

_MODE: Final = re.compile(r"ALL|COUNT\([1-9]\d*\)|PERCENT\(([1-9]\d?|100)\)")
_ALARM: Final = re.compile(r"arn:aws:cloudwatch:[a-z0-9-]+:\d{12}:alarm:.+")
_ROLE: Final = re.compile(r"arn:aws:iam::\d{12}:role/.+")
_RUNBOOK: Final = re.compile(r"arn:aws:ssm:[a-z0-9-]+:(\d{12})?:document/[a-zA-Z0-9_.-]{3,128}")
_OPTIONS: Final = {"accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"}
_GIVEN: Final = ("description", "stopConditions", "roleArn", "logConfiguration")


def _faults(template: Document) -> Iterator[str]:
    """Yield what FIS has against a template beyond its model."""
    stops = template["stopConditions"]
    if not stops:
        yield "A template must have at least one stop condition."
    if len(stops) > STOP_ALARMS:
        yield f"A template can have at most {STOP_ALARMS} stop conditions."
    for one in stops:
        if one["source"] not in ("none", "aws:cloudwatch:alarm"):
            yield f"The stop condition source {one['source']} is not valid."
        elif one["source"] != "none" and not _ALARM.fullmatch(one.get("value", "")):
            yield f"The stop condition value {one.get('value', '')!r} is not the ARN of an alarm."
    if not _ROLE.fullmatch(template["roleArn"]):
        yield f"The role ARN {template['roleArn']} is not valid."
    if not template["actions"]:
        yield "A template must have at least one action."
    for name, target in template.get("targets", {}).items():
        yield from _target(name, target)
    for name, action in template["actions"].items():
        yield from _action(name, action, template)


def _target(name: str, target: Document) -> Iterator[str]:
    types = {one.resource_type: one for one in ACTIONS.values() if one.resource_type}
    kind = target["resourceType"]
    if kind not in types:
        yield f"The resource type {kind} of target {name} is not valid."
        return
    if not _MODE.fullmatch(target["selectionMode"]):
        yield f"The selection mode {target['selectionMode']} of target {name} is not valid."
    if bool(target.get("resourceArns")) == bool(target.get("resourceTags") or target.get("parameters")):
        yield f"Target {name} must have resource ARNs, or tags and parameters."
    given, known = set(target.get("parameters") or {}), types[kind].target_parameters
    if unknown := sorted(given - set(known)):
        yield f"The parameter {unknown[0]} of target {name} is not valid for {kind}."
    if absent := sorted(key for key, needed in known.items() if needed and key not in given):
        yield f"The parameter {absent[0]} of target {name} is required for {kind}."


def _action(name: str, action: Document, template: Document) -> Iterator[str]:
    known = ACTIONS.get(action["actionId"])
    if known is None:
        yield f"The action {action['actionId']} of {name} is not valid."
        return
    given = action.get("parameters") or {}
    if unknown := sorted(set(given) - set(known.parameters)):
        yield f"The parameter {unknown[0]} of action {name} is not valid for {action['actionId']}."
    if absent := sorted(key for key, needed in known.parameters.items() if needed and key not in given):
        yield f"The parameter {absent[0]} of action {name} is required for {action['actionId']}."
    for key in {"duration", "maxDuration"} & set(given):
        seconds(given[key])
    if "documentArn" in given and not _RUNBOOK.fullmatch(given["documentArn"]):
        yield f"The parameter documentArn of action {name} is not the ARN of a document."
    if given.get("scope", SCOPES[0]) not in SCOPES:
        yield f"The scope {given['scope']} of action {name} is not valid."
    yield from _aimed(name, action, known, template)


def _aimed(name: str, action: Document, known: Action, template: Document) -> Iterator[str]:
    wanted = {known.key} if known.key else set()
    if set(action.get("targets") or {}) != wanted:
        yield f"The action {name} must have the targets {', '.join(wanted) or 'none'}."
    for target in (action.get("targets") or {}).values():
        of = template.get("targets", {}).get(target)
        if of is None:
            yield f"The target {target} of action {name} does not exist."
        elif of["resourceType"] != known.resource_type:
            yield f"The target {target} of action {name} is {of['resourceType']}, and must be {known.resource_type}."
    for before in action.get("startAfter") or []:
        if before not in template["actions"]:
            yield f"The action {before}, after which {name} starts, does not exist."


def _judged(template: Document) -> Document:
    if fault := next(_faults(template), None):
        raise invalid(fault)
    return template


def _create(body: Document) -> Document:
    name, now = identifier("EXT"), time.time()
    template = _judged(
        {
            **{key: body[key] for key in _GIVEN if key in body},
            "id": name,
            "arn": arn("experiment-template", name),
            "targets": body.get("targets") or {},
            "actions": body["actions"],
            "creationTime": now,
            "lastUpdateTime": now,
            "experimentOptions": {**_OPTIONS, **(body.get("experimentOptions") or {})},
            "targetAccountConfigurationsCount": 0,
        }
    )
    TEMPLATES[name] = template
    tag(template["arn"], body.get("tags") or {})
    return {"experimentTemplate": _shown(template)}


def found(name: str) -> Document:
    """Return a template.

    Raises:
        RefusedError: There is none.
    """
    template: Document | None = TEMPLATES.get(name)
    if template is None:
        raise missing("Experiment template", name)
    return template


def _shown(template: Document) -> Document:
    return {**answered(template), "tags": tags(template["arn"])}


def _update(body: Document) -> Document:
    template = found(body["id"])
    given = {key: body[key] for key in (*_GIVEN, "targets", "actions") if body.get(key) is not None}
    options = {**template["experimentOptions"], **(body.get("experimentOptions") or {})}
    changed = _judged({**template, **given, "experimentOptions": options, "lastUpdateTime": time.time()})
    TEMPLATES[body["id"]] = changed
    return {"experimentTemplate": _shown(changed)}


def _delete(body: Document) -> Document:
    template = found(body["id"])
    shown = _shown(template)
    TEMPLATES.pop(body["id"])
    TAGS.pop(template["arn"], None)
    return {"experimentTemplate": shown}


def _list(_body: Document) -> Document:
    kept = ("id", "arn", "description", "creationTime", "lastUpdateTime", "tags")
    shown = [_shown(one) for one in TEMPLATES.values()]
    return {"experimentTemplates": [{key: one[key] for key in kept} for one in shown]}


def _actions(_body: Document) -> Document:
    return {"actions": [_described(name) for name in sorted(ACTIONS)]}


def _described(name: str) -> Document:
    known = ACTIONS.get(name)
    if known is None:
        raise missing("Action", name)
    shown: Document = {"id": name, "arn": arn("action", name), "description": name, "tags": {}}
    shown["parameters"] = {key: {"required": needed} for key, needed in known.parameters.items()}
    shown["targets"] = {known.key: {"resourceType": known.resource_type}} if known.key else {}
    return shown


def _types(_body: Document) -> Document:
    kinds = sorted({one.resource_type for one in ACTIONS.values() if one.resource_type})
    return {"targetResourceTypes": [{"resourceType": kind, "description": kind} for kind in kinds]}


def _tag(body: Document) -> Document:
    tag(body["resourceArn"], body["tags"])
    return {}


def _untag(body: Document) -> Document:
    gone = body.get("tagKeys") or []
    kept = {key: value for key, value in tags(body["resourceArn"]).items() if key not in gone}
    TAGS[body["resourceArn"]] = kept
    return {}


_SERVED: Final = {
    "CreateExperimentTemplate": _create,
    "GetExperimentTemplate": lambda body: {"experimentTemplate": _shown(found(body["id"]))},
    "UpdateExperimentTemplate": _update,
    "DeleteExperimentTemplate": _delete,
    "ListExperimentTemplates": _list,
    "ListActions": _actions,
    "GetAction": lambda body: {"action": _described(body["id"])},
    "ListTargetResourceTypes": _types,
    "ListTagsForResource": lambda body: {"tags": tags(body["resourceArn"])},
    "TagResource": _tag,
    "UntagResource": _untag,
}


def routes(served: dict[str, object]) -> dict[tuple[str, str], Route]:
    """Return the routes of actions, by method and path of FIS's model."""
    made: dict[tuple[str, str], Route] = {}
    for name, act in served.items():
        http = modelled.model(NAME).operation_model(name).http
        group = "(.+)" if name.endswith("Resource") else "([^/]+)"
        pattern = re.sub(r"\{\w+\}", group, http["requestUri"])
        made[http["method"], pattern] = modelled_action(name, act)  # type: ignore[arg-type]
    return made


def _apply() -> None:
    rest_service(NAME, {})
    more_routes(NAME, routes(dict(_SERVED)))


PATCH = Patch("fis-templates", "AWS FIS is no service at all", _apply)
