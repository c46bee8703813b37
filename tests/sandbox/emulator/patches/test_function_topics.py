"""A topic of Kafka is the source of a function: read back as it was asked for, and refused as by AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.streaming import cluster
from tests.sandbox.emulator.patches.test_function_limits import role

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

POLLERS: Final = {"MinimumPollers": 1, "MaximumPollers": 4}
WRONG: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "no topic": ({"Topics": None}, "Exactly one topic"),
    "no position": ({"StartingPosition": None}, "StartingPosition must be specified"),
    "a cluster of nobody": (
        {"EventSourceArn": "arn:aws:kafka:us-east-1:000000000000:cluster/none/1"},
        "does not exist",
    ),
    "retries without pollers": ({"ProvisionedPollerConfig": None}, "MaximumRetryAttempts is supported for"),
    "more at least than at most": (
        {"ProvisionedPollerConfig": {"MinimumPollers": 5, "MaximumPollers": 4}},
        "MinimumPollers must be less",
    ),
    "more pollers than Kafka's have": (
        {"ProvisionedPollerConfig": {"MinimumPollers": 1, "MaximumPollers": 2001}},
        "MaximumPollers must be between",
    ),
    "what streams have": ({"ParallelizationFactor": 2}, "Unsupported 'parallelizationFactor'"),
    "what queues have": ({"ScalingConfig": {"MaximumConcurrency": 2}}, "Unsupported 'scalingConfig'"),
    "failures to its own topic": (
        {"DestinationConfig": {"OnFailure": {"Destination": "kafka://bids"}}},
        "another topic than the source",
    ),
    "failures to a queue of nobody": (
        {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:none"}}},
        "destination ARN",
    ),
    "a filter on the key": (
        {"FilterCriteria": {"Filters": [{"Pattern": '{"key": ["a"]}'}]}},
        "value key only",
    ),
    "a filter of no JSON": ({"FilterCriteria": {"Filters": [{"Pattern": "{value"}]}}, "Invalid filter pattern"),
    "six filters": (
        {"FilterCriteria": {"Filters": [{"Pattern": '{"value": ["a"]}'}] * 6}},
        "Too many filters",
    ),
}


@pytest.fixture
def source(aws: Aws) -> dict[str, Any]:
    """A mapping as the program asks for it, of a function and a cluster that are there."""
    archive = b"PK\x05\x06" + bytes(18)
    aws("lambda").create_function(
        FunctionName="tally",
        Runtime="python3.13",
        Handler="tally.handler",
        Role=role(aws, "tally", "lambda.amazonaws.com"),
        Code={"ZipFile": archive},
        Timeout=60,
    )
    return {
        "FunctionName": "tally",
        "EventSourceArn": cluster(aws),
        "Topics": ["bids"],
        "StartingPosition": "TRIM_HORIZON",
        "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "tally"},
        "ProvisionedPollerConfig": POLLERS,
        "MaximumRetryAttempts": 3,
        "MaximumRecordAgeInSeconds": 3600,
        "BisectBatchOnFunctionError": True,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "FilterCriteria": {"Filters": [{"Pattern": '{"value": {"kind": ["bid"]}}'}]},
    }


@pytest.mark.parametrize(("changes", "said"), WRONG.values(), ids=WRONG)
def test_what_lambda_does_not_read_is_refused(
    aws: Aws, source: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    asked = {name: value for name, value in {**source, **changes}.items() if value is not None}
    with pytest.raises(ClientError, match=said) as refused:
        aws("lambda").create_event_source_mapping(**asked)
    assert refused.value.response["Error"]["Code"] == "InvalidParameterValueException"
    assert aws("lambda").list_event_source_mappings()["EventSourceMappings"] == []


def test_a_mapping_is_read_back_changed_and_removed_and_says_that_nothing_comes(
    aws: Aws, source: dict[str, Any]
) -> None:
    lambda_ = aws("lambda")
    uuid = lambda_.create_event_source_mapping(**source)["UUID"]
    found = lambda_.get_event_source_mapping(UUID=uuid)
    assert {name: found[name] for name in source if name != "FunctionName"} == {
        name: value for name, value in source.items() if name != "FunctionName"
    }
    assert found["BatchSize"] == 100
    assert "no brokers" in found["LastProcessingResult"]
    lambda_.update_event_source_mapping(UUID=uuid, ProvisionedPollerConfig={**POLLERS, "MaximumPollers": 8})
    assert lambda_.get_event_source_mapping(UUID=uuid)["ProvisionedPollerConfig"]["MaximumPollers"] == 8
    with pytest.raises(ClientError, match="MinimumPollers must be less"):
        lambda_.update_event_source_mapping(
            UUID=uuid, ProvisionedPollerConfig={"MinimumPollers": 3, "MaximumPollers": 2}
        )
    with pytest.raises(ClientError, match="used by another"):
        lambda_.create_event_source_mapping(**source)
    lambda_.delete_event_source_mapping(UUID=uuid)
    assert lambda_.list_event_source_mappings()["EventSourceMappings"] == []


def test_a_function_that_runs_for_longer_than_pollers_wait_is_none_of_theirs(aws: Aws, source: dict[str, Any]) -> None:
    aws("lambda").update_function_configuration(FunctionName="tally", Timeout=841)
    with pytest.raises(ClientError, match="must not exceed 840"):
        aws("lambda").create_event_source_mapping(**source)


def test_without_a_group_lambda_makes_one_and_without_pollers_it_takes_the_rest(
    aws: Aws, source: dict[str, Any]
) -> None:
    kept = ("FunctionName", "EventSourceArn", "Topics", "StartingPosition")
    made = aws("lambda").create_event_source_mapping(**{name: source[name] for name in kept})
    assert made["AmazonManagedKafkaEventSourceConfig"]["ConsumerGroupId"] == made["UUID"]
    assert "ProvisionedPollerConfig" not in made
