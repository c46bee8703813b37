"""Fields that do not change while an object stands: the official provider replaces for them, or a server refuses."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.rpc import UNKNOWN

from standins.kuberender import manifest
from standins.kuberender.immutable import CONTENT, REFUSED, REPLACED
from standins.tests.kuberender.service import Object, Refused, Service

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = {"": "v1", "apiextensions.k8s.io": "apiextensions.k8s.io/v1"}


def made(key: str, **parts: object) -> Object:
    """An object of a group and kind, after its check."""
    group, _, kind = key.partition("/")
    metadata = {"name": "web", "namespace": "shop"}
    return {"apiVersion": VERSIONS.get(group, f"{group}/v1"), "kind": kind, "metadata": metadata, **parts}


def holding(path: str, value: object) -> dict[str, Any]:
    """The parts of an object with a value at a path."""
    first, _, rest = path.partition(".")
    inner = holding(rest, value) if rest else value
    return {first.removesuffix("[*]"): [inner]} if first.endswith("[*]") else {first: inner}


FIELDS = [(key, path) for key, paths in REPLACED.items() for path in paths]
UPDATED = [
    ("apps/Deployment", "spec.replicas"),
    ("apps/Deployment", "spec.template.spec.containers[*].image"),
    ("apps/Deployment", "spec.selectors"),
    ("apps/StatefulSet", "spec.replicas"),
    ("batch/CronJob", "spec.jobTemplate"),
    ("storage.k8s.io/StorageClass", "allowVolumeExpansion"),
    ("policy/PodDisruptionBudget", "spec.minAvailable"),
    ("networking.k8s.io/NetworkPolicy", "spec.podSelector"),
    ("/PersistentVolumeClaim", "spec.resources.requests"),
    ("/ConfigMap", "metadata.labels"),
    ("example.com/Anything", "spec.selector"),
]


@pytest.mark.parametrize(("key", "path"), FIELDS)
@pytest.mark.parametrize("new", ["b", {"deeper": "b"}, ["b"], UNKNOWN], ids=["text", "object", "list", "unknown"])
def test_a_fixed_field_replaces_the_object_the_old_one_first(key: str, path: str, new: object) -> None:
    answer = Service().diff(made(key, **holding(path, "a")), made(key, **holding(path, new)))
    assert list(answer.replaces) == [path.replace("[*]", "[0]")]
    assert answer.detailedDiff[answer.replaces[0]].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE
    assert answer.deleteBeforeReplace, "a server has one object of a name"


@pytest.mark.parametrize(("key", "path"), UPDATED)
def test_every_other_field_is_updated(key: str, path: str) -> None:
    answer = Service().diff(made(key, **holding(path, {"a": "a"})), made(key, **holding(path, {"a": "b"})))
    assert (list(answer.replaces), answer.deleteBeforeReplace) == ([], False)
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME


def test_a_field_deep_inside_a_fixed_one_replaces_too() -> None:
    olds = made("apps/Deployment", spec={"selector": {"matchLabels": {"app.kubernetes.io/name": "a"}}})
    news = made("apps/Deployment", spec={"selector": {"matchLabels": {"app.kubernetes.io/name": "b"}}})
    assert list(Service().diff(olds, news).replaces) == ['spec.selector.matchLabels["app.kubernetes.io/name"]']


def test_an_object_whose_name_was_made_is_replaced_by_one_of_another_name() -> None:
    olds = made("storage.k8s.io/StorageClass", provisioner="a")
    olds["metadata"]["annotations"] = {manifest.AUTONAMED: "true"}
    answer = Service().diff(olds, copy.deepcopy(olds) | {"provisioner": "b"})
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["provisioner"], False)


@pytest.mark.parametrize("kind", CONTENT)
@pytest.mark.parametrize(
    ("setting", "immutable", "replaced"),
    [(None, False, True), (False, False, True), (True, False, False), ("true", False, False), (True, True, True)],
)
def test_content_is_fixed_unless_the_provider_is_told_otherwise(
    kind: str, setting: object, *, immutable: bool, replaced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = {} if setting is None else {f"enable{kind}Mutable": setting}
    if setting is False:
        monkeypatch.setenv(f"PULUMI_K8S_ENABLE_{kind.upper()}_MUTABLE", "true")
    olds, news = (made(f"/{kind}", data={"a": value}, immutable=immutable) for value in ("1", "2"))
    assert list(Service(**configured).diff(olds, news).replaces) == (["data.a"] if replaced else [])


@pytest.mark.parametrize("kind", CONTENT)
def test_a_variable_says_so_too(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PULUMI_K8S_ENABLE_{kind.upper()}_MUTABLE", "true")
    olds, news = (made(f"/{kind}", data={"a": value}) for value in ("1", "2"))
    assert not Service().diff(olds, news).replaces


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize(("key", "path"), [(key, path) for key, paths in REFUSED.items() for path in paths])
def test_what_a_server_refuses_ends_the_update_and_its_preview(
    key: str, path: str, *, preview: bool, tmp_path: Path
) -> None:
    olds, news = (made(key, **holding(path, value)) for value in ("a", "b"))
    service = Service(renderYamlToDirectory=str(tmp_path))
    assert not service.diff(olds, news).replaces, "the official provider sends it"
    with pytest.raises(Refused, match=rf"{olds['kind']} web: {path}: .*replace it"):
        service.update(olds, news, preview=preview)
    assert not list(tmp_path.rglob("*.yaml")), "nothing is written"


def test_a_sealed_object_is_not_opened_again() -> None:
    olds = made("/ConfigMap", immutable=True)
    with pytest.raises(Refused, match="ConfigMap web: immutable: "):
        Service().update(olds, made("/ConfigMap", immutable=False), preview=True)
    Service().update(made("/ConfigMap", immutable=False), olds, preview=True)
