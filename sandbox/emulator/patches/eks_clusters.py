"""An EKS cluster keeps its upgrade policy, access mode and protection, and is not deleted under its nodes.

https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html (fields, defaults), API_DeleteCluster.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import Any

from ministack.services import eks

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OK = 200
_DEFAULTS: dict[str, Any] = {
    "deletionProtection": False,
    "upgradePolicy": {"supportType": "EXTENDED"},
}
"""What AWS answers where nothing is asked for."""
Body = dict[str, Any]


def _create(original: Handler) -> Handler:
    def create(body: Body, creator: str | None = None) -> Response:
        answer: Response = original(body, creator)
        if answer[0] != _OK:
            return answer
        cluster = eks._clusters[body["name"]]
        for field, default in _DEFAULTS.items():
            cluster[field] = body.get(field, default)
        if "zonalShiftConfig" in body:
            cluster["zonalShiftConfig"] = body["zonalShiftConfig"]
        mode = cluster["accessConfig"].get("authenticationMode", "CONFIG_MAP")
        cluster["accessConfig"] = {**cluster["accessConfig"], "authenticationMode": mode}
        return _json({"cluster": eks._sanitize(cluster)})

    return create


def _delete(original: Handler) -> Handler:
    def delete(name: str) -> Response:
        cluster = eks._clusters.get(name)
        if cluster is not None and cluster.get("deletionProtection"):
            reason = f"Cluster {name} has deletion protection enabled."
            refusal: Response = eks._error(400, "InvalidRequestException", reason)
            return refusal
        if cluster is not None and any(key.startswith(f"{name}/") for key in eks._nodegroups):
            attached: Response = eks._error(409, "ResourceInUseException", "Cluster has nodegroups attached")
            return attached
        answer: Response = original(name)
        if cluster is not None:
            for key in [key for key in eks._addons if key.startswith(f"{name}/")]:
                del eks._addons[key]
        return answer

    return delete


def _json(body: Body) -> Response:
    answer: Response = eks._json_resp(200, json.loads(json.dumps(body)))
    return answer


def _apply() -> None:
    wrap(eks, "_create_cluster", _create)
    wrap(eks, "_delete_cluster", _delete)


PATCH = Patch("eks-clusters", "the upgrade policy and the protection of a cluster show as drift", _apply)
