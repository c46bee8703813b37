"""Manifests under the real engine; no AWS takes part."""

from __future__ import annotations

import pytest
import yaml

from standins.trial import Project

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

PROGRAM = """
import os
import pulumi, pulumi_kubernetes as k8s

provider = k8s.Provider("cluster", kubeconfig=pulumi.Output.secret("apiVersion: v1"), enable_server_side_apply=True)
opts = pulumi.ResourceOptions(provider=provider)
shop = k8s.core.v1.Namespace("shop", metadata={"name": os.environ.get("SHOP", "shop")}, opts=opts)
k8s.apps.v1.Deployment(
    "web",
    metadata={"namespace": shop.metadata["name"]},
    spec={
        "replicas": 3,
        "selector": {"match_labels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": os.environ.get("IMAGE", "web:1")}]},
        },
    },
    opts=opts,
)
if os.environ.get("VOLUMES"):
    k8s.storage.v1.StorageClass(
        "fast",
        metadata={"name": "fast"},
        provisioner="ebs.csi.aws.com",
        parameters={"type": os.environ["VOLUMES"]},
        opts=opts,
    )
    rank = int(os.environ.get("RANK", "1"))
    k8s.scheduling.v1.PriorityClass("first", metadata={"name": "first"}, value=rank, opts=opts)
if os.environ.get("PASSWORD"):
    k8s.core.v1.ConfigMap(
        "leak",
        metadata={"name": "leak", "namespace": "shop"},
        data={"password": pulumi.Output.secret(os.environ["PASSWORD"])},
        opts=opts,
    )
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("manifests"), PROGRAM)


def rendered(project: Project) -> dict[str, dict[str, object]]:
    """File name -> manifest."""
    files = (project.run_directory.rendered / "test").rglob("*.yaml")
    return {file.name: yaml.safe_load(file.read_text()) for file in files}


def test_manifests_live_as_long_as_the_program_declares_them(project: Project) -> None:
    project.succeed("preview")
    assert rendered(project) == {}, "a preview writes nothing"

    project.up()
    namespace, web = sorted(rendered(project), reverse=True)
    assert namespace == "v1-namespace-default-shop.yaml"
    assert web.startswith("apps_v1-deployment-shop-web-"), "the name was made"
    project.succeed("preview", "--expect-no-changes")

    project.up(IMAGE="web:2")
    assert sorted(rendered(project), reverse=True) == [namespace, web], "an update keeps the file"
    assert "web:2" in str(rendered(project)[web])

    project.up(IMAGE="web:2", SHOP="store")
    assert {name.split("-")[2] for name in rendered(project)} == {"default", "store"}, "the old namespace is gone"

    project.succeed(
        "up", "--yes", "--skip-preview", "--replace", urn(project, "Deployment"), IMAGE="web:2", SHOP="store"
    )
    assert len(rendered(project)) == 2, "a forced replacement leaves one file per object"

    project.destroy()
    assert rendered(project) == {}


def test_what_cannot_change_is_replaced_or_refused(project: Project) -> None:
    project.up(VOLUMES="gp2")
    ended = project.run("preview", VOLUMES="gp2", RANK="2")
    assert ended.returncode != 0, "a server would refuse it in the update"
    assert "PriorityClass first: value: an API server does not let this change" in ended.stdout
    assert "replace" in project.succeed("preview", VOLUMES="gp3")
    project.up(VOLUMES="gp3")
    (fast,) = [file for name, file in rendered(project).items() if "storageclass" in name]
    assert fast["parameters"] == {"type": "gp3"}, "the old one goes first, and takes no file with it"
    project.destroy()


def urn(project: Project, kind: str) -> str:
    """The URN of the only object of a kind."""
    (found,) = [entry["urn"] for entry in project.resources() if entry["type"].endswith(f":{kind}")]
    return str(found)


def test_a_secret_value_stops_the_preview_and_is_shown_nowhere(project: Project) -> None:
    ended = project.run("preview", PASSWORD="hunter2")
    assert ended.returncode != 0
    assert "data.password: is secret" in ended.stdout
    assert "hunter2" not in ended.stdout, "what is refused for being secret is not printed"
