"""What runs on the cluster beside the application."""

from components.kubernetes.kubernetes import Kubernetes, KubernetesArgs
from components.kubernetes.outputs import KubernetesOutputs

__all__ = ["Kubernetes", "KubernetesArgs", "KubernetesOutputs"]
