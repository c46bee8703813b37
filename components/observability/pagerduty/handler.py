"""AWS Lambda function that passes what a topic tells on to PagerDuty, by its Events API v2.

An alarm of CloudWatch opens an incident when it goes off and resolves it when it is over; the alarm's ARN is the
incident's key, so that a repeated message changes nothing. Any other message (an event of EventBridge) opens one under
the event's id. What PagerDuty does not take raises: Lambda tries twice again, then the message goes to the queue of the
undelivered, on which there is an alarm.

The routing key is read from Secrets Manager for every message: it is in no setting, no state and no environment, and a
new key holds at once. Runs with the standard library and boto3, which Lambda brings along.
"""

from __future__ import annotations

import json
import logging
import os
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import boto3

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTEMPTS: Final = 3
"""Calls to PagerDuty in one run."""
TIMEOUT_SECONDS: Final = 5
"""Longest wait for an answer of PagerDuty."""
SUMMARY_LENGTH: Final = 1024
"""Longest summary that PagerDuty takes (Events API v2)."""
_BUSY: Final = 429
_OWN_FAULT: Final = 500
_ACTIONS: Final = {"ALARM": "trigger", "OK": "resolve"}
"""State of an alarm -> what PagerDuty is asked to do; other states are not told."""

Event = dict[str, Any]

log = logging.getLogger()
log.setLevel(logging.INFO)


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Pass on every message of an invocation by SNS."""
    severities: dict[str, str] = json.loads(os.environ["SEVERITIES"])
    for record in event["Records"]:
        message = record["Sns"]
        found = translate(message, severities[message["TopicArn"]])
        if found is not None:
            deliver({"routing_key": routing_key(), **found})
            log.info("%s %s", found["event_action"], found["dedup_key"])


def translate(message: Mapping[str, str], severity: str) -> Event | None:
    """Return the event of PagerDuty for a message of SNS; None where there is nothing to tell.

    Args:
        message: The message as SNS hands it to a function.
        severity: One that PagerDuty knows: `critical`, `warning` or `info`.
    """
    content = _parsed(message["Message"])
    if "NewStateValue" in content:
        return _of_alarm(content, severity)
    summary = content.get("detail-type") or message.get("Subject") or message["Message"]
    return {
        "event_action": "trigger",
        "dedup_key": content.get("id") or message["MessageId"],
        "payload": {
            "summary": str(summary)[:SUMMARY_LENGTH],
            "source": str(content.get("source") or message["TopicArn"]),
            "severity": severity,
            "timestamp": content.get("time") or message["Timestamp"],
            "custom_details": content or {"message": message["Message"]},
        },
    }


def _of_alarm(alarm: Mapping[str, Any], severity: str) -> Event | None:
    action = _ACTIONS.get(alarm["NewStateValue"])
    if action is None:
        return None
    found: Event = {"event_action": action, "dedup_key": alarm["AlarmArn"]}
    if action == "trigger":
        found["payload"] = {
            "summary": f"{alarm['AlarmName']}: {alarm.get('AlarmDescription') or ''}"[:SUMMARY_LENGTH],
            "source": alarm["AlarmArn"],
            "severity": severity,
            "timestamp": alarm["StateChangeTime"],
            "custom_details": {"reason": alarm["NewStateReason"], "region": alarm.get("Region", "")},
        }
    return found


def _parsed(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def routing_key() -> str:
    """Read the integration key.

    Raises:
        KeyError: The secret does not say `routing_key`.
    """
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET_NAME"])
    return str(json.loads(secret["SecretString"])["routing_key"])


def deliver(event: Event) -> None:
    """Hand an event to PagerDuty.

    Raises:
        RuntimeError: PagerDuty refuses it, or cannot be had.
    """
    url = os.environ["ENDPOINT"]
    if not url.startswith(("https://", "http://127.0.0.1:")):
        raise RuntimeError("ENDPOINT: an https URL is needed")
    request = Request(  # noqa: S310 - the scheme is checked above
        url, data=json.dumps(event).encode(), headers={"Content-Type": "application/json"}, method="POST"
    )
    for attempt in range(1, ATTEMPTS + 1):
        problem = _call(request)
        if problem is None:
            return
        log.warning("attempt %s of %s: %s", attempt, ATTEMPTS, problem)
        time.sleep(attempt if attempt < ATTEMPTS else 0)
    raise RuntimeError(f"PagerDuty did not take {event['dedup_key']} in {ATTEMPTS} attempts")


def _call(request: Request) -> str | None:
    """Call once; returns what went wrong if another attempt may help.

    Raises:
        RuntimeError: PagerDuty refuses the event; it would again.
    """
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - the scheme is checked by the caller
            return None
    except HTTPError as error:
        if error.code != _BUSY and error.code < _OWN_FAULT:
            raise RuntimeError(f"PagerDuty refuses the event: {error.code} {error.reason}") from None
        return f"{error.code} {error.reason}"
    except (URLError, TimeoutError) as error:
        return str(error)
