"""Configurations of MSK have revisions, and go when no cluster has them.

ministack keeps the first revision and deletes nothing, so that a changed configuration changes nothing and stays for
ever. https://docs.aws.amazon.com/msk/1.0/apireference/configurations.html and configurations-arn.html (2026-11-30)
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from ministack.core.responses import get_account_id, get_region

from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.kafka_state import (
    CLUSTERS,
    CONFIGURATIONS,
    SERVICE,
    TAGS,
    check,
    conflict,
    invalid,
    missing,
    now,
    properties_of,
)
from sandbox.emulator.patches.service import more_routes

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")
_GONE: Final = "Configuration ARN does not exist."
"""What the provider reads as gone."""


def _properties(body: Document) -> str:
    """Return the properties of a request, base64 as they come.

    Raises:
        RefusedError: They are no properties, or contradict each other.
    """
    encoded = str(body.get("serverProperties", ""))
    try:
        said = properties_of(base64.b64decode(encoded, validate=True).decode())
    except (binascii.Error, UnicodeDecodeError):
        raise invalid("The server properties are not base64 of text.") from None
    if unnamed := [name for name, value in said.items() if not name or not value]:
        raise invalid(f"The configuration is invalid: {', '.join(unnamed)} has no value.")
    factor, least = (said.get(name, "") for name in ("default.replication.factor", "min.insync.replicas"))
    if factor.isdigit() and least.isdigit() and int(least) > int(factor):
        raise invalid("The configuration is invalid: min.insync.replicas is above default.replication.factor.")
    return encoded


def _shown(configuration: Document) -> Document:
    return {name: value for name, value in configuration.items() if not name.startswith("_")}


def _summary(revision: Document) -> Document:
    return {name: revision[name] for name in ("creationTime", "description", "revision")}


def configuration_of(arn: str) -> Document:
    """Return a configuration of this region.

    Raises:
        RefusedError: There is none.
    """
    found: Document | None = CONFIGURATIONS.get(unquote(arn))
    if found is None:
        raise invalid(_GONE)
    return found


def _create(body: Document) -> Document:
    check("CreateConfiguration", body)
    name = str(body["name"])
    if not _NAME.fullmatch(name):
        raise invalid("The configuration name is invalid.")
    if any(one["name"] == name for one in CONFIGURATIONS.values()):
        raise conflict(f"A configuration named {name} exists.")
    arn = f"arn:aws:kafka:{get_region()}:{get_account_id()}:configuration/{name}/{uuid.uuid4()}-1"
    made: Document = {
        "arn": arn,
        "creationTime": now(),
        "description": body.get("description", ""),
        "kafkaVersions": body.get("kafkaVersions", []),
        "name": name,
        "state": "ACTIVE",
        "_revisions": [],
    }
    _revise(made, body)
    CONFIGURATIONS[arn] = made
    return _shown(made)


def _revise(configuration: Document, body: Document) -> None:
    revisions = configuration["_revisions"]
    revision = {
        "revision": len(revisions) + 1,
        "creationTime": now(),
        "description": body.get("description", ""),
        "serverProperties": _properties(body),
    }
    revisions.append(revision)
    configuration["latestRevision"] = _summary(revision)


def _update(arn: str, body: Document) -> Document:
    configuration = configuration_of(arn)
    _revise(configuration, body)
    return {"arn": configuration["arn"], "latestRevision": configuration["latestRevision"]}


def _delete(arn: str, _body: Document) -> Document:
    configuration = configuration_of(arn)
    used = [one["clusterName"] for one in CLUSTERS.values() if _uses(one, configuration["arn"])]
    if used:
        raise invalid(f"The configuration is in use by {', '.join(used)}.")
    TAGS.pop(configuration["arn"], None)
    del CONFIGURATIONS[configuration["arn"]]
    return {"arn": configuration["arn"], "state": "DELETING"}


def _uses(cluster: Document, arn: str) -> bool:
    return bool(cluster["currentBrokerSoftwareInfo"].get("configurationArn") == arn)


def _revision(arn: str, number: str, _body: Document) -> Document:
    configuration = configuration_of(arn)
    for one in configuration["_revisions"]:
        if str(one["revision"]) == number:
            return {"arn": configuration["arn"], **one}
    raise missing(f"The revision {number}")


def _apply() -> None:
    more_routes(
        SERVICE,
        {
            ("POST", "/v1/configurations"): _create,
            ("GET", "/v1/configurations"): lambda _: {
                "configurations": [_shown(one) for one in CONFIGURATIONS.values()]
            },
            ("GET", "/v1/configurations/(.+)/revisions/([^/]+)"): _revision,
            ("GET", "/v1/configurations/(.+)/revisions"): lambda arn, _: {
                "revisions": [_summary(one) for one in configuration_of(arn)["_revisions"]]
            },
            ("GET", "/v1/configurations/(.+)"): lambda arn, _: _shown(configuration_of(arn)),
            ("PUT", "/v1/configurations/(.+)"): _update,
            ("DELETE", "/v1/configurations/(.+)"): _delete,
        },
    )


PATCH = Patch("kafka-configurations", "a changed configuration has no new revision, and none is ever deleted", _apply)
