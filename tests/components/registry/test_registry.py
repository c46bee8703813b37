"""Repositories keep what was pushed as it was pushed, scanned, encrypted by our key, as long as the stack file says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from components.registry import Registry, RegistryArgs
from config.load import load_file, stack_file
from review.record import record
from tests.components.cluster.surroundings import keys, options

if TYPE_CHECKING:
    from config.registry import Registry as RegistrySettings
    from config.stack import StackConfig
    from review.graph import Graph


def _record(settings: StackConfig, registry: RegistrySettings) -> Graph:
    def program() -> None:
        Registry(
            "registry", RegistryArgs(settings=registry, identity=settings.identity, keys=keys()), options(settings)
        )

    return record(program, "test")


@pytest.fixture(scope="module")
def section(settings: StackConfig) -> RegistrySettings:
    """The `registry` section of prod."""
    assert settings.registry is not None
    return settings.registry


@pytest.fixture(scope="module")
def graph(settings: StackConfig, section: RegistrySettings) -> Graph:
    """The registry of prod."""
    return _record(settings, section)


def test_a_primary_and_its_standby_have_the_same_repositories(graph: Graph) -> None:
    dr = load_file(stack_file("dr"))
    assert dr.registry is not None
    there = _record(dr, dr.registry)
    names = [
        {found.inputs["name"] for found in region.of_type("aws:ecr/repository:Repository")} for region in (graph, there)
    ]
    assert names[0] == names[1], "a copy goes to the repository of its name"
    assert "phoenix/prod/application" in names[0], "below one prefix, by which replication finds them"


def test_a_repository_keeps_tags_scans_on_push_and_is_encrypted_by_our_key(graph: Graph) -> None:
    for found in graph.of_type("aws:ecr/repository:Repository"):
        assert found.inputs["imageTagMutability"] == "IMMUTABLE", "a tag means one image for ever"
        assert found.inputs["imageScanningConfiguration"] == {"scanOnPush": True}, "before it runs"
        assert found.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": "key-cluster"}]
        assert (found.protect, found.retain_on_delete, found.inputs["forceDelete"]) == (True, True, False), "it is data"


def test_images_go_as_the_stack_file_says(graph: Graph, section: RegistrySettings) -> None:
    found = graph.of_type("aws:ecr/lifecyclePolicy:LifecyclePolicy")
    assert len(found) == len(section.repositories), "in every repository"
    untagged, others = json.loads(found[0].inputs["policy"])["rules"]
    assert (untagged["selection"]["countType"], untagged["selection"]["countNumber"]) == (
        "sinceImagePushed",
        section.lifecycle.untagged_days,
    ), "what has no tag goes by age"
    assert (others["selection"]["countType"], others["selection"]["countNumber"]) == (
        "imageCountMoreThan",
        section.lifecycle.keep_images,
    ), "what has one by number"
    assert untagged["rulePriority"] < others["rulePriority"], "ECR wants a rule on any image last"


@pytest.mark.parametrize(("scan", "frequency"), [("BASIC", "SCAN_ON_PUSH"), ("ENHANCED", "CONTINUOUS_SCAN")])
def test_the_whole_registry_is_scanned(
    settings: StackConfig, section: RegistrySettings, scan: str, frequency: str
) -> None:
    inputs = _record(settings, section.model_copy(update={"scan": scan})).named("registry-scanning").inputs
    (rule,) = inputs["rules"]
    assert (inputs["scanType"], rule["scanFrequency"]) == (scan, frequency), "at the frequency that the type knows"
    assert rule["repositoryFilters"] == [{"filter": "*", "filterType": "WILDCARD"}], "every repository"
