"""Routes of the WebSocket API, and who is asked whether a client may connect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import apigatewayv2

from components.api.permission import permit
from components.base import child, named
from components.sockets import STAGE
from config.sockets import CONNECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.functions import FunctionOutputs
    from components.sockets import SocketsOutputs
    from config.sockets import SocketAuthorizer, SocketRoute, Sockets

_CONNECTED: Final = "public: whoever is connected may"
"""Operation name of what comes after `$connect`, which is the only route of which API Gateway asks who calls."""


def build_socket_authorizer(
    parent: pulumi.Resource,
    name: str,
    settings: SocketAuthorizer | None,
    api: SocketsOutputs,
    functions: Mapping[str, FunctionOutputs],
) -> apigatewayv2.Authorizer | None:
    """Make what asks a function whether a client may connect, and let this authorizer call it.

    Args:
        parent: The component that owns both.
        name: Logical name of the API.
        settings: The section of the stack file; None = no function is asked.
        api: The API.
        functions: Functions by name.
    """
    if settings is None:
        return None
    function = functions[settings.function]
    made = apigatewayv2.Authorizer(
        named(name, "authorizer"),
        api_id=api.id,
        name="function",
        authorizer_type="REQUEST",
        authorizer_uri=function.invoke_arn,
        identity_sources=[
            *(f"route.request.header.{one}" for one in settings.headers),
            *(f"route.request.querystring.{one}" for one in settings.queries),
        ],
        opts=child(parent),
    )
    permit(parent, named(name, "authorizer"), function, pulumi.Output.concat(api.arn, "/authorizers/", made.id))
    return made


def build_socket_route(
    parent: pulumi.Resource,
    name: str,
    settings: tuple[Sockets, SocketRoute],
    api: SocketsOutputs,
    called: tuple[FunctionOutputs, apigatewayv2.Authorizer | None],
) -> tuple[apigatewayv2.Route, list[pulumi.Resource]]:
    """Make a route that leads to a function, and let it call this function.

    Args:
        parent: The component that owns it.
        name: Its logical name.
        settings: The API's section, which says who may connect, and that of the route.
        api: The API.
        called: The function, and who is asked before it.

    Returns:
        The route, and all that has to be there before a stage is deployed.
    """
    (section, route), (function, authorizer) = settings, called
    permit(parent, name, function, pulumi.Output.concat(api.arn, f"/{STAGE}/{route.route_key}"))
    integration = apigatewayv2.Integration(
        named(name, "integration"),
        api_id=api.id,
        integration_type="AWS_PROXY",
        integration_method="POST",
        integration_uri=function.invoke_arn,
        content_handling_strategy="CONVERT_TO_TEXT",
        timeout_milliseconds=route.timeout_milliseconds,
        opts=child(parent),
    )
    connects = route.route_key == CONNECT
    public = f"public: {section.public}" if section.public else None
    made = apigatewayv2.Route(
        named(name, "route"),
        api_id=api.id,
        route_key=route.route_key,
        target=pulumi.Output.concat("integrations/", integration.id),
        authorization_type=_asked(section) if connects else "NONE",
        authorizer_id=authorizer.id if connects and authorizer else None,
        operation_name=public if connects else _CONNECTED,
        route_response_selection_expression="$default" if route.replies else None,
        opts=child(parent),
    )
    if not route.replies:
        return made, [made]
    reply = apigatewayv2.RouteResponse(
        named(name, "reply"), api_id=api.id, route_id=made.id, route_response_key="$default", opts=child(parent)
    )
    return made, [made, reply]


def _asked(settings: Sockets) -> str:
    """Return what API Gateway calls the way in which clients are let in."""
    if settings.authorizer is not None:
        return "CUSTOM"
    return "AWS_IAM" if settings.iam else "NONE"
