"""What a person does before a first `up` of an account for which AWS has no API, or what a day on AWS does.

    authorise_slack(emulator.url, "111122223333", "T0PHOENIX01")
    bill_tag_keys(emulator.url, "111122223333", ["Project"])

Each may be done again, and changes nothing then.
"""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from sandbox.emulator.client import EmulatorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SLACK_WORKSPACES: Final = "/_console/slack-workspaces"
BILL_TAG_KEYS: Final = "BillTagKeys"
_TIMEOUT_S: Final = 10.0


def authorise_slack(url: str, account: str, team: str) -> None:
    """Authorise a Slack workspace for an account, as in the console of Amazon Q Developer in chat applications.

    Raises:
        EmulatorError: No emulator answers there, or it has no such service.
    """
    _post(url, SLACK_WORKSPACES, _signed(account, "us-west-2", "chatbot"), {"SlackTeamId": team})


def bill_tag_keys(url: str, account: str, keys: Iterable[str]) -> None:
    """Let billing see tag keys, as it does within a day of a charge for a resource that carries them.

    Raises:
        EmulatorError: No emulator answers there, or it has no such service.
    """
    headers = _signed(account, "us-east-1", "ce") | {"X-Amz-Target": f"AWSInsightsIndexService.{BILL_TAG_KEYS}"}
    _post(url, "/", headers, {"TagKeys": list(keys)})


def _signed(account: str, region: str, service: str) -> dict[str, str]:
    scope = f"{account}/20261130/{region}/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def _post(url: str, path: str, headers: Mapping[str, str], body: object) -> None:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=_TIMEOUT_S)
    try:
        connection.request("POST", path, json.dumps(body), {**headers, "Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
    except OSError as error:
        raise EmulatorError(f"{url}: {error}") from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise EmulatorError(f"{url}{path}: {answer.status} {said}")
