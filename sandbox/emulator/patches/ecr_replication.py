"""Images pushed under a registry's replication rules reach the other region.

ministack has repositories only. https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html (read
2026-11-21): images pushed after the rule was made are copied, to a repository of the same name that is made where it
is missing; a copy is not copied on; lifecycle policies and settings are not copied.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, request_scope
from ministack.services import ecr

from sandbox.emulator.cut import CUTS, reachable
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

SETTINGS = stores.regional("ecr-registry")
"""`replication`, and beside it `scanning`, to what was put."""
_LATE = stores.regional("ecr-late-images")
"""(repository, digest, region) of copies that could not be made yet."""
_OK = range(200, 300)
Request = dict[str, Any]


def _put_replication(data: Request) -> Request:
    SETTINGS["replication"] = data["replicationConfiguration"]
    return {"replicationConfiguration": data["replicationConfiguration"]}


def _describe(_: Request) -> Request:
    rules = SETTINGS.get("replication", {"rules": []})
    return {"registryId": get_account_id(), "replicationConfiguration": rules}


def _image_status(data: Request) -> Request:
    name, digest = data["repositoryName"], data["imageId"]["imageDigest"]
    statuses = [
        {
            "region": region,
            "registryId": get_account_id(),
            "status": "IN_PROGRESS" if (name, digest, region) in _LATE else "COMPLETE",
        }
        for region in _destinations(name)
    ]
    return {"repositoryName": name, "imageId": data["imageId"], "replicationStatuses": statuses}


_ADDED: dict[str, Callable[[Request], Request]] = {
    "DescribeImageReplicationStatus": _image_status,
    "DescribeRegistry": _describe,
    "PutReplicationConfiguration": _put_replication,
}


def _route(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: object) -> Response:
        serve = _ADDED.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if serve is None:
            pending: Awaitable[Response] = original(method, path, headers, body, query)
            return await pending
        answer: Response = ecr.json_response(serve(json.loads(body)))
        return answer

    return handle


def _destinations(name: str) -> Iterator[str]:
    """Regions that a repository's images go to; copies to other accounts are not served."""
    for rule in SETTINGS.get("replication", {"rules": []})["rules"]:
        filters = rule.get("repositoryFilters", [])
        if not filters or any(name.startswith(wanted["filter"]) for wanted in filters):
            yield from (place["region"] for place in rule["destinations"] if place["registryId"] == get_account_id())


def _pushed(original: Handler) -> Handler:
    def push(data: Request) -> Response:
        answer: Response = original(data)
        if answer[0] in _OK:
            pushed = json.loads(answer[2])["image"]
            _send(pushed["repositoryName"], pushed["imageId"]["imageDigest"])
        return answer

    return push


def _pushed_by_client(original: Handler) -> Handler:
    """The same for an image pushed as container engines do."""

    def push(name: str, reference: str, headers: dict[str, str], body: bytes) -> Response:
        answer: Response = original(name, reference, headers, body)
        if answer[0] in _OK:
            _send(name, answer[1]["Docker-Content-Digest"])
        return answer

    return push


def _send(name: str, digest: str) -> None:
    for region in _destinations(name):
        _LATE[name, digest, region] = True
    _catch_up()


def _catch_up() -> None:
    """Copy every image whose two regions can be reached."""
    for (account, home, (name, digest, region)), _ in list(_LATE._data.items()):
        if reachable(home, region):
            with request_scope(account, home):
                del _LATE[name, digest, region]
                _copy(name, digest, region)


def _copy(name: str, digest: str, region: str) -> None:
    image = next((i for i in ecr._images.get(name, []) if i["imageDigest"] == digest), None)
    if image is None:
        return
    image, blobs = copy.deepcopy(image), [dict(store.get(name, {})) for store in _BLOBS]
    with request_scope(get_account_id(), region):
        if name not in ecr._repositories:
            ecr._create_repository({"repositoryName": name})
        ecr._images[name] = [i for i in ecr._images[name] if i["imageDigest"] != digest] + [image]
        for store, found in zip(_BLOBS, blobs, strict=True):
            store.setdefault(name, {}).update(found)


_BLOBS = (ecr._manifest_blobs, ecr._layer_blobs)


def _apply() -> None:
    wrap(ecr, "handle_request", _route)
    wrap(ecr, "_put_image", _pushed)
    wrap(ecr, "_v2_put_manifest", _pushed_by_client)
    CUTS.on_heal.append(_catch_up)


PATCH = Patch("ecr-replication", "a registry can be given no replication configuration", _apply)
