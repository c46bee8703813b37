"""Statements that a resource says by its inputs in place of a document: who may invoke, publish, connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.statement import Statement
from policy.values import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from policy.values import Block

_SERVICE: Final = ".amazonaws.com"


def _first(block: Block, path: str) -> object:
    """Return the value at a path; unknown stays unknown, so that the statement is judged by what is known of it."""
    return block.each(path)[0][1]


def _allow(principal: object, action: object, equals: Mapping[str, object], like: Mapping[str, object]) -> Statement:
    conditions = {
        operator: {key: value for key, value in asked.items() if value is not Mark.ABSENT}
        for operator, asked in (("StringEquals", equals), ("ArnLike", like))
    }
    service = isinstance(principal, str) and principal.endswith(_SERVICE)
    body = {
        "Effect": "Allow",
        "Principal": {"Service" if service else "AWS": principal},
        "Action": action,
        "Resource": "*",
        "Condition": conditions,
    }
    return Statement(body, 0, "principal")


def _function(one: Block) -> Statement:
    equals = {"aws:PrincipalOrgID": _first(one, "principalOrgId"), "aws:SourceAccount": _first(one, "sourceAccount")}
    return _allow(_first(one, "principal"), _first(one, "action"), equals, {"aws:SourceArn": _first(one, "sourceArn")})


def _layer(one: Block) -> Statement:
    equals = {"aws:PrincipalOrgID": _first(one, "organizationId")}
    return _allow(_first(one, "principal"), _first(one, "action"), equals, {})


def _bus(one: Block) -> Statement:
    organization = _first(one, "condition.value") if _first(one, "condition.type") == "StringEquals" else Mark.ABSENT
    return _allow(_first(one, "principal"), _first(one, "action"), {"aws:PrincipalOrgID": organization}, {})


def _endpoint_service(one: Block) -> Statement:
    found = [value for _, value in one.each("allowedPrincipals") if value is not Mark.ABSENT]
    listed = found[0] if found else Mark.ABSENT
    return _allow(listed, "ec2:CreateVpcEndpoint", {}, {})


def _endpoint_principal(one: Block) -> Statement:
    return _allow(_first(one, "principalArn"), "ec2:CreateVpcEndpoint", {}, {})


def _signer(one: Block) -> Statement:
    return _allow(_first(one, "principal"), _first(one, "action"), {}, {})


def _grant(one: Block) -> Statement:
    return _allow(_first(one, "granteePrincipal"), _first(one, "operations"), {}, {})


BY_INPUTS: Final[Mapping[str, Callable[[Block], Statement]]] = {
    "aws:lambda/permission:Permission": _function,
    "aws:lambda/layerVersionPermission:LayerVersionPermission": _layer,
    "aws:cloudwatch/eventPermission:EventPermission": _bus,
    "aws:ec2/vpcEndpointService:VpcEndpointService": _endpoint_service,
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple": _endpoint_principal,
    "aws:signer/signingProfilePermission:SigningProfilePermission": _signer,
    "aws:kms/grant:Grant": _grant,
}
"""Type -> the statement that its inputs make."""
