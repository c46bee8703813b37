"""Whether a system is well, by what AWS says: alarms, tasks, targets, database, cache, brokers, dead letters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sandbox.drill.checks import asked, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.experiments import Check as Kind
    from sandbox.chaos.subject import Place, Subject
    from sandbox.drill.checks import Check

_FIX: Final = "see the events of what is named, and the runbook chaos"
_MOST_NAMED: Final = 100
"""Most names in one call that describes tasks or alarms."""


class Steady:
    """The steady state of one experiment.

    Args:
        place: The stack.
        subject: The experiment.
    """

    def __init__(self, place: Place, subject: Subject) -> None:
        self._place = place
        self._subject = subject
        self._served: set[str] = set()
        """Target groups that had a healthy target once: those without tasks have none."""
        self._letters: dict[str, int] = {}
        """Queue of dead letters -> how many it held at the first look."""

    def look(self) -> list[Check]:
        """Return what holds now and what does not."""
        kinds = self._subject.experiment.steady_state.checks
        looks: Mapping[Kind, Callable[[], Iterator[Check]]] = {
            "tasks": self._tasks,
            "targets": self._targets,
            "database": self._database,
            "cache": self._cache,
            "brokers": self._brokers,
            "dead_letters": self._dead_letters,
        }
        found = [one for kind in kinds for one in asked(kind, _FIX, lambda kind=kind: list(looks[kind]()))]  # type: ignore[misc]  # bound here
        return [*asked("alarms", _FIX, lambda: list(self._alarms())), *found]

    def _alarms(self) -> Iterator[Check]:
        names = list(self._subject.alarms)
        if not names:
            return
        said = self._place.client("cloudwatch").describe_alarms(AlarmNames=names[:_MOST_NAMED])["MetricAlarms"]
        states = {one["AlarmName"]: one["StateValue"] for one in said}
        for name in names:
            state = states.get(name, "missing")
            yield holds(f"alarm {name}", "not in ALARM", state, _FIX, ok=state in ("OK", "INSUFFICIENT_DATA"))

    def _tasks(self) -> Iterator[Check]:
        ecs, cluster = self._place.client("ecs"), self._place.outputs["ecs_cluster_name"]
        for name, promised in self._place.services.items():
            if not promised:
                continue
            arns = ecs.list_tasks(cluster=cluster, serviceName=name, desiredStatus="RUNNING")["taskArns"]
            tasks = ecs.describe_tasks(cluster=cluster, tasks=arns[:_MOST_NAMED])["tasks"] if arns else []
            running = sum(one["lastStatus"] == "RUNNING" and one["healthStatus"] != "UNHEALTHY" for one in tasks)
            yield holds(f"tasks of {name}", f"{promised} or more running", running, _FIX, ok=running >= promised)

    def _targets(self) -> Iterator[Check]:
        elb = self._place.client("elbv2")
        for group in elb.describe_target_groups()["TargetGroups"]:
            arn, name = group["TargetGroupArn"], group["TargetGroupName"]
            said = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
            healthy = sum(one["TargetHealth"]["State"] == "healthy" for one in said)
            if healthy:
                self._served.add(arn)
            if arn in self._served:
                yield holds(f"targets of {name}", "1 or more healthy", healthy, _FIX, ok=healthy > 0)

    def _database(self) -> Iterator[Check]:
        for one in self._place.client("rds").describe_db_instances()["DBInstances"]:
            status = one["DBInstanceStatus"]
            name = f"database {one['DBInstanceIdentifier']}"
            yield holds(name, "available", status, _FIX, ok=status == "available")

    def _cache(self) -> Iterator[Check]:
        cache = self._place.client("elasticache")
        nodes = cache.describe_cache_clusters()["CacheClusters"]
        up = {one["CacheClusterId"] for one in nodes if one["CacheClusterStatus"] == "available"}
        for group in cache.describe_replication_groups()["ReplicationGroups"]:
            for shard in group["NodeGroups"]:
                members: list[dict[str, Any]] = shard["NodeGroupMembers"]
                there = sum(one["CacheClusterId"] in up for one in members)
                name = f"cache {group['ReplicationGroupId']} shard {shard['NodeGroupId']}"
                yield holds(name, "1 or more nodes available", there, _FIX, ok=there > 0)

    def _brokers(self) -> Iterator[Check]:
        for one in self._place.client("kafka").list_clusters_v2()["ClusterInfoList"]:
            state = one["State"]
            yield holds(f"brokers of {one['ClusterName']}", "ACTIVE", state, _FIX, ok=state == "ACTIVE")

    def _dead_letters(self) -> Iterator[Check]:
        sqs = self._place.client("sqs")
        asked_of = {url: _attributes(sqs, url) for url in sqs.list_queues().get("QueueUrls", [])}
        policies = [json.loads(one["RedrivePolicy"]) for one in asked_of.values() if "RedrivePolicy" in one]
        takes = {one["deadLetterTargetArn"] for one in policies}
        for said in asked_of.values():
            if said["QueueArn"] not in takes:
                continue
            name, letters = said["QueueArn"].rpartition(":")[2], int(said["ApproximateNumberOfMessages"])
            before = self._letters.setdefault(name, letters)
            yield holds(f"dead letters in {name}", f"{before} or less", letters, _FIX, ok=letters <= before)


def _attributes(sqs: Any, url: str) -> dict[str, str]:  # noqa: ANN401 - a boto3 client
    names = ["QueueArn", "RedrivePolicy", "ApproximateNumberOfMessages"]
    found: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return found
