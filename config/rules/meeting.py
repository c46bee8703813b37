"""Names that a user gives meet none that the program derives, in the engine or in the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from config.ceilings import PRIMARY
from config.facts.metrics import METRICS
from config.facts.regions import regions
from config.observability import Severity
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.facts.metrics import Family
    from config.problems import Problem
    from config.stack import StackConfig


def replicas(config: StackConfig) -> Iterator[Problem]:
    """No replica is called as the primary is, in log groups and alarms."""
    if PRIMARY in config.data.postgres.replicas:
        path, what = ("data", "postgres", "replicas", PRIMARY), "the program's own name for the database itself"
        yield refuse(path, what, got=PRIMARY, allowed=f"any name but {PRIMARY}", cure="rename it")


def buckets(config: StackConfig) -> Iterator[Problem]:
    """No bucket is called as those of the program are: `<system>-<environment>-<what>-<region>`."""
    begin = f"{config.identity.system}-{config.identity.environment}-"
    for key, bucket in config.data.buckets.items():
        if bucket.name.startswith(begin) and bucket.name.endswith(tuple(f"-{region}" for region in regions())):
            path, what = ("data", "buckets", key, "name"), "of the form of the program's own buckets"
            allowed = f"a name that does not both begin with {begin} and end with a region"
            yield refuse(path, what, got=bucket.name, allowed=allowed, cure="leave the region out")


def _subjects(config: StackConfig) -> dict[Family, tuple[str, ...]]:
    """Return what an alarm's name ends with, where its source is measured on several things."""
    replicas = tuple(config.data.postgres.replicas)
    return {
        "database": (PRIMARY, *replicas),
        "replica": replicas,
        "shard": tuple(f"{shard:04}" for shard in range(1, config.data.redis.shards + 1)),
        "node_group": tuple(config.cluster.node_groups),
        "nat_gateway": config.network.zones,
        "topic": get_args(Severity),
    }


def alarms(config: StackConfig) -> Iterator[Problem]:
    """No row of the alarm table is called as an alarm that another row makes."""
    if config.observability is None:
        return
    rows, subjects = config.observability.alarms, _subjects(config)
    for row, alarm in rows.items():
        family = METRICS[alarm.source].of if alarm.source in METRICS else "cluster"
        for name in (f"{row}-{subject}" for subject in subjects.get(family, ()) if f"{row}-{subject}" in rows):
            path: Path = ("observability", "alarms", name)
            what = f"the name of an alarm that `{row}` makes: one for each {family.replace('_', ' ')}"
            yield refuse(path, what, got=name, allowed="any other name", cure="rename it")


RULES: Final = (replicas, buckets, alarms)
