from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from components.keys.keys import DOMAINS

if TYPE_CHECKING:
    from config.keys import KeyDomain
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_domains_key_rotates_and_cannot_vanish(domain: KeyDomain, graph: Graph, settings: StackConfig) -> None:
    key = graph.named(f"keys-{domain}")
    assert key.type == "aws:kms/key:Key"
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["rotationPeriodInDays"] == settings.keys.rotation_days
    assert key.inputs["deletionWindowInDays"] == 30, "time to notice before data is lost for good"
    assert key.inputs["multiRegion"] == settings.keys.domains[domain].multi_region
    assert key.protect, "a key's data dies with it"
    assert key.retain_on_delete, "leaving the program must not schedule a key's deletion"


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_key_is_found_by_an_alias_that_another_stack_can_compute(domain: KeyDomain, graph: Graph) -> None:
    alias = graph.named(f"keys-{domain}-alias").inputs
    assert alias["name"] == f"alias/phoenix-prod-{domain}"
    behind = graph.named(f"keys-{domain}-alias").property_dependencies["targetKeyId"]
    assert behind == (graph.named(f"keys-{domain}").urn,), "the alias leads to the key of its own domain"


def test_a_keys_policy_is_written_out_before_anything_is_deployed(graph: Graph) -> None:
    for key in graph.of_type("aws:kms/key:Key"):
        policy = json.loads(key.inputs["policy"])
        assert {s["Effect"] for s in policy["Statement"]} == {"Allow"}
        assert "us-east-1" in key.inputs["policy"], "conditions name the region of the key"


def test_new_volumes_are_encrypted_by_the_cluster_key_whoever_makes_them(graph: Graph) -> None:
    assert graph.named("keys-ebs-default").inputs["keyArn"] == graph.named("keys-cluster").outputs["arn"]
    switch = graph.named("keys-ebs-encryption")
    assert switch.inputs["enabled"] is True
    assert graph.named("keys-ebs-default").urn in switch.dependencies, "no volume is made under another key in between"
