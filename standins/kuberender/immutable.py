"""Fields of an object that cannot change while it stands: those that replace it, and those that the API server refuses.

Paths stand as in a diff, `[*]` for every element of a list. Replaced is what pulumi-kubernetes replaces for (4.32.0's
`forceNew` table, read 2026-11); every other fixed field it sends, and the API server's validation refuses it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from standins.kuberender import scopes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from standins.kuberender.difference import Change
    from standins.kuberender.settings import Settings

IDENTITY = ("kind", "metadata.name", "metadata.namespace")
"""A change of one of these is another object."""

CONTENT = {"ConfigMap": ("binaryData", "data"), "Secret": ("data", "stringData")}
"""Fixed where the object is immutable, or the provider was not told that its kind is mutable."""

_CONTAINER = (
    *("args", "command", "env", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "ports", "readinessProbe"),
    *("resources", "securityContext", "stdin", "stdinOnce", "terminationMessagePath", "terminationMessagePolicy"),
    *("tty", "volumeDevices", "volumeMounts", "workingDir"),
)
_POD = (
    *("affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases"),
    *("hostIPC", "hostNetwork", "hostPID", "hostname", "imagePullSecrets", "nodeName", "nodeSelector", "overhead"),
    *("preemptionPolicy", "priority", "priorityClassName", "readinessGates", "restartPolicy", "runtimeClassName"),
    *("schedulerName", "securityContext", "serviceAccount", "serviceAccountName", "shareProcessNamespace"),
    *("subdomain", "terminationGracePeriodSeconds", "volumes"),
    *(f"{containers}[*].{field}" for containers in ("containers", "initContainers") for field in _CONTAINER),
)
_VOLUME_SOURCES = (
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker"),
    *("gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk"),
    *("portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"),
)


def _spec(*fields: str) -> tuple[str, ...]:
    return tuple(f"spec.{field}" for field in fields)


REPLACED = {
    "apps/DaemonSet": _spec("selector"),
    "apps/Deployment": _spec("selector"),
    "apps/StatefulSet": _spec(
        *("podManagementPolicy", "revisionHistoryLimit", "selector", "serviceName", "volumeClaimTemplates")
    ),
    "batch/Job": _spec("completions", "parallelism", "selector", "template"),
    "rbac.authorization.k8s.io/ClusterRoleBinding": ("roleRef",),
    "rbac.authorization.k8s.io/RoleBinding": ("roleRef",),
    "storage.k8s.io/StorageClass": ("parameters", "provisioner"),
    "/PersistentVolume": _spec(*_VOLUME_SOURCES),
    "/PersistentVolumeClaim": _spec("accessModes", "selector", "storageClassName", "volumeName"),
    "/Pod": _spec(*_POD),
    "/ResourceQuota": _spec("scopes"),
    "/Secret": ("type",),
    "/Service": _spec("clusterIP"),
}
"""Group and kind -> fields whose change replaces the object."""

REFUSED = {
    "apiextensions.k8s.io/CustomResourceDefinition": _spec("group", "names.kind", "names.plural", "scope"),
    "apps/ReplicaSet": _spec("selector"),
    "batch/Job": _spec("backoffLimitPerIndex", "completionMode", "managedBy", "podFailurePolicy", "successPolicy"),
    "discovery.k8s.io/EndpointSlice": ("addressType",),
    "networking.k8s.io/IngressClass": _spec("controller"),
    "node.k8s.io/RuntimeClass": ("handler",),
    "scheduling.k8s.io/PriorityClass": ("preemptionPolicy", "value"),
    "storage.k8s.io/CSIDriver": _spec("attachRequired", "volumeLifecycleModes"),
    "storage.k8s.io/StorageClass": ("reclaimPolicy", "volumeBindingMode"),
    "/PersistentVolumeClaim": _spec("dataSource", "dataSourceRef", "volumeMode"),
}
"""Group and kind -> further fields that the API server does not let change (Kubernetes 1.35)."""


def key_of(manifest: Mapping[str, Any]) -> str:
    """Return group and kind, as the tables name them."""
    return f"{scopes.group_of(manifest['apiVersion'])}/{manifest['kind']}"


def replaces(olds: Mapping[str, Any], changed: Mapping[str, Change], settings: Settings) -> list[str]:
    """Return the changed paths for which the object is replaced."""
    fields = (*IDENTITY, *REPLACED.get(key_of(olds), ()), *content(olds, settings))
    return [path for path in changed if path == "metadata" or within(path, fields)]


def content(olds: Mapping[str, Any], settings: Settings) -> Iterable[str]:
    """Return the fields with the content of a ConfigMap or Secret, where that is fixed."""
    kind = key_of(olds).removeprefix("/")
    fixed = kind in CONTENT and (olds.get("immutable") is True or kind not in settings.mutable)
    return CONTENT[kind] if fixed else ()


def refused(olds: Mapping[str, Any], changed: Mapping[str, Change]) -> Iterator[str]:
    """Yield the changed paths that the API server refuses in an update."""
    fields = REFUSED.get(key_of(olds), ())
    yield from (path for path in changed if within(path, fields))
    if key_of(olds).removeprefix("/") in CONTENT and olds.get("immutable") is True and "immutable" in changed:
        yield "immutable"


def explained(olds: Mapping[str, Any], paths: Iterable[str]) -> str:
    """Return why an update is refused, and what to do."""
    name, fields = olds["metadata"].get("name"), ", ".join(paths)
    todo = "give the object another name, or replace it (`replace_on_changes`, or `pulumi up --replace URN`)"
    return f"{olds['kind']} {name}: {fields}: an API server does not let this change while the object stands: {todo}"


def same_object(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether both are one object on a server, so that the one has to go before the other can be made."""
    before, after = olds.get("metadata"), news.get("metadata")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    return all(before.get(key) == after.get(key) for key in ("name", "namespace"))


def within(path: str, fields: Iterable[str]) -> bool:
    """Whether a path is one of the fields, or below one."""
    general = re.sub(r"\[\d+\]", "[*]", path)
    return any(general == field or general.startswith((f"{field}.", f"{field}[")) for field in fields)
