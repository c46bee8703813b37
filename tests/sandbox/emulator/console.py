"""What a person does in the console of an account, for which AWS has no API."""

from __future__ import annotations

import json
import urllib.request

from sandbox.emulator.patches.chat_workspaces import CONSOLE


def authorise_slack(url: str, account: str, team: str) -> None:
    """Authorise a Slack workspace for an account."""
    scope = f"{account}/20261130/us-west-2/chatbot/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    headers = {"Authorization": signed, "Content-Type": "application/json"}
    body = json.dumps({"SlackTeamId": team}).encode()
    request = urllib.request.Request(f"{url}{CONSOLE}", body, headers, method="POST")  # noqa: S310  loopback
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
