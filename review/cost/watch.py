"""Pricers of what watches and keeps secrets, and of types that cost by one input only: most of them nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from review.cost.item import Gap, Item, number, part, parts, text
from review.eks import unseen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from review.cost.item import Around, Pricer, Said
    from review.graph import Resource

ONE: Final = Decimal(1)
_HIGH_RESOLUTION_SECONDS: Final = 60
"""Periods below are of high resolution (CloudWatch User Guide)."""
_CLOUDWATCH_AGENTS: Final = "amazon-cloudwatch-observability"


def alarm(resource: Resource, _: Around) -> Said:
    """Price an alarm by the metrics that it reads; one on a band of anomalies reads three for each."""
    queries = parts(resource.inputs, "metricQueries")
    metrics = [one["metric"] for one in queries if isinstance(one.get("metric"), Mapping)] or [resource.inputs]
    expressions = [str(one.get("expression") or "").upper().lstrip() for one in queries]
    if any(one.startswith("SELECT") for one in expressions):
        yield Gap("alarm on a query of Metrics Insights", "it costs by the metrics that it finds")
        return
    quick = any(number(one, "period", _HIGH_RESOLUTION_SECONDS) < _HIGH_RESOLUTION_SECONDS for one in metrics)
    band = "anomaly_" if any("ANOMALY_DETECTION_BAND" in one for one in expressions) else ""
    sku = f"alarm_{band}{'high_resolution' if quick else 'standard'}"
    yield Item("metric of an alarm", Decimal(len(metrics)), "cloudwatch", sku)


def composite(_: Resource, __: Around) -> Said:
    """Price a composite alarm."""
    yield Item("composite alarm", ONE, "cloudwatch", "alarm_composite")


def dashboard(_: Resource, __: Around) -> Said:
    """Price a dashboard."""
    yield Item("dashboard", ONE, "cloudwatch", "dashboard")


def key(_: Resource, __: Around) -> Said:
    """Price a key, or its replica in another region, before its material has rotated."""
    yield Item("key", ONE, "kms", "customer_key", "before the first rotation")


def secret(resource: Resource, _: Around) -> Said:
    """Price a secret and each of its replicas, which costs as one."""
    yield Item("secret", ONE, "secrets_manager", "secret")
    for replica in parts(resource.inputs, "replicas"):
        region = text(replica, "region")
        yield Item(f"replica of a secret in {region}", ONE, "secrets_manager", "secret", region=region)


def analyzer(resource: Resource, _: Around) -> Said:
    """Price an analyzer: one of access from outside is free, others cost by what they analyze."""
    kind = text(resource.inputs, "type", "ACCOUNT")
    if kind not in ("ACCOUNT", "ORGANIZATION"):
        yield Gap(f"analyzer of {kind}", "it costs by the roles, users or resources of the account")


def parameter(resource: Resource, _: Around) -> Said:
    """Price a parameter: those of the standard tier are free."""
    if (tier := text(resource.inputs, "tier", "Standard")) != "Standard":
        yield Gap(f"parameter of tier {tier}", "no price of it in the data")


def add_on(resource: Resource, _: Around) -> Said:
    """Price an add-on: free, but for what CloudWatch's agents send all the time."""
    if text(resource.inputs, "addonName") == _CLOUDWATCH_AGENTS:
        yield Gap("Container Insights of the cluster", "observations cost by their number; no price in the data")


def containers(resource: Resource, _: Around) -> Said:
    """Price a cluster of ECS: free, but for Container Insights."""
    for setting in parts(resource.inputs, "settings"):
        if setting.get("name") == "containerInsights" and setting.get("value") != "disabled":
            yield Gap("Container Insights of the cluster", "metrics cost by tasks and services; no price in the data")


def detector_feature(resource: Resource, _: Around) -> Said:
    """Price a feature of GuardDuty: by what happens, but for agents that watch machines all the time."""
    name = text(resource.inputs, "name")
    if name in ("RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING") and resource.inputs.get("status") != "DISABLED":
        yield Gap("runtime monitoring by GuardDuty", "it costs by vCPU that are watched; no price in the data")


def kubernetes_service(resource: Resource, _: Around) -> Said:
    """Price a Service: free, but for the load balancer that one of type LoadBalancer asks for."""
    if text(part(resource.inputs, "spec"), "type", "ClusterIP") == "LoadBalancer":
        yield Gap("load balancer of a Service", "a controller in the cluster makes it")


def certificate(resource: Resource, _: Around) -> Said:
    """Price a certificate: public ones are free, unless they can be exported."""
    if text(part(resource.inputs, "options"), "export", "DISABLED") != "DISABLED":
        yield Gap("certificate that can be exported", "no price of it in the data")


def function(resource: Resource, _: Around) -> Said:
    """Price a function: by calls, but for snapshots that are kept for its start."""
    if text(part(resource.inputs, "snapStart"), "applyOn", "None") != "None":
        yield Gap("snapshots of a function", "they cost by runtime and memory; no price in the data")


def component(resource: Resource, _: Around) -> Said:
    """Price a component of pulumi-eks: what its plugin makes is priced as resources; what is not recorded is named."""
    if resource.remote and (what := unseen(resource)):
        yield Gap(f"what the plugin makes: {', '.join(what)}", "only an update shows it")


def pricers() -> Iterator[tuple[str, Pricer]]:
    """Yield the types that are priced here."""
    yield "aws:accessanalyzer/analyzer:Analyzer", analyzer
    yield "aws:acm/certificate:Certificate", certificate
    yield "aws:cloudwatch/compositeAlarm:CompositeAlarm", composite
    yield "aws:cloudwatch/dashboard:Dashboard", dashboard
    yield "aws:cloudwatch/metricAlarm:MetricAlarm", alarm
    yield "aws:ecs/cluster:Cluster", containers
    yield "aws:eks/addon:Addon", add_on
    yield "aws:guardduty/detectorFeature:DetectorFeature", detector_feature
    yield "aws:kms/key:Key", key
    yield "aws:kms/replicaKey:ReplicaKey", key
    yield "aws:lambda/function:Function", function
    yield "aws:secretsmanager/secret:Secret", secret
    yield "aws:ssm/parameter:Parameter", parameter
    yield "eks:index:Cluster", component
    yield "eks:index:ManagedNodeGroup", component
    yield "kubernetes:core/v1:Service", kubernetes_service
