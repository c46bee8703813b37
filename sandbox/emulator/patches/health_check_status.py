"""Route 53 tells what its checkers see of a load balancer: what its rules answer, or nothing while its region is lost.

A rule that forwards to targets that run nowhere answers 200; those that run here are asked. Names are followed by their
records.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHealthCheckStatus.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, SubElement

import ministack.app
from ministack.core.responses import get_account_id, request_scope
from ministack.services import alb, route53

from config.facts.regions import regions
from sandbox.emulator.cut import reachable
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action
from sandbox.emulator.traffic import rules, targets
from sandbox.emulator.traffic.balancer import send
from sandbox.emulator.traffic.messages import Request, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH: Final = re.compile(r"/\d{4}-\d{2}-\d{2}/healthcheck/([^/]+)/status")
_CHECKERS: Final = (
    "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
    "sa-east-1",
)  # fmt: skip
"""Regions from which Route 53 checks by default."""
_MOST_NAMES: Final = 10
"""How many records are followed one after another."""
_CALCULATED: Final = ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")
_SILENT: Final = (
    "Failure: Connection timed out. The endpoint or the internet connection is down, or requests are blocked."
)
_UNRESOLVED: Final = "Failure: DNS resolution failed: No address associated with hostname"


def _plain(name: str) -> str:
    return name.rstrip(".").lower().removeprefix("dualstack.")  # how an alias may name a load balancer


def _resolved(name: str) -> str:
    """Return the name at the end of a chain of records."""
    for _ in range(_MOST_NAMES):
        targets = [
            (record.get("AliasTarget") or {}).get("DNSName") or "".join((record.get("ResourceRecords") or [""])[:1])
            for records in route53._records.values()
            for record in records
            if _plain(record["Name"]) == _plain(name) and record["Type"] in ("A", "CNAME")
        ]
        if not targets or not targets[0]:
            break
        name = targets[0]
    return _plain(name)


async def _seen(config: Mapping[str, Any]) -> str:
    """Return what a checker reports of an endpoint."""
    name = _resolved(config.get("FullyQualifiedDomainName") or config.get("IPAddress", ""))
    for region in regions():
        with request_scope(get_account_id(), region):
            for arn, balancer in alb._lbs.items():
                if _plain(balancer["DNSName"]) == name:
                    return await _status(arn, config) if reachable(region) else _SILENT
    return _UNRESOLVED


async def _status(balancer: str, config: Mapping[str, Any]) -> str:
    port, path = int(config.get("Port", 80)), config.get("ResourcePath") or "/"
    listeners = [one for one in alb._listeners.values() if one["LoadBalancerArn"] == balancer and one["Port"] == port]
    if not listeners:
        return _SILENT
    request = Request("GET", path, [("host", config.get("FullyQualifiedDomainName", ""))])
    code = 200 if _leads_nowhere(listeners[0], request) else await _answered(listeners[0], request)
    well = HTTPStatus.OK <= code < HTTPStatus.BAD_REQUEST
    return f"{'Success' if well else 'Failure'}: HTTP Status Code {code}, {phrase(code)}"


def _leads_nowhere(listener: Mapping[str, Any], request: Request) -> bool:
    """Whether a request is forwarded, and no target of the group runs here."""
    found = rules.first(
        [rule for rule in alb._rules.values() if rule["ListenerArn"] == listener["ListenerArn"]], request
    )
    actions = (found or {}).get("Actions") or listener.get("DefaultActions", [])
    groups = [group for one in actions if one["Type"] == "forward" for group in rules.weights(one)]
    return bool(groups) and not any(target.place for group in groups for target in targets.of(group))


async def _answered(listener: Mapping[str, Any], request: Request) -> int:
    status, _, _ = await send(listener["ListenerArn"], request.method, request.target, request.headers)
    return status


def _refused(code: str, message: str, status: int) -> Response:
    answer: Response = route53._error_response(code, message, status)
    return answer


async def _answer(check: str) -> Response:
    found = route53._health_checks.get(check)
    if found is None:
        return _refused("NoSuchHealthCheck", f"No health check exists with the specified ID {check}.", 404)
    if found["config"].get("Type") in _CALCULATED:
        return _refused("InvalidInput", "The status of a calculated health check is not reported.", 400)
    seen, at = await _seen(found["config"]), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def build(root: Element) -> None:
        observations = SubElement(root, "HealthCheckObservations")
        for region in _CHECKERS:
            observation = SubElement(observations, "HealthCheckObservation")
            SubElement(observation, "Region").text = region
            report = SubElement(observation, "StatusReport")
            SubElement(report, "Status").text = seen
            SubElement(report, "CheckedTime").text = at

    answer: Response = route53._xml_response("GetHealthCheckStatusResponse", build)
    return answer


def _routed(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: object, body: bytes, query: object) -> Response:
        asked = _PATH.fullmatch(path) if method == "GET" else None
        if asked is not None:
            return await _answer(asked[1])
        answer: Response = await original(method, path, headers, body, query)
        return answer

    return handle


PATCH = Patch(
    "route53-health-check-status",
    "nobody can ask what the checkers of a health check see",
    lambda: wrap_action(ministack.app.SERVICE_HANDLERS, "route53", _routed),
)
