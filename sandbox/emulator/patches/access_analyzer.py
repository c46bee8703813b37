"""Access Analyzer keeps the analyzers of a region and their tags, which find nothing.

https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateAnalyzer.html (names, defaults; 2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from ministack.core.responses import get_account_id, get_region, now_iso

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, rest_service

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document, Route

_ANALYZERS = stores.regional("access-analyzers")
_UNUSED_DAYS: Final = 90
"""Age of unused access where none is asked for."""


def _create(body: Document) -> Document:
    name = body["analyzerName"]
    if name in _ANALYZERS:
        raise RefusedError("ConflictException", f"analyzer {name} already exists", 409)
    record = {
        "arn": f"arn:aws:access-analyzer:{get_region()}:{get_account_id()}:analyzer/{name}",
        "name": name,
        "type": body["type"],
        "createdAt": now_iso(),
        "status": "ACTIVE",
        "tags": body.get("tags") or {},
    }
    if body["type"].endswith("UNUSED_ACCESS"):
        record["configuration"] = body.get("configuration") or {"unusedAccess": {"unusedAccessAge": _UNUSED_DAYS}}
    _ANALYZERS[name] = record
    return {"arn": record["arn"]}


def _found(name: str) -> Document:
    if name not in _ANALYZERS:
        raise RefusedError("ResourceNotFoundException", f"analyzer {name} does not exist", 404)
    record: Document = _ANALYZERS[name]
    return record


def _update(name: str, body: Document) -> Document:
    record = _found(name)
    record["configuration"] = body["configuration"]
    return {"configuration": record["configuration"]}


def _delete(name: str, _body: Document) -> Document:
    _found(name)
    del _ANALYZERS[name]
    return {}


def _tags(arn: str) -> Document:
    tags: Document = _found(unquote(arn).rpartition("/")[2])["tags"]
    return tags


def _tag(arn: str, body: Document) -> Document:
    _tags(arn).update(body["tags"])
    return {}


def _untag(arn: str, body: Document) -> Document:
    for key in body["tagKeys"]:
        _tags(arn).pop(key, None)
    return {}


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("PUT", "/analyzer"): _create,
    ("GET", "/analyzer"): lambda _body: {"analyzers": list(_ANALYZERS.values())},
    ("GET", "/analyzer/([^/]+)"): lambda name, _body: {"analyzer": _found(name)},
    ("PUT", "/analyzer/([^/]+)"): _update,
    ("DELETE", "/analyzer/([^/]+)"): _delete,
    ("GET", "/tags/(.+)"): lambda arn, _body: {"tags": _tags(arn)},
    ("POST", "/tags/(.+)"): _tag,
    ("DELETE", "/tags/(.+)"): _untag,
}

PATCH = Patch(
    "access-analyzer", "Access Analyzer is no service at all", lambda: rest_service("access-analyzer", _ROUTES)
)
