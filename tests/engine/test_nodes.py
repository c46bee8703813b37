"""Karpenter, profiles of Fargate and a role without pod identity deploy; nothing changes a second time; all goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.config.nodesfile import SETTINGS, STACK
from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A checkout of its own with the stack file; nothing of it outlives the test."""
    made = World.copied(tmp_path_factory.mktemp(STACK))
    document: dict[str, Any] = {"config": {"pulumi:disable-default-providers": ["*"], "platform:settings": SETTINGS}}
    (made.directory / f"Pulumi.{STACK}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    yield made
    made.sandbox("down")


def test_pods_have_nodes_of_three_kinds_and_nothing_changes_a_second_time(world: World) -> None:
    up = world.sandbox("up", STACK, "--json")
    assert up.status == 0, up.text[-6000:]
    made = world.state(STACK)["deployment"]["resources"]
    outputs = {one["urn"].rpartition("::")[2]: one.get("outputs", {}) for one in made}
    issuer = outputs["cluster-identity-provider"]["url"].removeprefix("https://")
    trust = json.loads(outputs["data-application-role"]["assumeRolePolicy"])["Statement"][0]
    assert trust["Condition"]["StringEquals"][f"{issuer}:sub"] == "system:serviceaccount:serverless:app"
    account = outputs["kubernetes-serviceaccount-app"]["metadata"]["annotations"]
    assert account["eks.amazonaws.com/role-arn"] == outputs["data-application-role"]["arn"]
    assert outputs["cluster-fargate-jobs"]["status"] == outputs["cluster-fargate-serverless"]["status"] == "ACTIVE"
    assert outputs["kubernetes-karpenter-nodepool-spot"]["spec"]["limits"] == {"cpu": "8", "memory": "32Gi"}
    again = world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-6000:]
    assert [one["changes"] for one in again.document()["stacks"]] == [{}], again.text[-6000:]
    down = world.sandbox("down", "--destroy", STACK, "--json")
    assert down.status == 0, down.text[-6000:]
    assert down.document()["notes"][-1] == "nothing runs"
