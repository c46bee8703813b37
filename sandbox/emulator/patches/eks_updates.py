"""EKS: changes of clusters and node groups, and the record of each change that a caller waits for.

ministack routes no change of a cluster or node group and keeps no update, so the provider's wait fails.
https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html and its siblings
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ministack.services import eks

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

_UPDATES = stores.regional("eks-updates")
"""(cluster, update id) to the update."""

_OK = 200
_CLUSTER_FIELDS = ("accessConfig", "deletionProtection", "logging", "upgradePolicy", "zonalShiftConfig")
_NODEGROUP_FIELDS = ("nodeRepairConfig", "scalingConfig", "updateConfig")
_NAME = r"([A-Za-z0-9_-]+)"
Body = dict[str, Any]


def _record(cluster: str, kind: str) -> Response:
    update = {"id": eks.new_uuid(), "status": "Successful", "type": kind, "createdAt": eks._now(), "params": []}
    _UPDATES[(cluster, update["id"])] = {**update, "errors": []}
    return _json({"update": update})


def _configure_cluster(body: Body, name: str) -> Response:
    cluster = eks._clusters.get(name)
    if cluster is None:
        return _missing(f"No cluster found for name: {name}.")
    for field in _CLUSTER_FIELDS:
        if field in body:
            cluster[field] = _merged(cluster.get(field), body[field])
    cluster["resourcesVpcConfig"].update(body.get("resourcesVpcConfig", {}))
    return _record(name, "ConfigUpdate")


def _merged(old: object, new: object) -> object:
    """A change names only the members of a structure that it changes."""
    return {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else new


def _upgrade_cluster(body: Body, name: str) -> Response:
    cluster = eks._clusters.get(name)
    if cluster is None:
        return _missing(f"No cluster found for name: {name}.")
    cluster["version"] = body["version"]
    return _record(name, "VersionUpdate")


def _configure_nodegroup(body: Body, cluster: str, name: str) -> Response:
    group = eks._nodegroups.get(f"{cluster}/{name}")
    if group is None:
        return _missing(f"No node group found for name: {name}.")
    group.update({field: {**group.get(field, {}), **body[field]} for field in _NODEGROUP_FIELDS if field in body})
    if "updateConfig" in body:
        group["updateConfig"] = body["updateConfig"]  # its two fields exclude each other
    labels = body.get("labels", {})
    group["labels"] = {**group["labels"], **labels.get("addOrUpdateLabels", {})}
    for gone in labels.get("removeLabels", []):
        group["labels"].pop(gone, None)
    _taint(group, body.get("taints", {}))
    group["modifiedAt"] = eks._now()
    return _record(cluster, "ConfigUpdate")


def _taint(group: Body, change: Body) -> None:
    changed = change.get("addOrUpdateTaints", [])
    gone = {(taint["key"], taint["effect"]) for taint in [*changed, *change.get("removeTaints", [])]}
    group["taints"] = [taint for taint in group["taints"] if (taint["key"], taint["effect"]) not in gone] + changed


def _upgrade_nodegroup(body: Body, cluster: str, name: str) -> Response:
    group = eks._nodegroups.get(f"{cluster}/{name}")
    if group is None:
        return _missing(f"No node group found for name: {name}.")
    group["version"] = body.get("version") or eks._clusters[cluster]["version"]
    if "releaseVersion" in body:
        group["releaseVersion"] = body["releaseVersion"]
    if "launchTemplate" in body:
        group["launchTemplate"] = {**group.get("launchTemplate", {}), **body["launchTemplate"]}
    return _record(cluster, "VersionUpdate")


def _describe_update(_: Body, cluster: str, update: str) -> Response:
    found = _UPDATES.get((cluster, update))
    return _missing(f"No update found for id: {update}.") if found is None else _json({"update": found})


_ROUTES: tuple[tuple[str, re.Pattern[str], Callable[..., Response]], ...] = (
    ("POST", re.compile(f"/clusters/{_NAME}/update-config"), _configure_cluster),
    ("POST", re.compile(f"/clusters/{_NAME}/updates"), _upgrade_cluster),
    ("POST", re.compile(f"/clusters/{_NAME}/node-groups/{_NAME}/update-config"), _configure_nodegroup),
    ("POST", re.compile(f"/clusters/{_NAME}/node-groups/{_NAME}/update-version"), _upgrade_nodegroup),
    ("GET", re.compile(f"/clusters/{_NAME}/updates/{_NAME}"), _describe_update),
)


def _route(original: Handler) -> Handler:
    def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> Response:
        for verb, pattern, serve in _ROUTES:
            if verb == method and (match := pattern.fullmatch(path)):
                return serve(json.loads(body) if body else {}, *match.groups())
        answer: Response = original(method, path, headers, body, query)
        return answer

    return handle


def _remember(original: Handler) -> Handler:
    """Keep the update an add-on's change answers with."""

    def change(cluster: str, addon: str, body: Body) -> Response:
        answer: Response = original(cluster, addon, body)
        if answer[0] == _OK:
            update = json.loads(answer[2])["update"]
            _UPDATES[(cluster, update["id"])] = {**update, "params": [], "errors": []}
        return answer

    return change


def _json(body: Body) -> Response:
    answer: Response = eks._json_resp(200, body)
    return answer


def _missing(message: str) -> Response:
    answer: Response = eks._error(404, "ResourceNotFoundException", message)
    return answer


def _apply() -> None:
    wrap(eks, "_handle_request_sync", _route)
    wrap(eks, "_update_addon", _remember)


PATCH = Patch("eks-updates", "no change of a cluster, node group or add-on succeeds", _apply)
