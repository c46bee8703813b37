"""Pods, in every kind that carries one: no more privilege than a process needs, nothing of the node, nothing unbounded.

Judged as the program declares them; what admission would let through is refused here already. A patch is judged by what
it says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.rule import Level, Rule, Severity, resource_rule
from policy.tokens import EVERY_KUBERNETES
from policy.values import same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_STANDARDS: Final = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
_EXACT: Final = re.compile(r"@sha256:[0-9a-f]{64}$|:(?!latest$)[A-Za-z0-9_][A-Za-z0-9_.-]*$")
_SHARED: Final = ("hostNetwork", "hostPID", "hostIPC")
_SELINUX: Final = ("container_t", "container_init_t", "container_kvm_t", "container_engine_t")
_SAFE_SYSCTLS: Final = (
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
     "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
     "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
     "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
)  # fmt: skip
"""Pod Security Standards, baseline, read November 2026."""
_MAY_ADD: Final = "NET_BIND_SERVICE"
_GUARDS: Final = ("spec",)


@resource_rule(
    "kubernetes-no-privilege",
    on=EVERY_KUBERNETES,
    severity=Severity.CRITICAL,
    controls=("CKV_K8S_16", "CKV_K8S_20", "NIST-AC-6"),
    url=_STANDARDS,
    remediation="leave privileged out and set securityContext.allowPrivilegeEscalation=False on every container",
    guards=_GUARDS,
)
def no_privilege(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Containers have no more privilege than they start with, and never the node's.

    A privileged container is root on its node, and so on every pod there.
    """
    for pod in holder.pods:
        for one in pod.containers:
            at = f"{one.path}.securityContext"
            if same(one.get("securityContext.privileged"), wanted=True):
                yield f"{at}.privileged is true; allowed: false"
            escalation = one.get("securityContext.allowPrivilegeEscalation")
            if not same(escalation, wanted=False) and not (escalation is None and pod.is_patch):
                yield f"{at}.allowPrivilegeEscalation is {show(escalation)}; allowed: false"
            if same(pod.effective(one, "windowsOptions.hostProcess"), True):
                yield f"{at}.windowsOptions.hostProcess is true; allowed: false"
            if one.get("securityContext.procMount") not in (None, "Default"):
                yield f"{at}.procMount is {show(one.get('securityContext.procMount'))}; allowed: Default"


@resource_rule(
    "kubernetes-no-capabilities",
    on=EVERY_KUBERNETES,
    severity=Severity.HIGH,
    controls=("CKV_K8S_25", "CKV_K8S_31", "CKV_K8S_39", "NIST-AC-6"),
    url=_STANDARDS,
    remediation="leave capabilities.add out, and seccompProfile, or set its type to RuntimeDefault",
    guards=_GUARDS,
)
def no_capabilities(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Containers add no capabilities, and are not freed from seccomp, AppArmor and SELinux.

    SYS_ADMIN is root by another name. NET_BIND_SERVICE is fine.
    """
    for pod in holder.pods:
        for one in pod.containers:
            added = [str(each) for each in one.list("securityContext.capabilities.add")]
            beyond = [each for each in added if each.upper().removeprefix("CAP_") != _MAY_ADD]
            if beyond:
                yield f"{one.path}.securityContext.capabilities.add is {show(beyond)}; allowed: {_MAY_ADD}"
            for profile in ("seccompProfile", "appArmorProfile"):
                if pod.effective(one, f"{profile}.type") == "Unconfined":
                    yield f"{one.path}.securityContext.{profile}.type is Unconfined; allowed: RuntimeDefault"
            label = pod.effective(one, "seLinuxOptions.type")
            if label not in (None, "", *_SELINUX) or pod.effective(one, "seLinuxOptions.user"):
                yield f"{one.path}.securityContext.seLinuxOptions is {show(label)}; allowed: {', '.join(_SELINUX)}"


@resource_rule(
    "kubernetes-pods-restricted",
    on=EVERY_KUBERNETES,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("CKV_K8S_28", "CKV_K8S_37", "CKV_K8S_31"),
    url=_STANDARDS,
    remediation="set capabilities.drop=['ALL'] and seccompProfile.type='RuntimeDefault'",
    guards=_GUARDS,
)
def restricted(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Containers drop every capability and run under seccomp, as the restricted standard asks."""
    for pod in holder.pods:
        for one in () if pod.is_patch else pod.containers:
            dropped = [str(each).upper() for each in one.list("securityContext.capabilities.drop")]
            if "ALL" not in dropped:
                yield f"{one.path}.securityContext.capabilities.drop is {show(dropped)}; allowed: ALL"
            if pod.effective(one, "seccompProfile.type") is None:
                yield f"{one.path}.securityContext.seccompProfile is not set; allowed: RuntimeDefault"


@resource_rule(
    "kubernetes-not-root",
    on=EVERY_KUBERNETES,
    severity=Severity.HIGH,
    controls=("CKV_K8S_23", "NIST-AC-6"),
    url=_STANDARDS,
    remediation="set securityContext.runAsNonRoot=True, and runAsUser to a number other than 0",
    guards=_GUARDS,
)
def not_root(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Containers run as a user other than root.

    A container that says nothing runs as the user of its image, which mostly is root.
    """
    for pod in holder.pods:
        for one in pod.containers:
            user, bound = pod.effective(one, "runAsUser"), pod.effective(one, "runAsNonRoot")
            at = f"{one.path}.securityContext"
            if user is not None and str(user).removesuffix(".0") == "0":
                yield f"{at}.runAsUser is 0; allowed: any other number"
            elif not same(bound, wanted=True) and not (bound is None and (user is not None or pod.is_patch)):
                yield f"{at}.runAsNonRoot is {show(bound)}; allowed: true"


@resource_rule(
    "kubernetes-no-host-namespaces",
    on=EVERY_KUBERNETES,
    severity=Severity.HIGH,
    controls=("CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19", "CKV_K8S_26"),
    url=_STANDARDS,
    remediation="leave hostNetwork, hostPID, hostIPC and hostPort out",
    guards=_GUARDS,
)
def no_host_namespaces(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Pods share no namespace and no port with their node.

    In the node's network a pod is beyond every network policy, and reaches the node's credentials.
    """
    for pod in holder.pods:
        for key in _SHARED:
            if same(pod.spec.get(key), wanted=True):
                yield f"{pod.spec.path}.{key} is true; allowed: false"
        for setting in pod.spec.blocks("securityContext.sysctls"):
            if setting.get("name") not in _SAFE_SYSCTLS:
                yield f"{setting.path}.name is {show(setting.get('name'))}; allowed: sysctls of the pod alone"
        for port in (port for one in pod.containers for port in one.blocks("ports")):
            if port.get("hostPort") not in (None, 0, "0"):
                yield f"{port.path}.hostPort is {show(port.get('hostPort'))}; allowed: not set"


@resource_rule(
    "kubernetes-no-host-path",
    on=EVERY_KUBERNETES,
    severity=Severity.CRITICAL,
    controls=("CKV_K8S_27", "NIST-AC-6"),
    url="https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    remediation="mount a persistent volume, an emptyDir or a CSI volume; agents of nodes are add-ons, not workloads",
    guards=_GUARDS,
)
def no_host_path(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Pods mount nothing of their node.

    By the socket of the container runtime, or by / itself, a pod is root on the node. Nor does a persistent volume lead
    there.
    """
    for pod in holder.pods:
        for volume in pod.spec.blocks("volumes"):
            if volume.has("hostPath"):
                yield f"{volume.path}.hostPath is {show(volume.get('hostPath.path'))}; allowed: no path of the node"
    if holder.type.endswith((":PersistentVolume", ":PersistentVolumePatch")) and holder.has("spec.hostPath"):
        yield f"spec.hostPath is {show(holder.get('spec.hostPath.path'))}; allowed: no path of the node"


@resource_rule(
    "kubernetes-image-exact",
    on=EVERY_KUBERNETES,
    severity=Severity.MEDIUM,
    controls=("CKV_K8S_14", "CKV_K8S_43"),
    url="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    remediation="name the image by exact tag or digest",
    guards=_GUARDS,
)
def image_exact(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Images are named by exact tag or digest.

    Without one, or by `latest`, two pods of one deployment may run different programs.
    """
    for pod in holder.pods:
        for one in pod.containers:
            image = one.get("image")
            exact = isinstance(image, str) and _EXACT.search(image.rpartition("/")[2])
            if not exact and not (image is None and pod.is_patch):
                yield f"{one.path}.image is {show(image)}; allowed: an exact tag, or a digest"


@resource_rule(
    "kubernetes-containers-bounded",
    on=EVERY_KUBERNETES,
    severity=Severity.MEDIUM,
    controls=("CKV_K8S_10", "CKV_K8S_11", "CKV_K8S_12", "CKV_K8S_13"),
    url="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    remediation="set resources.requests and resources.limits for cpu and memory",
    guards=_GUARDS,
)
def bounded(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Containers ask for CPU and memory, and are bound.

    The scheduler counts requests, and the cluster autoscaler adds nodes by them; without limits one pod starves a node.
    """
    for pod in holder.pods:
        for one in () if pod.is_patch else pod.containers:
            missing = [
                f"{side}.{what}"
                for side in ("requests", "limits")
                for what in ("cpu", "memory")
                if not one.has(f"resources.{side}.{what}")
            ]
            if missing:
                yield f"{one.path}.resources lacks {show(missing)}; allowed: all four"


RULES: Final[tuple[Rule, ...]] = (
    no_privilege,
    no_capabilities,
    restricted,
    not_root,
    no_host_namespaces,
    no_host_path,
    image_exact,
    bounded,
)
