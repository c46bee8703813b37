"""What each part of the layer is for."""

from __future__ import annotations

import hashlib
import json
import ssl
from typing import TYPE_CHECKING, Any

import pytest

from components.kubernetes.pgbouncer import authority
from config.facts.regions import regions
from tests.components.kubernetes.conftest import ADDRESS, OTHERS_SECRET, known
from tests.components.kubernetes.objects import containers, of_kind, workloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.stack import StackConfig
    from review.graph import Graph

SPACES = ("phoenix", "pooling", "platform", "amazon-cloudwatch")


def _egress(layer: Graph, namespace: str) -> dict[str, Any]:
    policies = of_kind(layer, "NetworkPolicy")
    return {
        name.split("/")[1]: policy["spec"]["egress"]
        for name, policy in policies.items()
        if name.startswith(f"{namespace}/") and "egress" in policy["spec"]
    }


@pytest.mark.parametrize("space", SPACES)
def test_a_namespace_is_shut_by_default(layer: Graph, space: str) -> None:
    policy = of_kind(layer, "NetworkPolicy")[f"{space}/default-deny"]["spec"]
    assert policy == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}, "all pods, both ways, no exception"


@pytest.mark.parametrize("space", SPACES)
def test_a_namespace_is_bounded_and_has_defaults(layer: Graph, space: str) -> None:
    hard = of_kind(layer, "ResourceQuota")[f"{space}/quota"]["spec"]["hard"]
    assert {"requests.cpu", "requests.memory", "limits.memory", "pods"} <= hard.keys()
    assert hard["services.loadbalancers"] == "0", "the edge has the one way in"
    (limit,) = of_kind(layer, "LimitRange")[f"{space}/defaults"]["spec"]["limits"]
    assert {"default", "defaultRequest"} <= limit.keys(), "else a pod that says nothing is refused by the quota"


def test_pod_security_is_restricted_but_where_the_stack_file_says_otherwise(layer: Graph) -> None:
    levels = {
        name: space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for name, space in of_kind(layer, "Namespace").items()
    }
    assert levels == {
        "phoenix": "restricted",
        "pooling": "restricted",
        "platform": "restricted",
        "amazon-cloudwatch": "privileged",
    }


def test_pods_reach_what_their_namespace_names_and_nothing_else(layer: Graph) -> None:
    always = {"same-namespace", "dns", "pod-identity"}
    assert _egress(layer, "phoenix").keys() == {*always, "reach-data", "reach-https"}
    assert _egress(layer, "platform").keys() == {*always, "reach-https", "reach-api"}
    data = _egress(layer, "phoenix")["reach-data"]
    assert data == [
        {
            "to": [{"ipBlock": {"cidr": "10.0.0.0/16"}}],
            "ports": [{"port": 5432, "protocol": "TCP"}, {"port": 6379, "protocol": "TCP"}],
        }
    ]


def test_the_api_server_reaches_the_webhooks_of_a_namespace_and_nothing_else_in_it(layer: Graph) -> None:
    policies = of_kind(layer, "NetworkPolicy")
    spec = policies["amazon-cloudwatch/webhooks"]["spec"]
    source = [{"ipBlock": {"cidr": "10.0.0.0/16"}}]
    assert spec["ingress"] == [{"from": source, "ports": [{"port": 9443, "protocol": "TCP"}]}]
    assert [name for name in policies if name.endswith("/webhooks")] == ["amazon-cloudwatch/webhooks"]


def test_one_encrypted_class_is_the_default_and_waits_for_the_pod(layer: Graph) -> None:
    found = of_kind(layer, "StorageClass")
    defaults = [
        name
        for name, one in found.items()
        if one["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
    ]
    assert defaults == ["standard"]
    for one in found.values():
        assert (one["parameters"]["encrypted"], one["parameters"]["kmsKeyId"]) == ("true", "key-cluster")
        assert one["volumeBindingMode"] == "WaitForFirstConsumer", "a volume in another zone is of no use to the pod"
    assert found["validator"]["parameters"]["iops"] == "16000"
    assert found["validator"]["reclaimPolicy"] == "Retain", "a chain's data outlives its claim"


def test_the_autoscaler_finds_groups_by_the_tag_that_the_node_groups_set(layer: Graph) -> None:
    (one,) = containers(workloads(layer)["platform/cluster-autoscaler"])
    assert "--node-group-auto-discovery=asg:tag=platform/cluster-autoscaler=phoenix-prod" in one["args"]


def test_the_autoscaler_may_resize_tagged_groups_only(layer: Graph) -> None:
    policy = json.loads(layer.named("kubernetes-cluster-autoscaler-pods-policy").inputs["policy"])
    writing = [
        one for one in policy["Statement"] if any(":Describe" not in act and ":Get" not in act for act in one["Action"])
    ]
    assert [one["Sid"] for one in writing] == ["ResizeItsGroups"]
    assert writing[0]["Condition"] == {
        "StringEquals": {"aws:ResourceTag/platform/cluster-autoscaler": "phoenix-prod"}
    }, "a group with scaling policies is out of its reach"


def test_the_controller_may_change_targets_of_the_stacks_target_group_only(layer: Graph) -> None:
    policy = json.loads(layer.named("kubernetes-load-balancer-controller-pods-policy").inputs["policy"])
    writing = [one for one in policy["Statement"] if one["Resource"] != ["*"]]
    assert [(one["Action"], one["Resource"]) for one in writing] == [
        (["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"], ["target_group_arn"])
    ]


def test_the_applications_pods_become_targets_by_their_addresses(layer: Graph, settings: StackConfig) -> None:
    binding = of_kind(layer, "TargetGroupBinding")["phoenix/application"]["spec"]
    service = of_kind(layer, "Service")["phoenix/application"]["spec"]
    assert binding["serviceRef"] == {"name": "application", "port": 443}
    assert (binding["targetGroupARN"], binding["targetType"]) == ("target_group_arn", "ip")
    assert settings.kubernetes
    assert settings.kubernetes.application
    assert service["selector"] == settings.kubernetes.application.selector


def test_a_binding_comes_after_its_definition_and_goes_before_it(layer: Graph) -> None:
    binding = layer.named("kubernetes-targetgroupbinding-application")
    definition = layer.named(
        "kubernetes-load-balancer-controller-customresourcedefinition-targetgroupbindings.elbv2.k8s.aws"
    )
    assert definition.urn in binding.dependencies


def test_without_an_edge_there_is_no_way_in_and_no_controller(record_layer: Callable[..., Graph]) -> None:
    alone = record_layer(edge=None)
    assert of_kind(alone, "TargetGroupBinding") == {}
    assert "platform/aws-load-balancer-controller" not in workloads(alone)
    assert "phoenix/application" in of_kind(alone, "Service"), "the rest of the application's things stay"


def test_gpu_nodes_and_no_others_run_the_device_plugin(layer: Graph) -> None:
    pod = workloads(layer)["kube-system/nvidia-device-plugin"]["spec"]["template"]["spec"]
    (term,) = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"][0]["values"] == ["g5.2xlarge", "g6.2xlarge"]
    assert pod["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists"}], "the group's own taint"


def test_pgbouncer_pools_transactions_and_verifies_the_database(layer: Graph) -> None:
    lines = of_kind(layer, "ConfigMap")["pooling/pgbouncer"]["data"]["pgbouncer.ini"].splitlines()
    assert f"phoenix = host={ADDRESS} port=5432 dbname=phoenix" in lines
    assert {"pool_mode = transaction", "server_tls_sslmode = verify-full", "client_tls_sslmode = require"} <= set(lines)


def test_the_pooled_users_password_stands_in_no_manifest(layer: Graph) -> None:
    secrets = of_kind(layer, "Secret")
    assert secrets == {}, "pods read it from Secrets Manager"
    provider = of_kind(layer, "SecretProviderClass")["pooling/pgbouncer"]["spec"]["parameters"]
    assert provider["usePodIdentity"] == "true"
    paths = [one["path"] for one in json.loads(provider["objects"])[0]["jmesPath"]]
    assert paths == ["username", "password"], "each becomes a file"


def test_pgbouncer_may_read_its_secret_and_no_other(layer: Graph) -> None:
    policy = json.loads(layer.named("kubernetes-pgbouncer-pods-policy").inputs["policy"])
    read, opened = policy["Statement"]
    assert read["Resource"] == [layer.named("kubernetes-pgbouncer-login-secret").outputs["arn"]]
    assert opened["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}


def test_a_standby_uses_the_replica_of_its_primarys_secret(record_layer: Callable[..., Graph]) -> None:
    follower = record_layer(pooler_secret_arn=lambda: known(OTHERS_SECRET))
    assert follower.any_of_type("aws:secretsmanager/secret:Secret") == (), (
        "the replicated user has the primary's password"
    )
    provider = of_kind(follower, "SecretProviderClass")["pooling/pgbouncer"]["spec"]["parameters"]
    assert json.loads(provider["objects"])[0]["objectName"] == OTHERS_SECRET


def test_only_the_application_reaches_pgbouncer(layer: Graph) -> None:
    (rule,) = of_kind(layer, "NetworkPolicy")["pooling/clients"]["spec"]["ingress"]
    assert rule["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "phoenix"}}}]
    assert rule["ports"] == [{"port": 6432, "protocol": "TCP"}]


def test_a_new_address_restarts_the_pods(layer: Graph, record_layer: Callable[..., Graph]) -> None:
    def digest(graph: Graph) -> str:
        template = workloads(graph)["pooling/pgbouncer"]["spec"]["template"]
        return str(template["metadata"]["annotations"]["platform/configuration"])

    assert digest(layer) != digest(record_layer(database="other")), "a mounted file alone changes nothing that runs"


ROOTS = {code: path for code, region in regions().items() if (path := region.rds_root())}


@pytest.mark.parametrize("region", ROOTS)
def test_the_certificate_of_a_region_is_the_root_of_its_databases(region: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ROOTS[region])
    (one,) = context.get_ca_certs()
    name = ("commonName", f"Amazon RDS {region} Root CA RSA2048 G1")
    assert name in [pair for part in one["subject"] for pair in part]
    assert one["issuer"] == one["subject"], "nobody else vouches for a root"
    assert authority(region) == ROOTS[region].read_text(encoding="ascii")


@pytest.mark.parametrize(
    ("region", "fingerprint"),
    [
        ("us-east-1", "e4ce41d069f4bdcdb714259058961ee42ed18cf2bf627a3d647aff25437d4b68"),
        ("us-west-2", "86e22f41c79b0de5777054189cfadbddf633a8a1dc09ef134db07a756e494abe"),
    ],
)
def test_a_trust_anchor_is_not_changed_by_the_way(region: str, fingerprint: str) -> None:
    found = ssl.PEM_cert_to_DER_cert(ROOTS[region].read_text(encoding="ascii"))
    assert hashlib.sha256(found).hexdigest() == fingerprint


def test_a_region_without_certificate_is_named() -> None:
    assert len(ROOTS) == 27
    with pytest.raises(ValueError, match="no root certificate of RDS in mx-central-1"):
        authority("mx-central-1")
