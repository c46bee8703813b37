"""Application Auto Scaling keeps policies: target tracking with its alarms, and step scaling.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html (2026-11)
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, get_region

from sandbox.emulator.patches import autoscaling_metrics, autoscaling_steps, stores
from sandbox.emulator.patches.autoscaling_targets import (
    DEPENDENTS,
    about,
    add,
    invalid,
    page,
    target_key,
    target_of,
)
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

POLICIES: Final = stores.regional("autoscaling-policies")
"""`target_key` and name -> the policy, as it is described, with what is noted of it under names that begin with `_`."""
_MOST: Final = 50
_CONFIGURATIONS: Final = {
    "StepScaling": "StepScalingPolicyConfiguration",
    "TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration",
    "PredictiveScaling": "PredictiveScalingPolicyConfiguration",
}


def of_target(target: Document) -> list[Document]:
    """Return the policies of a target."""
    return list(about(target, POLICIES.values()))


def _key(body: Document) -> str:
    return f"{target_key(body)}|{body['PolicyName']}"


def _put(body: Document) -> Document:
    target = target_of(body)
    known: Document = POLICIES.get(_key(body)) or {}
    kind = body.get("PolicyType") or known.get("PolicyType") or "StepScaling"
    given = [name for name in _CONFIGURATIONS.values() if body.get(name)]
    if given != [_CONFIGURATIONS[kind]]:
        raise invalid(f"A policy of type {kind} must have a {_CONFIGURATIONS[kind]}, and no other: {given}")
    if known and known["PolicyType"] != kind:
        raise invalid(f"The type of an existing policy cannot be changed: {known['PolicyType']}")
    policy = {**known, **body, "PolicyType": kind}
    others = [each for each in of_target(target) if each["PolicyName"] != body["PolicyName"]]
    _check(policy, others)
    policy.setdefault("CreationTime", time.time())
    policy.setdefault("PolicyARN", _arn(body))
    if kind == "TargetTrackingScaling":
        policy["Alarms"] = autoscaling_metrics.put_alarms(policy)
    POLICIES[_key(body)] = policy
    return {"PolicyARN": policy["PolicyARN"], "Alarms": policy.get("Alarms", [])}


def _check(policy: Document, others: list[Document]) -> None:
    if policy["PolicyType"] == "PredictiveScaling":
        raise invalid("Predictive scaling is not served here")
    if policy["PolicyType"] == "StepScaling":
        autoscaling_steps.check(policy)
    else:
        autoscaling_metrics.check(policy)
        if any(autoscaling_metrics.same(policy, other) for other in others):
            raise invalid("Only one TargetTrackingScaling policy for a given metric specification is allowed.")
    if len(others) >= _MOST:
        raise RefusedError("LimitExceededException", f"A scalable target has {_MOST} scaling policies at most")


def _arn(body: Document) -> str:
    place = f"resource/{body['ServiceNamespace']}/{body['ResourceId']}"
    owner = f"{get_region()}:{get_account_id()}"
    return f"arn:aws:autoscaling:{owner}:scalingPolicy:{uuid.uuid4()}:{place}:policyName/{body['PolicyName']}"


def _delete(body: Document) -> Document:
    policy = POLICIES.get(_key(body))
    if policy is None:
        raise RefusedError(
            "ObjectNotFoundException",
            f"No scaling policy found for service namespace: {body['ServiceNamespace']}, resource ID: "
            f"{body['ResourceId']}, scalable dimension: {body['ScalableDimension']}, policy name: {body['PolicyName']}",
        )
    autoscaling_metrics.delete_alarms(policy.get("Alarms", []))
    del POLICIES[_key(body)]
    return {}


def _with_target(target: Document) -> None:
    for policy in of_target(target):
        _delete(policy)


def _describe(body: Document) -> Document:
    wanted = body.get("PolicyNames") or []
    found = (one for one in about(body, POLICIES.values()) if not wanted or one["PolicyName"] in wanted)
    return page("ScalingPolicies", ({"Alarms": [], **one} for one in found), body)


def _apply() -> None:
    add(PutScalingPolicy=_put, DeleteScalingPolicy=_delete, DescribeScalingPolicies=_describe)
    DEPENDENTS.append(_with_target)


PATCH = Patch("application-autoscaling-policies", "nothing says when a target is scaled", _apply)
