"""Application Auto Scaling keeps what can be scaled, between which bounds, and what of it is suspended.

Any service can be registered; the tasks of ECS services are what is moved (autoscaling_decisions).
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html,
application-auto-scaling-quotas.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
import time
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import get_account_id, get_region
from ministack.services import ecs, iam

from sandbox.emulator.patches import linked_role_names, modelled, stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, json_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.emulator.patches.service import Action, Document

SERVICE: Final = "application-autoscaling"
TARGETS: Final = stores.regional("autoscaling-targets")
"""`target_key` -> the target as it is described; names that begin with `_` are its tags, and what is noted of it."""
DEPENDENTS: Final[list[Callable[[Document], None]]] = []
"""What is deleted with a target: policies and scheduled actions."""

_ACTIONS: Final[dict[str, Action]] = {}
_PAGE: Final = 50
_LIMITS: Final = {"ecs": 3000, "dynamodb": 5000, "cassandra": 1500}
_OTHER_LIMIT: Final = 500
_IDS: Final = {
    "ecs:service": r"service/[^/]+/[^/]+",
    "dynamodb:table": r"table/[^/]+",
    "dynamodb:index": r"table/[^/]+/index/[^/]+",
    "rds:cluster": r"cluster:[^:/]+",
    "lambda:function": r"function:[^:]+:[^:]+",
    "elasticache:replication-group": r"replication-group/[^/]+",
    "kafka:broker-storage": r"arn:aws:kafka:[^/]+:cluster/[^/]+/[^/]+",
    "sagemaker:variant": r"endpoint/[^/]+/variant/[^/]+",
}
"""Service and type of a dimension -> what its ids look like; other types have any id."""
_SUSPENDABLE: Final = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")


def add(**actions: Action) -> None:
    """Add actions to the service; a request that its model does not allow is refused before.

    Raises:
        KeyError: The service has the action already.
    """
    for name, action in actions.items():
        if name in _ACTIONS:
            raise KeyError(name)
        _ACTIONS[name] = partial(_checked, name, action)


def _checked(name: str, action: Action, body: Document) -> Document:
    found = modelled.faults(SERVICE, name, body)
    if found:
        plural = "s" if len(found) > 1 else ""
        raise invalid(f"{len(found)} validation error{plural} detected: {'; '.join(found)}")
    return action(body)


def invalid(message: str) -> RefusedError:
    """Return the refusal of a request that says something that cannot be."""
    return RefusedError("ValidationException", message)


def target_key(body: Document) -> str:
    """Return the key of the target that a request, a policy or an action is about."""
    return f"{body['ServiceNamespace']}|{body['ResourceId']}|{body['ScalableDimension']}"


def target_of(body: Document) -> Document:
    """Return the target that a request is about.

    Raises:
        RefusedError: It was not registered.
    """
    found: Document | None = TARGETS.get(target_key(body))
    if found is None:
        raise RefusedError(
            "ObjectNotFoundException",
            f"No scalable target registered for service namespace: {body['ServiceNamespace']}, "
            f"resource ID: {body['ResourceId']}, scalable dimension: {body['ScalableDimension']}",
        )
    return found


def page(key: str, found: Iterable[Document], body: Document) -> Document:
    """Return one page of what was found, with the token of the next one."""
    all_of_it = [{name: value for name, value in one.items() if not name.startswith("_")} for one in found]
    start, size = int(body.get("NextToken") or 0), int(body.get("MaxResults") or _PAGE)
    answer: Document = {key: all_of_it[start : start + size]}
    return answer | ({"NextToken": str(start + size)} if start + size < len(all_of_it) else {})


def about(body: Document, found: Iterable[Document]) -> Iterable[Document]:
    """Yield what is about the service, the resource and the dimension that a request names."""
    names = [name for name in ("ServiceNamespace", "ResourceId", "ScalableDimension") if body.get(name)]
    return (each for each in found if all(each.get(name) == body[name] for name in names))


def check_bounds(lowest: object, highest: object) -> None:
    """Refuse bounds that cannot be.

    Raises:
        RefusedError: One is below 0, or the least is above the most.
    """
    for name, bound in (("Minimum", lowest), ("Maximum", highest)):
        if isinstance(bound, int) and bound < 0:
            raise invalid(f"{name} capacity must be greater than or equal to 0")
    if isinstance(lowest, int) and isinstance(highest, int) and lowest > highest:
        raise invalid("Maximum capacity cannot be less than minimum capacity")


def _register(body: Document) -> Document:
    _check_resource(body)
    known: Document = TARGETS.get(target_key(body)) or {}
    bounds = {name: body.get(name, known.get(name)) for name in ("MinCapacity", "MaxCapacity")}
    if None in bounds.values():
        raise invalid("Both MinCapacity and MaxCapacity are required to register a new scalable target")
    check_bounds(bounds["MinCapacity"], bounds["MaxCapacity"])
    target = known or _new(body)
    suspended = target["SuspendedState"] | (body.get("SuspendedState") or {})
    tags = target["_Tags"] | (body.get("Tags") or {})
    target |= {**bounds, "SuspendedState": suspended, "RoleARN": target.get("RoleARN") or _role(body), "_Tags": tags}
    TARGETS[target_key(body)] = target
    return {"ScalableTargetARN": target["ScalableTargetARN"]}


def _new(body: Document) -> Document:
    space = body["ServiceNamespace"]
    if sum(one["ServiceNamespace"] == space for one in TARGETS.values()) >= _LIMITS.get(space, _OTHER_LIMIT):
        raise RefusedError("LimitExceededException", f"You have exceeded the maximum limit for {space} targets")
    arn = f"arn:aws:{SERVICE}:{get_region()}:{get_account_id()}:scalable-target/{uuid.uuid4().hex[:28]}"
    return {
        **{name: body[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")},
        "CreationTime": time.time(),
        "ScalableTargetARN": arn,
        "SuspendedState": dict.fromkeys(_SUSPENDABLE, False),
        "_Tags": {},
    }


def _check_resource(body: Document) -> None:
    space, dimension, name = body["ServiceNamespace"], body["ScalableDimension"], body["ResourceId"]
    kind = dimension.rpartition(":")[0]
    if not dimension.startswith(f"{space}:") or not re.fullmatch(_IDS.get(kind, ".+"), name):
        raise invalid("Unsupported service namespace, resource type or scalable dimension")
    if space == "ecs":
        service: dict[str, Any] | None = ecs._services.get(name.removeprefix("service/"))
        if service is None or service["status"] != "ACTIVE":
            raise invalid(f"ECS service doesn't exist: {name}")


def _role(body: Document) -> str:
    """Return the service's linked role, which is made when it is first needed; who names another is heard."""
    by = f"{body['ServiceNamespace']}.{SERVICE}.amazonaws.com"
    name = linked_role_names.name_of(by)
    if name is None:
        return str(body.get("RoleARN") or "")
    iam._IAM_HANDLERS["CreateServiceLinkedRole"]({"AWSServiceName": [by]})  # one that stands is refused
    return f"arn:aws:iam::{get_account_id()}:role/aws-service-role/{by}/{name}"


def _deregister(body: Document) -> Document:
    target = target_of(body)
    for delete in DEPENDENTS:
        delete(target)
    del TARGETS[target_key(body)]
    return {}


def _describe(body: Document) -> Document:
    wanted = body.get("ResourceIds") or []
    found = (one for one in about(body, TARGETS.values()) if not wanted or one["ResourceId"] in wanted)
    return page("ScalableTargets", found, body)


def _apply() -> None:
    json_service(SERVICE, "AnyScaleFrontendService", _ACTIONS)
    add(RegisterScalableTarget=_register, DeregisterScalableTarget=_deregister, DescribeScalableTargets=_describe)


PATCH = Patch("application-autoscaling-targets", "nothing can be scaled: there is no such service", _apply)
