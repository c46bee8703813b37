"""What observability is built from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.api import ApiOutputs
    from components.cluster import ClusterOutputs
    from components.data import DataOutputs
    from components.edge.outputs import EdgeOutputs
    from components.functions import FunctionsOutputs
    from components.keys import Elsewhere, KeysOutputs
    from components.messaging import QueueOutputs
    from components.network.outputs import NetworkOutputs
    from components.sockets import SocketsOutputs
    from components.streaming import StreamingOutputs
    from config.cluster import PodIdentity
    from config.containers import Service
    from config.data import Data as DataSettings
    from config.functions import Function
    from config.identity import Identity
    from config.observability import Observability as ObservabilitySettings


@dataclass(frozen=True, kw_only=True)
class ObservabilityArgs:
    """What observability is built from; an area that the stack leaves out is watched by nothing."""

    settings: ObservabilitySettings
    """The stack file's `observability`."""
    identity: Identity
    """The stack file's `identity`."""
    keys: KeysOutputs
    """`logs` encrypts topics and logs, `secrets` opens the key of PagerDuty."""
    data_settings: DataSettings | None = None
    """The stack file's `data`: the nodes of the cache and the indexes of tables are counted there."""
    network: NetworkOutputs | None = None
    """NAT gateways."""
    cluster: ClusterOutputs | None = None
    """The cluster, whose nodes are measured."""
    data: DataOutputs | None = None
    """Databases, cache, tables."""
    edge: EdgeOutputs | None = None
    """Load balancer and what is before it; none = there is no edge."""
    services: Mapping[str, Service] = field(default_factory=dict)
    """Services of ECS by name; they are made after what watches them."""
    instances: tuple[str, ...] = ()
    """Groups of instances by name; they are made after what watches them."""
    functions: FunctionsOutputs | None = None
    """Functions of the stack file; None = there are none."""
    functions_settings: Mapping[str, Function] = field(default_factory=dict)
    """The stack file's `functions`: their time-outs."""
    queues: Mapping[str, QueueOutputs] = field(default_factory=dict)
    """Queues by short name."""
    api: ApiOutputs | None = None
    """The API; none = there is none."""
    sockets: SocketsOutputs | None = None
    """The WebSocket API; none = there is none."""
    streaming: StreamingOutputs | None = None
    """The cluster of Kafka; none = there is none."""
    pod_roles: Mapping[PodIdentity, pulumi.Output[str]] = field(default_factory=dict)
    """Service account -> name of the role that its pods have from another area."""
    trail_log_group: pulumi.Output[str] | None = None
    """Log group of CloudTrail; none = no alarm may count in it."""
    elsewhere: Elsewhere | None = None
    """Where CloudFront and Route 53 publish metrics; none = in the stack's own region, or nothing watches them."""
