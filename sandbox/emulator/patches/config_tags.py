"""Rules of AWS Config have tags.

https://docs.aws.amazon.com/config/latest/APIReference/API_TagResource.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ministack.core.responses import json_response
from ministack.services import config

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.patches.service import Document

_TAGS = stores.regional("config-tags")
"""ARN of a rule to its tags."""


def _tag(body: Document) -> Document:
    _TAGS[body["ResourceArn"]] = _tags(body["ResourceArn"]) | {tag["Key"]: tag["Value"] for tag in body["Tags"]}
    return {}


def _untag(body: Document) -> Document:
    kept = {key: value for key, value in _tags(body["ResourceArn"]).items() if key not in body["TagKeys"]}
    _TAGS[body["ResourceArn"]] = kept
    return {}


def _list_tags(body: Document) -> Document:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tags(body["ResourceArn"]).items()]}


def _tags(arn: str) -> dict[str, str]:
    return dict(_TAGS.get(arn, {}))


_ACTIONS: Final[dict[str, Callable[[Document], Document]]] = {
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _list_tags,
}


def _handle(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        called = headers.get("x-amz-target", "").rpartition(".")[2]
        asked = json.loads(body or b"{}")
        if called in _ACTIONS:
            answer: Response = json_response(_ACTIONS[called](asked))
            return answer
        answer = await original(method, path, headers, body, query)
        if called == "PutConfigRule" and asked.get("Tags"):
            _tag({"ResourceArn": _rule_arn(asked), "Tags": asked["Tags"]})
        return answer

    return handle


def _rule_arn(asked: Document) -> str:
    return str(config._config_rules[asked["ConfigRule"]["ConfigRuleName"]]["ConfigRuleArn"])


PATCH = Patch("config-tags", "a rule cannot be read back for its tags", lambda: wrap(config, "handle_request", _handle))
