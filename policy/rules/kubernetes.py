"""Kubernetes objects other than pods: nothing open, no rights without names, no secrets in the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from policy.reading.addresses import are_world, network
from policy.reading.pods import kind_of
from policy.rule import Rule, Severity, resource_rule
from policy.table import be, check, not_be_set
from policy.tokens import EVERY_KUBERNETES, KUBERNETES_NAMESPACED, KUBERNETES_SECRETS, STORAGE_CLASSES
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings
    from policy.values import Block

_RBAC: Final = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/"
_RISING: Final = ("escalate", "bind", "impersonate")
_CHANGING: Final = ("create", "update", "patch")
_READING: Final = ("get", "list", "watch")
_SECRETS: Final = ("secrets",)
_REACHING: Final = {
    "pods/exec": ("create", "get"),
    "pods/attach": ("create", "get"),
    "pods/ephemeralcontainers": ("update", "patch"),
    "nodes/proxy": ("get", "create"),
    "serviceaccounts/token": ("create",),
    "mutatingwebhookconfigurations": _CHANGING,
    "validatingwebhookconfigurations": _CHANGING,
    "certificatesigningrequests/approval": ("update", "patch"),
}
"""Resources, and the verbs on them, by which somebody has the rights of others."""
_EVERYONE: Final = (
    "system:anonymous", "system:unauthenticated", "system:authenticated", "system:serviceaccounts", "system:masters",
)  # fmt: skip
_ADMIN: Final = ("cluster-admin", "system:masters")
_MAP: Final = "aws-auth"
_MAPPED: Final = ("mapRoles", "mapUsers", "mapAccounts")
_INGRESS: Final = "alb.ingress.kubernetes.io/scheme"
_INTERNAL: Final = {
    "service.beta.kubernetes.io/aws-load-balancer-internal": ("true", "0.0.0.0/0"),
    "service.beta.kubernetes.io/aws-load-balancer-scheme": ("internal",),
}


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
    on=EVERY_KUBERNETES,
    severity=Severity.HIGH,
    controls=("CKV_K8S_49", "CKV_K8S_157", "CKV_K8S_158", "NIST-AC-6"),
    url=_RBAC,
    remediation="name the API groups, resources and verbs",
    guards=("rules", "aggregationRule"),
)
def rbac_named(role: Resource, _settings: Settings) -> Iterator[str]:
    """Roles name what they allow, and give nobody more than the role itself.

    A star covers what a later version of the API brings. Who may escalate, bind or impersonate has every right. Who
    reads the secrets of all namespaces, runs commands in pods, makes tokens of service accounts, reaches nodes or sets
    webhooks has the rights of others.
    """
    if kind_of(role) not in ("ClusterRole", "Role"):
        return
    for selector in role.blocks("aggregationRule.clusterRoleSelectors"):
        if not selector.has("matchLabels") and not selector.has("matchExpressions"):
            yield f"{selector.path} takes every role in; allowed: labels"
    for rule in role.blocks("rules"):
        keys = ("apiGroups", "resources", "verbs", "nonResourceURLs")
        stars = [key for key in keys if any("*" in str(each) for each in rule.list(key))]
        if stars:
            yield f"{rule.path}: {show(stars)} hold '*'; allowed: names"
        rising = [verb for verb in _RISING if verb in rule.list("verbs")]
        if rising:
            yield f"{rule.path}.verbs are {show(rising)}; allowed: none that gives more rights than its own"
        reaching = [] if rule.list("resourceNames") else _reaching(rule, whole=kind_of(role) == "ClusterRole")
        if reaching:
            yield f"{rule.path}.resources are {show(reaching)} of all; allowed: named ones, by resourceNames"


def _reaching(rule: Block, *, whole: bool) -> list[str]:
    """Return the resources by which a rule reaches secrets, nodes or the pods of others."""
    verbs = {str(verb) for verb in rule.list("verbs")}
    named = [str(each) for each in rule.list("resources")]
    found = [each for each in named if not verbs.isdisjoint(_REACHING.get(each, ()))]
    return [*found, *(each for each in named if whole and each in _SECRETS and not verbs.isdisjoint(_READING))]


def _maps_masters(one: Resource) -> bool:
    texts = (text for key in _MAPPED for _, text in one.each(f"data.{key}"))
    return one.get("metadata.name") == _MAP and any(_ADMIN[1] in str(text) for text in texts)


@resource_rule(
    "kubernetes-no-cluster-admin",
    on=EVERY_KUBERNETES,
    severity=Severity.CRITICAL,
    controls=("NIST-AC-6",),
    url=_RBAC,
    remediation="bind a role with the rights that the work needs, to a service account or a group of its own",
    guards=("roleRef", "subjects"),
)
def no_cluster_admin(binding: Resource, _settings: Settings) -> Iterator[str]:
    """Nobody is bound to cluster-admin, and nothing is bound to everyone.

    Administrators of a cluster come by access entries of EKS, which CloudTrail and IAM know.
    """
    if kind_of(binding) == "ConfigMap" and _maps_masters(binding):
        yield f"data maps somebody to {_ADMIN[1]}; allowed: access entries of EKS"
    if kind_of(binding) not in ("ClusterRoleBinding", "RoleBinding"):
        return
    if binding.get("roleRef.name") in _ADMIN:
        yield f"roleRef.name is {show(binding.get('roleRef.name'))}; allowed: a role of named rights"
    for subject in binding.blocks("subjects"):
        name = str(subject.get("name"))
        if name in _EVERYONE:
            yield f"{subject.path}.name is {name}; allowed: named users, groups and service accounts"


@resource_rule(
    "kubernetes-service-internal",
    on=EVERY_KUBERNETES,
    severity=Severity.HIGH,
    controls=("NIST-SC-7",),
    url="https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",
    remediation="use type ClusterIP behind the load balancer of the program, or an internal scheme",
    guards=("spec", "metadata"),
)
def service_internal(service: Resource, _settings: Settings) -> Iterator[str]:
    """Services open nothing to the internet beside the program's own load balancers.

    A controller makes such a balancer: no rule on balancers, groups and firewalls sees it. One that is internal, or
    lets in named blocks only, is fine.
    """
    if kind_of(service) == "Ingress" and _annotations(service).get(_INGRESS) == "internet-facing":
        yield f"metadata.annotations: {_INGRESS} is internet-facing; allowed: internal"
    if kind_of(service) != "Service":
        return
    if service.list("spec.externalIPs"):
        yield f"spec.externalIPs is {show(service.get('spec.externalIPs'))}; allowed: none"
    if service.get("spec.type") != "LoadBalancer" or _is_internal(service):
        return
    blocks = service.list("spec.loadBalancerSourceRanges")
    if not blocks or are_world(network(block) for block in blocks):
        yield "spec.type is LoadBalancer, open to the internet; allowed: ClusterIP, an internal one, or named blocks"


def _is_internal(service: Resource) -> bool:
    annotations = _annotations(service)
    return any(str(annotations.get(key)).lower() in values for key, values in _INTERNAL.items())


def _annotations(one: Resource) -> Mapping[str, object]:
    found = one.get("metadata.annotations")
    return found if isinstance(found, Mapping) else {}


@resource_rule(
    "kubernetes-network-policy-narrow",
    on=EVERY_KUBERNETES,
    severity=Severity.MEDIUM,
    controls=("NIST-SC-7",),
    url="https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    remediation="say from whom, or select the pods that serve the world",
    guards=("spec",),
)
def policy_narrow(policy: Resource, _settings: Settings) -> Iterator[str]:
    """Network policies do not let everyone reach every pod of a namespace."""
    if kind_of(policy) != "NetworkPolicy" or policy.get("spec.podSelector") not in (None, {}):
        return
    for rule in policy.blocks("spec.ingress"):
        cidrs = [value for _, value in rule.each("from.ipBlock.cidr") if isinstance(value, str)]
        if not rule.has("from") or are_world(map(network, cidrs)):
            yield f"{rule.path} admits everyone to every pod; allowed: named sources, or selected pods"


RULES: Final[tuple[Rule, ...]] = (
    own_namespace,
    rbac_named,
    no_cluster_admin,
    service_internal,
    policy_narrow,
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
