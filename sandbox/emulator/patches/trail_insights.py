"""CloudTrail keeps which insights a trail collects.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html (names, errors; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ministack.services import cloudtrail

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, add_action, wrap_action

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document

_INSIGHTS = stores.of_account("cloudtrail-insights")
"""ARN of a trail to its insight selectors."""
_OK: Final = 200


def _delete(original: Handler) -> Handler:
    def delete(body: Document) -> Response:
        _, _, trail, error = cloudtrail._find_mutable_trail(body["Name"].strip())
        answer: Response = original(body)
        if error is None and answer[0] == _OK:
            _INSIGHTS.pop(trail["TrailARN"], None)
        return answer

    return delete


def _put_insights(body: Document) -> Response:
    _, _, trail, error = cloudtrail._find_mutable_trail(body["TrailName"].strip())
    if error:
        refused: Response = error
        return refused
    selectors: list[dict[str, Any]] = body["InsightSelectors"]
    trail["HasInsightSelectors"] = bool(selectors)
    _INSIGHTS[trail["TrailARN"]] = selectors
    return _insights(trail["TrailARN"])


def _get_insights(body: Document) -> Response:
    _, _, trail = cloudtrail._find_visible_trail(body["TrailName"].strip())
    if trail is None or not _INSIGHTS.get(trail["TrailARN"]):
        missing: Response = cloudtrail._err("InsightNotEnabledException", "insights are not enabled on the trail")
        return missing
    return _insights(trail["TrailARN"])


def _insights(arn: str) -> Response:
    answer: Response = cloudtrail._ok({"TrailARN": arn, "InsightSelectors": _INSIGHTS[arn]})
    return answer


def _apply() -> None:
    wrap_action(cloudtrail._DISPATCH, "DeleteTrail", _delete)
    add_action(cloudtrail._DISPATCH, "PutInsightSelectors", _put_insights)
    add_action(cloudtrail._DISPATCH, "GetInsightSelectors", _get_insights)


PATCH = Patch("cloudtrail-insights", "a trail with insights cannot be created: unknown actions", _apply)
