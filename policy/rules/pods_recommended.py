"""What checkers recommend for pods beyond what they must not do: advice, as images and protocols have their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.pods import kind_of
from policy.rule import Breach, Level, Rule, Severity, resource_rule, stack_rule
from policy.tokens import EVERY_KUBERNETES
from policy.values import Mark, plain, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_SERVING: Final = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"})
"""Kinds whose pods others wait for. An agent of nodes serves nobody, and a job ends."""
_NAMESPACES: Final = ("kubernetes:core/v1:Namespace",)
_POLICIES: Final = ("kubernetes:networking.k8s.io/v1:NetworkPolicy",)
_GUARDS: Final = ("spec",)


@resource_rule(
    "kubernetes-root-read-only",
    on=EVERY_KUBERNETES,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("CKV_K8S_22",),
    url="https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    remediation="set securityContext.readOnlyRootFilesystem=True, and mount an emptyDir where the program writes",
    guards=_GUARDS,
)
def root_read_only(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Containers cannot write to the file system of their image.

    Who breaks into one cannot leave a program there. Patches and Windows apart, which say nothing or cannot.
    """
    for pod in holder.pods:
        for one in () if pod.is_patch else pod.containers:
            written = one.get("securityContext.readOnlyRootFilesystem")
            if not same(written, wanted=True) and pod.spec.get("os.name") != "windows":
                yield f"{one.path}.securityContext.readOnlyRootFilesystem is {show(written)}; allowed: true"


@resource_rule(
    "kubernetes-probes",
    on=EVERY_KUBERNETES,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("CKV_K8S_8", "CKV_K8S_9"),
    url="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    remediation="set livenessProbe and readinessProbe",
    guards=_GUARDS,
)
def probes(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Containers of pods that serve say whether they live, and whether they are ready.

    Without readiness a rollout sends requests to pods that have not started. A sidecar that is an init container and an
    ephemeral container need none.
    """
    for pod in holder.pods if kind_of(holder) in _SERVING else ():
        for one in () if pod.is_patch else pod.spec.blocks("containers"):
            if missing := [each for each in ("livenessProbe", "readinessProbe") if not one.has(each)]:
                yield f"{one.path} lacks {show(missing)}; allowed: both"


@resource_rule(
    "kubernetes-no-default-token",
    on=EVERY_KUBERNETES,
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("CKV_K8S_38",),
    url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    remediation="set automountServiceAccountToken=False, or give the pod a service account of its own",
    guards=_GUARDS,
)
def no_default_token(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Pods carry a token of the Kubernetes API only where they have a service account of their own.

    Otherwise they carry that of the namespace's default account, which every other pod there carries too.
    """
    for pod in holder.pods:
        own = pod.spec.get("serviceAccountName") or pod.spec.get("serviceAccount")
        mounted = pod.spec.get("automountServiceAccountToken")
        if own in (None, "default") and not same(mounted, wanted=False) and not pod.is_patch:
            yield f"{pod.spec.path}.automountServiceAccountToken is {show(mounted)}; allowed: false"


@stack_rule(
    "kubernetes-namespace-denies",
    on=_NAMESPACES,
    severity=Severity.MEDIUM,
    level=Level.ADVISORY,
    controls=("CKV2_K8S_6",),
    url="https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic",
    remediation="add a NetworkPolicy with an empty podSelector, policyTypes ['Ingress'] and no ingress",
    guards=("metadata",),
)
def namespace_denies(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Every namespace denies what no network policy allows.

    A pod that no policy selects takes connections from every pod of the cluster. Only namespaces of this stack are
    judged, by the policies of this stack.
    """
    denying = [each for each in stack.of(_POLICIES) if _denies(each)]
    for namespace in stack.of(_NAMESPACES):
        if not any(_is_in(policy, namespace) for policy in denying):
            yield Breach(namespace, "no NetworkPolicy of this stack denies by default in it; allowed: one that does")


def _denies(policy: Resource) -> bool:
    """Tell whether a policy selects every pod and lets nobody in."""
    selected = policy.get("spec.podSelector")
    everyone = selected in (None, {}) or not (policy.has("spec.podSelector.matchLabels") or policy.has(_EXPRESSIONS))
    kinds = [str(each) for each in policy.list("spec.policyTypes")]
    return everyone and "Ingress" in (kinds or ["Ingress"]) and not policy.has("spec.ingress")


_EXPRESSIONS: Final = "spec.podSelector.matchExpressions"


def _is_in(policy: Resource, namespace: Resource) -> bool:
    """Tell whether a policy stands in a namespace: by its name, or by dependency where that is not known."""
    (_, written), *_ = policy.each("metadata.namespace")
    if written is Mark.UNKNOWN:
        return policy.refers_to(namespace, "metadata")
    (_, name), *_ = namespace.each("metadata.name")
    return isinstance(written, str) and (written == plain(name) or written in namespace.identities)


RULES: Final[tuple[Rule, ...]] = (root_read_only, probes, no_default_token, namespace_denies)
