"""Experiments as they are registered: what each takes, by whose rights, and what stops it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pytest

from components.experiments.runbook import hold_back
from config.facts.experiments import ACTIONS
from review.order import only_by_depends_on
from review.recording import record_stack
from review.verdict import judge
from tests.config.containersfile import GONE, STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph

EXPERIMENTS: Final = (
    "lost-task",
    "failover",
    "lost-cache",
    "lost-zones",
    "lost-nat",
    "lost-broker",
    "stopped-consumer",
    "disabled-key",
)
OURS: Final = {"Environment": "prod", "Project": "phoenix", "Stack": STACK}


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Prod with containers and experiments."""
    return record_stack(STACK, accepted())


def template(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(f"experiments-{name}-template").inputs)


def targets(graph: Graph, name: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in template(graph, name)["targets"]}


def actions(graph: Graph, name: str) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        one["name"]: (one["actionId"], {each["key"]: each["value"] for each in one["parameters"]})
        for one in template(graph, name)["actions"]
    }


def statements(graph: Graph, name: str) -> dict[str, dict[str, Any]]:
    policy = dict(graph.named(f"experiments-{name}-rights").inputs)["policy"]
    return {one["Sid"]: one for one in json.loads(policy)["Statement"]}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_is_stopped_by_alarms_bounded_logged_and_fails_without_targets(
    name: str, graph: Graph
) -> None:
    made = template(graph, name)
    stops = made["stopConditions"]
    assert {one["source"] for one in stops} == {"aws:cloudwatch:alarm"}
    assert all(":alarm:" in one["value"] for one in stops)
    assert 1 <= len(stops) <= 5
    assert made["experimentOptions"] == {
        "accountTargeting": "single-account",
        "emptyTargetResolutionMode": "fail",
    }
    assert made["logConfiguration"]["cloudwatchLogsConfiguration"]["logGroupArn"].endswith(
        ":/phoenix/prod/experiments:*"
    )
    assert not [one for one in made["targets"] if not one["selectionMode"].startswith(("COUNT(", "PERCENT("))]
    assert any({"duration", "maxDuration"} & set(parameters) for _, parameters in actions(graph, name).values()), (
        "it watches for a while"
    )
    assert {action for action, _ in actions(graph, name).values()} <= set(ACTIONS)


def test_targets_are_found_by_the_tags_of_the_stack_and_by_what_tells_them_apart(graph: Graph) -> None:
    tasks = targets(graph, "lost-task")["tasks"]
    assert {one["key"]: one["value"] for one in tasks["resourceTags"]} == OURS
    assert (tasks["parameters"], tasks["selectionMode"]) == (
        {"cluster": "phoenix-prod", "service": "web"},
        "COUNT(1)",
    )
    assert actions(graph, "lost-task") == {
        "tasks": ("aws:ecs:stop-task", {}),
        "watch": ("aws:fis:wait", {"duration": "PT5M"}),
    }
    database = targets(graph, "failover")["database"]
    assert (len(database["resourceArns"]), "resourceTags" in database) == (1, False), "its readers have the same tags"
    assert actions(graph, "failover")["database"][1] == {"forceFailover": "true"}
    cache = targets(graph, "lost-cache")["cache-a"]
    assert cache["parameters"] == {"availabilityZoneIdentifier": "us-east-1a"}


def test_lost_zones_lose_their_subnets_the_writer_and_the_cache_there_and_no_other_vpc(graph: Graph) -> None:
    found = targets(graph, "lost-zones")
    assert set(found) == {"subnets-a", "subnets-b", "cache-a", "cache-b", "database"}
    assert found["subnets-b"]["selectionMode"] == "COUNT(5)", "one for each tier"
    assert found["subnets-b"]["parameters"]["availabilityZoneIdentifier"] == "us-east-1b"
    assert found["subnets-b"]["parameters"]["vpc"]
    cut = ("aws:network:disrupt-connectivity", {"duration": "PT15M", "scope": "all"})
    assert actions(graph, "lost-zones")["subnets-a"] == cut
    (nat,) = targets(graph, "lost-nat").values()
    assert ({"key": "Tier", "value": "public"} in nat["resourceTags"], nat["selectionMode"]) == (True, "COUNT(1)")


def test_a_role_may_do_what_its_own_experiment_does_to_this_stack(graph: Graph) -> None:
    for name in EXPERIMENTS:
        mine = {action for action, _ in actions(graph, name).values()}
        allowed = {action for one in statements(graph, name).values() for action in one["Action"]}
        needed = {one for action in mine for one in (*ACTIONS[action].permissions, *ACTIONS[action].reads)}
        assert allowed - {one for one in allowed if one.startswith("logs:")} == needed
    stop = statements(graph, "lost-task")["StopTasks"]
    assert stop["Condition"]["StringEquals"] == {f"aws:ResourceTag/{key}": value for key, value in OURS.items()}
    (database,) = targets(graph, "failover")["database"]["resourceArns"]
    assert statements(graph, "failover")["FailOver"]["Resource"] == [database]
    moved = statements(graph, "lost-zones")["MoveSubnets"]["Condition"]["StringEquals"]
    assert moved["aws:ResourceTag/Stack"] == STACK
    trust = json.loads(dict(graph.named("experiments-failover-role").inputs)["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": ["fis.amazonaws.com"]}
    assert trust["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"].endswith(":experiment/*")


def runbook(graph: Graph, name: str) -> dict[str, Any]:
    made = dict(graph.named(f"experiments-{name}-runbook").inputs)
    assert (made["documentType"], made["documentFormat"]) == ("Automation", "JSON")
    said: dict[str, Any] = json.loads(made["content"])
    return said


@pytest.mark.parametrize(
    ("name", "take", "back"),
    [
        ("stopped-consumer", ("lambda", "PutFunctionConcurrency"), ("lambda", "DeleteFunctionConcurrency")),
        ("disabled-key", ("kms", "DisableKey"), ("kms", "EnableKey")),
    ],
)
def test_a_runbook_gives_back_whatever_becomes_of_it(
    name: str, take: tuple[str, str], back: tuple[str, str], graph: Graph
) -> None:
    steps = {one["name"]: one for one in runbook(graph, name)["mainSteps"]}
    assert list(steps) == ["take", "hold", "give-back"]
    for step in (steps["take"], steps["hold"]):
        assert (step["onFailure"], step["onCancel"]) == ("step:give-back", "step:give-back")
    called = {key: (one["inputs"]["Service"], one["inputs"]["Api"]) for key, one in steps.items() if key != "hold"}
    assert called == {"take": take, "give-back": back}
    assert (steps["hold"]["inputs"], steps["give-back"]["isEnd"]) == ({"Duration": "PT5M"}, True)
    (rights,) = json.loads(dict(graph.named(f"experiments-{name}-runbook-rights").inputs)["policy"])["Statement"]
    assert rights["Action"] == sorted({":".join(take), ":".join(back)})
    (resource,) = rights["Resource"]
    assert resource in steps["take"]["inputs"].values(), "its rights are on what it takes, and on nothing else"


def test_a_runbook_waits_for_the_broker_and_a_consumer_gets_back_what_it_had(graph: Graph) -> None:
    steps = {one["name"]: one for one in runbook(graph, "lost-broker")["mainSteps"]}
    assert (list(steps), steps["take"]["onCancel"]) == (["take", "hold", "settle"], "Abort")
    assert steps["take"]["inputs"]["BrokerIds"] == ["1"]
    assert steps["settle"]["inputs"]["DesiredValues"] == ["ACTIVE"]
    thumbnails = accepted().functions["thumbnails"]
    back = hold_back(pulumi.Output.from_input("arn"), thumbnails).back
    assert back is not None
    assert (back.api, back.inputs["ReservedConcurrentExecutions"]) == ("PutFunctionConcurrency", 20)


def test_fis_starts_its_own_runbook_follows_it_and_passes_its_role(graph: Graph) -> None:
    (name, given) = actions(graph, "disabled-key")["runbook"]
    assert (name, given["maxDuration"]) == ("aws:ssm:start-automation-execution", "PT20M")
    assert ":document/" in given["documentArn"], "FIS refuses the ARN of an automation-definition"
    assert list(template(graph, "disabled-key")["targets"]) == []
    may = statements(graph, "disabled-key")
    assert set(may) == {"StartRunbook", "FollowRunbook", "PassRunbookRole", "DeliverRecords"}
    assert all("runbook" in one for one in may["StartRunbook"]["Resource"])
    assert may["PassRunbookRole"]["Condition"]["StringEquals"] == {"iam:PassedToService": "ssm.amazonaws.com"}
    trust = json.loads(dict(graph.named("experiments-disabled-key-runbook-role").inputs)["assumeRolePolicy"])
    assert trust["Statement"][0]["Principal"] == {"Service": ["ssm.amazonaws.com"]}
    assert trust["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"].endswith(":automation-execution/*")


def test_rights_stand_before_the_template_and_the_log_is_under_the_key(graph: Graph) -> None:
    order = {(edge.later, edge.earlier) for edge in only_by_depends_on(graph)}
    assert {(f"experiments-{name}-template", f"experiments-{name}-rights") for name in EXPERIMENTS} <= order
    assert ("experiments-disabled-key-template", "experiments-disabled-key-runbook-rights") in order
    log = dict(graph.named("experiments-log").inputs)
    assert (log["name"], log["retentionInDays"]) == ("/phoenix/prod/experiments", 90)
    assert log["kmsKeyId"].endswith("keys-logs")


def test_more_alarms_than_fis_watches_are_refused_by_name() -> None:
    many = {"experiments.templates.lost-task.stop_alarms": ["busy-services", "failing-functions", "failing-targets"]}
    with pytest.raises(Exception, match=r"lost-task\.stop_alarms: \d+ alarms"):
        record_stack(STACK, accepted(many))


def test_a_stack_without_experiments_has_none_and_the_pack_passes_those_of_one_that_has(graph: Graph) -> None:
    without = record_stack(STACK, accepted({"experiments": GONE}))
    assert not [one for one in without.resources if "experiments" in one.name]
    bare, found = (
        {
            f"{one.rule.name}: {one.message}"
            for one in judge(made, environment="prod", today=date(2026, 11, 30)).findings
        }
        for made in (without, graph)
    )
    assert found - bare == set()
