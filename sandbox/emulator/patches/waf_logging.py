"""WAF keeps where a web ACL logs its decisions, and what the logs leave out.

ministack knows none of the calls. https://docs.aws.amazon.com/waf/latest/APIReference/API_PutLoggingConfiguration.html
(fields, errors; read 2026-11-21): one destination, whose name begins with `aws-waf-logs-`; the configuration goes with
its web ACL.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import Any

from ministack.services import waf

from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap

_CONFIGURATIONS = stores.of_account("waf-logging")
"""ARN of the web ACL -> its configuration; ARNs tell regions apart."""
_PREFIX = "aws-waf-logs-"

Request = dict[str, Any]


def _put(request: Request) -> Response:
    configuration = request["LoggingConfiguration"]
    acl, error = waf._resolve_local_web_acl(configuration["ResourceArn"])
    if acl is None:
        return _given(error)
    destinations = configuration["LogDestinationConfigs"]
    if len(destinations) != 1 or not any(part.startswith(_PREFIX) for part in destinations[0].split(":")):
        message = f"The ARN isn't valid: a destination's name must start with {_PREFIX}"
        return _given(waf._waf_err("WAFInvalidParameterException", message))
    _CONFIGURATIONS[acl["ARN"]] = configuration
    return _json({"LoggingConfiguration": configuration})


def _get(request: Request) -> Response:
    if (found := _CONFIGURATIONS.get(request["ResourceArn"])) is None:
        return _given(waf._waf_not_found(request["ResourceArn"]))
    return _json({"LoggingConfiguration": found})


def _delete(request: Request) -> Response:
    if _CONFIGURATIONS.pop(request["ResourceArn"], None) is None:
        return _given(waf._waf_not_found(request["ResourceArn"]))
    return _json({})


def _list(request: Request) -> Response:
    regional = request["Scope"] == "REGIONAL"
    there = f":{waf.get_region()}:{waf.get_account_id()}:regional/"
    found = [one for arn, one in _CONFIGURATIONS.items() if (there in arn if regional else ":regional/" not in arn)]
    return _json({"LoggingConfigurations": found})


_ACTIONS = {
    "PutLoggingConfiguration": _put,
    "GetLoggingConfiguration": _get,
    "DeleteLoggingConfiguration": _delete,
    "ListLoggingConfigurations": _list,
}


def _route(original: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: Params) -> Response:
        serve = _ACTIONS.get(headers.get("x-amz-target", "").rpartition(".")[2])
        if serve is None:
            answer: Response = await original(method, path, headers, body, query)
            return answer
        return serve(json.loads(body))

    return handle


def _forget(original: Handler) -> Handler:
    def delete(uid: str, scope: str) -> None:
        if acl := waf.web_acl_record(uid, scope):
            _CONFIGURATIONS.pop(acl["ARN"], None)
        original(uid, scope)

    return delete


def _json(result: Request) -> Response:
    return _given(waf.json_response(result))


def _given(answer: Any) -> Response:  # noqa: ANN401 - ministack's functions have no types
    response: Response = answer
    return response


def _apply() -> None:
    wrap(waf, "handle_request", _route)
    wrap(waf, "delete_web_acl_record", _forget)


PATCH = Patch("waf-logging", "a web ACL takes no logging configuration", _apply)
