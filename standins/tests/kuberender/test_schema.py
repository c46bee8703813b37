"""What the Kubernetes API would refuse is refused where manifests are rendered, in a preview already."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pulumi.runtime.rpc import UNKNOWN

from standins.kuberender import schema
from standins.tests.kuberender.service import Object, Service, secret
from standins.tests.kuberender.test_check import DEPLOYMENT, deployment


def changed(path: str, value: object) -> Object:
    """The deployment with the value at a dotted path replaced."""
    news = copy.deepcopy(deployment())
    at: Any = news
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in steps:
        at = at[step]
    at[last] = value
    return news


def refused(news: Object) -> list[str]:
    return Service().check(DEPLOYMENT, news)[1]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("spec.replica", 3, "spec: Additional properties are not allowed ('replica' was unexpected)"),
        ("spec.replicas", "three", "spec.replicas: 'three' is not of type 'integer', 'null'"),
        (
            "spec.template.spec.containers.0.securityContxt",
            {},
            "spec.template.spec.containers[0]: Additional properties are not allowed ('securityContxt' was unexpected)",
        ),
        ("spec.template.spec.containers.0", {"image": "web:1"}, "'name' is a required property"),
    ],
)
def test_a_mistake_is_told_with_its_path(path: str, value: object, told: str) -> None:
    (failure,) = refused(changed(path, value))
    assert failure.endswith(told)


def test_all_mistakes_of_an_object_are_told_at_once() -> None:
    news = changed("spec.replica", 3)
    news["metadata"]["label"] = {}
    assert len(refused(news)) == 2, "one run, all mistakes"


@pytest.mark.parametrize("path", ["spec", "spec.replicas", "spec.template.spec.containers", "metadata.labels"])
def test_what_a_preview_does_not_know_yet_is_no_mistake(path: str) -> None:
    assert refused(changed(path, UNKNOWN)) == []


def test_a_secret_of_the_wrong_kind_is_not_quoted() -> None:
    found = refused(changed("spec.replicas", secret("hunter2")))
    assert found, "a secret is refused anyway"
    assert "hunter2" not in str(found), "a message is no place for a secret"


def test_the_content_of_a_secret_is_not_quoted() -> None:
    news = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"password": 1234567}}
    assert "1234567" not in str(list(schema.failures(news)))


@pytest.mark.parametrize("api_version", ["elbv2.k8s.aws/v1beta1", "apps.example.com/v1", "cert-manager.io/v1"])
def test_a_custom_resource_is_left_to_its_definition(api_version: str) -> None:
    news = {"apiVersion": api_version, "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"anything": 1}}
    assert list(schema.failures(news)) == []


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("v1", "ConfigMap"),
        ("policy/v1", "PodDisruptionBudget"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ],
)
def test_every_group_of_the_api_is_judged(api_version: str, kind: str) -> None:
    news = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "mistake": 1}
    assert any("'mistake' was unexpected" in failure.reason for failure in schema.failures(news))
