"""What runs on the cluster beside the application."""

from components.kubernetes.area import build
from components.kubernetes.kubernetes import Kubernetes, KubernetesArgs
from components.kubernetes.outputs import KubernetesOutputs, PooledUser

__all__ = ["Kubernetes", "KubernetesArgs", "KubernetesOutputs", "PooledUser", "build"]
