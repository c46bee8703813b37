"""The controller and the Global Datastore, as they are registered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.providers import provider_elsewhere
from components.recovery.global_datastore import GlobalDatastore, GlobalDatastoreArgs
from components.recovery.promotion import Promotion, PromotionArgs
from components.recovery.promotion.function.handler import STEPS
from components.recovery.promotion.promotion import FUNCTION
from review.record import record
from tests.components.cluster.surroundings import keys, options

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

GROUP = "phoenix-prod"


def _record(settings: StackConfig, *, active: bool) -> Graph:
    identity = settings.identity.model_copy(update={"region": "us-west-2", "role": "standby"})

    def program() -> None:
        known, top = pulumi.Output.from_input, options(settings)
        datastore_args = GlobalDatastoreArgs(
            identity=identity,
            primary_region=known("us-east-1"),
            primary_group_id=known(GROUP),
            provider=provider_elsewhere("aws-primary", identity, "us-east-1"),
        )
        datastore = GlobalDatastore("recovery-datastore", datastore_args, top)
        args = PromotionArgs(
            identity=identity,
            keys=keys(),
            log_retention_days=90,
            active=active,
            tasks=[datastore.task(GROUP)],
            after=[datastore],
        )
        Promotion("recovery-promotion", args, top)

    return record(program, "test")


@pytest.fixture(scope="module")
def following(settings: StackConfig) -> Graph:
    """Of a standby that follows."""
    return _record(settings, active=False)


@pytest.fixture(scope="module")
def serving(settings: StackConfig) -> Graph:
    """Of a standby that has taken over."""
    return _record(settings, active=True)


def _order(graph: Graph) -> dict[str, Any]:
    return dict(json.loads(graph.named("recovery-promotion-call").inputs["input"]))


def test_a_failover_changes_the_order_and_nothing_else(following: Graph, serving: Graph) -> None:
    before = {one.urn: one.inputs for one in following.resources}
    after = {one.urn: one.inputs for one in serving.resources}
    assert set(before) == set(after), "nothing comes or goes"
    changed = {urn.rpartition("::")[2] for urn, inputs in before.items() if inputs != after[urn]}
    assert changed == {"recovery-promotion-call"}, "IAM cannot be changed while us-east-1 is lost"
    assert _order(serving) == _order(following) | {"active": True}, "and of the order only who serves"


def test_the_function_is_called_whenever_the_order_changes(following: Graph) -> None:
    assert following.named("recovery-promotion-call").inputs["lifecycleScope"] == "CRUD"


def test_the_order_names_both_regions_and_only_steps_that_there_are(following: Graph) -> None:
    order = _order(following)
    assert set(order) - {"active"} <= set(STEPS), "the function refuses what it does not know"
    assert order["datastore"]["standby"] == {"region": "us-west-2", "group": GROUP}
    assert order["datastore"]["primary"] == {"region": "us-east-1", "group": GROUP}


def test_the_call_waits_for_the_function_and_for_what_it_works_on(following: Graph) -> None:
    behind = set(following.named("recovery-promotion-call").dependencies)
    needed = {following.named(name).urn for name in ("recovery-promotion-function", "recovery-datastore-datastore")}
    assert needed <= behind, "the function has its rights by then; no reference names the datastore"


def test_the_function_may_move_writes_of_these_caches_only(following: Graph) -> None:
    document = json.loads(following.named("recovery-promotion-policy").inputs["policy"])
    (move,) = [one for one in document["Statement"] if one["Sid"] == "MoveWrites"]
    assert move["Action"] == ["elasticache:FailoverGlobalReplicationGroup"]
    ours = [
        f"arn:aws:elasticache:{region}:100000000004:replicationgroup:{GROUP}" for region in ("us-west-2", "us-east-1")
    ]
    assert set(ours) < set(move["Resource"]), "both groups"
    assert len(move["Resource"]) == 3, "and the datastore"


def test_every_file_of_the_function_is_shipped(following: Graph) -> None:
    inputs = following.named("recovery-promotion-function").inputs
    shipped = set(inputs["code"]) if isinstance(inputs["code"], dict) else set()
    assert inputs["handler"] == "function.handler.handler"
    assert {path.stem for path in FUNCTION.glob("*.py")} >= {"__init__", "handler", "order", "datastore"}
    assert shipped or inputs["code"] is not None, "as an archive of texts"


def test_the_datastore_is_made_in_the_primary_s_region_and_protected(following: Graph) -> None:
    found = following.named("recovery-datastore-datastore")
    assert "aws-primary" in found.provider, "a datastore begins where its primary is"
    assert (found.protect, found.retain_on_delete) == (True, True), "without it the caches part"
    assert found.inputs["primaryReplicationGroupId"] == GROUP
