"""The smallest stack with every way to run a pod: a node group, a pool of Karpenter, and Fargate with a role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from config.examine import examine
from config.load import load_file, stack_file
from tests.config import containersfile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Problem, StackConfig

STACK: Final = "herd"
_SMALL: Final = load_file(stack_file("small")).model_dump(mode="json", exclude_unset=True)
_OWN: Final = """
network:
  cidr: 10.80.0.0/20
  zones: [a, b]
  tiers:
    public: {kind: public, cidrs: [10.80.8.0/24, 10.80.9.0/24], internet: direct}
    private: {kind: private, cidrs: [10.80.0.0/23, 10.80.2.0/23], internet: nat}
  nat: single
  flow_logs: {retention_days: 90}
cluster:
  version: "1.35"
  log_retention_days: 90
  private_access_cidrs: [10.80.0.0/22]
  pod_addresses: {minimum: 8, warm: 2}
  network_policies: true
  node_groups:
    system:
      instance_types: [m6i.large, m5.large]
      scaling: {per: group, min: 2, desired: 2, max: 3}
      root_volume: {size_gib: 50}
  addons:
    vpc-cni: {version: v1.22.4-eksbuild.3}
    kube-proxy: {version: v1.35.3-eksbuild.21}
    coredns: {version: v1.13.2-eksbuild.21}
    eks-pod-identity-agent: {version: v1.3.10-eksbuild.3}
    aws-ebs-csi-driver: {version: v1.63.1-eksbuild.1}
  identities:
    application: {namespace: serverless, service_account: app}
  fargate_profiles:
    serverless: {selectors: [{namespace: serverless}]}
    jobs: {selectors: [{namespace: jobs, labels: {runs: fargate}}], zones: [b]}
data:
  tables:
    notes: {purpose: Notes, partition_key: {name: id, type: S}, on_demand: {max_read_units: 100, max_write_units: 100}}
kubernetes:
  namespaces:
    platform:
      reach: [https, api]
      quota: {cpu: "4", memory: 8Gi, pods: 20, storage: 1Gi}
      defaults: {cpu: 100m, cpu_limit: "1", memory: 256Mi}
    serverless:
      reach: [https]
      quota: {cpu: "4", memory: 8Gi, pods: 20, storage: 1Gi}
      defaults: {cpu: 250m, cpu_limit: "1", memory: 512Mi}
    jobs:
      quota: {cpu: "4", memory: 8Gi, pods: 20, storage: 1Gi}
      defaults: {cpu: 250m, cpu_limit: "1", memory: 512Mi}
  priorities: {platform: 1000000}
  storage_classes:
    standard: {type: gp3, default: true}
  karpenter:
    image: public.ecr.aws/karpenter/controller:1.14.1
    replicas: 2
    resources: {cpu: 250m, cpu_limit: "1", memory: 1Gi}
    priority: platform
    pools:
      spot:
        instance_types: [m6i.large, m5.large]
        capacity_types: [SPOT]
        ami: al2023@v20260903
        limits: {cpu: 8, memory_gib: 32}
        root_volume: {size_gib: 50}
        consolidation: {policy: WhenEmptyOrUnderutilized, after_minutes: 1}
        disruption_budgets: [{nodes: 50%}]
        expire_after_hours: 720
        termination_grace_minutes: 30
"""
SETTINGS: Final[dict[str, Any]] = {
    **{key: _SMALL[key] for key in ("as_of", "identity", "keys")},
    **yaml.safe_load(_OWN),
}
"""Settings of the stack."""


def accepted(changes: Mapping[str, object] | None = None) -> StackConfig:
    """Return valid settings after a change; raises `ConfigError` with everything that is wrong with them."""
    return examine(containersfile.changed(changes or {}, SETTINGS), None, f"Pulumi.{STACK}.yaml", stack=STACK)


def refused(changes: Mapping[str, object]) -> dict[str, Problem]:
    """Return the problems of changed settings by dotted path."""
    return containersfile.refused(changes, accepted)
