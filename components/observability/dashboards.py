"""The dashboards of the stack: application, infrastructure, database, those of custom metrics. Pure: what they show.

A dashboard is the account's, whatever region it was made in, so its name says the region whose metrics it shows. A
graph whose subjects the stack does not have is left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from components.observability.metric import Series
from components.observability.sources import WHOLE, custom_series, series_of
from components.observability.widgets import Graph, Note, States
from config.facts.metrics import METRICS
from config.facts.regions import GLOBAL_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pulumi

    from components.observability.sources import Subjects
    from components.observability.widgets import Widget, Width
    from config.facts.metric import Unit
    from config.facts.metrics import MetricSource
    from config.observability import CustomMetrics

_UNITS: Final[Mapping[Unit, str]] = {
    "count": "",
    "percent": " (%)",
    "seconds": " (s)",
    "milliseconds": " (ms)",
    "gib": " (GiB)",
}
"""Unit -> how titles say it."""


def dashboards(
    subjects: Subjects, alarms: Sequence[pulumi.Input[str]], region: str, custom: Mapping[str, CustomMetrics]
) -> dict[str, list[Widget]]:
    """Return the widgets of each dashboard that has something to show; custom metrics may have dashboards of their own.

    Args:
        subjects: What there is to watch.
        alarms: ARNs of the alarms.
        region: Region of the stack.
        custom: The stack file's `observability.custom_metrics`.
    """
    states = [States(title="Alarms", alarms=alarms[:MOST_STATES])] if alarms else []
    found: dict[str, list[Widget]] = {
        "application": [*states, *_application(subjects, region)],
        "infrastructure": _infrastructure(subjects),
        "database": [*_postgres(subjects), *_redis(subjects)],
    }
    for entry, group in custom.items():
        found.setdefault(group.dashboard or entry, []).extend(_custom(entry, group, subjects))
    return {name: widgets for name, widgets in found.items() if widgets}


MOST_STATES: Final = 100
"""Most alarms in one widget."""


def _graph(
    title: str, subjects: Subjects, *sources: MetricSource, width: Width = 8, stacked: bool = False
) -> list[Graph]:
    """Return the graph of one or more sources; nothing where there is nothing to draw."""
    lines: dict[str, Series] = {}
    for source in sources:
        try:
            found = series_of(source, subjects)
        except ValueError:
            continue
        for subject, series in found.items():
            named = METRICS[source].names[-1] if len(sources) > 1 or subject == WHOLE else ""
            lines[" ".join(part for part in (subject, named) if part)] = series
    return [Graph(title=title, lines=lines, width=width, stacked=stacked)] if lines else []


def _counted(title: str, subjects: Subjects, source: MetricSource, names: Mapping[str, str]) -> list[Graph]:
    """Return a graph of sibling metrics: those of a source's subjects under other names, name -> statistic."""
    try:
        found = series_of(source, subjects)
    except ValueError:
        return []
    lines = {
        " ".join(part for part in (subject, name) if part): Series(
            metrics=(replace(series.metrics[0], name=name),), statistic=statistic
        )
        for subject, series in found.items()
        for name, statistic in names.items()
    }
    return [Graph(title=title, lines=lines)]


def _application(subjects: Subjects, region: str) -> list[Widget]:
    balancer = _counted(
        "Requests and answers",
        subjects,
        "alb_5xx",
        {
            "RequestCount": "Sum",
            "HTTPCode_Target_2XX_Count": "Sum",
            "HTTPCode_Target_4XX_Count": "Sum",
            "HTTPCode_Target_5XX_Count": "Sum",
            "HTTPCode_ELB_5XX_Count": "Sum",
        },
    )
    cdn = (
        [
            *_counted("CloudFront: requests", subjects, "cdn_error_percent", {"Requests": "Sum"}),
            *_counted(
                "CloudFront: errors (%)",
                subjects,
                "cdn_error_percent",
                {"4xxErrorRate": "Average", "5xxErrorRate": "Average"},
            ),
            *_graph("Health check of the region (1 = healthy)", subjects, "health_check"),
        ]
        if region == GLOBAL_REGION or _has_cdn(subjects)
        else []
    )
    return [
        *balancer,
        *_graph("Errors of all requests (%)", subjects, "error_percent"),
        *_response_times(subjects),
        *_graph("Targets", subjects, "healthy_hosts", "unhealthy_hosts"),
        *_api(subjects),
        *_graph("Requests that the firewall blocks", subjects, "blocked_requests"),
        *_graph("Errors in the application's log", subjects, "application_errors"),
        *(replace(graph, region=None if region == GLOBAL_REGION else GLOBAL_REGION) for graph in cdn),
    ]


def _api(subjects: Subjects) -> list[Graph]:
    counts = {"Count": "SampleCount", "4xx": "Sum", "5xx": "Sum"}
    return [
        *_counted("API: requests and errors", subjects, "api_5xx_percent", counts),
        *_counted(
            "API: time to answer (ms)", subjects, "api_latency_ms", {"Latency": "p99", "IntegrationLatency": "p99"}
        ),
        *_graph("API: requests that are throttled", subjects, "api_throttled"),
        *_counted(
            "Sockets: connections, messages, errors",
            subjects,
            "sockets_refused",
            dict.fromkeys(("ConnectCount", "MessageCount", "ClientError", "IntegrationError"), "Sum"),
        ),
        *_graph("Sockets: time of functions (ms, p99)", subjects, "sockets_latency_ms"),
    ]


def _has_cdn(subjects: Subjects) -> bool:
    return subjects.edge is not None and subjects.edge.distribution is not None


def _response_times(subjects: Subjects) -> list[Widget]:
    try:
        series = series_of("response_time_seconds", subjects)[WHOLE]
    except ValueError:
        return []
    lines = {statistic: replace(series, statistic=statistic) for statistic in ("p50", "p90", "p99")}
    return [Graph(title="Response time (s)", lines=lines)]


def _infrastructure(subjects: Subjects) -> list[Widget]:
    return [
        *_graph("Nodes: CPU (%)", subjects, "node_cpu_percent"),
        *_graph("Node groups: CPU (%)", subjects, "group_cpu_percent"),
        *_graph("Nodes: memory (%)", subjects, "node_memory_percent"),
        *_graph("Nodes: disk (%)", subjects, "node_disk_percent"),
        *_counted("Nodes: network (bytes/s)", subjects, "nodes", {"node_network_total_bytes": "Average"}),
        *_graph("Nodes: count", subjects, "nodes", "failed_nodes"),
        *_graph("Pods that find no node", subjects, "unschedulable_pods"),
        *_counted(
            "Kubernetes API",
            subjects,
            "api_server_errors",
            {
                "apiserver_request_total": "Sum",
                "apiserver_request_total_4XX": "Sum",
                "apiserver_request_total_5XX": "Sum",
            },
        ),
        *_counted(
            "NAT gateways: traffic (bytes)",
            subjects,
            "nat_errors",
            {"BytesOutToDestination": "Sum", "BytesInFromDestination": "Sum"},
        ),
        *_graph("NAT gateways: no port left", subjects, "nat_errors"),
        *_services(subjects),
    ]


def _services(subjects: Subjects) -> list[Widget]:
    return [
        *_graph("Services: CPU (%)", subjects, "service_cpu_percent"),
        *_graph("Services: memory (%)", subjects, "service_memory_percent"),
        *_graph("Services: tasks", subjects, "service_tasks"),
        *_graph("Services: errors of targets", subjects, "service_target_errors"),
        *_graph("Instances in service", subjects, "instances_in_service"),
        *_graph("Queues: age of the oldest message (s)", subjects, "queue_oldest_seconds"),
        *_graph("Queues: dead letters", subjects, "queue_dead_letters"),
    ]


def _postgres(subjects: Subjects) -> list[Widget]:
    return [
        *_graph("PostgreSQL: CPU (%)", subjects, "rds_cpu_percent"),
        *_graph("PostgreSQL: connections", subjects, "rds_connections"),
        *_graph("PostgreSQL: replication lag (s)", subjects, "rds_replica_lag_seconds"),
        *_counted(
            "PostgreSQL: latency (s)",
            subjects,
            "rds_queue_depth",
            {"ReadLatency": "Average", "WriteLatency": "Average"},
        ),
        *_counted(
            "PostgreSQL: operations (1/s)", subjects, "rds_queue_depth", {"ReadIOPS": "Average", "WriteIOPS": "Average"}
        ),
        *_counted("PostgreSQL: load (active sessions)", subjects, "rds_queue_depth", {"DBLoad": "Average"}),
        *_graph("PostgreSQL: free storage (GiB)", subjects, "rds_free_storage_gib"),
        *_graph("PostgreSQL: free memory (GiB)", subjects, "rds_free_memory_gib"),
    ]


def _redis(subjects: Subjects) -> list[Widget]:
    return [
        *_graph("Redis: CPU of the engine (%)", subjects, "redis_cpu_percent"),
        *_graph("Redis: memory (%)", subjects, "redis_memory_percent"),
        *_graph("Redis: evictions", subjects, "redis_evictions"),
        *_graph("Redis: replication lag (s)", subjects, "redis_replication_lag_seconds"),
        *_counted("Redis: hits and misses", subjects, "redis_evictions", {"CacheHits": "Sum", "CacheMisses": "Sum"}),
        *_counted("Redis: connections", subjects, "redis_evictions", {"CurrConnections": "Average"}),
    ]


def _custom(entry: str, group: CustomMetrics, subjects: Subjects) -> list[Widget]:
    """Return the graphs of the metrics that one publisher publishes, and a line on who that is."""
    published = f"{group.description}. No line means that nothing is published"
    where = f"`observability.custom_metrics.{entry}` in the stack file"
    graphs = [
        Graph(
            title=f"{metric.title}{_UNITS[metric.unit]}",
            lines={metric.name: custom_series(f"{entry}.{short}", subjects)},
            width=12,
        )
        for short, metric in group.metrics.items()
    ]
    return [Note(markdown=f"{published} ({where})."), *graphs]
