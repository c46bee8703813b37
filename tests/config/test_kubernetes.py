"""The Kubernetes layer's settings: what is named exists, what is needed is there."""

from __future__ import annotations

import pytest

from config import ConfigError
from tests.config.stackfile import SETTINGS, accepted, judged, refused

ADDON = {
    "cert-manager": "        cert-manager: {version: v1.20.2-eksbuild.2}\n",
    "aws-ebs-csi-driver": "        aws-ebs-csi-driver: {version: v1.63.1-eksbuild.1}\n",
    "aws-secrets-store-csi-driver-provider": (
        "        aws-secrets-store-csi-driver-provider: {version: v3.1.3-eksbuild.1}\n"
    ),
}
IMAGE = "image: public.ecr.aws/eks/aws-load-balancer-controller:v2.14.1"


@pytest.mark.parametrize("addon", list(ADDON))
def test_an_addon_that_the_layer_builds_on_is_required(addon: str) -> None:
    assert refused((ADDON[addon], "")).keys() == {f"cluster.addons.{addon}"}


@pytest.mark.parametrize(
    ("swap", "path", "what"),
    [
        (("network_policies: true", "network_policies: false"), "cluster.network_policies", "do nothing"),
        (("priority: pooling", "priority: pool"), "kubernetes.pgbouncer.priority", "not in kubernetes"),
        (("namespace: pooling", "namespace: pool"), "kubernetes.pgbouncer.namespace", "not in kubernetes"),
        (('reach: [https, api]\n          quota: {cpu: "8"', 'reach: [https]\n          quota: {cpu: "8"'),
         "kubernetes.namespaces.platform.reach", "does not reach"),
        (("{type: gp3, default: true}", "{type: gp3}"), "kubernetes.storage_classes", "not one default"),
        (("{type: io2, iops: 16000, retain: true}", "{type: io2}"), "kubernetes.storage_classes.validator.iops",
         "io2 needs IOPS"),
        (("cluster-autoscaler:v1.35.2@", "cluster-autoscaler:v1.34.2@"), "kubernetes.cluster_autoscaler.image",
         "not for Kubernetes 1.35"),
        (("        application: {namespace: phoenix, service_account: phoenix-app}\n", ""), "kubernetes.application",
         "has no identity"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(swap: tuple[str, str], path: str, what: str) -> None:
    found = refused(swap)
    assert what in found[path].what
    assert [one for one in found if one.startswith(("kubernetes", "cluster"))] == [path], "one slip, one line"


@pytest.mark.parametrize(
    "image",
    [
        "public.ecr.aws/eks/aws-load-balancer-controller",
        "aws-load-balancer-controller:v2.14.1",
        "public.ecr.aws/eks/aws-load-balancer-controller:latest",
        "public.ecr.aws/eks/aws-load-balancer-controller@sha256:12",
    ],
)
def test_an_image_without_registry_or_exact_version_is_refused(image: str) -> None:
    with pytest.raises(ConfigError, match=r"load_balancer_controller\.image"):
        accepted((IMAGE, f"image: {image}"))


MADE = ("default", "kube-system", "kube-public", "kube-node-lease", "kube-own", "cert-manager", "aws-secrets-manager")


@pytest.mark.parametrize("name", MADE)
def test_a_namespace_that_the_cluster_or_an_addon_makes_is_refused(name: str) -> None:
    spaces = SETTINGS["kubernetes"]["namespaces"]
    small = spaces["platform"] | {"quota": spaces["platform"]["quota"] | {"pods": 1}}
    assert f"kubernetes.namespaces.{name}" in judged({"kubernetes.namespaces": spaces | {name: small}})


def test_without_its_addon_a_namespace_is_anybodys() -> None:
    addons = {name: one for name, one in SETTINGS["cluster"]["addons"].items() if name != "cert-manager"}
    spaces = SETTINGS["kubernetes"]["namespaces"]
    changes = {"cluster.addons": addons, "kubernetes.namespaces": spaces | {"cert-manager": spaces["platform"]}}
    assert "kubernetes.namespaces.cert-manager" not in judged(changes)


@pytest.mark.parametrize("port", [80, 8080, 8443])
def test_a_port_that_no_group_opens_is_refused(port: int) -> None:
    assert judged({"kubernetes.application.port": port}) == {"kubernetes.application.port"}


AGENTS = "kubernetes.namespaces.amazon-cloudwatch"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pod_security", "baseline"),
        ("webhook_ports", []),
        ("webhook_ports", [443]),
        ("reach", ["https"]),
        ("reach", ["api"]),
        ("quota.pods", 188),
    ],
)
def test_a_namespace_that_stops_cloudwatchs_agents_is_refused(field: str, value: object) -> None:
    assert judged({f"{AGENTS}.{field}": value}) == {f"{AGENTS}.{field}"}


def test_the_agents_have_two_pods_on_each_node_one_more_with_gpus_and_an_operator() -> None:
    assert judged({f"{AGENTS}.quota.pods": 2 * (60 + 10 + 15 + 4) + 10 + 1}) == set()


def test_without_the_agents_their_namespace_may_be_as_it_likes() -> None:
    rest = {
        name: one for name, one in SETTINGS["cluster"]["addons"].items() if name != "amazon-cloudwatch-observability"
    }
    found = judged({"cluster.addons": rest, f"{AGENTS}.webhook_ports": []})
    assert not any(path.startswith(AGENTS) for path in found)


def test_traces_without_agents_that_take_them_are_refused() -> None:
    rest = {
        name: one for name, one in SETTINGS["cluster"]["addons"].items() if not name.startswith("amazon-cloudwatch")
    }
    assert "cluster.traces" in judged({"cluster.addons": rest, "cluster.traces": True})
    assert judged({"cluster.traces": True}) == set()


def test_pods_that_send_traces_to_nobody_are_refused() -> None:
    sends = {"kubernetes.namespaces.phoenix.reach": ["data", "https", "traces"]}
    assert judged(sends) == {"kubernetes.namespaces.phoenix.reach"}
    assert judged({**sends, "cluster.traces": True}) == set()
