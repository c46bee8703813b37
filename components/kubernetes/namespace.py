"""A namespace and its bounds: pod-security standard, quota, defaults, and a network that is shut but for what is named.

The VPC CNI enforces the policies (`cluster.network_policies`). Not here: who may come in from other namespaces; what
serves them says so beside itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi

from components.kubernetes.manifest import Manifest, declare, manifest, metadata
from components.kubernetes.pods import bounds
from config.facts.tracing import AGENT_TRACE_PORTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.kubernetes import Namespace as NamespaceSettings

DNS: Final[Manifest] = {
    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
    "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
}
POD_IDENTITY_AGENT: Final = "169.254.170.23/32"
"""Where pods exchange their token for a role (EKS User Guide, "EKS Pod Identity considerations", 2026-11)."""
API_SERVICES: Final = ("10.100.0.1/32", "172.20.0.1/32")
"""The API server's address inside the cluster: the first one of either range that EKS picks for services (EKS API
reference, `KubernetesNetworkConfigRequest`, 2026-11)."""
EVERYWHERE: Final = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class NamespaceArgs:
    """What a namespace is built from."""

    namespace: str
    """Its name."""
    settings: NamespaceSettings
    """The stack file's `kubernetes.namespaces.<namespace>`."""
    version: str
    """Kubernetes minor, whose edition of the pod-security standards holds."""
    vpc: str
    """Block of the VPC: databases and the API server live in it."""
    data_ports: Sequence[int]
    """Ports of the data services in it."""


class Namespace(pulumi.ComponentResource):
    """The namespace with its bounds."""

    space: pulumi.Resource
    """The namespace itself; what is put into it comes later, and goes before."""
    ready: Sequence[pulumi.Resource]
    """The namespace with its bounds, which pods must find: quota and defaults count, policies hold from the start."""

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:kubernetes:Namespace", name, None, opts)
        self.space = declare(self, name, namespace(args))
        self.ready = [self.space, *[declare(self, name, one, space=self.space) for one in inside(args)]]
        self.register_outputs({})


def namespace(args: NamespaceArgs) -> Manifest:
    """Return the namespace itself."""
    standard = "pod-security.kubernetes.io"
    edition = f"v{args.version}"
    labels = {
        f"{standard}/enforce": args.settings.pod_security,
        f"{standard}/enforce-version": edition,
        **{f"{standard}/{mode}": "restricted" for mode in ("audit", "warn")},
        **{f"{standard}/{mode}-version": edition for mode in ("audit", "warn")},
    }
    return manifest("v1", "Namespace", metadata(args.namespace, labels=labels))


def inside(args: NamespaceArgs) -> Iterator[Manifest]:
    """Yield what bounds the namespace."""
    yield _quota(args)
    yield _defaults(args)
    yield policy("default-deny", args.namespace, {"policyTypes": ["Ingress", "Egress"]})
    yield policy("same-namespace", args.namespace, {"ingress": [{"from": [_ANY]}], "egress": [{"to": [_ANY]}]})
    yield policy("dns", args.namespace, {"egress": [{"to": [DNS], "ports": [_port(53, "UDP"), _port(53)]}]})
    agent = {"to": [_block(POD_IDENTITY_AGENT)], "ports": [_port(80)]}
    yield policy("pod-identity", args.namespace, {"egress": [agent]})
    reaches: dict[str, Manifest] = {
        "data": {"to": [_block(args.vpc)], "ports": [_port(port) for port in args.data_ports]},
        "https": {"to": [_block(EVERYWHERE)], "ports": [_port(443)]},
        "api": {"to": [_block(block) for block in (args.vpc, *API_SERVICES)], "ports": [_port(443)]},
        "traces": {"to": [_block(args.vpc)], "ports": [_port(port) for port in AGENT_TRACE_PORTS]},
    }
    if args.settings.webhook_ports:
        ports = [_port(port) for port in args.settings.webhook_ports]
        yield policy("webhooks", args.namespace, {"ingress": [{"from": [_block(args.vpc)], "ports": ports}]})
    for reach in args.settings.reach:
        yield policy(f"reach-{reach}", args.namespace, {"egress": [reaches[reach]]})


_ANY: Final[Manifest] = {"podSelector": {}}


def policy(name: str, namespace: str, spec: Manifest) -> Manifest:
    """Return a network policy; without a selector in `spec` it holds for all pods of the namespace."""
    directions = [kind.capitalize() for kind in ("ingress", "egress") if kind in spec]
    full = {"podSelector": {}, "policyTypes": directions, **spec}
    return manifest("networking.k8s.io/v1", "NetworkPolicy", metadata(name, namespace), spec=full)


def admit(name: str, namespace: str, selector: Manifest, sources: Sequence[Manifest], port: int) -> Manifest:
    """Return the policy that lets sources reach some pods on a port."""
    spec = {"podSelector": {"matchLabels": selector}, "ingress": [{"from": list(sources), "ports": [_port(port)]}]}
    return policy(name, namespace, spec)


def from_namespace(name: str) -> Manifest:
    """Return all pods of a namespace as a source."""
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def from_block(block: str) -> Manifest:
    """Return all addresses of a block as a source."""
    return _block(block)


def _block(block: str) -> Manifest:
    return {"ipBlock": {"cidr": block}}


def _port(port: int, protocol: str = "TCP") -> Manifest:
    return {"port": port, "protocol": protocol}


def _quota(args: NamespaceArgs) -> Manifest:
    quota = args.settings.quota
    hard = {
        "requests.cpu": quota.cpu,
        "requests.memory": quota.memory,
        "limits.memory": quota.memory,
        "pods": str(quota.pods),
        "requests.storage": quota.storage,
        "services.loadbalancers": "0",  # the edge has the one load balancer
        "services.nodeports": "0",  # no security group admits them
    }
    return manifest("v1", "ResourceQuota", metadata("quota", args.namespace), spec={"hard": hard})


def _defaults(args: NamespaceArgs) -> Manifest:
    given = bounds(args.settings.defaults)
    limits = [{"type": "Container", "default": given["limits"], "defaultRequest": given["requests"]}]
    return manifest("v1", "LimitRange", metadata("defaults", args.namespace), spec={"limits": limits})
