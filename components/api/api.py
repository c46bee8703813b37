"""An HTTP API of API Gateway: its routes, its one stage, its name, and a VPC link where a route leads to a service.

It answers by its own name only. Not here: the load balancer behind the link (balancer), the name (name).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi_aws import apigatewayv2, cloudwatch

from components.api.balancer import Balancer, BalancerArgs, build_balancer
from components.api.name import Name, NameArgs
from components.api.outputs import ApiOutputs
from components.api.plan import STAGE, access_log_group, log_format
from components.api.routes import (
    Called,
    Inside,
    build_authorizer,
    build_function_integration,
    build_route,
    build_service_integration,
)
from components.base import child, named
from components.iam import Statement, document, source
from components.outputs import needed
from config.facts.http_api import link_zones

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.data import BucketOutputs
    from components.functions import FunctionOutputs
    from components.keys import KeysOutputs
    from components.network.outputs import NetworkOutputs
    from config.api import Api as ApiSettings
    from config.api import Route, Throttling
    from config.containers import Service
    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class ApiArgs:
    """What the API is built from."""

    settings: ApiSettings
    """The stack file's `api`."""
    identity: Identity
    """The stack file's `identity`."""
    network: NetworkOutputs | None
    """Subnets and group of link and load balancer; None = no route leads to a service."""
    keys: KeysOutputs
    """`logs`."""
    access_logs: BucketOutputs | None
    """Bucket of the region that load balancers may deliver to; None = no route leads to a service."""
    services: Mapping[str, Service]
    """Services of ECS by name."""
    functions: Mapping[str, FunctionOutputs]
    """Functions by name."""
    domain: str
    """Name of the API."""
    zone_id: pulumi.Output[str]
    """Public zone of the system."""
    failover: Literal["PRIMARY", "SECONDARY"]
    """Half of the failover pair."""
    health_check_id: pulumi.Output[str] | None
    """Route 53 health check that decides whether the half answers; None = the edge has no load balancer to ask."""


class Api(pulumi.ComponentResource):
    """An HTTP API in front of services and functions."""

    outputs: ApiOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: ApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:api:Api", name, None, opts)
        self._name = name
        self._args = args
        api_name = self._domain()
        balancer = self._balancer(api_name)
        api = self._api()
        log = self._log()
        routes = self._routes(api, balancer)
        stage = self._stage(api, log, routes)
        mapping = apigatewayv2.ApiMapping(
            named(name, "mapping"), api_id=api.id, domain_name=api_name.domain, stage=stage.id, opts=child(self)
        )
        self.outputs = ApiOutputs(
            id=pulumi.Output.all(api.id, mapping.id).apply(lambda ids: str(ids[0])),
            domain=args.domain,
            access_log_group=log.name,
            balancer_suffix=balancer.suffix if balancer else None,
            services=balancer.services if balancer else {},
        )
        self.register_outputs({"id": self.outputs.id, "domain": args.domain})

    def _domain(self) -> Name:
        args = self._args
        name_args = NameArgs(
            domain=args.domain, zone_id=args.zone_id, failover=args.failover, health_check_id=args.health_check_id
        )
        return Name(named(self._name, "name"), name_args, opts=child(self))

    def _balancer(self, api_name: Name) -> Balancer | None:
        args = self._args
        if args.network is None or args.access_logs is None:
            return None
        balancer_args = BalancerArgs(
            settings=args.settings,
            network=args.network,
            access_logs=args.access_logs,
            certificate_arn=api_name.certificate_arn,
            services=args.services,
        )
        return build_balancer(self, self._name, balancer_args)

    def _api(self) -> apigatewayv2.Api:
        cors = self._args.settings.cors
        return apigatewayv2.Api(
            named(self._name, "http"),
            protocol_type="HTTP",
            description=f"{self._args.identity.system} {self._args.identity.environment}",
            disable_execute_api_endpoint=True,
            cors_configuration={
                "allow_origins": list(cors.origins),
                "allow_methods": list(cors.methods),
                "allow_headers": list(cors.headers) or None,
                "expose_headers": list(cors.exposed_headers) or None,
                "allow_credentials": cors.credentials,
                "max_age": cors.max_age_seconds,
            }
            if cors
            else None,
            opts=child(self),
        )

    def _inside(self, balancer: Balancer | None) -> Inside | None:
        """Make the way to services, where a route leads to one."""
        network = self._args.network
        if balancer is None or network is None:
            return None
        link = self._link(network)
        return Inside(link_id=link.id, listener_arn=balancer.listener_arn, domain=self._args.domain)

    def _link(self, network: NetworkOutputs) -> apigatewayv2.VpcLink:
        """Make the link, in the zones that may have one."""
        serves = self._args.settings.serves
        subnets = network.subnet_ids[network.tier_of(serves)]
        return apigatewayv2.VpcLink(
            named(self._name, "link"),
            subnet_ids=[subnets[zone] for zone in link_zones(self._args.identity.region, network.zones)],
            security_group_ids=[network.group_of(serves)],
            opts=child(self),
        )

    def _routes(self, api: apigatewayv2.Api, balancer: Balancer | None) -> dict[str, apigatewayv2.Route]:
        settings, inside = self._args.settings, self._inside(balancer)
        authorizer = build_authorizer(self, self._name, api.id, settings.jwt) if settings.jwt else None
        made: dict[str, apigatewayv2.Route] = {}
        for short, route in settings.routes.items():
            integration = self._integration(named(self._name, short), route, api, inside)
            authorizer_id = authorizer.id if authorizer else None
            made[short] = build_route(self, named(self._name, f"{short}-route"), route, integration, authorizer_id)
        return made

    def _integration(
        self, name: str, route: Route, api: apigatewayv2.Api, inside: Inside | None
    ) -> apigatewayv2.Integration:
        if route.function is not None:
            identity = self._args.identity
            arn = pulumi.Output.concat(f"arn:aws:execute-api:{identity.region}:{identity.account_id}:", api.id)
            called = Called(id=api.id, arn=arn)
            return build_function_integration(self, name, route, called, self._args.functions[route.function])
        there = needed(inside, "way to services")
        return build_service_integration(self, named(name, "integration"), route, api.id, there)

    def _stage(
        self, api: apigatewayv2.Api, log: cloudwatch.LogGroup, routes: Mapping[str, apigatewayv2.Route]
    ) -> apigatewayv2.Stage:
        """Make the one stage; API Gateway takes settings of routes that it has, so they name these."""
        settings = self._args.settings
        return apigatewayv2.Stage(
            named(self._name, "stage"),
            api_id=api.id,
            name=STAGE,
            auto_deploy=True,
            access_log_settings={"destination_arn": log.arn, "format": log_format()},
            default_route_settings=_throttled(settings.throttling),
            route_settings=[
                {"route_key": routes[short].route_key, **_throttled(route.throttling)}
                for short, route in settings.routes.items()
                if route.throttling is not None
            ],
            # without the policy API Gateway writes one of its own, which nobody would keep
            opts=child(self, depends_on=[self._delivery(log)]),
        )

    def _log(self) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, "access-log"),
            name=access_log_group(self._args.identity),
            retention_in_days=self._args.settings.log_retention_days,
            kms_key_id=self._args.keys.arn("logs"),
            opts=child(self),
        )

    def _delivery(self, log: cloudwatch.LogGroup) -> cloudwatch.LogResourcePolicy:
        return cloudwatch.LogResourcePolicy(
            named(self._name, "delivery"),
            policy_name=log.name,
            policy_document=document(self._deliver()),
            opts=child(self),
        )

    def _deliver(self) -> Statement:
        identity = self._args.identity
        logs = f"arn:aws:logs:{identity.region}:{identity.account_id}"
        return Statement(
            sid="DeliverAccessLogs",
            reason="API Gateway hands access logs to the log delivery service, which writes them for this account",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[f"{logs}:log-group:{access_log_group(identity)}:log-stream:*"],
            principals={"Service": ["delivery.logs.amazonaws.com"]},
            conditions=source(identity.account_id, f"{logs}:*"),
        )


def _throttled(throttling: Throttling) -> apigatewayv2.StageDefaultRouteSettingsArgsDict:
    return {"throttling_rate_limit": throttling.rate, "throttling_burst_limit": throttling.burst}
