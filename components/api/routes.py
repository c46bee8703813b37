"""Routes of the API: who may call each, and how API Gateway hands it to its service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import apigatewayv2

from components.api.plan import AUTHORIZATION, SERVICE_HEADER
from components.base import child, named

if TYPE_CHECKING:
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


def build_integration(
    parent: pulumi.Resource,
    name: str,
    route: Route,
    leads: tuple[pulumi.Output[str], pulumi.Output[str], pulumi.Output[str]],
    domain: str,
) -> apigatewayv2.Integration:
    """Make what hands requests of a route to the load balancer behind the VPC link, by TLS.

    Args:
        parent: The component that owns it.
        name: Its logical name.
        route: The route.
        leads: API, VPC link, listener.
        domain: Name that the certificate of the listener must have.
    """
    api_id, link_id, listener_arn = leads
    return apigatewayv2.Integration(
        name,
        api_id=api_id,
        integration_type="HTTP_PROXY",
        integration_method="ANY",
        integration_uri=listener_arn,
        connection_type="VPC_LINK",
        connection_id=link_id,
        payload_format_version="1.0",
        request_parameters={f"overwrite:header.{SERVICE_HEADER}": route.service},
        timeout_milliseconds=route.timeout_milliseconds,
        tls_config={"server_name_to_verify": domain},
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
