"""What every object of the layer has in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from components.kubernetes.target_definitions import BINDING, definitions
from standins.kuberender import schema
from tests.components.kubernetes.objects import containers, objects, of_kind, workloads

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

NAMES = ("platform/cluster-autoscaler", "platform/aws-load-balancer-controller", "pooling/pgbouncer")
EVERY_WORKLOAD = (*NAMES, "kube-system/nvidia-device-plugin")
CLUSTER_WIDE = {
    *("Namespace", "StorageClass", "PriorityClass", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"),
}


@pytest.mark.slow
def test_the_api_of_the_clusters_version_takes_every_object(layer: Graph, settings: StackConfig) -> None:
    assert settings.cluster.version == schema.VERSION, "the schemas must be those of the cluster"
    mistakes = {
        f"{one['kind']} {one['metadata']['name']}": [str(failure) for failure in schema.failures(one)]
        for one in objects(layer)
    }
    assert {name: found for name, found in mistakes.items() if found} == {}


def test_the_definition_of_target_group_bindings_takes_ours(layer: Graph) -> None:
    (binding,) = of_kind(layer, "TargetGroupBinding").values()
    jsonschema.validate(binding, closed(BINDING))


def closed(part: Any) -> Any:  # noqa: ANN401 any JSON schema
    """The schema with every object closed: the API server would drop what it does not know, in silence."""
    if isinstance(part, dict):
        inner = {key: closed(value) for key, value in part.items()}
        shut = {"additionalProperties": False} if "properties" in part else {}
        return inner | shut
    return [closed(one) for one in part] if isinstance(part, list) else part


def test_the_definitions_are_ones_that_the_api_takes() -> None:
    assert [str(failure) for one in definitions() for failure in schema.failures(one)] == []


def test_every_object_says_its_namespace_unless_it_has_none(layer: Graph) -> None:
    for one in objects(layer):
        has_one = bool(one["metadata"].get("namespace"))
        assert has_one is (one["kind"] not in CLUSTER_WIDE), f"{one['kind']} {one['metadata']['name']}"
        assert one["metadata"].get("namespace") != "default", "the default namespace has no bounds"


def test_the_workloads_are_those_of_the_stack_file(layer: Graph) -> None:
    assert set(workloads(layer)) == set(EVERY_WORKLOAD)


@pytest.mark.parametrize("name", EVERY_WORKLOAD)
def test_containers_are_locked(layer: Graph, name: str) -> None:
    for one in containers(workloads(layer)[name]):
        context = one["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}


@pytest.mark.parametrize("name", EVERY_WORKLOAD)
def test_containers_ask_for_and_are_bound_to_their_resources(layer: Graph, name: str) -> None:
    for one in containers(workloads(layer)[name]):
        assert set(one["resources"]["requests"]) == set(one["resources"]["limits"]) == {"cpu", "memory"}
        assert one["resources"]["requests"]["memory"] == one["resources"]["limits"]["memory"], "memory is not lent out"


@pytest.mark.parametrize("name", EVERY_WORKLOAD)
def test_images_are_exact(layer: Graph, name: str) -> None:
    for one in containers(workloads(layer)[name]):
        assert re.search(r"(:v?\d[\w.-]*|@sha256:[0-9a-f]{64})$", one["image"]), "what runs must not depend on the day"


@pytest.mark.parametrize("name", NAMES)
def test_pods_are_nobody_keep_apart_and_say_how_they_are(layer: Graph, name: str) -> None:
    pod = workloads(layer)[name]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    keys = {one["topologyKey"] for one in pod["topologySpreadConstraints"]}
    assert keys == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}, "a lost node or zone takes one"
    for one in pod["containers"]:
        assert {"livenessProbe", "readinessProbe"} <= one.keys(), one["name"]


@pytest.mark.parametrize("name", NAMES)
def test_no_update_and_no_drained_node_takes_all_pods(layer: Graph, name: str) -> None:
    workload, budget = workloads(layer)[name], of_kind(layer, "PodDisruptionBudget")[name]
    assert workload["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert budget["spec"]["maxUnavailable"] < workload["spec"]["replicas"]
    selector = workload["spec"]["template"]["metadata"]["labels"]
    assert budget["spec"]["selector"]["matchLabels"] == selector, "else the budget bounds nothing"


@pytest.mark.parametrize("name", NAMES)
def test_priorities_and_service_accounts_that_are_named_exist(layer: Graph, name: str) -> None:
    pod = workloads(layer)[name]["spec"]["template"]["spec"]
    assert pod["priorityClassName"] in of_kind(layer, "PriorityClass")
    assert f"{name.partition('/')[0]}/{pod['serviceAccountName']}" in of_kind(layer, "ServiceAccount")


def test_tokens_of_the_api_are_for_controllers_only(layer: Graph) -> None:
    for name, workload in workloads(layer).items():
        wanted = name.startswith("platform/")
        assert workload["spec"]["template"]["spec"]["automountServiceAccountToken"] is wanted, name


def test_no_rule_is_a_wildcard(layer: Graph) -> None:
    for role in (of_kind(layer, "ClusterRole") | of_kind(layer, "Role")).values():
        for rule in role["rules"]:
            assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]], role["metadata"]["name"]
            assert "secrets" not in rule["resources"], "no controller here needs a secret of the API"


def test_all_goes_through_the_provider_of_the_stacks_cluster(layer: Graph) -> None:
    (provider,) = layer.of_type("pulumi:providers:kubernetes")
    for resource in layer.resources:
        if resource.type.startswith("kubernetes:"):
            assert resource.provider == provider.urn, f"{resource.name} would land in another cluster"


def test_the_cluster_is_named_so_that_no_preview_takes_it_for_another(layer: Graph) -> None:
    (provider,) = layer.of_type("pulumi:providers:kubernetes")
    named = str(provider.inputs["clusterIdentifier"])
    assert named.startswith("arn:aws:eks:us-east-1:"), "the ARN, known before the cluster stands"
    assert not provider.property_dependencies.get("clusterIdentifier"), "what it waits for could make it unknown"
