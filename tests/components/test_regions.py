"""prod in every commercial region: by region, zones and addresses alone; or refused with what the region lacks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from config.facts.regions import EKS_WITHOUT, GLOBAL_REGION, regions
from config.problems import ConfigError, dotted
from review.recording import record_stack
from review.verdict import judge
from tests.config.stackfile import accepted

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph, Resource

THREE = {"eu-central-1": "abc", "ap-southeast-2": "abc", "ca-central-1": "abd"}
"""Regions where three zones have all that prod asks for, with the letters of the zones."""
TWO = {"sa-east-1": "ab"}
"""One of its three zones has no GPU: prod stands in two, so its blocks are of two."""
MOVES = THREE | TWO


def moved(region: str, zones: str) -> StackConfig:
    """Return prod in another region: region, zones, and in two zones their blocks and the nodes that are the fewest."""
    a, b, *more = zones
    swaps = [
        ("      region: us-east-1\n", f"      region: {region}\n"),
        ("      zones: [a, b]\n", f"      zones: [{a}, {b}]\n"),
        ("      zones: [a, b, c]\n", f"      zones: [{', '.join(zones)}]\n"),
        ("reader-b: {instance_class: db.r5.xlarge, zone: b}", f"reader-b: {{instance_class: db.r5.xlarge, zone: {b}}}"),
        (
            "reader-c: {instance_class: db.r5.xlarge, zone: c}",
            f"reader-c: {{instance_class: db.r5.xlarge, zone: {(*more, a)[0]}}}",
        ),
    ]
    if region == "us-west-2":
        swaps += [
            (
                "standby: {name: phoenix-static-assets-dr, region: us-west-2}",
                "standby: {name: phoenix-static-assets-dr, region: us-east-1}",
            )
        ]
    if not more:
        blocks = {
            "[10.0.1.0/24, 10.0.2.0/24, 10.0.3.0/24]": "[10.0.1.0/24, 10.0.2.0/24]",
            "[10.0.11.0/24, 10.0.12.0/24, 10.0.13.0/24]": "[10.0.16.0/22, 10.0.20.0/22]",
            "[10.0.21.0/24, 10.0.22.0/24, 10.0.23.0/24]": "[10.0.24.0/24, 10.0.25.0/24]",
            "[10.0.31.0/24, 10.0.32.0/24, 10.0.33.0/24]": "[10.0.31.0/24, 10.0.32.0/24]",
        }
        swaps += list(blocks.items())
        swaps.append(("source: nodes, threshold: 18", "source: nodes, threshold: 15"))  # three nodes in each zone
    return accepted(*swaps)


@pytest.fixture(scope="module", params=MOVES)
def move(request: pytest.FixtureRequest) -> tuple[StackConfig, Graph]:
    """prod in another region, and what it registers."""
    settings = moved(request.param, MOVES[request.param])
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


def zones_of(code: str) -> str:
    """Return three zones that EKS takes, where letters say so."""
    region = regions()[code]
    fit = [one for one in region.letters if region.zone_id(region.ids.get(one, "")) not in EKS_WITHOUT]
    return "".join(fit[:3])


def reported(code: str) -> dict[str, Any]:
    zones = zones_of(code)
    try:
        moved(code, zones) if len(zones) == 3 else accepted(("      region: us-east-1\n", f"      region: {code}\n"))
    except ConfigError as error:
        return {dotted(problem.path): problem for problem in error.problems}
    return {}


@pytest.mark.parametrize("code", sorted(regions()))
def test_every_commercial_region_is_valid_or_refused_by_what_it_lacks(code: str) -> None:
    """Nothing but an offer, a certificate or a delivery that the region does not have stands against prod there."""
    for path, problem in reported(code).items():
        assert path.startswith(
            (
                "cluster.node_groups",
                "data.",
                "kubernetes.pgbouncer",
                "observability.alarms",
                "network.zones",
                "management.zones",
            )
        ), path
        assert code in problem.what, f"{path}: {problem.what}: the reason names the region"


def test_regions_that_have_everything_take_prod_as_it_is() -> None:
    whole = {code for code in regions() if not reported(code)}
    assert {"us-east-1", "us-east-2", "us-west-2", "eu-central-1", "ap-southeast-2", "ca-central-1"} <= whole
