"""The WebSocket API of a stack, before anything leads to it: who pushes by it has to know it, and is made earlier.

Not here: its routes, its stage and its name (`components.api`), which need functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import apigatewayv2

from components.base import child, named
from components.iam import Statement
from components.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.platform import Platform
    from config.identity import Identity
    from config.task import SocketsAccess

STAGE: Final = "live"
"""The one stage of the API; its name is in no address of the API's own name."""


@dataclass(frozen=True, kw_only=True)
class SocketsOutputs(Outputs):
    """The WebSocket API as other areas see it."""

    id: pulumi.Output[str]
    """Its id."""
    arn: pulumi.Output[str]
    """ARN that those of its stage, its routes and its connections begin with."""
    domain: str
    """Its name."""

    @property
    def endpoint(self) -> str:
        """Return where messages to connections are posted: below its own name, as it has no other."""
        return f"https://{self.domain}"

    def use(self, access: SocketsAccess) -> Statement:
        """Return what lets a role do something with the connections of the API."""
        return Statement(
            sid="Connections",
            reason=access.reason,
            actions=["execute-api:ManageConnections"],
            resources=[pulumi.Output.concat(self.arn, f"/{STAGE}/{call}/@connections/*") for call in access.calls],
        )

    def exports(self) -> Mapping[str, pulumi.Input[str]]:
        """Return `sockets_domain`, where clients connect, and `sockets_id`."""
        return {"sockets_domain": self.domain, "sockets_id": self.id}


class Sockets(pulumi.ComponentResource):
    """A WebSocket API."""

    outputs: SocketsOutputs
    """What later areas may know."""

    def __init__(self, name: str, identity: Identity, domain: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:sockets:Sockets", name, None, opts)
        api = apigatewayv2.Api(
            named(name, "websocket"),
            protocol_type="WEBSOCKET",
            description=f"{identity.system} {identity.environment}",
            route_selection_expression="$request.body.action",
            disable_execute_api_endpoint=True,
            opts=child(self),
        )
        arn = pulumi.Output.concat(f"arn:aws:execute-api:{identity.region}:{identity.account_id}:", api.id)
        self.outputs = SocketsOutputs(id=api.id, arn=arn, domain=domain)
        self.register_outputs({"id": api.id, "domain": domain})


def build(platform: Platform) -> Iterator[Outputs]:
    """Build the API, where the stack file has one."""
    settings, edge = platform.settings.sockets, platform.settings.edge
    if settings is None or edge is None:
        return
    yield Sockets("sockets-api", platform.identity, settings.name_in(edge.domain), platform.options).outputs
