"""Which kinds of Kubernetes' own API groups live outside of namespaces (Kubernetes 1.34)."""

from __future__ import annotations

CLUSTER_SCOPED: dict[str, frozenset[str]] = {
    "": frozenset({"ComponentStatus", "Namespace", "Node", "PersistentVolume"}),
    "admissionregistration.k8s.io": frozenset(
        {
            *("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration"),
            *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"),
        }
    ),
    "apiextensions.k8s.io": frozenset({"CustomResourceDefinition"}),
    "apiregistration.k8s.io": frozenset({"APIService"}),
    "authentication.k8s.io": frozenset({"SelfSubjectReview", "TokenReview"}),
    "authorization.k8s.io": frozenset({"SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"}),
    "certificates.k8s.io": frozenset({"CertificateSigningRequest", "ClusterTrustBundle"}),
    "flowcontrol.apiserver.k8s.io": frozenset({"FlowSchema", "PriorityLevelConfiguration"}),
    "internal.apiserver.k8s.io": frozenset({"StorageVersion"}),
    "networking.k8s.io": frozenset({"IngressClass", "IPAddress", "ServiceCIDR"}),
    "node.k8s.io": frozenset({"RuntimeClass"}),
    "rbac.authorization.k8s.io": frozenset({"ClusterRole", "ClusterRoleBinding"}),
    "resource.k8s.io": frozenset({"DeviceClass", "DeviceTaintRule", "ResourceSlice"}),
    "scheduling.k8s.io": frozenset({"PriorityClass"}),
    "storage.k8s.io": frozenset({"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"}),
    "storagemigration.k8s.io": frozenset({"StorageVersionMigration"}),
}
"""API group -> kinds without namespace; every other kind of these groups has one."""

NAMESPACED_GROUPS = frozenset({"apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io"}) | frozenset(
    {"events.k8s.io", "extensions", "policy"}
)
"""API groups of Kubernetes whose kinds all live in namespaces."""


def group_of(api_version: str) -> str:
    """Return the API group: `apps/v1` is `apps`, `v1` is the unnamed one."""
    return api_version.rpartition("/")[0]


def is_namespaced(api_version: str, kind: str) -> bool | None:
    """Whether a kind lives in a namespace; None for a custom resource, whose definition only a server knows."""
    group = group_of(api_version)
    if group in CLUSTER_SCOPED:
        return kind not in CLUSTER_SCOPED[group]
    return True if group in NAMESPACED_GROUPS else None
