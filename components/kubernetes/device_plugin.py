"""NVIDIA's device plugin on the nodes of the groups with GPUs: pods ask for `nvidia.com/gpu`. Pure.

It lives in `kube-system`, the one namespace without a pod-security standard, as it must be root to register with the
kubelet by a directory of the node; for the rest it is locked like any other container. The image family brings driver
and runtime.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.kubernetes.manifest import NAME_LABEL, Manifest, manifest, metadata
from components.kubernetes.pods import SECCOMP, container

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.cluster import NodeGroup
    from config.karpenter import NodePool
    from config.kubernetes import DevicePlugin

NAME: Final = "nvidia-device-plugin"
NAMESPACE: Final = "kube-system"
_DIRECTORY: Final = "/var/lib/kubelet/device-plugins"


def daemon_set(settings: DevicePlugin, groups: Sequence[NodeGroup | NodePool]) -> Manifest:
    """Return the plugin, for the nodes of groups with GPUs.

    Args:
        settings: The stack file's `kubernetes.device_plugin`.
        groups: Node groups, and pools of Karpenter, with GPUs.
    """
    labels = {NAME_LABEL: NAME}
    plugin = container(
        NAME,
        settings.image,
        settings.resources,
        env=[{"name": "FAIL_ON_INIT_ERROR", "value": "true"}],
        volumeMounts=[{"name": "plugins", "mountPath": _DIRECTORY}],
    )
    pod = {
        "automountServiceAccountToken": False,
        "priorityClassName": "system-node-critical",
        "securityContext": {"runAsNonRoot": False, "runAsUser": 0, "seccompProfile": SECCOMP},
        "affinity": {"nodeAffinity": _nodes(groups)},
        "tolerations": [
            {"key": key, "operator": "Exists"}
            for key in sorted({taint.key for group in groups for taint in group.taints})
        ],
        "containers": [plugin],
        "volumes": [{"name": "plugins", "hostPath": {"path": _DIRECTORY, "type": "Directory"}}],
    }
    return manifest(
        "apps/v1",
        "DaemonSet",
        metadata(NAME, NAMESPACE),
        spec={
            "selector": {"matchLabels": labels},
            "updateStrategy": {"type": "RollingUpdate"},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    )


def _nodes(groups: Sequence[NodeGroup | NodePool]) -> Manifest:
    """Return the nodes of the groups, by a label that EC2's types give every node."""
    types = sorted({one for group in groups for one in group.instance_types})
    term = {"matchExpressions": [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": types}]}
    return {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
