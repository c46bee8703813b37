from __future__ import annotations

import re

import pytest
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.rpc import UNKNOWN

from standins.tests.kuberender import service as given
from standins.tests.kuberender.service import Object, Service, secret

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
NAMING = provider_pb2.CheckRequest.AutonamingOptions


def deployment(**metadata: object) -> Object:
    """A deployment that an API server would take."""
    pods = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}
    spec = {"replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": pods}
    return given.deployment(**metadata) | {"spec": spec}


def failures(token: str, news: Object, service: Service | None = None) -> list[str]:
    return (service or Service()).check(token, news)[1]


def test_an_object_that_keeps_the_rules_is_returned_as_it_is() -> None:
    assert Service().check(DEPLOYMENT, deployment()) == (deployment(), [])


def test_version_and_kind_follow_from_the_type() -> None:
    checked, _ = Service().check("kubernetes:core/v1:ConfigMap", {"metadata": {"name": "a", "namespace": "shop"}})
    assert (checked["apiVersion"], checked["kind"]) == ("v1", "ConfigMap"), "core is the group without a name"


def test_a_name_is_made_where_none_is_given_and_marked_as_made() -> None:
    checked, found = Service().check(DEPLOYMENT, {"metadata": {"namespace": "shop"}})
    assert found == []
    assert re.fullmatch(r"web-[0-9a-f]{8}", checked["metadata"]["name"]), "logical name and eight digits"
    assert checked["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}


def test_a_made_name_is_kept_by_later_versions_of_the_object() -> None:
    service = Service()
    first, _ = service.check(DEPLOYMENT, {"metadata": {"namespace": "shop"}})
    second, _ = service.check(DEPLOYMENT, {"metadata": {"namespace": "shop"}, "spec": {}}, first)
    assert second["metadata"] == first["metadata"], "an update is no replacement"


def test_a_name_from_the_program_is_not_kept_when_the_program_drops_it() -> None:
    checked, _ = Service().check(DEPLOYMENT, {"metadata": {"namespace": "shop"}}, deployment(name="chosen"))
    assert checked["metadata"]["name"].startswith("web-")


def test_the_same_seed_makes_the_same_name() -> None:
    names = {
        Service().check(DEPLOYMENT, {"metadata": {"namespace": "shop"}}, randomSeed=b"plan")[0]["metadata"]["name"]
        for _ in range(2)
    }
    assert len(names) == 1, "an update does what its plan said"


def test_the_engine_may_propose_a_name_or_forbid_making_one() -> None:
    news: Object = {"metadata": {"namespace": "shop"}}
    proposed, _ = Service().check(DEPLOYMENT, news, autonaming=NAMING(proposed_name="web-of-prod"))
    _, found = Service().check(DEPLOYMENT, news, autonaming=NAMING(mode=NAMING.DISABLE))
    assert proposed["metadata"]["name"] == "web-of-prod"
    assert found == ["metadata.name: must be set: automatic names are switched off"]


def test_a_name_that_is_not_known_yet_is_left_alone() -> None:
    checked, found = Service().check(DEPLOYMENT, deployment(name=UNKNOWN, namespace=UNKNOWN))
    assert (checked["metadata"]["name"], found) == (UNKNOWN, [])


@pytest.mark.parametrize("name", ["..", "a/b", "a%2fb"])
def test_a_name_that_is_no_file_name_is_refused(name: str) -> None:
    (failure,) = failures(DEPLOYMENT, deployment(name=name))
    assert failure.startswith("metadata.name: "), "it would be written somewhere else"


def test_a_name_that_a_server_would_make_is_refused() -> None:
    (failure,) = failures(DEPLOYMENT, {"metadata": {"generateName": "web-", "namespace": "shop"}})
    assert failure.startswith("metadata.generateName: ")


@pytest.mark.parametrize(
    "token", [DEPLOYMENT, "kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:core/v1:Pod"]
)
def test_an_object_without_its_namespace_is_refused(token: str) -> None:
    (failure,) = failures(token, {"metadata": {"name": "web"}})
    assert failure.startswith("metadata.namespace: must be set"), "it could lose its file when it is replaced"


def test_the_providers_namespace_counts_as_given() -> None:
    checked, found = Service(namespace="shop").check(DEPLOYMENT, {"metadata": {"name": "web"}})
    assert (checked["metadata"]["namespace"], found) == ("shop", [])


@pytest.mark.parametrize(
    ("token", "needed"),
    [
        ("kubernetes:core/v1:Namespace", {}),
        ("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", {}),
        ("kubernetes:storage.k8s.io/v1:StorageClass", {"provisioner": "ebs.csi.aws.com"}),
    ],
)
def test_an_object_of_the_whole_cluster_has_no_namespace(token: str, needed: Object) -> None:
    checked, found = Service(namespace="shop").check(
        token, {"metadata": {"name": "web", "namespace": "mistake"}, **needed}
    )
    assert found == []
    assert "namespace" not in checked["metadata"], "the server would refuse it"


def test_a_custom_resource_may_belong_to_the_whole_cluster() -> None:
    assert failures("kubernetes:karpenter.sh/v1:NodePool", {"metadata": {"name": "general"}}) == [], (
        "only a server knows its scope"
    )


def test_a_secret_with_content_is_refused_without_showing_it() -> None:
    news: Object = {"metadata": {"name": "db", "namespace": "shop"}, "stringData": {"password": "hunter2"}}
    (failure,) = failures("kubernetes:core/v1:Secret", news)
    assert failure.startswith("stringData: ")
    assert "hunter2" not in failure


def test_a_secret_without_content_is_an_object_like_any_other() -> None:
    news: Object = {"metadata": {"name": "token", "namespace": "shop"}, "type": "kubernetes.io/service-account-token"}
    assert failures("kubernetes:core/v1:Secret", news) == []


def test_a_secret_value_in_any_object_is_refused_with_its_path() -> None:
    news = deployment()
    news["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "A", "value": secret("hunter2")}]
    assert failures(DEPLOYMENT, news) == [
        (
            "spec.template.spec.containers[0].env[0].value: "
            "is secret and would be written to a plain file: refer to it, do not carry it"
        )
    ]


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("kubernetes:helm.sh/v3:Release", "Release"),
        ("kubernetes:apps/v1:DaemonSetPatch", "DaemonSet"),
        ("kubernetes:karpenter.sh/v1:NodePoolPatch", "NodePool"),
        ("kubernetes:core/v1:ConfigMapList", "ConfigMapList"),
    ],
)
def test_what_only_a_server_can_do_is_refused_by_name(token: str, kind: str) -> None:
    found = failures(token, {"kind": kind, "metadata": {"name": "a", "namespace": "shop"}})
    assert len(found) == 1
    assert token in found[0]


def test_a_custom_kind_may_end_in_list() -> None:
    news: Object = {"kind": "AllowList", "metadata": {"name": "a", "namespace": "shop"}}
    assert failures("kubernetes:example.com/v1:AllowList", news) == []


def test_every_broken_rule_is_told_at_once() -> None:
    found = failures("kubernetes:core/v1:Secret", {"metadata": {"generateName": "x"}, "data": {"a": secret("b")}})
    assert [failure.partition(":")[0] for failure in found] == [
        *("data.a", "data", "metadata.namespace", "metadata.generateName")
    ]
