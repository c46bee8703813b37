"""What a deployment of a function is: its AppSpec file, and the traffic that it shifts when. Pure.

https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html and
deployment-configurations.html (2026-11)
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

BEFORE: Final = "BeforeAllowTraffic"
ALLOW: Final = "AllowTraffic"
AFTER: Final = "AfterAllowTraffic"
_TYPE: Final = "AWS::Lambda::Function"
WHOLE: Final = 100
"""Percent that are all traffic."""


class RevisionError(ValueError):
    """A revision cannot be deployed.

    Args:
        code: Code of the deployment's error, such as `INVALID_REVISION`.
        message: What is wrong.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Revision:
    """A shift of an alias from a version to another."""

    function: str
    """Name of the function."""
    alias: str
    """Name of the alias."""
    current: str
    """Version that the alias leads to."""
    target: str
    """Version that it leads to at the end."""
    hooks: Mapping[str, str] = field(default_factory=dict)
    """Lifecycle event -> function that is called at it."""

    def back(self) -> str:
        """Return the AppSpec file that undoes it, as JSON."""
        versions = {"CurrentVersion": self.target, "TargetVersion": self.current}
        about = {"Type": _TYPE, "Properties": {"Name": self.function, "Alias": self.alias, **versions}}
        return json.dumps({"version": "0.0", "Resources": [{"function": about}]})


def content(given: Mapping[str, Any]) -> str | None:
    """Return the AppSpec file of a RevisionLocation; None where it has none in itself, or one of another hash."""
    part = given.get({"AppSpecContent": "appSpecContent", "String": "string"}.get(str(given.get("revisionType")), ""))
    text = (part or {}).get("content")
    if not text:
        return None
    hashed = (part or {}).get("sha256")
    return None if hashed and hashed != hashlib.sha256(text.encode()).hexdigest() else str(text)


def read(text: str) -> Revision:
    """Return what an AppSpec file says, JSON or YAML.

    Raises:
        RevisionError: It is no AppSpec file of a function.
    """
    try:
        said = _lower(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise RevisionError("INVALID_REVISION", f"the AppSpec file is neither JSON nor YAML: {error}") from None
    if not isinstance(said, dict) or str(said.get("version")) != "0.0":
        raise RevisionError("INVALID_REVISION", "the AppSpec file has no version 0.0")
    resources = said.get("resources")
    found = resources[0] if isinstance(resources, list) and len(resources) == 1 else None
    about = next(iter(found.values())) if isinstance(found, dict) and len(found) == 1 else None
    if not isinstance(about, dict) or about.get("type") != _TYPE:
        raise _invalid(f"it has to have one resource, of type {_TYPE}")
    properties = about.get("properties")
    given = properties if isinstance(properties, dict) else {}
    name, alias, current, target = (
        str(given.get(one) or "") for one in ("name", "alias", "currentversion", "targetversion")
    )
    if not (name and alias and current and target):
        raise _invalid("its resource needs Name, Alias, CurrentVersion and TargetVersion")
    return Revision(name.rpartition(":")[2], alias, current, target, _hooks(said.get("hooks")))


def _hooks(given: object) -> dict[str, str]:
    names = {one.lower(): one for one in (BEFORE, AFTER)}
    found: dict[str, str] = {}
    for one in given if isinstance(given, list) else []:
        for event, function in one.items() if isinstance(one, dict) else ():
            if event not in names:
                raise _invalid(f"a function has no lifecycle event {event} with a hook")
            found[names[event]] = str(function).rpartition("function:")[2].partition(":")[0] or str(function)
    return found


def _invalid(message: str) -> RevisionError:
    return RevisionError("INVALID_LAMBDA_CONFIGURATION", f"the AppSpec file is not one of a function: {message}")


def _lower(value: object) -> object:
    """Return a document with its keys in lower case, as CodeDeploy takes them in any."""
    if isinstance(value, dict):
        return {str(key).lower(): _lower(inner) for key, inner in value.items()}
    return [_lower(inner) for inner in value] if isinstance(value, list) else value


def steps(routing: Mapping[str, Any]) -> list[tuple[float, int]]:
    """Return when how much traffic goes to the new version: seconds after the first shift, percent."""
    if canary := routing.get("timeBasedCanary"):
        return [(0, canary["canaryPercentage"]), (canary["canaryInterval"] * 60.0, WHOLE)]
    if linear := routing.get("timeBasedLinear"):
        share, pause = linear["linearPercentage"], linear["linearInterval"] * 60.0
        return [(at * pause, min(WHOLE, share * (at + 1))) for at in range(-(-WHOLE // share))]
    return [(0, WHOLE)]
