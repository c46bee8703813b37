"""EKS tags: a change reaches what describes the resource, takes all its keys, and knows pod identity associations.

https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import urllib.parse
from typing import Any

from ministack.services import eks

from sandbox.emulator.patches import eks_fargate
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_PREFIX = "/tags/"


def _route(original: Handler) -> Handler:
    def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]) -> Response:
        record = _tagged(urllib.parse.unquote(path.removeprefix(_PREFIX))) if path.startswith(_PREFIX) else None
        if record is None:
            answer: Response = original(method, path, headers, body, query)
            return answer
        tags = dict(record["tags"])
        if method == "POST":
            tags.update(json.loads(body)["tags"])
        elif method == "DELETE":
            tags = {key: value for key, value in tags.items() if key not in query.get("tagKeys", [])}
        record["tags"] = tags
        done: Response = eks._json_resp(200, {"tags": tags} if method == "GET" else {})
        return done

    return handle


def _tagged(arn: str) -> dict[str, Any] | None:
    stores = {
        "arn": eks._clusters,
        "nodegroupArn": eks._nodegroups,
        "addonArn": eks._addons,
        "accessEntryArn": eks._access_entries,
        "associationArn": eks._pod_identity_associations,
        "fargateProfileArn": eks_fargate.PROFILES,
    }
    for field, store in stores.items():
        for record in store.values():
            if record[field] == arn:
                found: dict[str, Any] = record
                return found
    return None


PATCH = Patch(
    "eks-tags",
    "changed tags of clusters, node groups and add-ons are not read back",
    lambda: wrap(eks, "_handle_request_sync", _route),
)
