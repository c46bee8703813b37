"""What a part of a stack file needs of the others: a part is there with what it is built on, or is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.problems import NOTHING, dotted, refuse
from config.rules.until_incomplete import until_incomplete
from config.walk import ABSENT, expand, plain, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.problems import Path, Problem
    from config.stack import StackConfig

Parts = tuple[str, ...]
"""Dotted paths of parts, any of which will do."""


@dataclass(frozen=True)
class Needs:
    """What one part needs."""

    part: str
    """Dotted path of the part; `*` = every entry. Empty is as good as left out."""
    of: Parts
    """What it needs."""
    why: str
    """What for."""


SUBNETS: Final = "stands in subnets"
ACCESS_LOGS: Final = "data.access_log_retention_days"
ENGINE_LOGS: Final = "data.log_retention_days"
KEPT: Final[Parts] = ("data.postgres", "data.redis", "data.buckets", "data.tables")
"""What keeps data."""
NEEDS: Final = (
    Needs("cluster", ("network",), SUBNETS),
    Needs("cluster.fargate_profiles", ("kubernetes",), "makes the namespaces whose pods run there"),
    Needs("data", (*KEPT, ACCESS_LOGS), "keeps nothing"),
    Needs("data.postgres", ("network",), SUBNETS),
    Needs("data.postgres", (ENGINE_LOGS,), "its log groups are kept for some days"),
    Needs("data.postgres.proxy", ("cluster", "containers", "instances"), "lets nobody in but nodes, tasks, instances"),
    Needs("data.redis", ("network",), SUBNETS),
    Needs("data.redis", (ENGINE_LOGS,), "its log groups are kept for some days"),
    Needs("data.buckets", (ACCESS_LOGS,), "S3 delivers access logs of every bucket"),
    Needs(ENGINE_LOGS, ("data.postgres", "data.redis"), "nothing else writes these logs"),
    Needs(ACCESS_LOGS, ("data.buckets", "edge", "audit"), "nothing else is logged there"),
    Needs("streaming", ("network",), SUBNETS),
    Needs("claims", ("edge", "api"), "says what somebody may ask"),
    Needs("containers", ("network",), SUBNETS),
    Needs("containers.services.*.target", ("edge.balancer",), "sends the requests"),
    Needs("containers.services.*.api_target", ("api",), "its routes lead there"),
    Needs("containers.services.*.task.role.database", ("data.postgres",), "is what tasks log in to"),
    Needs("containers.services.*.task.role.sockets", ("sockets",), "has the connections"),
    Needs("containers.services.*.task.role.inference", ("inference",), "has the models"),
    Needs("containers.services.*.task.role.streaming", ("streaming",), "has the topics"),
    Needs("containers.services.*.scaling.backlog", ("messaging",), "is counted in a queue"),
    Needs("containers.services.*.deployment.alarms", ("observability",), "are rows of its table"),
    Needs("functions.*.reaches", ("network",), SUBNETS),
    Needs("functions.*.role.database", ("data.postgres",), "is what it logs in to"),
    Needs("functions.*.role.sockets", ("sockets",), "has the connections"),
    Needs("functions.*.role.inference", ("inference",), "has the models"),
    Needs("functions.*.role.streaming", ("streaming",), "has the topics"),
    Needs("functions.*.queue", ("messaging",), "is one of its queues"),
    Needs("functions.*.stream", ("data.tables",), "is that of one of its tables"),
    Needs("functions.*.topic", ("streaming",), "has the topics"),
    Needs("functions.*.release", ("observability",), "its alarms are rows of the table"),
    Needs("instances", ("network",), SUBNETS),
    Needs("instances.*.target", ("edge.balancer",), "sends the requests"),
    Needs("instances.*.role.database", ("data.postgres",), "is what they log in to"),
    Needs("instances.*.role.sockets", ("sockets",), "has the connections"),
    Needs("instances.*.role.inference", ("inference",), "has the models"),
    Needs("instances.*.role.streaming", ("streaming",), "has the topics"),
    Needs("instances.*.refresh.alarms", ("observability",), "are rows of its table"),
    Needs("beanstalk", ("network",), SUBNETS),
    Needs("beanstalk", ("edge.balancer",), "sends the requests"),
    Needs("edge", ("edge.balancer", "edge.cdn.buckets"), "leads nowhere"),
    Needs("edge", (ACCESS_LOGS,), "CloudFront and the load balancer deliver access logs"),
    Needs("edge.balancer", ("network",), SUBNETS),
    Needs(
        "edge.balancer",
        ("cluster", "containers", "instances", "beanstalk"),
        "its targets are pods, tasks and instances",
    ),
    Needs("edge.balancer", ("edge.health_check",), "is asked by Route 53 whether it serves"),
    Needs("edge.balancer.target_health", ("cluster",), "is how pods are asked"),
    Needs("edge.balancer.pods", ("cluster",), "is what pods get"),
    Needs("edge.health_check", ("edge.balancer",), "is asked there"),
    Needs("edge.accelerator", ("edge.balancer",), "is where it leads"),
    Needs("edge.tier", ("edge.balancer",), "is where it stands"),
    Needs("edge.cdn.origin_timeout_seconds", ("edge.balancer",), "waits for its answers"),
    Needs("edge.cdn.origin_keepalive_seconds", ("edge.balancer",), "keeps connections to it"),
    Needs("edge.cdn.api_paths", ("api",), "leads there"),
    Needs("api", ("containers", "functions"), "its routes lead to services and functions"),
    Needs("api", ("edge",), "its name stands in the zone of the edge"),
    Needs("sockets", ("functions",), "its routes lead there"),
    Needs("sockets", ("edge",), "its name stands in the zone of the edge"),
    Needs("audit", (ACCESS_LOGS,), "S3 delivers access logs of the records' bucket"),
    Needs("kubernetes", ("cluster",), "runs on it"),
    Needs("kubernetes.pgbouncer", ("data.postgres",), "pools its connections"),
    Needs("kubernetes.load_balancer_controller", ("edge.balancer",), "keeps its targets"),
    Needs("network.peers.*.node_ports", ("cluster",), "are ports of its nodes"),
    Needs("observability.logs", ("cluster",), "what runs on it is logged there"),
    Needs("observability.custom_metrics", ("cluster",), "its pods publish the metrics"),
    Needs("recovery.standby.postgres", ("data.postgres",), "is what follows"),
    Needs("recovery.standby.redis", ("data.redis",), "is what follows"),
    Needs("recovery.standby.buckets", ("data.buckets",), "are what is copied"),
    Needs("recovery.standby.streaming", ("streaming",), "is what the topics are copied to"),
)
"""What each part needs. What an entry of a list needs stands in `ENTRIES`, and an alarm's source in
`config.rules.observability`."""
_REACHED: Final[Mapping[str, Parts]] = {
    "postgres": ("data.postgres",),
    "redis": ("data.redis",),
    "streaming": ("streaming",),
}
ENTRIES: Final[Mapping[str, Mapping[str, Parts]]] = {
    "backup.resources": {"postgres": ("data.postgres",), "buckets": ("data.buckets",), "volumes": ("cluster",)},
    "beanstalk.reaches": {"postgres": ("data.postgres",), "redis": ("data.redis",)},
    "containers.services.*.reaches": _REACHED,
    "functions.*.reaches": _REACHED,
    "instances.*.reaches": _REACHED,
    "kubernetes.namespaces.*.reach": {"data": ("data.postgres", "data.redis", "streaming")},
    "observability.events.*.kind": {
        "node_scaling": ("cluster",),
        "node_failures": ("cluster",),
        "deployments": ("cluster",),
        "images": ("registry",),
        "service_deployments": ("containers",),
        "databases": ("data.postgres",),
    },
}
"""Path of a value or a list of values -> what each value needs."""


def there(config: StackConfig, part: Path) -> bool:
    """Tell whether a stack has a part; an empty mapping or list is none.

    Raises:
        IncompleteError: The part was refused, so that nobody knows.
    """
    found = value(config, part)
    return found is not ABSENT and found is not None and found not in ({}, ())


def lacks(config: StackConfig, parts: Parts) -> bool:
    """Tell whether a stack has none of some parts; the first that was refused ends the rule."""
    return not any(there(config, tuple(part.split("."))) for part in parts)


def parts_need(config: StackConfig) -> Iterator[Problem]:
    """Each part has what it needs."""
    for row in NEEDS:
        yield from until_incomplete(_judge(config, row))


def _judge(config: StackConfig, row: Needs) -> Iterator[Problem]:
    for path in expand(config, row.part):
        if there(config, path) and lacks(config, row.of):
            yield _refused(path, value(config, path), row.of, row.why)


def entries_need(config: StackConfig) -> Iterator[Problem]:
    """Each entry of a list has what it needs."""
    for pattern, table in ENTRIES.items():
        yield from until_incomplete(_judge_entries(config, pattern, table))


def _judge_entries(config: StackConfig, pattern: str, table: Mapping[str, Parts]) -> Iterator[Problem]:
    for path in expand(config, pattern):
        found = value(config, path)
        entries = [((*path, at), one) for at, one in enumerate(found)] if isinstance(found, tuple) else [(path, found)]
        for where, one in entries:
            parts = table.get(str(one), ())
            if parts and lacks(config, parts):
                yield _refused(where, one, parts, "this stack has none")


def _refused(path: Path, got: object, parts: Parts, why: str) -> Problem:
    names = " or ".join(parts)
    fix = f"add {parts[0]}, or leave {dotted(path)} out"
    return refuse(path, f"needs {names}: {why}", got=plain(got), allowed=f"beside {names}", fix=fix)


def logs_are_kept(config: StackConfig) -> Iterator[Problem]:
    """Where something watches a cluster, what runs there is logged."""
    if config.cluster is not None and config.observability is not None and config.observability.logs is None:
        what, fix = "needed for the log groups of the cluster", "say in observability.logs for how long they are kept"
        yield refuse(("observability", "logs"), what, got=NOTHING, allowed="a section", fix=fix)


RULES: Final = (parts_need, entries_need, logs_are_kept)
