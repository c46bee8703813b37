"""CodeDeploy keeps applications, deployment groups and deployment configurations for functions.

ministack has no CodeDeploy. Here is the part for Lambda; servers and services of ECS are refused by name.
https://docs.aws.amazon.com/codedeploy/latest/APIReference/ (2026-11): API_CreateApplication, API_CreateDeploymentGroup,
API_CreateDeploymentConfig
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any, Final

from ministack.services import iam

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.codedeploy_configs import ALL_AT_ONCE, CONFIG_ACTIONS, delete, lambda_only, routing
from sandbox.emulator.patches.function_limits import trusts
from sandbox.emulator.patches.modelled import faults
from sandbox.emulator.patches.service import RefusedError, json_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.emulator.patches.service import Action, Document

APPLICATIONS: Final = stores.regional("codedeploy-applications")
"""Name -> application, with its groups by name."""
_MOST_ALARMS: Final = 10
_STYLE: Final = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
_OF_OTHERS: Final = (
    "ec2TagFilters",
    "onPremisesInstanceTagFilters",
    "autoScalingGroups",
    "blueGreenDeploymentConfiguration",
    "loadBalancerInfo",
    "ec2TagSet",
    "ecsServices",
    "onPremisesTagSet",
)
"""Members of a group that are for servers and ECS."""


def checked(action: str, act: Action) -> Action:
    """Return an action that refuses what CodeDeploy's model does."""

    def call(body: Document) -> Document:
        for fault in faults("codedeploy", action, body):
            raise RefusedError("ValidationException", f"1 validation error detected: {fault}")
        return act(body)

    return call


def application(body: Document) -> Document:
    """Return the application that a request names.

    Raises:
        RefusedError: There is none.
    """
    name = body.get("applicationName")
    if not name:
        raise RefusedError("ApplicationNameRequiredException", "The application name is required")
    if name not in APPLICATIONS:
        raise RefusedError("ApplicationDoesNotExistException", f"No application found for name: {name}")
    found: Document = APPLICATIONS[name]
    return found


def group(body: Document, member: str = "deploymentGroupName") -> Document:
    """Return the deployment group that a request names.

    Raises:
        RefusedError: There is none.
    """
    groups = application(body)["groups"]
    name = body.get(member)
    if not name:
        raise RefusedError("DeploymentGroupNameRequiredException", "The deployment group name is required")
    if name not in groups:
        raise RefusedError("DeploymentGroupDoesNotExistException", f"No Deployment Group found for name: {name}")
    found: Document = groups[name]
    return found


def _create_application(body: Document) -> Document:
    name = body["applicationName"]
    if name in APPLICATIONS:
        raise RefusedError("ApplicationAlreadyExistsException", f"Application {name} already exists")
    lambda_only(body)
    about = {"applicationId": str(uuid.uuid4()), "applicationName": name, "createTime": time.time()}
    shown = {**about, "linkedToGitHub": False, "computePlatform": "Lambda"}
    APPLICATIONS[name] = {"shown": shown, "tags": _tags(body), "groups": {}}
    return {"applicationId": shown["applicationId"]}


def _tags(body: Document) -> dict[str, str]:
    return {one["Key"]: one.get("Value", "") for one in body.get("tags") or []}


def _update_application(body: Document) -> Document:
    found, name = application(body), body.get("newApplicationName")
    if name and name in APPLICATIONS:
        raise RefusedError("ApplicationAlreadyExistsException", f"Application {name} already exists")
    if name:
        del APPLICATIONS[body["applicationName"]]
        found["shown"]["applicationName"] = name
        for one in found["groups"].values():
            one["shown"]["applicationName"] = name
        APPLICATIONS[name] = found
    return {}


def _delete_application(body: Document) -> Document:
    APPLICATIONS.pop(body["applicationName"], None)
    return {}


def _create_group(body: Document) -> Document:
    groups, name = application(body)["groups"], body["deploymentGroupName"]
    if name in groups:
        raise RefusedError("DeploymentGroupAlreadyExistsException", f"Deployment group {name} already exists")
    shown = {
        "applicationName": body["applicationName"],
        "deploymentGroupId": str(uuid.uuid4()),
        "deploymentGroupName": name,
        "computePlatform": "Lambda",
        "deploymentConfigName": ALL_AT_ONCE,
        "deploymentStyle": _STYLE,
        "alarmConfiguration": {"enabled": False, "ignorePollAlarmFailure": False, "alarms": []},
        "autoRollbackConfiguration": {"enabled": False, "events": []},
        "triggerConfigurations": [],
    }
    groups[name] = {"shown": _set(shown, body), "tags": _tags(body)}
    return {"deploymentGroupId": shown["deploymentGroupId"]}


def _update_group(body: Document) -> Document:
    groups, name = application(body)["groups"], body["currentDeploymentGroupName"]
    found, new = group(body, "currentDeploymentGroupName"), body.get("newDeploymentGroupName") or name
    if new != name and new in groups:
        raise RefusedError("DeploymentGroupAlreadyExistsException", f"Deployment group {new} already exists")
    found["shown"] = {**_set(found["shown"], body), "deploymentGroupName": new}
    groups[new] = groups.pop(name)
    return {"hooksNotCleanedUp": []}


def _set(shown: Document, body: Document) -> Document:
    """Return a group as a request makes or changes it.

    Raises:
        RefusedError: It asks for what a group of functions cannot be.
    """
    settable = (
        *("deploymentConfigName", "serviceRoleArn", "deploymentStyle", "alarmConfiguration"),
        *("autoRollbackConfiguration", "triggerConfigurations", "outdatedInstancesStrategy", "terminationHookEnabled"),
    )
    made = {**shown, **{name: body[name] for name in settable if body.get(name) is not None}}
    if other := [name for name in _OF_OTHERS if body.get(name)]:
        raise RefusedError("InvalidInputException", f"not for a deployment group of Lambda: {', '.join(other)}")
    if made["deploymentStyle"] != _STYLE:
        what = "BLUE_GREEN and WITH_TRAFFIC_CONTROL are the style of a deployment group of Lambda"
        raise RefusedError("InvalidDeploymentStyleException", what)
    routing(made["deploymentConfigName"])
    role = iam._roles.get(str(made["serviceRoleArn"]).rpartition("/")[2])
    if role is None or not trusts(role["AssumeRolePolicyDocument"], "codedeploy.amazonaws.com"):
        what = f"AWS CodeDeploy does not have the permissions required to assume the role {made['serviceRoleArn']}."
        raise RefusedError("InvalidRoleException", what)
    alarms_of(made["alarmConfiguration"])
    rollback = made["autoRollbackConfiguration"]
    if rollback.get("enabled") and not rollback.get("events"):
        raise RefusedError("InvalidAutoRollbackConfigException", "an enabled rollback needs events")
    return made


def alarms_of(configuration: Mapping[str, Any]) -> list[str]:
    """Return the names of the alarms that a configuration watches.

    Raises:
        RefusedError: It is none.
    """
    names = [str(one.get("name") or "") for one in configuration.get("alarms") or []]
    if len(names) > _MOST_ALARMS:
        raise RefusedError("AlarmsLimitExceededException", f"a deployment group has {_MOST_ALARMS} alarms at most")
    if not all(names) or len(set(names)) < len(names) or (configuration.get("enabled") and not names):
        what = "The alarm configuration is invalid: an alarm without a name, two of one name, or enabled without alarms"
        raise RefusedError("InvalidAlarmConfigException", what)
    return names if configuration.get("enabled") else []


def _delete_group(body: Document) -> Document:
    application(body)["groups"].pop(body["deploymentGroupName"], None)
    return {"hooksNotCleanedUp": []}


def _delete_config(body: Document) -> Document:
    groups = [one["shown"] for app in APPLICATIONS.values() for one in app["groups"].values()]
    if any(one["deploymentConfigName"] == body["deploymentConfigName"] for one in groups):
        raise RefusedError("DeploymentConfigInUseException", f"{body['deploymentConfigName']} is in use")
    return delete(body)


def _tagged(body: Document) -> dict[str, str]:
    kind, _, name = str(body["ResourceArn"]).partition(":codedeploy:")[2].split(":", 2)[2].partition(":")
    app, _, short = name.partition("/")
    found: Document = (
        group({"applicationName": app, "deploymentGroupName": short})
        if kind == "deploymentgroup"
        else (application({"applicationName": app}))
    )
    tags: dict[str, str] = found["tags"]
    return tags


def _tag(body: Document) -> Document:
    _tagged(body).update(_tags({"tags": body["Tags"]}))
    return {}


def _untag(body: Document) -> Document:
    tags = _tagged(body)
    for key in body["TagKeys"]:
        tags.pop(key, None)
    return {}


def _shown_tags(body: Document) -> Document:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tagged(body).items()]}


ACTIONS: Final[dict[str, Action]] = {
    name: checked(name, act)
    for name, act in {
        "CreateApplication": _create_application,
        "UpdateApplication": _update_application,
        "GetApplication": lambda body: {"application": application(body)["shown"]},
        "ListApplications": lambda _: {"applications": sorted(APPLICATIONS)},
        "DeleteApplication": _delete_application,
        "CreateDeploymentGroup": _create_group,
        "UpdateDeploymentGroup": _update_group,
        "GetDeploymentGroup": lambda body: {"deploymentGroupInfo": group(body)["shown"]},
        "ListDeploymentGroups": lambda body: {
            "applicationName": body["applicationName"],
            "deploymentGroups": sorted(application(body)["groups"]),
        },
        "DeleteDeploymentGroup": _delete_group,
        "DeleteDeploymentConfig": _delete_config,
        **CONFIG_ACTIONS,
        "TagResource": _tag,
        "UntagResource": _untag,
        "ListTagsForResource": _shown_tags,
    }.items()
}
"""What CodeDeploy does; deployments are added by a patch of their own."""

PATCH = Patch(
    "codedeploy-settings",
    "a function with releases cannot be deployed: there is no CodeDeploy",
    lambda: json_service("codedeploy", "CodeDeploy_20141006", ACTIONS),
)
