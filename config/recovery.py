"""What a stack promises when something is lost, and how a standby follows its primary."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from config.base import Section
from config.network import TierName
from config.serving import Member, Outward
from config.streaming import Streaming

ServiceName = Literal[
    "cluster",
    "containers",
    "instances",
    "beanstalk",
    "queues",
    "postgres",
    "redis",
    "streaming",
    "buckets",
    "tables",
    "secrets",
    "images",
    "system",
]
"""Services that recover by themselves; `system` = all of them together, as its slowest."""
Tier = Literal["backup", "pilot_light", "warm_standby", "active_active"]
"""How much of a system stands ready in its standby's region, the cheapest first (docs/adr/0061-tiers.md)."""
TopicExpression = Annotated[str, Field(min_length=1, max_length=249)]
GroupExpression = Annotated[str, Field(min_length=1, max_length=256)]
Minutes = Annotated[int, Field(ge=0, le=10080)]
SettingPath = Annotated[str, Field(max_length=200, pattern=r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+$|^[a-z][a-z0-9_]*$")]
"""Dotted path of a setting, as messages have it."""


class LagAlarm(Section):
    """An alarm on a replication lag; without one, an asynchronous copy has no bound."""

    threshold_seconds: Annotated[int, Field(ge=1, le=86400)]
    """Lag above which the alarm counts a period."""
    period_seconds: Annotated[int, Field(ge=60, le=3600, multiple_of=60)] = 60
    """Length of a period."""
    evaluation_periods: Annotated[int, Field(ge=1, le=60)] = 1
    """Periods in a row that must be above the threshold."""


class PostgresReplication(Section):
    """How the standby's database follows the primary's: an RDS read replica across regions."""

    lag_alarm: LagAlarm | None = None
    """Alarm on `ReplicaLag`; none = data loss without a bound."""


class RedisReplication(Section):
    """How the standby's cache follows the primary's: an ElastiCache Global Datastore."""

    lag_alarm: LagAlarm | None = None
    """Alarm on `GlobalDatastoreReplicationLag`; none = data loss without a bound."""


class BucketReplication(Section):
    """How the standby's buckets follow the primary's: S3 replication, in both directions."""

    time_control: bool = True
    """S3 Replication Time Control: 99.9 % of objects within 15 minutes; off = no bound but the alarm's."""
    lag_alarm: LagAlarm | None = None
    """Alarm on `ReplicationLatency`."""


class StreamingReplication(Section):
    """How the standby's topics follow the primary's: MSK Replicator, which reads from the primary's cluster by IAM."""

    serves: ClassVar[Member] = Member(
        group="replicator",
        purpose="MSK Replicator",
        called="the replicator",
        kind="private",
        ports=(),
        clients="private",
        served_groups=(),
        calls=(Streaming.serves.group,),
        outward=Outward(to="vpc", why="Writes to the brokers"),
    )

    topics: Annotated[tuple[TopicExpression, ...], Field(min_length=1, max_length=100)] = (".*",)
    """Topics that are copied under their own names, as regular expressions; all by default, those to come included."""
    excluded_topics: Annotated[tuple[TopicExpression, ...], Field(max_length=100)] = ()
    """Topics among them that are not; none by default."""
    consumer_groups: Annotated[tuple[GroupExpression, ...], Field(min_length=1, max_length=100)] = (".*",)
    """Consumer groups whose offsets are copied, as regular expressions, so that consumers go on here where they were;
    all by default."""
    starting_position: Literal["EARLIEST", "LATEST"] = "EARLIEST"
    """Where the copy of a topic begins: with what it holds, or with what comes after. A change of it replaces the
    replicator."""
    compression: Literal["NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"] = "NONE"
    """How messages are compressed on their way. A change of it replaces the replicator."""
    lag_alarm: LagAlarm | None = None
    """Alarm on `ReplicationLatency`, and on failures of the replicator; none = data loss without a bound."""
    tier: TierName | None = None
    """Private tier that the replicator's interfaces stand in; none = the only one."""


class Detection(Section):
    """The health check of the primary's load balancer, which the standby relies on and its primary's file sets."""

    interval_seconds: Literal[10, 30]
    """Seconds between two checks (Route 53 has 10, which costs more, and 30)."""
    failure_threshold: Annotated[int, Field(ge=1, le=10)]
    """Failures in a row until the answer of the DNS changes to the standby."""


class Standby(Section):
    """How a standby follows its primary."""

    primary: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
    """Stack whose standby this one is; its outputs are read, and nothing of it is changed."""
    active: bool = False
    """True while this stack serves in the primary's place: its database is promoted, its node groups have their
    `active` counts, the endpoints of writers are those of this region."""
    detection: Detection | None = None
    """How the loss of the primary is noticed; none = nobody notices, and no recovery time has a bound."""
    decide_minutes: Minutes
    """Minutes that people may take from the alarm to the decision to fail over; DNS does not wait for them."""
    postgres: PostgresReplication | None = None
    """The database; none = not replicated, restored from backups."""
    redis: RedisReplication | None = None
    """The cache; none = not replicated, restored from snapshots."""
    buckets: BucketReplication | None = None
    """The buckets; none = not replicated."""
    streaming: StreamingReplication | None = None
    """The topics; none = not replicated, lost with the region."""
    differs: dict[SettingPath, Annotated[str, Field(min_length=10, max_length=300)]] = Field(default_factory=dict)
    """Why this stack has less than its primary, or something else: a reason by the path of the setting, as
    `config.check` reports it. One is needed for each difference that a failover would show, and refused where there is
    no such difference (docs/adr/0030-pairs.md)."""


class Objective(Section):
    """What is promised of a service; refused where the settings cannot keep it (docs/adr/0019-objectives.md)."""

    scope: Literal["zone", "region"]
    """What is lost: a zone of this stack's region, or the primary's region."""
    rto_minutes: Minutes
    """Minutes from the loss until the service answers again."""
    rpo_minutes: Minutes
    """Minutes of writes that may be lost; 0 = none."""


class Recovery(Section):
    """Recovery: what is promised, and by which mechanisms."""

    objectives: dict[ServiceName, Objective] = Field(default_factory=dict)
    """What is promised, by service."""
    availability_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    """Availability that is promised, in per cent of a month; no more than the product of what AWS promises of the parts
    in the way of a request. None = no promise."""
    tier: Tier | None = None
    """What a standby's file amounts to, and is held to: `backup`: copies of backups; `pilot_light`: what is kept is
    replicated, with an alarm on its lag, and compute may be at nothing; `warm_standby`: some of each runs, too;
    `active_active`: all of it, and both regions answer. Refused in a primary, which knows nothing of its standbys.
    None = held to nothing."""
    standby: Standby | None = None
    """How this stack follows its primary; required for `identity.role: standby`, refused for a primary."""
