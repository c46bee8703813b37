"""The stack file as one typed object."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from config.api import Api
from config.audit import Audit
from config.backup import Backup
from config.base import Section
from config.beanstalk import Beanstalk
from config.bucket import Bucket
from config.claims import Claim, ClaimName
from config.cluster import Cluster
from config.containers import Containers, Service
from config.cost import Cost
from config.data import Data, Postgres, Redis
from config.edge import Edge
from config.experiments import Experiments
from config.functions import Function
from config.identity import Identity
from config.inference import Inference
from config.instances import Groups
from config.keys import Keys
from config.kubernetes import Kubernetes
from config.messaging import Messaging, Queue
from config.network import Network
from config.observability import Observability
from config.operators import Operators
from config.recovery import Recovery
from config.registry import Registry
from config.residency import Residency
from config.sockets import Sockets
from config.streaming import Streaming
from config.task import FunctionName

if TYPE_CHECKING:
    from config.bucket import Bucket
    from config.karpenter import NodePool
    from config.table import Table
    from config.task import Provider, SecretArn


class StackConfig(Section):
    """Everything that a stack file says under `platform:settings`."""

    as_of: date
    """Date (quoted) on which versions and offers were last checked; a plan depends on the file alone, on no clock."""
    identity: Identity
    """Who the stack is."""
    residency: Residency | None = None
    """Where data may be; none = wherever the file sends it."""
    network: Network | None = None
    """The workload VPC; none = the stack has no addresses of its own."""
    management: Network | None = None
    """The VPC of operations and monitoring; it has no bastion, so no `admin_cidrs` (docs/adr/0020-peering.md)."""
    keys: Keys
    """Encryption keys."""
    cluster: Cluster | None = None
    """The EKS cluster; none = the stack runs no pods."""
    data: Data | None = None
    """Data services; none = the stack keeps no data."""
    messaging: Messaging | None = None
    """Queues; none = the stack has none."""
    streaming: Streaming | None = None
    """Apache Kafka on Amazon MSK; none = the stack has no topics."""
    registry: Registry | None = None
    """Container images; none = they come from elsewhere."""
    containers: Containers | None = None
    """Services on ECS; none = the stack runs no tasks."""
    functions: Annotated[dict[FunctionName, Function], Field(max_length=50)] = Field(default_factory=dict)
    """Lambda functions by name; empty = the stack has none."""
    instances: Groups = Field(default_factory=dict)
    """Groups of EC2 instances by name; empty = the stack has none of its own."""
    beanstalk: Beanstalk | None = None
    """Application on Elastic Beanstalk; none = there is none."""
    edge: Edge | None = None
    """What stands between the internet and the cluster; none = nothing is reached from outside."""
    api: Api | None = None
    """An HTTP API in front of services; none = nobody calls them by API Gateway."""
    sockets: Sockets | None = None
    """A WebSocket API in front of functions; none = no client keeps a connection."""
    inference: Inference | None = None
    """Models of Bedrock and the guardrail before them; none = the stack calls no model of Bedrock."""
    kubernetes: Kubernetes | None = None
    """What runs on the cluster beside the application; none = an empty cluster."""
    observability: Observability | None = None
    """Alarms, their channels, dashboards, logs of the cluster; none = no notifications."""
    audit: Audit | None = None
    """What is recorded and watched, in the region and the account."""
    claims: Annotated[dict[ClaimName, Claim], Field(max_length=20)] = Field(default_factory=dict)
    """What the system claims to carry, by name; empty = nothing."""
    operators: Operators | None = None
    """Roles of the people who operate the stack; none = they come by roles that the account has."""
    cost: Cost | None = None
    """Budgets, anomalies, tags of the bill."""
    backup: Backup | None = None
    """Backups beyond each service's own."""
    recovery: Recovery | None = None
    """What is promised when something is lost; a standby says here whose it is."""
    experiments: Experiments | None = None
    """Experiments that put the promises to the test; none = nobody takes anything away."""

    @property
    def pools(self) -> dict[str, NodePool]:
        """Return `kubernetes.karpenter.pools` by name; empty where there are none."""
        karpenter = self.kubernetes.karpenter if self.kubernetes else None
        return karpenter.pools if karpenter else {}

    @property
    def postgres(self) -> Postgres | None:
        """Return `data.postgres`; None where the stack has no PostgreSQL."""
        return self.data.postgres if self.data else None

    @property
    def redis(self) -> Redis | None:
        """Return `data.redis`; None where the stack has no Redis."""
        return self.data.redis if self.data else None

    @property
    def provider_keys(self) -> dict[Provider, SecretArn]:
        """Return `inference.provider_keys`; empty where the stack has none."""
        return self.inference.provider_keys if self.inference else {}

    @property
    def queues(self) -> dict[str, Queue]:
        """Return `messaging.queues` by short name; empty where the stack has none."""
        return self.messaging.queues if self.messaging else {}

    @property
    def services(self) -> dict[str, Service]:
        """Return `containers.services` by name; empty where the stack has none."""
        return self.containers.services if self.containers else {}

    @property
    def buckets(self) -> dict[str, Bucket]:
        """Return `data.buckets` by short name; empty where the stack has none."""
        return self.data.buckets if self.data else {}

    @property
    def tables(self) -> dict[str, Table]:
        """Return `data.tables` by short name; empty where the stack has none."""
        return self.data.tables if self.data else {}
