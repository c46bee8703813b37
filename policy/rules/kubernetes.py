"""Kubernetes objects: nothing privileged, nothing unbounded, nothing that changes by the day, no rights without names.

Judged as the program declares them, custom resources apart; what admission would let through is refused here already.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Severity, resource_rule
from policy.table import be, check, not_be_set
from policy.tokens import (
    KUBERNETES_NAMESPACED,
    KUBERNETES_PODS,
    KUBERNETES_ROLES,
    KUBERNETES_SECRETS,
    STORAGE_CLASSES,
)
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings
    from policy.values import Block

_STANDARDS: Final = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")
_EXACT: Final = re.compile(r"@sha256:[0-9a-f]{64}$|:(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]*$")
_SHARED: Final = ("hostNetwork", "hostPID", "hostIPC")


def _pod(workload: Resource) -> str:
    """Return the path of a workload's pod."""
    kind = workload.type.rpartition(":")[2]
    return {"Pod": "spec", "CronJob": "spec.jobTemplate.spec.template.spec"}.get(kind, "spec.template.spec")


def _containers(workload: Resource) -> Iterator[Block]:
    for kind in _CONTAINERS:
        yield from workload.blocks(f"{_pod(workload)}.{kind}")


@resource_rule(
    "kubernetes-no-privilege",
    on=KUBERNETES_PODS,
    severity=Severity.CRITICAL,
    controls=("CKV_K8S_16", "CKV_K8S_20", "NIST-AC-6"),
    url=_STANDARDS,
    remediation="leave privileged out and set securityContext.allowPrivilegeEscalation=False on every container",
    guards=("spec",),
)
def no_privilege(workload: Resource, _settings: Settings) -> Iterator[str]:
    """Containers have no more privilege than they start with, and never the node's.

    A privileged container is root on its node, and so on every pod there.
    """
    for one in _containers(workload):
        if one.get("securityContext.privileged") is True:
            yield f"{one.path}.securityContext.privileged is true; allowed: false"
        escalation = one.get("securityContext.allowPrivilegeEscalation")
        if escalation is not False:
            yield f"{one.path}.securityContext.allowPrivilegeEscalation is {show(escalation)}; allowed: false"


@resource_rule(
    "kubernetes-no-host-namespaces",
    on=KUBERNETES_PODS,
    severity=Severity.HIGH,
    controls=("CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19"),
    url=_STANDARDS,
    remediation="leave hostNetwork, hostPID and hostIPC out",
    guards=("spec",),
)
def no_host_namespaces(workload: Resource, _settings: Settings) -> Iterator[str]:
    """Pods share no namespace with their node.

    In the node's network a pod is beyond every network policy, and reaches the node's credentials.
    """
    for key in _SHARED:
        where = f"{_pod(workload)}.{key}"
        if workload.get(where) is True:
            yield f"{where} is true; allowed: false"


@resource_rule(
    "kubernetes-image-exact",
    on=KUBERNETES_PODS,
    severity=Severity.MEDIUM,
    controls=("CKV_K8S_14", "CKV_K8S_43"),
    url="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    remediation="name the image by exact tag or digest",
    guards=("spec",),
)
def image_exact(workload: Resource, _settings: Settings) -> Iterator[str]:
    """Images are named by exact tag or digest.

    Without one, or by `latest`, two pods of one deployment may run different programs.
    """
    for one in _containers(workload):
        image = one.get("image")
        if not isinstance(image, str) or not _EXACT.search(image.rpartition("/")[2]):
            yield f"{one.path}.image is {show(image)}; allowed: an exact tag, or a digest"


@resource_rule(
    "kubernetes-containers-bounded",
    on=KUBERNETES_PODS,
    severity=Severity.MEDIUM,
    controls=("CKV_K8S_10", "CKV_K8S_11", "CKV_K8S_12", "CKV_K8S_13"),
    url="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    remediation="set resources.requests and resources.limits for cpu and memory",
    guards=("spec",),
)
def bounded(workload: Resource, _settings: Settings) -> Iterator[str]:
    """Containers ask for CPU and memory, and are bound.

    The scheduler counts requests, and the cluster autoscaler adds nodes by them; without limits one pod starves a node.
    """
    for one in _containers(workload):
        missing = [
            f"{side}.{what}"
            for side in ("requests", "limits")
            for what in ("cpu", "memory")
            if not one.has(f"resources.{side}.{what}")
        ]
        if missing:
            yield f"{one.path}.resources lacks {show(missing)}; allowed: all four"


@resource_rule(
    "kubernetes-own-namespace",
    on=KUBERNETES_NAMESPACED,
    severity=Severity.LOW,
    controls=("CKV_K8S_21",),
    url="https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
    remediation="set metadata.namespace to a namespace of the stack",
    guards=("metadata",),
)
def own_namespace(one: Resource, _settings: Settings) -> Iterator[str]:
    """Nothing lives in the default namespace.

    It has no quota, no pod-security standard and no network policy.
    """
    namespace = one.get("metadata.namespace")
    if namespace in (None, "", "default"):
        yield f"metadata.namespace is {show(namespace)}; allowed: a namespace of the stack"


@resource_rule(
    "kubernetes-rbac-named",
    on=KUBERNETES_ROLES,
    severity=Severity.HIGH,
    controls=("CKV_K8S_49", "NIST-AC-6"),
    url="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    remediation="name the API groups, resources and verbs",
    guards=("rules",),
)
def rbac_named(role: Resource, _settings: Settings) -> Iterator[str]:
    """Roles name what they allow.

    A star covers what a later version of the API brings, `escalate` and `impersonate` included.
    """
    for rule in role.blocks("rules"):
        stars = [key for key in ("apiGroups", "resources", "verbs") if "*" in rule.list(key)]
        if stars:
            yield f"{rule.path}: {show(stars)} hold '*'; allowed: names"


RULES: Final[tuple[Rule, ...]] = (
    no_privilege,
    no_host_namespaces,
    image_exact,
    bounded,
    own_namespace,
    rbac_named,
    check(
        "kubernetes-secret-without-content", "Secrets carry no content", ("data", "stringData"),
        not_be_set("nothing; pods read secrets from Secrets Manager"),
        why="What stands in the program stands in its state and its plans.",
        on=KUBERNETES_SECRETS, severity=Severity.HIGH, controls=("CKV_SECRET_6", "NIST-SC-28"),
        url="https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
        remediation="mount the secret by the Secrets Store CSI driver",
    ),
    check(
        "kubernetes-volumes-encrypted", "Storage classes encrypt their volumes", "parameters.encrypted",
        be("true"),
        on=STORAGE_CLASSES, severity=Severity.HIGH, controls=("EC2.3",),
        remediation="set parameters.encrypted to 'true', with kmsKeyId",
    ),
)  # fmt: skip
