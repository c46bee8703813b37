"""Queues keep what fails, are encrypted, and are reached by TLS only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi
import pytest

from components.messaging import Messaging, MessagingArgs
from config.messaging import Messaging as MessagingSettings
from review.record import record

if TYPE_CHECKING:
    from review.graph import Graph

SETTINGS = MessagingSettings.model_validate(
    {"queues": {"videos": {"purpose": "Videos to be cut", "visibility_timeout_seconds": 1800, "max_receives": 4}}}
)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """One queue, with its dead letters."""

    def program() -> None:
        Messaging("messaging", MessagingArgs(settings=SETTINGS), pulumi.ResourceOptions())

    return record(program, "test")


def test_a_message_that_fails_goes_to_the_dead_letters_of_its_queue(graph: Graph) -> None:
    queue = graph.named("messaging-videos").inputs
    redrive = json.loads(queue["redrivePolicy"])
    assert " " not in queue["redrivePolicy"], "as the provider writes it back, or every plan shows a change"
    assert redrive["maxReceiveCount"] == 4
    assert redrive["deadLetterTargetArn"].endswith("messaging-videos-dead-letters")
    allowed = json.loads(graph.named("messaging-videos-sources").inputs["redriveAllowPolicy"])
    assert allowed["redrivePermission"] == "byQueue", "no other queue buries its dead there"
    assert [arn.rpartition("/")[2] for arn in allowed["sourceQueueArns"]] == ["messaging-videos"]


def test_dead_letters_outlive_their_queue(graph: Graph) -> None:
    kept = {one.name: one.inputs["messageRetentionSeconds"] for one in graph.of_type("aws:sqs/queue:Queue")}
    assert kept == {"messaging-videos": 345_600, "messaging-videos-dead-letters": 1_209_600}
    assert graph.named("messaging-videos").inputs["visibilityTimeoutSeconds"] == 1800


def test_both_are_encrypted_and_refuse_plain_text(graph: Graph) -> None:
    for name in ("messaging-videos", "messaging-videos-dead-letters"):
        assert graph.named(name).inputs["sqsManagedSseEnabled"] is True
        (only,) = json.loads(graph.named(f"{name}-policy").inputs["policy"])["Statement"]
        assert (only["Effect"], only["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
