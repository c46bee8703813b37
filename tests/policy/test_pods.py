"""Pods in every kind that carries one, and the ways in which one takes its node, or a binding the cluster."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from policy.rules import kubernetes, pods
from tests.policy.cases.kubernetes import CONTAINER
from tests.policy.harness import UNKNOWN, Made, findings, offline

POD: dict[str, Any] = {"containers": [CONTAINER]}
TEMPLATE = {"template": {"spec": POD}}
KINDS: dict[str, dict[str, Any]] = {
    "core/v1:Pod": {"spec": POD},
    "core/v1:PodPatch": {"spec": POD},
    "core/v1:PodList": {"items": [{"spec": POD}]},
    "core/v1:PodTemplate": TEMPLATE,
    "core/v1:ReplicationController": {"spec": TEMPLATE},
    "apps/v1:ReplicaSet": {"spec": TEMPLATE},
    "apps/v1:Deployment": {"spec": TEMPLATE},
    "apps/v1:DeploymentPatch": {"spec": TEMPLATE},
    "apps/v1:DeploymentList": {"items": [{"spec": TEMPLATE}]},
    "apps/v1:StatefulSet": {"spec": TEMPLATE},
    "apps/v1:DaemonSet": {"spec": TEMPLATE},
    "batch/v1:Job": {"spec": TEMPLATE},
    "batch/v1:CronJob": {"spec": {"jobTemplate": {"spec": TEMPLATE}}},
    "batch/v1beta1:CronJob": {"spec": {"jobTemplate": {"spec": TEMPLATE}}},
    "serving.knative.dev/v1:Service": {"spec": TEMPLATE},
    "argoproj.io/v1alpha1:Rollout": {"spec": TEMPLATE},
    "argoproj.io/v1alpha1:Workflow": {"spec": {"templates": [{"name": "a", "container": CONTAINER}]}},
    "kubeflow.org/v1:PyTorchJob": {"spec": {"pytorchReplicaSpecs": {"Worker": TEMPLATE}}},
    "monitoring.coreos.com/v1:Prometheus": {"spec": POD},
}


def made(kind: str, spec: dict[str, Any]) -> Made:
    """Return an object of a kind with another specification of its pods."""

    def put(value: Any) -> Any:  # noqa: ANN401 inputs have any shape
        if value is POD:
            return spec
        if value is CONTAINER:
            return spec["containers"][0]
        if isinstance(value, dict):
            return {key: put(below) for key, below in value.items()}
        return [put(below) for below in value] if isinstance(value, list) else value

    return Made(type=f"kubernetes:{kind}", inputs={"metadata": {"namespace": "shop"}, **put(KINDS[kind])})


def container(**security: object) -> dict[str, Any]:
    one = copy.deepcopy(CONTAINER)
    one["securityContext"] = {**one["securityContext"], **security}  # type: ignore[dict-item]
    return {"containers": [one]}


JUDGING = {rule.name for rule in (*pods.RULES, *kubernetes.RULES)} - {"kubernetes-pods-restricted"}


def broken(one: Made) -> set[str]:
    """Return the rules on pods and objects that speak; that a kind is a door is said elsewhere."""
    return {finding.rule.name for finding in findings([one])} & JUDGING


@pytest.mark.parametrize("kind", KINDS)
def test_a_privileged_container_is_found_in_every_kind(kind: str) -> None:
    assert broken(made(kind, container(privileged=True))) == {"kubernetes-no-privilege"}
    assert broken(made(kind, POD)) == set()


HOST = {"kubernetes-no-host-namespaces"}
NODE = {"kubernetes-no-host-path"}
PRIVILEGE = {"kubernetes-no-privilege"}
CAPABLE = {"kubernetes-no-capabilities"}
ROOT = {"kubernetes-not-root"}


@pytest.mark.parametrize(
    ("spec", "rules"),
    [
        ({**POD, "hostNetwork": True}, HOST),
        ({**POD, "hostPID": True}, HOST),
        ({**POD, "hostIPC": "true"}, HOST),
        ({"containers": [{**CONTAINER, "ports": [{"containerPort": 80, "hostPort": 80}]}]}, HOST),
        ({**POD, "volumes": [{"hostPath": {"path": "/"}}]}, NODE),
        ({**POD, "volumes": [{"emptyDir": {}}, {"hostPath": {"path": "/var/run/docker.sock"}}]}, NODE),
        ({**POD, "volumes": [{"hostPath": {"path": "/run/containerd/containerd.sock"}}]}, NODE),
        ({**POD, "volumes": [{"hostPath": {"path": UNKNOWN}}]}, NODE),
        (container(privileged="true"), PRIVILEGE),
        (container(allowPrivilegeEscalation=True), PRIVILEGE),
        (container(procMount="Unmasked"), PRIVILEGE),
        (container(windowsOptions={"hostProcess": True}), PRIVILEGE),
        (container(capabilities={"add": ["SYS_ADMIN"]}), CAPABLE),
        (container(capabilities={"add": ["ALL"]}), CAPABLE),
        (container(capabilities={"add": ["CAP_SYS_PTRACE"]}), CAPABLE),
        (container(capabilities={"add": ["NET_BIND_SERVICE", "NET_ADMIN"]}), CAPABLE),
        (container(seccompProfile={"type": "Unconfined"}), CAPABLE),
        (container(runAsUser=0), ROOT),
        (container(runAsUser=0.0, runAsNonRoot=True), ROOT),
        (container(runAsNonRoot=False), ROOT),
        ({"containers": [{**CONTAINER, "securityContext": {"allowPrivilegeEscalation": False}}]}, ROOT),
        ({**container(runAsNonRoot=None), "securityContext": {"runAsUser": 0}}, ROOT),
        ({"containers": [CONTAINER], "initContainers": container(privileged=True)["containers"]}, PRIVILEGE),
        ({"containers": [CONTAINER], "ephemeralContainers": container(privileged=True)["containers"]}, PRIVILEGE),
    ],
)
def test_what_takes_the_node_is_found(spec: dict[str, Any], rules: set[str]) -> None:
    assert {f.rule.name for f in findings([made("apps/v1:Deployment", spec)]) if f.level == "mandatory"} == rules


@pytest.mark.parametrize(
    "spec",
    [
        {**container(runAsNonRoot=None), "securityContext": {"runAsNonRoot": True}},
        container(runAsUser=1000, runAsNonRoot=None),
        {**POD, "volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]},
        {**POD, "hostNetwork": False},
    ],
)
def test_what_the_pod_says_holds_for_its_containers(spec: dict[str, Any]) -> None:
    assert broken(made("apps/v1:Deployment", spec)) == set()


def test_a_patch_is_judged_by_what_it_says() -> None:
    patch = Made(type="kubernetes:apps/v1:DeploymentPatch", inputs={"spec": {"template": {"spec": {"containers": [
        {"name": "web", "env": [{"name": "A", "value": "b"}]}]}}}})  # fmt: skip
    assert broken(patch) == set()


def test_a_workload_of_which_the_pod_is_not_known_is_not_silent() -> None:
    for inputs in ({"spec": UNKNOWN}, {"spec": {"template": UNKNOWN}}, {"spec": {"template": {"spec": UNKNOWN}}}):
        assert (
            offline("kubernetes-no-privilege", [Made(type="kubernetes:apps/v1:Deployment", inputs=inputs)]) == "unknown"
        )


def test_the_schema_of_a_custom_resource_is_no_pod() -> None:
    schema = {"properties": {"containers": {"type": "array", "items": {"type": "object"}, "description": "name"}}}
    definition = {"spec": {"versions": [{"schema": {"openAPIV3Schema": schema}}]}}
    made = Made(type="kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", inputs=definition)
    assert broken(made) == set()


def test_a_volume_of_the_cluster_leads_to_no_node() -> None:
    volume = Made(type="kubernetes:core/v1:PersistentVolume", inputs={"spec": {"hostPath": {"path": "/"}}})
    assert broken(volume) == NODE


@pytest.mark.parametrize("kind", ["ClusterRoleBinding", "RoleBinding", "ClusterRoleBindingPatch"])
@pytest.mark.parametrize(
    "inputs",
    [
        {"roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}, "subjects": []},
        {"roleRef": {"name": "view"}, "subjects": [{"kind": "Group", "name": "system:authenticated"}]},
        {"roleRef": {"name": "view"}, "subjects": [{"kind": "User", "name": "system:anonymous"}]},
        {"roleRef": {"name": "view"}, "subjects": [{"name": "a"}, {"kind": "Group", "name": "system:serviceaccounts"}]},
        {"roleRef": {"name": "view"}, "subjects": [{"kind": "Group", "name": "system:masters"}]},
    ],
    ids=range(5),
)
def test_a_binding_to_everything_or_everyone_is_found(kind: str, inputs: dict[str, Any]) -> None:
    assert broken(Made(type=f"kubernetes:rbac.authorization.k8s.io/v1:{kind}", inputs=inputs)) == {
        "kubernetes-no-cluster-admin"
    }


@pytest.mark.parametrize(
    "rule",
    [
        {"apiGroups": ["*"], "resources": ["pods"], "verbs": ["get"]},
        {"apiGroups": [""], "resources": ["*"], "verbs": ["get"]},
        {"apiGroups": [""], "resources": ["pods/*"], "verbs": ["get"]},
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["*"]},
        {"nonResourceURLs": ["*"], "verbs": ["get"]},
        {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "verbs": ["escalate"]},
        {"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["get", "bind"]},
        {"apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"]},
    ],
    ids=range(8),
)
def test_a_role_that_allows_more_than_it_names_is_found(rule: dict[str, Any]) -> None:
    for type_ in ("rbac.authorization.k8s.io/v1:ClusterRole", "rbac.authorization.k8s.io/v1beta1:Role"):
        assert broken(Made(type=f"kubernetes:{type_}", inputs={"rules": [rule]})) == {"kubernetes-rbac-named"}


def test_an_ingress_that_opens_a_balancer_of_its_own_is_found() -> None:
    for scheme, rules in (("internet-facing", {"kubernetes-service-internal"}), ("internal", set())):
        annotations = {"alb.ingress.kubernetes.io/scheme": scheme}
        made = Made(type="kubernetes:networking.k8s.io/v1:Ingress", inputs={"metadata": {"annotations": annotations}})
        assert broken(made) == rules


BALANCED = {"type": "LoadBalancer"}
INTERNAL = {"annotations": {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internal"}}


@pytest.mark.parametrize(
    ("inputs", "rules"),
    [
        ({"spec": BALANCED}, 1),
        ({"spec": {**BALANCED, "loadBalancerSourceRanges": ["0.0.0.0/1", "128.0.0.0/1"]}}, 1),
        ({"spec": {"type": "ClusterIP", "externalIPs": ["203.0.113.7"]}}, 1),
        ({"spec": BALANCED, "metadata": {"annotations": {"other": "internal"}}}, 1),
        ({"spec": BALANCED, "metadata": INTERNAL}, 0),
        ({"spec": {**BALANCED, "loadBalancerSourceRanges": ["203.0.113.0/24"]}}, 0),
        ({"spec": {"type": "NodePort"}}, 0),
        ({"spec": {}}, 0),
    ],
    ids=range(8),
)
def test_a_service_that_opens_a_balancer_of_its_own_is_found(inputs: dict[str, Any], rules: int) -> None:
    service = Made(type="kubernetes:core/v1:Service", inputs=inputs)
    assert len(broken(service) & {"kubernetes-service-internal"}) == rules
