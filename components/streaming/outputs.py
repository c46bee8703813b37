"""What later areas may know of the cluster of Kafka: where its brokers are, and how a role uses its topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi

from components.outputs import Outputs
from components.streaming.access import use

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from components.iam import Statement
    from config.task import StreamingAccess


@dataclass(frozen=True, kw_only=True)
class StreamingOutputs(Outputs):
    """The cluster as other areas see it."""

    cluster: pulumi.Resource
    """The cluster, for what must come after it."""
    arn: pulumi.Output[str]
    """Its ARN."""
    name: pulumi.Output[str]
    """Its name, by which it is measured."""
    brokers: int
    """How many brokers it has, counted from 1."""
    bootstrap: pulumi.Output[str]
    """Brokers that clients begin at, by IAM: `host:port`, joined by commas."""
    subnet_ids: Sequence[pulumi.Output[str]]
    """Subnets of the brokers."""

    def endpoints(self) -> dict[str, pulumi.Output[str]]:
        """Return where topics are written to: `streaming`."""
        return {"streaming": self.bootstrap}

    def use(self, access: StreamingAccess) -> Iterator[Statement]:
        """Yield what lets a role do with topics what the stack file says."""
        yield from use(self.arn, access)

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return `streaming`: `arn`, `brokers` and `subnets`, what clients and a standby's replicator need."""
        return {
            "streaming": pulumi.Output.all(
                arn=self.arn, brokers=self.bootstrap, subnets=pulumi.Output.all(*self.subnet_ids)
            )
        }
