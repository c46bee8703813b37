"""Data services: PostgreSQL, Redis; buckets stand in `config.bucket`, tables in `config.table`."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from config.base import Section
from config.bucket import Bucket
from config.identity import ZoneLetter
from config.network import LogRetentionDays, TierName
from config.serving import Member, Port
from config.table import Table, TableName

DailyWindowUtc = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]
WeeklyWindowUtc = Annotated[
    str,
    Field(
        pattern=r"^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d"
        r"-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$"
    ),
]


class PostgresStorage(Section):
    """RDS storage of the primary; replicas get the same."""

    type: Literal["gp3", "io2"] = "gp3"
    """Storage type."""
    allocated_gib: Annotated[int, Field(ge=20, le=65536)]
    """Size in GiB."""
    max_allocated_gib: Annotated[int, Field(ge=20, le=65536)] | None = None
    """Upper end of storage autoscaling in GiB; none = fixed size. At least 10 % above `allocated_gib`."""
    iops: Annotated[int, Field(ge=1000, le=256000)] | None = None
    """Provisioned IOPS; io2 requires it. gp3 takes none below 400 GiB; from there 12,000 are included, fewer fail."""
    throughput_mibps: Annotated[int, Field(ge=500, le=4000)] | None = None
    """gp3 throughput in MiB/s, none below 400 GiB; from there 500 are included, at most a quarter of the IOPS."""


class PostgresReplica(Section):
    """A read replica in the same region."""

    instance_class: str
    """RDS instance class."""
    zone: ZoneLetter
    """Zone it lives in; one of `network.zones`."""


class MasterSecret(Section):
    """The master password's life: born at creation, kept in Secrets Manager, rotated by schedule."""

    rotation_days: Annotated[int, Field(ge=1, le=365)]
    """Days between rotations."""


class PostgresProxy(Section):
    """RDS Proxy: a managed pool of connections in front of the database, which it also finds after a failover."""

    max_connections_percent: Annotated[int, Field(ge=1, le=100)]
    """Share of the database's `max_connections` that the pool may open."""
    borrow_timeout_seconds: Annotated[int, Field(ge=1, le=300)]
    """Longest wait of a client for a connection when all are busy."""
    idle_client_timeout_seconds: Annotated[int, Field(ge=1, le=28800)]
    """Silence after which a client is disconnected."""
    require_tls: bool = True
    """Refuse clients without TLS."""


class Postgres(Section):
    """RDS for PostgreSQL."""

    serves: ClassVar[Member] = Member(
        group="rds",
        purpose="PostgreSQL instances",
        called="the database",
        kind="isolated",
        ports=(Port(key="postgres", called="PostgreSQL", number=5432),),
        clients="private",
    )

    generation: Annotated[int, Field(ge=1, le=99)] = 1
    """Number of the database in the system's life. A promoted database can follow nobody again, so a failback begins
    another one beside it; from 2 on the number is part of every identifier (ADR 0016)."""
    previous_generations: tuple[Annotated[int, Field(ge=1, le=98)], ...] = ()
    """Earlier generations that are kept as they are; one dropped from the list leaves the stack, and is not deleted."""
    source_arn: (
        Annotated[str, Field(pattern=r"^arn:aws:rds:[a-z]{2}(-[a-z]+)+-\d:\d{12}:db:[a-z](-?[a-z0-9])*$")] | None
    ) = None
    """Database of another region that this generation follows, in a primary during a failback; none = takes writes."""

    engine_version: Annotated[str, Field(pattern=r"^\d{2}\.\d{1,2}$")]
    """Engine version, quoted, such as '17.7'."""
    database_name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    """First database."""
    master_username: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
    """Master user; `postgres`, `admin` and other reserved words are refused."""
    instance_class: str
    """RDS instance class of the primary."""
    multi_az: bool = True
    """Synchronous standby in another zone (fails over in 60 to 120 s, loses nothing)."""
    storage: PostgresStorage
    """Storage of primary and replicas."""
    replicas: Annotated[
        dict[Annotated[str, Field(max_length=20, pattern=r"^[a-z](-?[a-z0-9])*$")], PostgresReplica],
        Field(max_length=15),
    ] = Field(default_factory=dict)
    """Read replicas by name (RDS allows 15)."""
    backup_retention_days: Annotated[int, Field(ge=1, le=35)]
    """Days of point-in-time recovery (RDS allows 35)."""
    backup_window_utc: DailyWindowUtc
    """Daily backup window, at least 30 minutes, apart from the maintenance window."""
    maintenance_window_utc: WeeklyWindowUtc
    """Weekly maintenance window, at least 30 minutes."""
    performance_insights_days: Literal[
        0, 7, 31, 62, 93, 124, 155, 186, 217, 248, 279, 310, 341, 372, 403, 434, 465, 731
    ] = 7
    """Days of Performance Insights; 0 = off, 7 = free of charge."""
    enhanced_monitoring_seconds: Literal[0, 1, 5, 10, 15, 30, 60] = 60
    """Granularity of enhanced monitoring; 0 = off."""
    secret: MasterSecret
    """Master password."""
    proxy: PostgresProxy | None = None
    """Connection pool; none = clients connect to the database itself."""
    parameters: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{1,62}$")], str] = Field(default_factory=dict)
    """Further parameters of the parameter group. `rds.force_ssl` is always 1 and may not be given."""
    tier: TierName | None = None
    """Isolated tier that instances and proxy live in; none = the only one."""


class Redis(Section):
    """ElastiCache replication group in cluster mode, TLS and authentication always on."""

    serves: ClassVar[Member] = Member(
        group="redis",
        purpose="Redis nodes",
        called="the cache",
        kind="isolated",
        ports=(Port(key="redis", called="Redis", number=6379),),
        clients="private",
    )

    engine: Literal["redis", "valkey"]
    """Engine."""
    engine_version: Annotated[str, Field(pattern=r"^\d\.\d$")]
    """Engine version, quoted, such as '7.1'."""
    node_type: str
    """Node type, such as `cache.r6g.large`."""
    shards: Annotated[int, Field(ge=1, le=500)]
    """Shards (node groups)."""
    replicas_per_shard: Annotated[int, Field(ge=0, le=5)]
    """Replicas of each shard; 0 has no failover."""
    snapshot_retention_days: Annotated[int, Field(ge=0, le=35)]
    """Days that daily snapshots are kept; 0 = none."""
    snapshot_window_utc: DailyWindowUtc
    """Daily snapshot window, at least 60 minutes."""
    maintenance_window_utc: WeeklyWindowUtc
    """Weekly maintenance window, at least 60 minutes."""
    secret: MasterSecret
    """Authentication token."""
    in_global_datastore: bool = False
    """True while a standby's Global Datastore follows this cache: its parameter group and its minor upgrades are then
    the datastore's, and the program leaves them as they are (ADR 0017). For a primary; a standby's cache is a member
    by `recovery.standby.redis`."""
    tier: TierName | None = None
    """Isolated tier that the nodes live in; none = the only one."""


class Data(Section):
    """Data services of the stack."""

    log_retention_days: LogRetentionDays | None = None
    """Days that engine logs of PostgreSQL and Redis are kept in CloudWatch Logs; required with either, refused without
    both."""
    access_log_retention_days: Annotated[int, Field(ge=1, le=3653)] | None = None
    """Days that access logs of buckets and load balancers are kept, in a bucket of their own (S3 delivers none into a
    bucket under KMS); required where `data.buckets`, `edge` or `audit` is there, refused elsewhere."""
    postgres: Postgres | None = None
    """The relational database, with its replicas; none = no database."""
    redis: Redis | None = None
    """The cache and session store; none = no cache."""
    buckets: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")], Bucket] = Field(default_factory=dict)
    """Buckets by short name; none = no bucket of data."""
    tables: Annotated[dict[TableName, Table], Field(max_length=50)] = Field(default_factory=dict)
    """Tables of DynamoDB by short name; none = no table."""
