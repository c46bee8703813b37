"""Where writers write: one SSM parameter for each thing that is written to, under one path in both regions.

A reader of `/<system>/<environment>/writers/postgres` asks its own region, and needs no other one to be alive. A
standby's parameters name the primary's endpoints while it follows and its own once it is active. They are of type
String: an endpoint is no secret (what opens it is, and lies in Secrets Manager), and without a key a failover has one
service fewer to rely on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import ssm

from components.base import child, named
from components.data.plan import writers_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.identity import Identity


@dataclass(frozen=True, kw_only=True)
class WritersArgs:
    """What the parameters are built from."""

    identity: Identity
    """The stack file's `identity`."""
    endpoints: Mapping[str, pulumi.Output[str]]
    """Thing, such as `postgres` or `bucket-app-data` -> where to write it now."""


class Writers(pulumi.ComponentResource):
    """The parameters of one region."""

    def __init__(self, name: str, args: WritersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:Writers", name, None, opts)
        for thing, endpoint in args.endpoints.items():
            ssm.Parameter(
                named(name, thing),
                name=f"{writers_path(args.identity)}/{thing}",
                description=f"Where {thing} is written to",
                type="String",
                insecure_value=endpoint,  # shown in plans, which `value` is not
                opts=child(self),
            )
        self.register_outputs({})
