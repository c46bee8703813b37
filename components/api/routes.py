"""Routes of the API: who may call each, and how API Gateway hands it to its service or function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import apigatewayv2

from components.api.permission import permit
from components.api.plan import AUTHORIZATION, SERVICE_HEADER, called_by
from components.base import child, named

if TYPE_CHECKING:
    from components.functions import FunctionOutputs
    from config.api import Jwt, Route


def build_authorizer(
    parent: pulumi.Resource, name: str, api_id: pulumi.Output[str], jwt: Jwt
) -> apigatewayv2.Authorizer:
    """Make what looks at tokens: API Gateway itself, by the keys that their issuer publishes."""
    return apigatewayv2.Authorizer(
        named(name, "jwt"),
        api_id=api_id,
        name="jwt",
        authorizer_type="JWT",
        identity_sources=["$request.header.Authorization"],
        jwt_configuration={"issuer": jwt.issuer, "audiences": list(jwt.audience)},
        opts=child(parent),
    )


@dataclass(frozen=True, kw_only=True)
class Inside:
    """What leads to services inside the VPC."""

    link_id: pulumi.Output[str]
    """VPC link."""
    listener_arn: pulumi.Output[str]
    """Listener of the load balancer behind it."""
    domain: str
    """Name that the certificate of the listener must have."""


@dataclass(frozen=True, kw_only=True)
class Called:
    """The API, as functions know it."""

    id: pulumi.Output[str]
    """Its id."""
    arn: pulumi.Output[str]
    """ARN that those of its routes begin with."""


def build_service_integration(
    parent: pulumi.Resource, name: str, route: Route, api_id: pulumi.Output[str], inside: Inside
) -> apigatewayv2.Integration:
    """Make what hands requests of a route to the load balancer behind the VPC link, by TLS.

    Args:
        parent: The component that owns it.
        name: Its logical name.
        route: The route.
        api_id: The API.
        inside: Link and listener.
    """
    return apigatewayv2.Integration(
        name,
        api_id=api_id,
        integration_type="HTTP_PROXY",
        integration_method="ANY",
        integration_uri=inside.listener_arn,
        connection_type="VPC_LINK",
        connection_id=inside.link_id,
        payload_format_version="1.0",
        request_parameters={f"overwrite:header.{SERVICE_HEADER}": route.service or ""},
        timeout_milliseconds=route.timeout_milliseconds,
        tls_config={"server_name_to_verify": inside.domain},
        opts=child(parent),
    )


def build_function_integration(
    parent: pulumi.Resource, name: str, route: Route, api: Called, function: FunctionOutputs
) -> apigatewayv2.Integration:
    """Make what hands requests of a route to a function, and let this route of this API call it, and nobody else.

    Args:
        parent: The component that owns both.
        name: Logical name of the route.
        route: The route.
        api: The API, as functions know it.
        function: The function, which is called by its alias.
    """
    permit(parent, name, function, pulumi.Output.concat(api.arn, "/", called_by(route.route_key)))
    return apigatewayv2.Integration(
        named(name, "integration"),
        api_id=api.id,
        integration_type="AWS_PROXY",
        integration_method="POST",
        integration_uri=function.invoke_arn,
        payload_format_version="2.0",
        timeout_milliseconds=route.timeout_milliseconds,
        opts=child(parent),
    )


def build_route(
    parent: pulumi.Resource,
    name: str,
    route: Route,
    integration: apigatewayv2.Integration,
    authorizer_id: pulumi.Output[str] | None,
) -> apigatewayv2.Route:
    """Make a route; `authorizer_id` is of use where tokens are asked for."""
    return apigatewayv2.Route(
        name,
        api_id=integration.api_id,
        route_key=route.route_key,
        target=pulumi.Output.concat("integrations/", integration.id),
        authorization_type=AUTHORIZATION[route.authorization],
        authorizer_id=authorizer_id if route.authorization == "jwt" else None,
        authorization_scopes=list(route.scopes) or None,
        operation_name=None if route.public is None else f"public: {route.public}",  # where a reader of AWS sees it
        opts=child(parent),
    )
