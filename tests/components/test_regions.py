"""prod in other regions, as `python -m config.new` moves it: what stands where."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from config.examine import examined
from config.facts.regions import GLOBAL_REGION
from config.layers import Layers
from config.new import settle
from config.new.draft import Draft
from config.new.shared import alone
from review.recording import record_stack
from review.verdict import judge
from tests.config.stackfile import SETTINGS, accepted

if TYPE_CHECKING:
    from config.problems import Problem
    from config.stack import StackConfig
    from review.graph import Graph, Resource

REGIONS = ("eu-central-1", "ap-southeast-2", "ca-central-1", "sa-east-1", "eu-west-1")
"""Regions with other letters, with fewer zones that have all that prod asks for, and with other node types."""


def moved(region: str) -> tuple[StackConfig, list[Problem]]:
    """Return prod without what its standby needs, in another region, and what stands against it there."""
    draft = Draft(SETTINGS)
    alone(draft)
    draft, problems = settle.moved(draft, region)
    return examined(Layers(draft.values, None, ""))[0], problems


@pytest.fixture(scope="module", params=REGIONS)
def move(request: pytest.FixtureRequest) -> tuple[StackConfig, Graph]:
    """prod in another region, and what it registers."""
    settings, problems = moved(request.param)
    assert not problems
    return settings, record_stack("prod", settings)


def region_of(graph: Graph, resource: Resource) -> str:
    return str(graph.by_urn[resource.provider].inputs["region"])


def one(graph: Graph, name: str) -> Resource:
    return graph.named(name)


pytestmark = pytest.mark.slow  # whole stacks are recorded


def test_it_passes_the_pack(move: tuple[StackConfig, Graph]) -> None:
    settings, graph = move
    today = datetime.now(tz=UTC).date()
    verdict = judge(graph, environment=settings.identity.environment, today=today)
    assert verdict.passed, [finding.message for finding in verdict.findings if finding.blocking]


def test_what_cloudfront_needs_stands_in_us_east_1_and_nothing_else_does(move: tuple[StackConfig, Graph]) -> None:
    settings, graph = move
    providers = {provider.name: provider.inputs["region"] for provider in graph.of_type("pulumi:providers:aws")}
    assert providers["aws"] == settings.identity.region
    assert providers["aws-global"] == GLOBAL_REGION
    there = {r.name for r in graph.custom() if r.type.startswith("aws:") and region_of(graph, r) == GLOBAL_REGION}
    assert {
        "front-certificate",
        "front-firewall-acl",
        "front-firewall-decisions",
        "front-cdn-access",
        "global-logs-key",
        "observability-global-alarms-region-down",
    } <= there
    assert {name.split("-")[0] for name in there} == {"front", "global", "observability"}
    assert not {name for name in there if name.startswith("observability") and "-global-" not in name}


def test_it_has_what_prod_has_by_the_same_names(move: tuple[StackConfig, Graph]) -> None:
    """Names show no region, so that a stack that moves is the same program."""
    _, graph = move
    home = record_stack("prod", accepted())
    kinds = ("aws:rds/instance:Instance", "aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:route53/zone:Zone")
    for kind in kinds:
        names = {r.name for r in graph.of_type(kind)}
        assert {r.name for r in home.of_type(kind)} == names - {"global-logs-key"}


def test_the_log_of_cloudfronts_firewall_has_a_key_of_its_region(move: tuple[StackConfig, Graph]) -> None:
    _, graph = move
    group = one(graph, "front-firewall-decisions")
    assert group.inputs["kmsKeyId"] == one(graph, "global-logs-key").outputs["arn"]
    policy = json.loads(one(graph, "global-logs-key").inputs["policy"])
    services = [s["Principal"].get("Service") for s in policy["Statement"]]
    assert [f"logs.{GLOBAL_REGION}.amazonaws.com"] in [[s] if isinstance(s, str) else s for s in services]


def test_alarms_on_what_is_global_tell_topics_beside_their_metrics(move: tuple[StackConfig, Graph]) -> None:
    _, graph = move
    alarm = one(graph, "observability-global-alarms-region-down")
    assert alarm.inputs["namespace"] == "AWS/Route53"
    topics = {topic.name for topic in graph.of_type("aws:sns/topic:Topic") if region_of(graph, topic) == GLOBAL_REGION}
    assert topics == {"observability-global-topics-critical", "observability-global-topics-warning"}
    mail = [s for s in graph.of_type("aws:sns/topicSubscription:TopicSubscription") if "-global-mail-" in s.name]
    assert mail, "somebody reads them"
    assert all(region_of(graph, subscription) == GLOBAL_REGION for subscription in mail)
    elsewhere = [
        a
        for a in graph.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if a.inputs.get("namespace") in ("AWS/Route53", "AWS/CloudFront")
    ]
    assert {region_of(graph, a) for a in elsewhere} == {GLOBAL_REGION}


def test_the_pager_is_called_across_regions(move: tuple[StackConfig, Graph]) -> None:
    _, graph = move
    subscription = one(graph, "observability-pagerduty-critical-global-subscription")
    assert region_of(graph, subscription) == GLOBAL_REGION
    assert "redrivePolicy" not in subscription.inputs, "SNS takes a queue of its own region only"
    reported = json.loads(
        one(graph, "observability-pagerduty-function").inputs["environment"]["variables"]["SEVERITIES"]
    )
    assert list(reported.values()) == ["critical", "critical"]


def test_at_home_nothing_stands_elsewhere() -> None:
    graph = record_stack("prod", accepted())
    assert not [r.name for r in graph.resources if r.name.startswith("global-") or "-global-" in r.name]
    assert "aws-global" not in {provider.name for provider in graph.of_type("pulumi:providers:aws")}
