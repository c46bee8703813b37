"""The controller is given which secrets to copy, and may do to them what that takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.recovery.promotion import Promotion, PromotionArgs
from components.recovery.secret_replication import SecretReplicationArgs, secrets_task
from tests.components.cluster.surroundings import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.stack import StackConfig
    from review.graph import Graph

EAST = "arn:aws:secretsmanager:us-east-1:100000000004:secret"
WEST = "arn:aws:secretsmanager:us-west-2:100000000004:secret"


@pytest.fixture(scope="module")
def graph(record_in_standby: Callable[..., Graph], dr: StackConfig) -> Graph:
    """The controller of dr with this one task."""

    def make(_: pulumi.ProviderResource, options: pulumi.ResourceOptions) -> None:
        known = pulumi.Output.from_input
        task = secrets_task(
            SecretReplicationArgs(
                identity=dr.identity,
                key_arn=known("key-dr"),
                primary_region=known("us-east-1"),
                primary_key_arn=known("key-prod"),
                secret_arns={name: known(f"{EAST}:{name}-Abc123") for name in ("postgres", "redis")},
            )
        )
        args = PromotionArgs(
            identity=dr.identity, keys=keys(), log_retention_days=1, active=False, tasks=[task], after=[]
        )
        Promotion("promotion", args, options)

    return record_in_standby(make)


@pytest.fixture(scope="module")
def statements(graph: Graph) -> dict[str, dict[str, Any]]:
    """What the controller may do, by sid."""
    policy = json.loads(graph.named("promotion-policy").inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"] if statement["Sid"] != "WriteLog"}


def test_the_order_names_each_secret_and_its_copy(graph: Graph) -> None:
    assert json.loads(graph.named("promotion-call").inputs["input"])["secrets"] == {
        "region": "us-west-2",
        "primary_region": "us-east-1",
        "key": "key-dr",
        "secrets": {
            "postgres": {"primary": f"{EAST}:postgres-Abc123", "copy": f"{WEST}:postgres-Abc123"},
            "redis": {"primary": f"{EAST}:redis-Abc123", "copy": f"{WEST}:redis-Abc123"},
        },
    }, "a copy keeps name and suffix, so nobody has to ask for its ARN"


def test_originals_are_copied_and_copies_cut_loose_and_no_value_is_read(statements: dict[str, dict[str, Any]]) -> None:
    allowed = {sid: (statement["Action"], statement["Resource"]) for sid, statement in statements.items()}
    replicate = ["DescribeSecret", "RemoveRegionsFromReplication", "ReplicateSecretToRegions"]
    loose = ["DescribeSecret", "StopReplicationToReplica"]
    assert allowed == {
        "ReplicateSecrets": (
            [f"secretsmanager:{action}" for action in replicate],
            [f"{EAST}:postgres-Abc123", f"{EAST}:redis-Abc123"],
        ),
        "CutSecretsLoose": (
            [f"secretsmanager:{action}" for action in loose],
            [f"{WEST}:postgres-Abc123", f"{WEST}:redis-Abc123"],
        ),
        "OpenSecrets": (["kms:Decrypt", "kms:GenerateDataKey"], ["key-prod"]),
        "SealSecrets": (["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], ["key-dr"]),
    }, "and nothing else: GetSecretValue is not among them"


def test_each_key_is_used_through_secrets_manager_of_its_region(statements: dict[str, dict[str, Any]]) -> None:
    conditions = [statements[sid]["Condition"] for sid in ("OpenSecrets", "SealSecrets")]
    services = [f"secretsmanager.{region}.amazonaws.com" for region in ("us-east-1", "us-west-2")]
    assert conditions == [{"StringEquals": {"kms:ViaService": service}} for service in services]
