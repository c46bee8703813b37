"""HTTP APIs have VPC links, and integrations that lead through them: kept, read back, refused as API Gateway does.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/vpclinks.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html (2026-11): a link is immutable
but for its name, its zones are few, and it stays while an integration leads through it.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ministack.core.responses import get_region, new_uuid
from ministack.services import alb, apigateway, ec2

from config.facts.http_api import LINK_ZONES
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

Document = dict[str, Any]

LINKS: Final = stores.regional("apigateway.vpc_links")
PRIVATE: Final = "VPC_LINK"
_KEPT: Final = ("connectionId", "credentialsArn", "integrationSubtype", "passthroughBehavior", "tlsConfig")
"""Fields of an integration that are not kept otherwise."""
_NAME: Final = 128


def _bad(message: str) -> Response:
    return _error("BadRequestException", message, 400)


def _error(code: str, message: str, status: int) -> Response:
    answer: Response = apigateway._apigw_error(code, message, status)
    return answer


def _said(document: Document, status: int = 200) -> Response:
    answer: Response = apigateway._apigw_response(document, status)
    return answer


def _handle(original: Handler) -> Handler:
    """Answer what is asked of links and of their tags."""

    async def handle(method: str, path: str, headers: object, body: bytes, query: Document) -> Response:
        parts = [unquote(part) for part in path.strip("/").split("/") if part]
        data: Document = json.loads(body) if body else {}
        if parts[:2] == ["v2", "vpclinks"]:
            return _links(method, parts[2:], data)
        if parts[:2] == ["v2", "tags"] and "/vpclinks/" in path.replace("%2F", "/"):
            return _tags(method, unquote(path).rpartition("/vpclinks/")[2], data, query)
        answer: Response = await original(method, path, headers, body, query)
        return answer

    return handle


def _links(method: str, named: list[str], data: Document) -> Response:
    if not named:
        return _create(data) if method == "POST" else _said({"items": list(LINKS.values())})
    link: Document | None = LINKS.get(named[0])
    if link is None:
        return _error("NotFoundException", f"VpcLink {named[0]} not found", 404)
    if method == "PATCH":
        return _update(link, data)
    return _delete(link) if method == "DELETE" else _said(link)


def _create(data: Document) -> Response:
    if not 1 <= len(str(data.get("name") or "")) <= _NAME:
        return _bad(f"Invalid name: must be between 1 and {_NAME} characters")
    if not data.get("subnetIds"):
        return _bad("subnetIds is required")
    if refused := _placed(data):
        return refused
    link = {
        "createdDate": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "name": data["name"],
        "securityGroupIds": list(data.get("securityGroupIds") or []),
        "subnetIds": list(data["subnetIds"]),
        "tags": dict(data.get("tags") or {}),
        "vpcLinkId": new_uuid().replace("-", "")[:6],
        "vpcLinkStatus": "AVAILABLE",
        "vpcLinkStatusMessage": "VPC link is ready to route traffic",
        "vpcLinkVersion": "V2",
    }
    LINKS[link["vpcLinkId"]] = link
    return _said(link, 201)


def _placed(data: Document) -> Response | None:
    """Refuse subnets and groups that are not there, of several VPCs, or in a zone without links."""
    subnets = {one: ec2._subnets.get(one) for one in data["subnetIds"]}
    groups = {one: ec2._security_groups.get(one) for one in data.get("securityGroupIds") or []}
    for kind, found in (("subnet", subnets), ("security group", groups)):
        if missing := [one for one, record in found.items() if record is None]:
            return _bad(f"The {kind} ID '{missing[0]}' does not exist")
    if len({record["VpcId"] for record in (*subnets.values(), *groups.values())}) > 1:
        return _bad("All subnets and security groups must be in one VPC")
    there = LINK_ZONES.get(get_region(), ())
    for one, record in subnets.items():
        if record["AvailabilityZoneId"] not in there:
            return _bad(
                f"Subnet '{one}' is in Availability Zone '{record['AvailabilityZoneId']}', which has no VPC links"
            )
    return None


def _update(link: Document, data: Document) -> Response:
    if data.keys() & {"subnetIds", "securityGroupIds"}:
        return _bad("A VPC link is immutable: its subnets and security groups cannot be changed")
    link.update({key: data[key] for key in ("name",) if key in data})
    return _said(link)


def _delete(link: Document) -> Response:
    used = [
        f"{api_id}/{integration['integrationId']}"
        for api_id, integrations in apigateway._integrations.items()
        for integration in integrations.values()
        if integration.get("connectionId") == link["vpcLinkId"]
    ]
    if used:
        return _bad(f"Cannot delete VPC link '{link['vpcLinkId']}': it is used by integrations {', '.join(used)}")
    del LINKS[link["vpcLinkId"]]
    return _said({}, 202)


def _tags(method: str, link_id: str, data: Document, query: Mapping[str, Any]) -> Response:
    link: Document | None = LINKS.get(link_id)
    if link is None:
        return _error("NotFoundException", f"VpcLink {link_id} not found", 404)
    if method == "GET":
        return _said({"tags": link["tags"]})
    if method == "POST":
        link["tags"].update(data.get("tags") or {})
        return _said({}, 201)
    keys = query.get("tagKeys", [])
    for key in [keys] if isinstance(keys, str) else keys:
        link["tags"].pop(key, None)
    return 204, {}, b""


def _integration(original: Handler) -> Handler:
    """Keep where an integration leads, and refuse what it cannot lead to."""

    def write(api_id: str, *named: Any) -> Response:  # noqa: ANN401 - of creation and of change
        data: Document = named[-1]
        before = (apigateway._integrations.get(api_id) or {}).get(named[0], {}) if len(named) > 1 else {}
        if api_id in apigateway._apis and (refused := _led({**before, **data})):
            return refused
        status, headers, body = original(api_id, *named)
        if status >= 300:  # noqa: PLR2004 - refused
            return status, headers, body
        record = apigateway._integrations[api_id][json.loads(body)["integrationId"]]
        record.update({key: data[key] for key in _KEPT if key in data})
        if record["connectionType"] == PRIVATE and "payloadFormatVersion" not in data:
            record["payloadFormatVersion"] = record.get("payloadFormatVersion") or "1.0"
        return _said(record, status)

    return write


def _led(integration: Document) -> Response | None:
    if integration.get("connectionType") != PRIVATE:
        return None
    if integration.get("connectionId") not in LINKS:
        return _bad(f"VPC link {integration.get('connectionId')} does not exist")
    if integration.get("integrationType") != "HTTP_PROXY" or not integration.get("integrationMethod"):
        return _bad("A private integration is an HTTP_PROXY with an integrationMethod")
    uri = str(integration.get("integrationUri") or "")
    if ":servicediscovery:" not in uri and uri not in alb._listeners:
        return _bad(f"Invalid integration URI specified: no listener {uri}")
    return None


def _apply() -> None:
    wrap(apigateway, "handle_request", _handle)
    wrap(apigateway, "_create_integration", _integration)
    wrap(apigateway, "_update_integration", _integration)


PATCH = Patch(
    name="apigateway-vpc-links",
    symptom="An API in front of services cannot be made: there are no VPC links, and integrations forget theirs.",
    apply=_apply,
)
