from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest
import yaml
from pulumi.runtime.proto import provider_pb2
from pulumi.runtime.rpc import UNKNOWN

from standins.paths import RUN_VARIABLE
from standins.tests.kuberender.service import Object, Refused, Service, deployment, secret

if TYPE_CHECKING:
    from pathlib import Path

FILE = "1-manifest/apps_v1-deployment-shop-web.yaml"


@pytest.fixture
def rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the objects of the stack `prod` are rendered when the provider does not say."""
    monkeypatch.setenv(RUN_VARIABLE, str(tmp_path))
    return tmp_path / "rendered" / "prod"


def written(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def test_an_object_is_written_where_the_official_provider_writes_it(rendered: Path) -> None:
    assert Service().create(deployment()) == "shop/web", "its id is namespace and name"
    assert written(rendered) == {FILE}
    assert yaml.safe_load((rendered / FILE).read_text()) == deployment()


@pytest.mark.parametrize(
    ("changes", "file"),
    [
        ({"kind": "Deployment"}, FILE),
        ({"apiVersion": "v1", "kind": "ConfigMap"}, "1-manifest/v1-configmap-shop-web.yaml"),
        (
            {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "a.b"}},
            "0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-a.b.yaml",
        ),
        (
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "system:x"}},
            "1-manifest/rbac.authorization.k8s.io_v1-clusterrole-default-system:x.yaml",
        ),
    ],
)
def test_the_file_is_named_after_the_object_and_definitions_come_first(
    rendered: Path, changes: Object, file: str
) -> None:
    Service().create(deployment() | changes)
    assert written(rendered) == {file}


def test_whole_numbers_and_yaml_words_survive_the_wire(rendered: Path) -> None:
    values = deployment() | {"spec": {"replicas": 3, "ratio": 1.5, "country": "NO", "version": "1.30", "on": True}}
    Service().create(values)
    text = (rendered / FILE).read_text()
    assert "replicas: 3\n" in text, "the wire knows doubles only, a server wants an integer"
    assert yaml.safe_load(text) == values, "text that looks like something else is quoted"


def test_a_preview_writes_nothing(rendered: Path) -> None:
    service = Service()
    service.create(deployment(), preview=True)
    service.update(deployment(), deployment(labels={"a": "b"}), preview=True)
    assert not rendered.exists()


@pytest.mark.usefixtures("rendered")
def test_a_preview_takes_what_is_not_known_yet() -> None:
    assert Service().create(deployment(namespace=UNKNOWN), preview=True) == "", "an object without name has no id"
    assert Service().capabilities.supportsPreview, "else the engine would show every output as unknown"


def test_the_configured_directory_wins(rendered: Path, tmp_path: Path) -> None:
    Service(renderYamlToDirectory=str(tmp_path / "own")).create(deployment())
    assert written(tmp_path / "own") == {FILE}
    assert not rendered.exists()


def test_without_any_directory_nothing_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN_VARIABLE, raising=False)
    with pytest.raises(Refused, match="renderYamlToDirectory"):
        Service().create(deployment())


def test_an_update_rewrites_the_file(rendered: Path) -> None:
    service = Service()
    service.create(deployment())
    service.update(deployment(), deployment(labels={"a": "b"}))
    assert yaml.safe_load((rendered / FILE).read_text())["metadata"]["labels"] == {"a": "b"}


def test_a_new_api_version_moves_the_file(rendered: Path) -> None:
    service = Service()
    service.create(deployment())
    service.update(deployment(), deployment() | {"apiVersion": "apps/v2"})
    assert written(rendered) == {"1-manifest/apps_v2-deployment-shop-web.yaml"}, "the old version is declared no more"


def test_a_deletion_removes_the_file_and_one_that_is_gone_is_as_good(rendered: Path) -> None:
    Service().create(deployment())
    for _ in range(2):
        Service().delete(deployment())
    assert written(rendered) == set()


def test_a_replacement_under_the_same_name_keeps_its_file(rendered: Path) -> None:
    Service().create(deployment())
    later = Service()
    later.create(deployment(labels={"new": "yes"}))
    later.delete(deployment())
    assert yaml.safe_load((rendered / FILE).read_text())["metadata"]["labels"] == {"new": "yes"}, (
        "the engine deletes the old object after it has created the new one"
    )


@pytest.mark.parametrize("preview", [True, False])
def test_two_resources_that_declare_one_object_are_refused(rendered: Path, preview: bool) -> None:  # noqa: FBT001 a column
    service = Service()
    service.create(deployment(), preview=preview)
    with pytest.raises(Refused, match="two resources declare one object"):
        service.create(deployment(labels={"other": "one"}), name="copy", preview=preview)
    assert "other" not in "".join(path.read_text() for path in rendered.rglob("*.yaml")), "the first one stands"


def test_a_file_is_whole_or_not_there(rendered: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    service.create(deployment())
    monkeypatch.setattr("pathlib.Path.replace", broken)
    with pytest.raises(Refused, match="disk full"):
        service.update(deployment(), deployment(labels={"half": "done"}))
    assert written(rendered) == {FILE}, "nothing half-written is left behind"
    assert "labels" not in yaml.safe_load((rendered / FILE).read_text())["metadata"], "the old version stands"


def broken(*_: object) -> None:
    raise OSError("disk full")


def test_a_manifest_is_its_owners_only(rendered: Path) -> None:
    Service().create(deployment())
    assert stat.S_IMODE((rendered / FILE).stat().st_mode) == 0o600, "as the official provider writes it"


def test_a_refresh_sees_an_edited_file(rendered: Path) -> None:
    service = Service()
    service.create(deployment())
    file = rendered / FILE
    file.write_text(file.read_text().replace("replicas: 3", "replicas: 9"))
    found = service.read(deployment())
    assert found == deployment() | {"spec": {"replicas": 9}}
    assert list(service.diff(found, deployment()).detailedDiff) == ["spec.replicas"], "the next update puts it right"


@pytest.mark.usefixtures("rendered")
def test_a_refresh_sees_a_file_that_is_gone() -> None:
    assert Service().read(deployment()) is None


@pytest.mark.parametrize("text", ["a: [", "- a list"])
def test_a_file_that_is_no_manifest_any_more_is_an_error(rendered: Path, text: str) -> None:
    Service().create(deployment())
    (rendered / FILE).write_text(text)
    with pytest.raises(Refused, match=FILE):
        Service().read(deployment())


def test_looking_up_what_is_not_declared_is_refused() -> None:
    with pytest.raises(Refused, match="needs an API server"):
        Service().read({})


def test_components_are_refused_by_name() -> None:
    with pytest.raises(Refused, match=r"kubernetes:helm\.sh/v4:Chart"):
        Service().construct("kubernetes:helm.sh/v4:Chart")


@pytest.mark.parametrize(
    "news", [deployment(name="other"), deployment(namespace="other"), deployment() | {"kind": "DaemonSet"}]
)
def test_another_identity_is_another_object(news: Object) -> None:
    answer = Service().diff(deployment(), news)
    (path,) = answer.replaces
    assert answer.detailedDiff[path].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE


@pytest.mark.parametrize(
    ("news", "path", "kind"),
    [
        (deployment(labels={"a": "b"}), "metadata.labels", provider_pb2.PropertyDiff.ADD),
        (deployment() | {"spec": {}}, "spec.replicas", provider_pb2.PropertyDiff.DELETE),
        (deployment() | {"spec": {"replicas": 4}}, "spec.replicas", provider_pb2.PropertyDiff.UPDATE),
        (deployment() | {"spec": {"replicas": True}}, "spec.replicas", provider_pb2.PropertyDiff.UPDATE),
        (deployment() | {"apiVersion": "apps/v2"}, "apiVersion", provider_pb2.PropertyDiff.UPDATE),
    ],
)
def test_any_other_change_is_an_update_told_by_its_path(news: Object, path: str, kind: int) -> None:
    answer = Service().diff(deployment(), news)
    assert {key: value.kind for key, value in answer.detailedDiff.items()} == {path: kind}
    assert list(answer.replaces) == []


def test_the_same_object_has_no_changes() -> None:
    assert Service().diff(deployment(), deployment()).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_keys_with_dots_and_items_of_lists_have_paths_of_their_own() -> None:
    olds = deployment(labels={"app.kubernetes.io/name": "a"}) | {"spec": {"args": ["a", "b"]}}
    news = deployment(labels={"app.kubernetes.io/name": "b"}) | {"spec": {"args": ["a", "c", "d"]}}
    assert set(Service().diff(olds, news).detailedDiff) == {
        *('metadata.labels["app.kubernetes.io/name"]', "spec.args[1]", "spec.args[2]")
    }


def test_the_official_providers_settings_are_taken_and_others_refused() -> None:
    known = {"kubeconfig": UNKNOWN, "enableConfigMapMutable": "true", "namespace": "a", "version": "4.34.2"}
    (refused,) = Service().check_config(known | {"alwaysRender": "true"})
    assert refused.startswith("alwaysRender: ")
    assert Service().check_config(known) == []


def kubeconfig(server: str, **user: str) -> str:
    """One cluster, one user, one context, as pulumi-eks writes it."""
    return json.dumps(
        {
            "clusters": [{"name": "prod", "cluster": {"server": server}}],
            "contexts": [{"name": "aws", "context": {"cluster": "prod", "user": "aws"}}],
            "current-context": "aws",
            "users": [{"name": "aws", "user": user}],
        }
    )


ONE, ANOTHER, AS_ANOTHER_USER = kubeconfig("https://one"), kubeconfig("https://other"), kubeconfig("https://one", a="b")
ARN = "arn:aws:eks:us-east-1:111122223333:cluster/prod"


@pytest.mark.parametrize(
    ("olds", "news", "replaced"),
    [
        ({"kubeconfig": ONE}, {"kubeconfig": UNKNOWN}, ["kubeconfig"]),
        ({"kubeconfig": ONE}, {"kubeconfig": ANOTHER}, ["kubeconfig"]),
        ({"kubeconfig": ONE}, {"kubeconfig": secret(ANOTHER)}, ["kubeconfig"]),
        ({"kubeconfig": ONE}, {"kubeconfig": AS_ANOTHER_USER}, []),
        ({"kubeconfig": ONE}, {"kubeconfig": ONE, "context": UNKNOWN}, ["context"]),
        ({"kubeconfig": ONE}, {"kubeconfig": ONE, "context": "nowhere"}, []),
        ({"kubeconfig": ONE}, {"kubeconfig": "no kubeconfig"}, []),
        ({}, {"kubeconfig": ONE}, []),
        ({"kubeconfig": ONE}, {"kubeconfig": ONE, "clusterIdentifier": ARN}, []),
        ({"kubeconfig": ONE}, {"kubeconfig": UNKNOWN, "clusterIdentifier": ARN}, ["kubeconfig"]),
        ({"kubeconfig": ONE, "clusterIdentifier": ARN}, {"kubeconfig": UNKNOWN, "clusterIdentifier": ARN}, []),
        ({"kubeconfig": ONE, "clusterIdentifier": ARN}, {"kubeconfig": ANOTHER, "clusterIdentifier": ARN}, []),
        ({"kubeconfig": ONE, "clusterIdentifier": ARN}, {"kubeconfig": ONE}, []),
        (
            {"kubeconfig": ONE, "clusterIdentifier": ARN},
            {"kubeconfig": ONE, "clusterIdentifier": UNKNOWN},
            ["clusterIdentifier"],
        ),
        (
            {"kubeconfig": ONE, "clusterIdentifier": ARN},
            {"kubeconfig": ANOTHER, "clusterIdentifier": f"{ARN}-2"},
            ["clusterIdentifier", "kubeconfig"],
        ),
    ],
)
def test_another_cluster_replaces_every_object(olds: Object, news: Object, replaced: list[str]) -> None:
    answer = Service().diff_config(olds, news)
    assert list(answer.replaces) == replaced, "as the official provider answers"
    assert answer.diffs, "what changed is shown either way"


def test_another_directory_replaces_every_object() -> None:
    answer = Service().diff_config({"renderYamlToDirectory": "a"}, {"renderYamlToDirectory": "b"})
    assert list(answer.replaces) == ["renderYamlToDirectory"], "else files would stay behind in the old one"


def test_secrets_are_asked_for_with_their_mark() -> None:
    assert Service().capabilities.acceptSecrets, "without the mark a secret could not be told from text"
