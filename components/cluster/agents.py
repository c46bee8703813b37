"""CloudWatch's agents on the cluster: Container Insights and the logs of pods and nodes, by EKS's add-on for them.

It comes after the Kubernetes layer, because both make the agents' namespace and service account: EKS adopts what is
there already, while Pulumi refuses to create what the add-on has made before (pulumi-kubernetes 4.29.0, 2026-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from components.cluster.addon import SERVICE_ACCOUNTS, Addon, AddonArgs
from config.facts.services import AGENTS
from config.facts.tracing import AGENT_TRACE_PORTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from components.cluster.outputs import ClusterOutputs
    from config.cluster import Cluster as ClusterSettings

_INSIGHTS: Final[Mapping[str, object]] = {
    "logs": {"metrics_collected": {"kubernetes": {"enhanced_container_insights": True}}}
}
"""Container Insights and logs, and no more. The add-on's default is Application Signals too, which restarts workloads
to put agents of its own into them (CloudWatch User Guide, "Install the CloudWatch agent with the Amazon CloudWatch
Observability EKS add-on", 2026-11)."""


def configuration(*, traces: bool) -> Mapping[str, object]:
    """Return the configuration values of the add-on, with what takes traces by OTLP where the stack file has them."""
    endpoints = zip(("grpc_endpoint", "http_endpoint"), AGENT_TRACE_PORTS, strict=True)
    otlp = {name: f"0.0.0.0:{port}" for name, port in endpoints}  # the agent's network is the node's own
    taken = {"traces": {"traces_collected": {"otlp": otlp}}} if traces else {}
    return {
        "agent": {"config": {**_INSIGHTS, **taken}},
        "manager": {"applicationSignals": {"autoMonitor": {"monitorAllServices": False}}},
    }


@dataclass(frozen=True, kw_only=True)
class AgentsArgs:
    """What the agents are built from."""

    settings: ClusterSettings
    """The stack file's `cluster`."""
    cluster: ClusterOutputs
    """Cluster that they run on."""
    after: Sequence[pulumi.Resource] = ()
    """Namespace and service account that the Kubernetes layer makes for them."""


def build_agents(args: AgentsArgs, opts: pulumi.ResourceOptions) -> None:
    """Install the add-on, where the stack file has it.

    Its pods run by the role of the monitoring identity where that names their service account, which takes one role
    only; else the add-on brings one.
    """
    addon, account = args.settings.addons.get(AGENTS), SERVICE_ACCOUNTS[AGENTS]
    if addon is None:
        return
    pods = args.settings.identities.get("monitoring")
    given = pods is not None and (pods.namespace, pods.service_account) == (account.namespace, account.name)
    addon_args = AddonArgs(
        addon=AGENTS,
        version=addon.version,
        cluster_name=args.cluster.ready_name,
        cluster_arn=args.cluster.arn,
        configuration=configuration(traces=args.settings.traces),
        after=args.after,
        own_role=not given,
    )
    Addon("agents", addon_args, opts)
