"""A function that works on a topic, as it is registered: bounded, kept, by rights of its own, and off in a standby."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from components.platform import Platform
from review.recording import record_stack
from review.verdict import judge
from tests.config import containersfile, streamingfile
from tests.config.streamingfile import WITH_FUNCTION

if TYPE_CHECKING:
    from review.graph import Graph


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Brokers, and a function that works on a topic of theirs."""
    return record_stack(streamingfile.STACK, streamingfile.accepted(WITH_FUNCTION))


def test_a_mapping_reads_one_topic_by_its_own_pollers_and_gives_up_what_cannot_be_done(graph: Graph) -> None:
    made = dict(graph.named("functions-tally-topic").inputs)
    failures = graph.named("functions-tally-failures")
    assert made.pop("destinationConfig")["onFailure"]["destinationArn"].endswith(failures.name)
    assert made.pop("functionName").endswith("functions-tally-alias")
    assert made.pop("tagsAll")["ManagedBy"] == "pulumi"
    assert made.pop("eventSourceArn").endswith("streaming-cluster")
    assert made == {
        "enabled": True,
        "topics": ["bids"],
        "amazonManagedKafkaEventSourceConfig": {"consumerGroupId": "tally"},
        "startingPosition": "TRIM_HORIZON",
        "batchSize": 100,
        "maximumRetryAttempts": 3,
        "maximumRecordAgeInSeconds": 86_400,
        "bisectBatchOnFunctionError": True,
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "provisionedPollerConfig": {"minimumPollers": 1, "maximumPollers": 6},
        "filterCriteria": {"filters": [{"pattern": '{"value": {"kind": ["bid"]}}'}]},
    }


def test_it_reads_this_topic_as_a_member_of_this_group_and_no_other(graph: Graph) -> None:
    said = json.loads(graph.named("functions-tally-policy").inputs["policy"])["Statement"]
    found = {one["Sid"]: one for one in said}
    assert found["PollTopic"]["Resource"][0].endswith("/bids")
    assert found["PollGroup"]["Resource"][0].endswith("/tally")
    assert [one["Sid"] for one in said if one["Resource"] == ["*"]] == ["StandBesideBrokers", "SendTraces"]
    assert not [one for one in said if "kafka-cluster:WriteData" in one["Action"]]
    assert "vpcConfig" not in graph.named("functions-tally-function").inputs, "Lambda's pollers have the way"


def test_pollers_get_to_the_brokers_and_to_the_endpoint_of_sqs(graph: Graph) -> None:
    into = [one for one in graph.resources if one.type.endswith("SecurityGroupIngressRule")]
    itself = [one for one in into if one.name.endswith("streaming-in-kafka-streaming")]
    assert len(itself) == 1, [one.name for one in into]
    rules = graph.named("network-brokers-acl").inputs["egress"]
    assert [one["cidrBlock"] for one in rules if one["toPort"] == 443], "to the tier of the endpoints"


@pytest.mark.parametrize("role", ["primary", "standby", "serving standby"])
def test_a_function_of_a_standby_waits_until_its_stack_serves(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    monkeypatch.setattr(Platform, "active", property(lambda _: role == "serving standby"))
    settings = streamingfile.accepted(WITH_FUNCTION)
    other = settings.identity.model_copy(update={"role": role.rsplit(maxsplit=1)[-1]})
    graph = record_stack(streamingfile.STACK, settings.model_copy(update={"identity": other}))
    assert graph.named("functions-tally-topic").inputs["enabled"] is (role != "standby")


def test_the_pack_has_nothing_against_it(graph: Graph) -> None:
    verdict = judge(graph, environment="prod", today=date(2026, 12, 1))
    assert [one.message for one in verdict.blocking] == []


def test_the_shop_has_one_that_is_watched() -> None:
    assert containersfile.accepted().functions["tally"].topic
