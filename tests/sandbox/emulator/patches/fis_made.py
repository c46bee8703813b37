"""Templates of AWS FIS for tests: a valid one, its role, and what is changed in it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.sandbox.emulator.conftest import Aws

ALARM = "arn:aws:cloudwatch:us-east-1:{account}:alarm:failing"
TAGS = {"Stack": "shop"}


def account_of(aws: Aws) -> str:
    """Return the account that clients are of."""
    return str(aws("sts").get_caller_identity()["Account"])


def role(aws: Aws, actions: Sequence[str], *, service: str = "fis.amazonaws.com", name: str = "experiment") -> str:
    """Make a role that a service may assume, and that may do some actions on what is tagged; returns its ARN."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    made = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"]
    where = {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in TAGS.items()}}
    rights = {"Effect": "Allow", "Action": list(actions), "Resource": "*", "Condition": where}
    aws("iam").put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=_document(rights))
    return str(made)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def template(aws: Aws, role_arn: str, **changes: object) -> dict[str, Any]:
    """Return the arguments of CreateExperimentTemplate; a dotted name changes a part, None leaves it out."""
    made: dict[str, Any] = {
        "clientToken": "once",
        "description": "A task that ends is replaced",
        "roleArn": role_arn,
        "stopConditions": [{"source": "aws:cloudwatch:alarm", "value": ALARM.format(account=account_of(aws))}],
        "targets": {
            "tasks": {
                "resourceType": "aws:ecs:task",
                "resourceTags": TAGS,
                "parameters": {"cluster": "shop", "service": "web"},
                "selectionMode": "COUNT(1)",
            }
        },
        "actions": {
            "stop": {"actionId": "aws:ecs:stop-task", "targets": {"Tasks": "tasks"}},
            "watch": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT5M"}},
        },
        "experimentOptions": {"accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"},
        "tags": {"Name": "lost-task"},
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        section = made
        for parent in parents:
            section = section[parent]
        if value is None:
            del section[last]
        else:
            section[last] = copy.deepcopy(value)
    return made
