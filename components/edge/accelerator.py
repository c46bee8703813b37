"""Global Accelerator: two fixed addresses near whoever asks, which lead to the load balancer of each region.

A door of its own beside CloudFront, under a name of its own; neither stands behind the other. The primary owns the
accelerator and its listener, and each stack the endpoint group of its region (docs/adr/0068-global-accelerator.md). The
API is in us-west-2, wherever the stack stands, and so is the provider.

Not here: firewall and group of the load balancer, which see the client's own address, and how it asks its targets,
which is what the accelerator goes by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import globalaccelerator, route53

from components.base import child, foundation, named
from components.edge.outputs import AcceleratorOutputs
from config.edge import HTTP_PORT, HTTPS_PORT
from config.facts.apis import APIS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from components.data import BucketOutputs
    from config.edge import Accelerator as Settings
    from config.identity import Identity

(API_REGION,) = APIS["globalaccelerator"].regions
"""Region of the API."""
LOG_PREFIX: Final = "accelerator"
"""Prefix of flow logs in the bucket of access logs."""
_WEIGHT: Final = 128
"""AWS's default; a group has one endpoint."""


@dataclass(frozen=True, kw_only=True)
class AcceleratorArgs:
    """What the door is built from."""

    settings: Settings
    """The stack file's `edge.accelerator`."""
    identity: Identity
    """The stack file's `identity`."""
    balancer_arn: pulumi.Output[str]
    """Load balancer of the region."""
    access_logs: BucketOutputs
    """Bucket of flow logs, whose policy admits their delivery."""
    zone_id: pulumi.Output[str]
    """Public zone of the system."""
    listener_arn: pulumi.Output[str] | None
    """Listener of the primary's accelerator; None = this stack makes both."""


class Accelerator(pulumi.ComponentResource):
    """An accelerator with this region, or this region of the primary's. Its provider must be one of us-west-2."""

    outputs: AcceleratorOutputs | None = None
    """What later areas and standbys may know; None where the primary owns the accelerator."""

    def __init__(self, name: str, args: AcceleratorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:edge:Accelerator", name, None, opts)
        self._name = name
        self._args = args
        listener_arn = args.listener_arn
        if listener_arn is None:
            accelerator = self._accelerator()
            listener_arn = self._listener(accelerator).arn
            self._answer(accelerator)
            self.outputs = AcceleratorOutputs(
                listener_arn=listener_arn,
                dns_name=accelerator.dns_name,
                addresses=accelerator.ip_sets.apply(_addresses),
            )
        self._region(listener_arn)
        self.register_outputs({})

    def _accelerator(self) -> globalaccelerator.Accelerator:
        """Make the accelerator; others have other addresses, which clients may have written down."""
        args = self._args
        return globalaccelerator.Accelerator(
            named(self._name, "accelerator"),
            ip_address_type="IPV4",
            enabled=True,
            attributes={
                "flow_logs_enabled": True,
                "flow_logs_s3_bucket": args.access_logs.name,
                "flow_logs_s3_prefix": LOG_PREFIX,
            },
            opts=foundation(self),
        )

    def _listener(self, accelerator: globalaccelerator.Accelerator) -> globalaccelerator.Listener:
        return globalaccelerator.Listener(
            named(self._name, "listener"),
            accelerator_arn=accelerator.arn,
            protocol="TCP",
            client_affinity="SOURCE_IP" if self._args.settings.sticky else "NONE",
            port_ranges=[{"from_port": port, "to_port": port} for port in (HTTP_PORT, HTTPS_PORT)],
            opts=child(self),
        )

    def _region(self, listener_arn: pulumi.Output[str]) -> None:
        args = self._args
        globalaccelerator.EndpointGroup(
            named(self._name, "region"),
            listener_arn=listener_arn,
            endpoint_group_region=args.identity.region,
            traffic_dial_percentage=args.settings.traffic_dial_percent,
            endpoint_configurations=[
                {
                    "endpoint_id": args.balancer_arn,
                    "weight": _WEIGHT,
                    "client_ip_preservation_enabled": True,
                }
            ],
            opts=child(self),
        )

    def _answer(self, accelerator: globalaccelerator.Accelerator) -> None:
        route53.Record(
            named(self._name, "name"),
            zone_id=self._args.zone_id,
            name=self._args.settings.host,
            type="A",
            aliases=[
                {
                    "name": accelerator.dns_name,
                    "zone_id": accelerator.hosted_zone_id,
                    "evaluate_target_health": False,  # which region serves is the accelerator's affair
                }
            ],
            opts=child(self),
        )


def _addresses(sets: Sequence[globalaccelerator.outputs.AcceleratorIpSet] | None) -> list[str]:
    return [address for one in sets or () for address in one.ip_addresses or ()]
