"""Elastic Beanstalk keeps applications, environments and their options, and makes no instance and no load balancer.

An environment is ready at once, and gone at once when it is terminated; it is described for an hour after that.
https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateEnvironment.html and its siblings (2026-11)
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, get_region

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.query import query_service
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Action, Document

_APPLICATIONS = stores.regional("beanstalk-applications")
"""Name -> as it is described."""
_ENVIRONMENTS = stores.regional("beanstalk-environments")
"""Id -> as it is described, with `_options` (namespace, name -> value)."""
_TAGS = stores.regional("beanstalk-tags")
"""ARN -> tags by key."""
_REMEMBERED: Final = 3600
"""Seconds for which a terminated environment is still described if `IncludeDeleted` is said."""
_TIER: Final = {"Name": "WebServer", "Type": "Standard", "Version": "1.0"}


def _arn(resource: str) -> str:
    return f"arn:aws:elasticbeanstalk:{get_region()}:{get_account_id()}:{resource}"


def _invalid(message: str) -> RefusedError:
    return RefusedError("InvalidParameterValue", message)


def _create_application(body: Document) -> Document:
    name = body["ApplicationName"]
    if name in _APPLICATIONS:
        raise _invalid(f"Application {name} already exists.")
    now = time.time()
    application: Document = {
        "ApplicationArn": _arn(f"application/{name}"),
        "ApplicationName": name,
        "Description": body.get("Description", ""),
        "DateCreated": now,
        "DateUpdated": now,
        "Versions": [],
        "ConfigurationTemplates": [],
        "ResourceLifecycleConfig": body.get("ResourceLifecycleConfig", {}),
    }
    _APPLICATIONS[name] = application
    _tag(application["ApplicationArn"], body.get("Tags", []))
    return {"Application": application}


def _update_application(body: Document) -> Document:
    application = _application(body["ApplicationName"])
    application |= {"Description": body.get("Description", application["Description"]), "DateUpdated": time.time()}
    return {"Application": application}


def _describe_applications(body: Document) -> Document:
    wanted = body.get("ApplicationNames")
    return {"Applications": [one for name, one in _APPLICATIONS.items() if wanted is None or name in wanted]}


def _delete_application(body: Document) -> Document:
    name = body["ApplicationName"]
    if any(one["ApplicationName"] == name and one["Status"] != "Terminated" for one in _ENVIRONMENTS.values()):
        raise RefusedError("OperationInProgressFailure", f"Application {name} has running environments.")
    if name in _APPLICATIONS:
        _TAGS.pop(_APPLICATIONS.pop(name)["ApplicationArn"], None)
    return {}


def _application(name: str) -> Document:
    if name not in _APPLICATIONS:
        raise _invalid(f"No Application named '{name}' found.")
    found: Document = _APPLICATIONS[name]
    return found


def _create_environment(body: Document) -> Document:
    _application(body["ApplicationName"])
    name = body.get("EnvironmentName", f"environment-{uuid.uuid4().hex[:8]}")
    if any(one["EnvironmentName"] == name and one["Status"] != "Terminated" for one in _ENVIRONMENTS.values()):
        raise _invalid(f"Environment {name} already exists.")
    identifier, now = f"e-{uuid.uuid4().hex[:10]}", time.time()
    cname = f"{name}.{uuid.uuid4().hex[:8]}.{get_region()}.elasticbeanstalk.com"
    environment: Document = {
        **{
            key: body[key]
            for key in ("ApplicationName", "Description", "SolutionStackName", "PlatformArn")
            if key in body
        },
        "CNAME": cname,
        "DateCreated": now,
        "DateUpdated": now,
        "EndpointURL": cname,
        "EnvironmentArn": _arn(f"environment/{body['ApplicationName']}/{name}"),
        "EnvironmentId": identifier,
        "EnvironmentName": name,
        "Health": "Green",
        "HealthStatus": "Ok",
        "AbortableOperationInProgress": False,
        "Status": "Ready",
        "Tier": {**_TIER, **body.get("Tier", {})},
        "VersionLabel": body.get("VersionLabel", ""),
        "_options": _laid_over({}, body),
    }
    _ENVIRONMENTS[identifier] = environment
    _tag(environment["EnvironmentArn"], body.get("Tags", []))
    return environment


def _laid_over(options: dict[str, str], body: Document) -> dict[str, str]:
    """Return options with those of a request: those set laid over, those to be removed taken out."""
    set_ = {_key(one): one.get("Value", "") for one in body.get("OptionSettings", [])}
    gone = {_key(one) for one in body.get("OptionsToRemove", [])}
    return {key: value for key, value in {**options, **set_}.items() if key not in gone}


def _key(option: Document) -> str:
    return f"{option['Namespace']}|{option['OptionName']}"


def _update_environment(body: Document) -> Document:
    environment = _environment(body)
    kept = ("Description", "SolutionStackName", "PlatformArn", "VersionLabel")
    environment |= {key: body[key] for key in kept if key in body} | {"DateUpdated": time.time()}
    environment["_options"] = _laid_over(environment["_options"], body)
    return environment


def _terminate_environment(body: Document) -> Document:
    environment = _environment(body)
    environment |= {"Status": "Terminated", "Health": "Grey", "DateUpdated": time.time()}
    _TAGS.pop(environment["EnvironmentArn"], None)
    return environment


def _describe_environments(body: Document) -> Document:
    ids, names, application = (body.get(key) for key in ("EnvironmentIds", "EnvironmentNames", "ApplicationName"))
    found = [
        one
        for one in _ENVIRONMENTS.values()
        if (ids is None or one["EnvironmentId"] in ids)
        and (names is None or one["EnvironmentName"] in names)
        and (application is None or one["ApplicationName"] == application)
        and (one["Status"] != "Terminated" or (body.get("IncludeDeleted", True) and ids and _recent(one)))
    ]
    return {"Environments": found}


def _recent(environment: Document) -> bool:
    return bool(time.time() - environment["DateUpdated"] < _REMEMBERED)


def _environment(body: Document) -> Document:
    for one in _ENVIRONMENTS.values():
        same = one["EnvironmentId"] == body.get("EnvironmentId") or one["EnvironmentName"] == body.get(
            "EnvironmentName"
        )
        if same and one["Status"] != "Terminated":
            found: Document = one
            return found
    what = body.get("EnvironmentId") or body.get("EnvironmentName")
    raise _invalid(f"No Environment found for {what}.")


def _configuration_settings(body: Document) -> Document:
    environment = _environment(body)
    options = [
        {"Namespace": space, "OptionName": name, "Value": value}
        for key, value in sorted(environment["_options"].items())
        for space, _, name in (key.partition("|"),)
    ]
    kept = ("ApplicationName", "EnvironmentName", "SolutionStackName", "Tier", "DateCreated", "DateUpdated")
    settings = {key: environment[key] for key in kept if key in environment}
    return {"ConfigurationSettings": [settings | {"DeploymentStatus": "deployed", "OptionSettings": options}]}


def _environment_resources(body: Document) -> Document:
    kinds = ("AutoScalingGroups", "Instances", "LaunchConfigurations", "LaunchTemplates", "LoadBalancers", "Queues")
    nothing: Document = {kind: [] for kind in (*kinds, "Triggers")}
    return {"EnvironmentResources": {"EnvironmentName": _environment(body)["EnvironmentName"], **nothing}}


def _tag(arn: str, tags: list[Document]) -> None:
    _TAGS[arn] = {**_TAGS.get(arn, {}), **{one["Key"]: one.get("Value", "") for one in tags}}


def _list_tags(body: Document) -> Document:
    arn = body["ResourceArn"]
    tags = [{"Key": key, "Value": value} for key, value in _TAGS.get(arn, {}).items()]
    return {"ResourceArn": arn, "ResourceTags": tags}


def _update_tags(body: Document) -> Document:
    arn = body["ResourceArn"]
    _tag(arn, body.get("TagsToAdd", []))
    for key in body.get("TagsToRemove", []):
        _TAGS[arn].pop(key, None)
    return {}


_ACTIONS: Final[dict[str, Action]] = {
    "CreateApplication": _create_application,
    "CreateEnvironment": _create_environment,
    "DeleteApplication": _delete_application,
    "DescribeApplications": _describe_applications,
    "DescribeConfigurationSettings": _configuration_settings,
    "DescribeEnvironmentResources": _environment_resources,
    "DescribeEnvironments": _describe_environments,
    "DescribeEvents": lambda _body: {"Events": []},
    "ListTagsForResource": _list_tags,
    "TerminateEnvironment": _terminate_environment,
    "UpdateApplication": _update_application,
    "UpdateEnvironment": _update_environment,
    "UpdateTagsForResource": _update_tags,
}
PATCH = Patch("elastic-beanstalk", "the service is missing", lambda: query_service("elasticbeanstalk", _ACTIONS))
