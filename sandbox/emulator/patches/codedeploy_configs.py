"""Deployment configurations of CodeDeploy for Lambda: its own, and those that somebody has made."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Final

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.codedeploy_revisions import WHOLE
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.emulator.patches.service import Action, Document

_CONFIGS: Final = stores.regional("codedeploy-configs")
_OWN: Final = "CodeDeployDefault."
ALL_AT_ONCE: Final = f"{_OWN}LambdaAllAtOnce"
"""What a deployment group has by default."""


def _canary(minutes: int) -> Document:
    return {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": minutes}}


def _linear(minutes: int) -> Document:
    return {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 10, "linearInterval": minutes}}


_DEFAULTS: Final[Mapping[str, Document]] = {
    ALL_AT_ONCE: {"type": "AllAtOnce"},
    **{f"{_OWN}LambdaCanary10Percent{one}Minutes": _canary(one) for one in (5, 10, 15, 30)},
    **{f"{_OWN}LambdaLinear10PercentEvery{one}Minute{'s' if one > 1 else ''}": _linear(one) for one in (1, 2, 3, 10)},
}
"""CodeDeploy's own configurations for Lambda."""


def routing(name: str) -> Document:
    """Return how a deployment configuration shifts traffic.

    Raises:
        RefusedError: There is none of the name.
    """
    if name in _DEFAULTS:
        return _DEFAULTS[name]
    if name not in _CONFIGS:
        raise RefusedError(
            "DeploymentConfigDoesNotExistException", f"No Deployment Configuration found for name: {name}"
        )
    found: Document = _CONFIGS[name]["trafficRoutingConfig"]
    return found


def lambda_only(body: Document) -> None:
    """Refuse what is for another compute platform.

    Raises:
        RefusedError: It is.
    """
    platform = body.get("computePlatform", "Server")
    if platform != "Lambda":
        raise RefusedError("InvalidComputePlatformException", f"{platform}: the sandbox deploys to Lambda only")


def _create_config(body: Document) -> Document:
    name, given = body["deploymentConfigName"], body.get("trafficRoutingConfig") or {}
    if name.startswith(_OWN):
        raise RefusedError(
            "InvalidDeploymentConfigNameException", f"Deployment configuration names may not begin {_OWN}"
        )
    if name in _CONFIGS:
        raise RefusedError("DeploymentConfigAlreadyExistsException", f"Deployment configuration {name} already exists")
    lambda_only(body)
    if not _is_valid(given):
        what = "a type, and for a canary or a line a percentage of 1 to 99 and an interval in minutes"
        raise RefusedError("InvalidTrafficRoutingConfigurationException", what)
    shown = {"deploymentConfigId": str(uuid.uuid4()), "createTime": time.time(), "computePlatform": "Lambda"}
    _CONFIGS[name] = {**shown, "deploymentConfigName": name, "trafficRoutingConfig": given}
    return {"deploymentConfigId": shown["deploymentConfigId"]}


def _is_valid(given: Document) -> bool:
    kind = given.get("type", "")
    if kind == "AllAtOnce":
        return True
    name = kind.removeprefix("TimeBased").lower()
    part = given.get(f"timeBased{name.capitalize()}") or {}
    return bool(0 < part.get(f"{name}Percentage", 0) < WHOLE and part.get(f"{name}Interval", 0) > 0)


def _get_config(body: Document) -> Document:
    name = body["deploymentConfigName"]
    made = {"deploymentConfigName": name, "computePlatform": "Lambda", "trafficRoutingConfig": routing(name)}
    return {"deploymentConfigInfo": {**made, **(_CONFIGS.get(name) or {})}}


def delete(body: Document) -> Document:
    """Delete a configuration that nobody uses.

    Raises:
        RefusedError: It is one of CodeDeploy's own.
    """
    name = body["deploymentConfigName"]
    if name.startswith(_OWN):
        raise RefusedError("InvalidOperationException", f"{name} is one of CodeDeploy's own")
    _CONFIGS.pop(name, None)
    return {}


CONFIG_ACTIONS: Final[Mapping[str, Action]] = {
    "CreateDeploymentConfig": _create_config,
    "GetDeploymentConfig": _get_config,
    "ListDeploymentConfigs": lambda _: {"deploymentConfigsList": sorted([*_DEFAULTS, *_CONFIGS])},
}
"""What is done with configurations by themselves."""
