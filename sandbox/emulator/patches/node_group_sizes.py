"""An EKS node group has an Auto Scaling group that follows its counts and says its desired size.

ministack names a group that does not exist, so that no scaling policy or tag can be put on it, and takes any counts.
https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html (a group is made and tagged in your account),
https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html; the refusals' words are those of
hashicorp/terraform-provider-aws#18310.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
from typing import Any

from ministack.services import autoscaling, eks

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OK = 200
_UPDATE = re.compile(r"/clusters/([A-Za-z0-9_-]+)/node-groups/([A-Za-z0-9_-]+)/update-config")
_DISCOVERY = ("k8s.io/cluster-autoscaler/enabled", "k8s.io/cluster-autoscaler/{cluster}")
"""Tags that EKS puts on every group."""
Body = dict[str, Any]


def _name(group: Body) -> str:
    return str(group["resources"]["autoScalingGroups"][0]["name"])


def _create(original: Handler) -> Handler:
    def create(cluster: str, body: Body) -> Response:
        refusal = _refusal(body.get("scalingConfig", {}))
        if refusal is not None:
            return refusal
        answer: Response = original(cluster, body)
        if answer[0] == _OK:
            _make(eks._nodegroups[f"{cluster}/{body['nodegroupName']}"])
        return answer

    return create


def _make(group: Body) -> None:
    """Make the Auto Scaling group of a node group, as EKS does: with nodes, and tagged for the autoscaler."""
    name, counts = _name(group), group["scalingConfig"]
    autoscaling._create_asg(
        {
            "AutoScalingGroupName": [name],
            "MinSize": [str(counts["minSize"])],
            "MaxSize": [str(counts["maxSize"])],
            "DesiredCapacity": [str(counts["desiredSize"])],
            "VPCZoneIdentifier": [",".join(group["subnets"])],
        }
    )
    keys = [key.format(cluster=group["clusterName"]) for key in _DISCOVERY]
    tags: dict[str, list[str]] = {}
    for number, (key, value) in enumerate(zip(keys, ("true", "owned"), strict=True), 1):
        at = f"Tags.member.{number}"
        values = {"Key": key, "Value": value, "ResourceId": name, "PropagateAtLaunch": "true"}
        tags |= {f"{at}.{field}": [text] for field, text in values.items()}
    autoscaling._create_or_update_tags(tags)


def _refusal(counts: Body) -> Response | None:
    """What EKS says of counts out of order; counts not named are not judged."""
    low, desired, high = (counts.get(key) for key in ("minSize", "desiredSize", "maxSize"))
    if low is not None and desired is not None and low > desired:
        problem = f"Minimum capacity {low} can't be greater than desired size {desired}"
    elif high is not None and desired is not None and desired > high:
        problem = f"desired capacity {desired} can't be greater than max size {high}"
    else:
        return None
    answer: Response = eks._error(400, "InvalidParameterException", problem)
    return answer


def _change(original: Handler) -> Handler:
    def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> Response:
        match = _UPDATE.fullmatch(path)
        group = eks._nodegroups.get("/".join(match.groups())) if match and method == "POST" else None
        if group is not None:
            asked = (json.loads(body) if body else {}).get("scalingConfig", {})
            group["scalingConfig"] = _counts(group)
            refusal = _refusal({**group["scalingConfig"], **asked})
            if refusal is not None:
                return refusal
        answer: Response = original(method, path, headers, body, query)
        if group is not None and answer[0] == _OK:
            _resize(group)
        return answer

    return handle


def _counts(group: Body) -> Body:
    """The counts as they are: the desired size is the Auto Scaling group's, whoever moved it."""
    found = autoscaling._asgs.get(_name(group))
    return {**group["scalingConfig"], **({"desiredSize": found["DesiredCapacity"]} if found else {})}


def _resize(group: Body) -> None:
    found, counts = autoscaling._asgs[_name(group)], group["scalingConfig"]
    found |= {
        "MinSize": counts["minSize"],
        "MaxSize": counts["maxSize"],
        "DesiredCapacity": counts["desiredSize"],
    }
    autoscaling._reconcile_instances(found)


def _describe(original: Handler) -> Handler:
    def describe(cluster: str, name: str) -> Response:
        group = eks._nodegroups.get(f"{cluster}/{name}")
        if group is not None:
            group["scalingConfig"] = _counts(group)
        answer: Response = original(cluster, name)
        return answer

    return describe


def _delete(original: Handler) -> Handler:
    def delete(cluster: str, name: str) -> Response:
        group = eks._nodegroups.get(f"{cluster}/{name}")
        answer: Response = original(cluster, name)
        if group is not None:
            asg = _name(group)
            autoscaling._delete_asg({"AutoScalingGroupName": [asg]})
            for key, action in list(autoscaling._scheduled_actions.items()):
                if action["AutoScalingGroupName"] == asg:
                    autoscaling._scheduled_actions.pop(key)
        return answer

    return delete


def _apply() -> None:
    wrap(eks, "_create_nodegroup", _create)
    wrap(eks, "_describe_nodegroup", _describe)
    wrap(eks, "_delete_nodegroup", _delete)
    wrap(eks, "_handle_request_sync", _change)


PATCH = Patch("node-group-sizes", "no policy or tag can be put on a node group's Auto Scaling group", _apply)
