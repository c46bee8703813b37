"""What clients reach of the WebSocket API: its routes, its one stage, its logs and its name.

Not here: the API itself, which those who push know before there are functions (`components.sockets`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi_aws import apigateway, apigatewayv2, cloudwatch, iam

from components.api.name import Name, NameArgs
from components.api.plan import socket_log_format, sockets_log_group
from components.api.socket_routes import build_socket_authorizer, build_socket_route
from components.base import child, named
from components.iam import source_if_named, trust_service
from components.sockets import STAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.functions import FunctionOutputs
    from components.keys import KeysOutputs
    from components.sockets import SocketsOutputs
    from config.api import Throttling
    from config.identity import Identity
    from config.sockets import Sockets as Settings

_WRITES_LOGS = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
"""What API Gateway asks of the role: it refuses one with less (Developer Guide, "Configure logging for WebSocket APIs",
2026-11-30)."""


@dataclass(frozen=True, kw_only=True)
class SocketsRoutesArgs:
    """What it is built from."""

    settings: Settings
    """The stack file's `sockets`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`logs`."""
    api: SocketsOutputs
    """The API."""
    functions: Mapping[str, FunctionOutputs]
    """Functions by name."""
    zone_id: pulumi.Output[str]
    """Public zone of the system."""
    failover: Literal["PRIMARY", "SECONDARY"]
    """Half of the failover pair."""
    health_check_id: pulumi.Output[str] | None
    """Route 53 health check that decides whether the half answers; None = the edge has no load balancer to ask."""


class SocketsRoutes(pulumi.ComponentResource):
    """Routes, stage, logs and name of the WebSocket API."""

    def __init__(self, name: str, args: SocketsRoutesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:api:SocketsRoutes", name, None, opts)
        self._name = name
        self._args = args
        api_name = Name(
            named(name, "name"),
            NameArgs(
                domain=args.api.domain,
                zone_id=args.zone_id,
                failover=args.failover,
                health_check_id=args.health_check_id,
            ),
            opts=child(self),
        )
        stage = self._stage(self._routes())
        apigatewayv2.ApiMapping(
            named(name, "mapping"), api_id=args.api.id, domain_name=api_name.domain, stage=stage.id, opts=child(self)
        )
        self.register_outputs({"domain": args.api.domain})

    def _routes(self) -> dict[str, tuple[apigatewayv2.Route, list[pulumi.Resource]]]:
        """Make the routes; with each what has to be there before a stage is deployed."""
        args = self._args
        authorizer = build_socket_authorizer(self, self._name, args.settings.authorizer, args.api, args.functions)
        return {
            short: build_socket_route(self, named(self._name, short), (args.settings, route), args.api, called)
            for short, route in args.settings.routes.items()
            for called in [(args.functions[route.function], authorizer)]
        }

    def _stage(self, routes: Mapping[str, tuple[apigatewayv2.Route, list[pulumi.Resource]]]) -> apigatewayv2.Stage:
        """Make the one stage. API Gateway deploys none of an API without routes, and logs where it has been let to."""
        settings = self._args.settings
        access = self._log("access-log", sockets_log_group(self._args.identity))
        errors = self._log("error-log", pulumi.Output.concat("/aws/apigateway/", self._args.api.id, f"/{STAGE}"))
        first = [errors, *self._account(), *(one for _, parts in routes.values() for one in parts)]
        return apigatewayv2.Stage(
            named(self._name, "stage"),
            api_id=self._args.api.id,
            name=STAGE,
            auto_deploy=True,
            access_log_settings={"destination_arn": access.arn, "format": socket_log_format()},
            default_route_settings=_settings_of(settings.throttling),
            route_settings=[
                {"route_key": routes[short][0].route_key, **_settings_of(route.throttling)}
                for short, route in settings.routes.items()
                if route.throttling is not None
            ],
            opts=child(self, depends_on=first),
        )

    def _log(self, short: str, name: pulumi.Input[str]) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, short),
            name=name,
            retention_in_days=self._args.settings.log_retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _account(self) -> list[pulumi.Resource]:
        """Let API Gateway write logs of WebSocket APIs, by a role that an account has one of in a region."""
        if self._args.settings.account_logging == "there":
            return []
        role = iam.Role(
            named(self._name, "logger"),
            description="API Gateway writes logs of its APIs in this region",
            assume_role_policy=trust_service(
                "apigateway.amazonaws.com",
                reason="API Gateway writes logs for the account",
                conditions=source_if_named(self._args.identity.account_id),
            ),
            opts=child(self),
        )
        rights = iam.RolePolicyAttachment(
            named(self._name, "logger-rights"), role=role.name, policy_arn=_WRITES_LOGS, opts=child(self)
        )
        # API Gateway tries the role when it gets its ARN
        options = child(self, depends_on=[rights])
        return [apigateway.Account(named(self._name, "account"), cloudwatch_role_arn=role.arn, opts=options)]


def _settings_of(throttling: Throttling) -> apigatewayv2.StageDefaultRouteSettingsArgsDict:
    """Return settings of routes: errors are logged, bodies are not."""
    return {
        "throttling_rate_limit": throttling.rate,
        "throttling_burst_limit": throttling.burst,
        "logging_level": "ERROR",
        "data_trace_enabled": False,
        "detailed_metrics_enabled": False,
    }
