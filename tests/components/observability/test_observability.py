from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.cluster import PodIdentity
from config.load import load_file, stack_file
from config.observability import Alarm, CustomMetric, CustomMetrics
from tests.components.observability.conftest import TRAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.observability import Observability as ObservabilitySettings
    from config.stack import StackConfig
    from review.graph import Graph, Resource

METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
ALARMS = "observability-alarms-"


def topic(graph: Graph, severity: str) -> str:
    return str(graph.named(f"observability-topics-{severity}").outputs["arn"])


def policy(graph: Graph, name: str) -> dict[str, dict[str, Any]]:
    statements = json.loads(graph.named(name).inputs["policy"])["Statement"]
    return {statement["Sid"]: statement for statement in statements}


def alarm(graph: Graph, row: str) -> Mapping[str, Any]:
    return graph.named(f"{ALARMS}{row}", METRIC_ALARM).inputs


def alarms(graph: Graph) -> tuple[Resource, ...]:
    return graph.of_type(METRIC_ALARM)


def test_every_topic_is_encrypted_by_the_logs_key(observability: Graph) -> None:
    keys = {one.inputs["kmsMasterKeyId"] for one in observability.of_type("aws:sns/topic:Topic")}
    assert keys == {"key-logs"}, "its policy lets alarms and EventBridge use it"


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_a_topic_is_published_to_by_alarms_and_events_only(observability: Graph, severity: str) -> None:
    found = policy(observability, f"observability-topics-{severity}-policy")
    publishers = {sid: one["Principal"] for sid, one in found.items() if one["Effect"] == "Allow"}
    assert publishers == {
        "AlarmsTell": {"Service": ["cloudwatch.amazonaws.com"]},
        "EventsTell": {"Service": ["events.amazonaws.com"]},
    }, "nobody else"
    assert found["AlarmsTell"]["Condition"]["StringEquals"] == {"aws:SourceAccount": "100000000004"}, "our alarms"
    assert found["EventsTell"]["Condition"] == {
        "StringEqualsIfExists": {"aws:SourceAccount": "100000000004"},
        "ArnLikeIfExists": {"aws:SourceArn": "arn:aws:events:us-east-1:100000000004:rule/*"},
    }, "EventBridge names no source to an encrypted topic; where it does, it must be ours"


def test_nothing_is_sent_in_plain_text(observability: Graph) -> None:
    denied = policy(observability, "observability-topics-critical-policy")["TlsOnly"]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_warning_is_reported_when_it_comes_and_when_it_goes(observability: Graph) -> None:
    inputs = alarm(observability, "slow")
    warning = [topic(observability, "warning")]
    assert (inputs["alarmActions"], inputs["okActions"]) == (warning, warning), "an incident that never ends is ignored"


def test_a_critical_alarm_is_reported_as_a_warning_and_pages_through_the_composite(observability: Graph) -> None:
    assert alarm(observability, "errors")["alarmActions"] == [topic(observability, "warning")], "chat has the details"
    composite = observability.named(f"{ALARMS}service-outage", COMPOSITE).inputs
    assert composite["alarmActions"] == [topic(observability, "critical")], "one page for an outage"
    name = observability.named(f"{ALARMS}errors", METRIC_ALARM).outputs["name"]
    assert f'ALARM("{name}")' in composite["alarmRule"].split(" OR "), "it is one of those that page"


@pytest.mark.parametrize("incident", ["service-outage", "security-incident"])
def test_an_incident_is_made_of_all_critical_alarms_of_its_kind(
    observability: Graph, settings: StackConfig, incident: str
) -> None:
    assert settings.observability is not None
    trail = {"root_use", "trail_changes", "key_deletions", "sign_in_without_mfa"}
    rows = [
        row
        for row, one in settings.observability.alarms.items()
        if one.severity == "critical" and (one.source in trail) == (incident == "security-incident")
    ]
    wanted = {one.outputs["name"] for one in alarms(observability) if _row(one, rows)}
    rule = observability.named(f"{ALARMS}{incident}", COMPOSITE).inputs["alarmRule"]
    assert {part.removeprefix('ALARM("').removesuffix('")') for part in rule.split(" OR ")} == wanted, "all, no other"


def test_the_order_in_which_files_give_alarms_changes_nothing(
    observability: Graph,
    settings: StackConfig,
    record_observability: Callable[[StackConfig, ObservabilitySettings], Graph],
) -> None:
    """It follows from the order of bases, and from which of them has an alarm."""
    assert settings.observability is not None
    turned = dict(reversed(settings.observability.alarms.items()))
    other = record_observability(settings, settings.observability.model_copy(update={"alarms": turned}))
    inputs = [{one.urn: one.inputs for one in graph.resources} for graph in (observability, other)]
    assert list(turned) != list(settings.observability.alarms)
    assert inputs[0] == inputs[1]


def _row(one: Resource, rows: list[str]) -> bool:
    row = one.name.removeprefix(ALARMS)
    return any(
        row in (each, *(f"{each}-{subject}" for subject in ("primary", "reader-b", "reader-c"))) for each in rows
    )


def test_a_row_makes_an_alarm_for_each_thing_that_it_is_measured_on(observability: Graph) -> None:
    databases = {name: alarm(observability, f"database-cpu-{name}") for name in ("primary", "reader-b", "reader-c")}
    found = {name: inputs["dimensions"]["DBInstanceIdentifier"] for name, inputs in databases.items()}
    assert found == {
        "primary": "phoenix-prod",
        "reader-b": "phoenix-prod-reader-b",
        "reader-c": "phoenix-prod-reader-c",
    }, "the identifiers that the data area gives"


def test_a_shard_is_followed_by_the_maximum_of_its_nodes(observability: Graph) -> None:
    first, *parts = alarm(observability, "cache-memory-0003")["metricQueries"]
    assert (first["expression"], first["returnData"]) == ("MAX(METRICS())", True), "the worst node"
    nodes = [part["metric"]["dimensions"]["CacheClusterId"] for part in parts]
    assert nodes == [f"phoenix-prod-0003-00{number}" for number in (1, 2, 3)], "a primary and two replicas"


def test_a_percentile_is_no_plain_statistic(observability: Graph) -> None:
    inputs = alarm(observability, "slow")
    assert (inputs.get("statistic"), inputs["extendedStatistic"]) == (None, "p99"), "the API takes one of the two"


def test_what_may_run_out_is_bad_when_it_is_low(observability: Graph) -> None:
    inputs = alarm(observability, "database-full-primary")
    assert inputs["comparisonOperator"] == "LessThanThreshold", "free storage"
    assert inputs["threshold"] == 20 * 2**30, "CloudWatch counts bytes"


def test_all_periods_must_be_bad_unless_the_row_says_otherwise(observability: Graph) -> None:
    assert alarm(observability, "slow")["datapointsToAlarm"] == 5, "all five"
    assert alarm(observability, "errors")["datapointsToAlarm"] == 3, "three of five"


def test_logs_of_the_cluster_are_encrypted_and_kept_under_the_agents_names(observability: Graph) -> None:
    groups = {
        one.inputs["name"]: (one.inputs["retentionInDays"], one.inputs["kmsKeyId"])
        for one in observability.of_type("aws:cloudwatch/logGroup:LogGroup")
        if "name" in one.inputs
    }
    names = ("application", "dataplane", "host", "performance")
    assert groups == {f"/aws/containerinsights/phoenix-prod/{name}": (90, "key-logs") for name in names}


def test_events_of_the_trail_are_counted_in_its_log_where_alarms_want_them(
    observability: Graph, settings: StackConfig
) -> None:
    assert settings.observability is not None
    filters = {
        one.inputs["metricTransformation"]["name"]: one.inputs["logGroupName"]
        for one in observability.of_type("aws:cloudwatch/logMetricFilter:LogMetricFilter")
    }
    assert filters["root_use"] == TRAIL, "CloudTrail's log"
    assert filters["application_errors"] != TRAIL, "the application's"
    counted = {one.inputs["metricName"] for one in alarms(observability) if "logs" in one.inputs.get("namespace", "")}
    assert counted == set(filters), "what is counted has an alarm, and the other way round"


def test_a_channel_of_slack_may_do_nothing(observability: Graph) -> None:
    channels = observability.of_type("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration")
    guardrails = {one.name: one.inputs["guardrailPolicyArns"] for one in channels}
    assert set(guardrails) == {"observability-slack-alerts", "observability-slack-news"}
    assert all(found == ["arn:aws:iam::aws:policy/AWSDenyAll"] for found in guardrails.values()), (
        "the service's default is AdministratorAccess"
    )


def test_a_channel_gets_its_severities_under_a_name_of_its_region(observability: Graph) -> None:
    inputs = observability.named("observability-slack-alerts").inputs
    assert inputs["snsTopicArns"] == [topic(observability, "critical"), topic(observability, "warning")]
    assert inputs["configurationName"] == "phoenix-prod-us-east-1-alerts", "names are the account's, over all regions"


@pytest.mark.parametrize(("region", "configured"), [("us-east-1", "us-west-2"), ("us-west-2", "us-west-2")])
def test_channels_are_configured_where_their_api_is(
    settings: StackConfig,
    record_observability: Callable[[StackConfig, ObservabilitySettings], Graph],
    region: str,
    configured: str,
) -> None:
    stack = settings.model_copy(update={"identity": settings.identity.model_copy(update={"region": region})})
    assert stack.observability is not None
    graph = record_observability(stack, stack.observability)
    channel = graph.named("observability-slack-alerts")
    assert graph.by_urn[channel.provider].inputs["region"] == configured, "us-east-1 has no endpoint"
    reported = {graph.by_urn[urn].provider for urn in channel.property_dependencies["snsTopicArns"]}
    assert {graph.by_urn[provider].inputs["region"] for provider in reported} == {region}, "topics stay where they are"


def test_only_what_is_critical_pages(observability: Graph) -> None:
    found = observability.of_type("aws:sns/topicSubscription:TopicSubscription")
    paged = {one.inputs["topic"] for one in found if one.inputs["protocol"] == "lambda"}
    assert paged == {topic(observability, "critical")}


def test_the_forwarder_reads_one_secret_and_holds_none(observability: Graph) -> None:
    read = policy(observability, "observability-pagerduty-policy")["ReadRoutingKey"]
    assert read["Resource"] == ["arn:aws:secretsmanager:us-east-1:100000000004:secret:phoenix/prod/pagerduty-??????"], (
        "Secrets Manager's six characters, and no other secret whose name begins alike"
    )
    variables = observability.named("observability-pagerduty-function").inputs["environment"]["variables"]
    assert set(variables) == {"ENDPOINT", "SECRET_NAME", "SEVERITIES"}, "a name, no key"
    assert json.loads(variables["SEVERITIES"]) == {topic(observability, "critical"): "critical"}


def test_a_page_that_could_not_be_sent_is_kept_and_reported_elsewhere(observability: Graph) -> None:
    queue = observability.named("observability-pagerduty-undelivered")
    retries = observability.named("observability-pagerduty-retries").inputs
    assert retries["destinationConfig"]["onFailure"]["destination"] == queue.outputs["arn"], "what failed three times"
    redrive = observability.named("observability-pagerduty-critical-subscription").inputs["redrivePolicy"]
    assert json.loads(redrive) == {"deadLetterTargetArn": queue.outputs["arn"]}, "what did not reach the function"
    undelivered = alarm(observability, "undelivered-pages")
    assert undelivered["dimensions"] == {"QueueName": queue.outputs["name"]}, "this queue"
    assert undelivered["alarmActions"] == [topic(observability, "warning")], "not through the pager that failed"


def test_a_dashboard_is_named_after_its_region(observability: Graph) -> None:
    names = {one.inputs["dashboardName"] for one in observability.of_type("aws:cloudwatch/dashboard:Dashboard")}
    wanted = {"application", "infrastructure", "database", "blockchain"}
    assert names == {f"phoenix-prod-us-east-1-{name}" for name in wanted}, (
        "dashboards are the account's: a standby's would overwrite these"
    )


def test_who_publishes_custom_metrics_does_so_in_its_namespace_only(observability: Graph) -> None:
    publish = policy(observability, "observability-chain-policy")["PublishChainMetrics"]
    assert publish["Action"] == ["cloudwatch:PutMetricData"]
    assert publish["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Phoenix/Blockchain"}}


def test_events_are_reported_by_severity(observability: Graph) -> None:
    targets = {one.name: one.inputs["arn"] for one in observability.of_type("aws:cloudwatch/eventTarget:EventTarget")}
    assert targets["observability-scaling-topic"] == topic(observability, "info"), "section 5.3"
    assert targets["observability-threats-topic"] == topic(observability, "critical"), "a security incident"
    pattern = json.loads(observability.named("observability-databases").inputs["eventPattern"])
    assert "phoenix-prod-reader-b" in pattern["detail"]["SourceIdentifier"], "this stack's databases, and no others"


def test_a_standby_is_watched_by_the_same_component(
    record_observability: Callable[[StackConfig, ObservabilitySettings], Graph],
) -> None:
    standby = load_file(stack_file("dr"))
    assert standby.observability is not None
    found = record_observability(standby, standby.observability)
    assert found.named(f"{ALARMS}no-targets").inputs["dimensions"]["TargetGroup"] == "targetgroup/pods/2"
    assert not [one for one in alarms(found) if one.inputs.get("namespace") in ("AWS/CloudFront", "AWS/Route53")], (
        "those are measured in us-east-1"
    )


def test_a_row_that_nothing_is_measured_on_is_named(
    settings: StackConfig, record_observability: Callable[[StackConfig, ObservabilitySettings], Graph]
) -> None:
    assert settings.observability is not None
    without = settings.observability.model_copy(update={"custom_metrics": {}})
    with pytest.raises(ValueError, match=r"observability\.alarms\.few-validators: metric chain\.validators"):
        record_observability(settings, without)


KPIS = {
    "kpis": CustomMetrics(
        namespace="Records/Business",
        publisher=PodIdentity(namespace="phoenix", service_account="phoenix-app"),
        description="The application: figures of the business",
        metrics={
            "orders": CustomMetric(
                name="OrdersPlaced", title="Orders", statistic="Sum", comparison="LessThanThreshold",
                dimensions={"Channel": "web"},
            )
        },
    )
}  # fmt: skip
"""Figures of the business, which the application counts itself."""


@pytest.fixture(scope="module")
def business(
    settings: StackConfig, record_observability: Callable[[StackConfig, ObservabilitySettings], Graph]
) -> Graph:
    """Observability of a stack whose application publishes."""
    assert settings.observability is not None
    row = Alarm.model_validate(
        {
            "severity": "warning",
            "metric": "kpis.orders",
            "threshold": 10,
            "period_seconds": 300,
            "evaluation_periods": 3,
        }
    )
    changes = {"custom_metrics": KPIS, "alarms": {"few-orders": row}}
    return record_observability(settings, settings.observability.model_copy(update=changes))


def test_a_publisher_that_has_a_role_gets_the_right_by_that_role(business: Graph) -> None:
    (made,) = [one for one in business.of_type("aws:iam/rolePolicy:RolePolicy") if "kpis" in one.name]
    assert (made.name, made.inputs["role"]) == ("observability-kpis-policy", "application-role")
    assert not [one for one in business.resources if "PodIdentityAssociation" in one.type], (
        "a service account takes one role only"
    )
    publish = policy(business, "observability-kpis-policy")["PublishKpisMetrics"]
    assert publish["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Records/Business"}}


def test_figures_of_the_business_have_an_alarm_and_a_dashboard(business: Graph) -> None:
    made = alarm(business, "few-orders")
    assert (made["namespace"], made["metricName"], made["statistic"]) == ("Records/Business", "OrdersPlaced", "Sum")
    assert made["dimensions"] == {"ClusterName": "phoenix-prod", "Channel": "web"}
    assert made["comparisonOperator"] == "LessThanThreshold"
    assert made["alarmDescription"] == "warning: orders"
    body = json.loads(business.named("observability-kpis").inputs["dashboardBody"])
    assert [one["properties"].get("title") for one in body["widgets"]] == [None, "Orders"]
