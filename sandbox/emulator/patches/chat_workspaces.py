"""An account tells which Slack workspaces somebody has authorised in its console; a path stands in for the console.

AWS has no API that authorises one. Here `POST /_console/slack-workspaces` does, with `{"SlackTeamId": ...}`.
https://docs.aws.amazon.com/chatbot/latest/APIReference/API_DescribeSlackWorkspaces.html (2026-11)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.emulator.console import SLACK_WORKSPACES
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Patch
from sandbox.emulator.patches.service import RefusedError, more_routes

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document, Route

WORKSPACES = stores.of_account("slack-workspaces")
"""Workspaces that are authorised, by id."""


def _authorise(body: Document) -> Document:
    team = body["SlackTeamId"]
    WORKSPACES[team] = {"SlackTeamId": team, "SlackTeamName": team.lower(), "State": "ENABLED"}
    return {}


def _revoke(body: Document) -> Document:
    if WORKSPACES.pop(body["SlackTeamId"], None) is None:
        raise RefusedError("InvalidParameterException", f"workspace {body['SlackTeamId']} is not authorized")
    return {}


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("POST", SLACK_WORKSPACES): _authorise,
    ("POST", "/describe-slack-workspaces"): lambda _body: {"SlackWorkspaces": list(WORKSPACES.values())},
    ("POST", "/delete-slack-workspace-authorization"): _revoke,
}

PATCH = Patch(
    "chat-workspaces",
    "workspaces that are authorised cannot be asked for: no such route",
    lambda: more_routes("chatbot", _ROUTES),
)
