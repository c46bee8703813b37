"""Arithmetic and names of the data services. Pure: no resource, no Pulumi."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from components.naming import physical
from config.facts.limits import RDS_GP3, RDS_GP3_STRIPED_FROM_GIB

if TYPE_CHECKING:
    from config.bucket import Bucket
    from config.data import Postgres, PostgresStorage, Redis
    from config.identity import Identity

StorageClass = Literal["STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]

INFREQUENT_ACCESS_DAYS: Final = 30
"""Days that S3 keeps an object in Standard before it may move to Standard-IA (S3 user guide, 2026-11)."""
POSTGRES_LOGS: Final = ("postgresql", "upgrade")
"""Logs that RDS for PostgreSQL exports."""
ARN_FIELDS: Final = 6
"""`arn:partition:service:region:account:resource`."""
REDIS_LOGS: Final = ("slow-log", "engine-log")
"""Logs that ElastiCache delivers."""


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A move to a colder storage class."""

    days: int
    """Days after creation."""
    storage_class: StorageClass
    """Class that the object moves to."""


def transitions(bucket: Bucket) -> tuple[Transition, ...]:
    """Return the moves of a bucket's objects, warmest first.

    A bucket of class STANDARD_IA moves objects as soon as S3 allows, whether or not the stack file gives the day: S3
    has no default class per bucket, so writers that do not name the class are caught up with.

    Raises:
        ValueError: A colder class is reached no later than a warmer one.
    """
    lifecycle = bucket.lifecycle
    infrequent = lifecycle.infrequent_access_days
    if infrequent is None and bucket.storage_class == "STANDARD_IA":
        infrequent = INFREQUENT_ACCESS_DAYS
    days: tuple[tuple[int | None, StorageClass], ...] = (
        (infrequent, "STANDARD_IA"),
        (lifecycle.intelligent_tiering_days, "INTELLIGENT_TIERING"),
        (lifecycle.glacier_instant_days, "GLACIER_IR"),
        (lifecycle.glacier_days, "GLACIER"),
        (lifecycle.deep_archive_days, "DEEP_ARCHIVE"),
    )
    moves = tuple(Transition(days=day, storage_class=name) for day, name in days if day is not None)
    for warmer, colder in pairwise(moves):
        if colder.days <= warmer.days:
            raise ValueError(
                f"lifecycle: {colder.storage_class} after {colder.days} days, but {warmer.storage_class} only after "
                f"{warmer.days}; a colder class comes later"
            )
    return moves


def copied_iops(storage: PostgresStorage) -> int | None:
    """Return the IOPS of a replica's volume.

    RDS asks for them with gp3 in `CreateDBInstanceReadReplica` (API reference, 2026-11). Those that are included may
    be named; below the size from which gp3 is striped none may (docs/runbooks/try-once.md).
    """
    striped = storage.type == "gp3" and storage.allocated_gib >= RDS_GP3_STRIPED_FROM_GIB
    return storage.iops or (RDS_GP3.iops[0] if striped else None)


def bucket_name(name: str, identity: Identity) -> str:
    """Return the physical name of a bucket; the account id keeps the name ours in S3's one namespace of the world."""
    return physical("bucket", name, identity.account_id)


def access_log_bucket_name(identity: Identity) -> str:
    """Return the physical name of the bucket for access logs; one per region, as S3 delivers within the region only."""
    return bucket_name(f"{identity.system}-{identity.environment}-access-logs-{identity.region}", identity)


def replica_logs_name(identity: Identity, region: str) -> str:
    """Return the physical name of the bucket for the access logs of replicas in another region.

    Not that of a stack of that region: a standby of the same account may stand there.
    """
    return bucket_name(f"{identity.system}-{identity.environment}-replica-logs-{region}", identity)


def records_bucket_name(identity: Identity) -> str:
    """Return the name of the bucket of the audit's records, one per region; here, as its access is logged here, too."""
    parts = (identity.system, identity.environment, "audit", identity.region, identity.account_id)
    return physical("bucket", *parts)


def bucket_arn(physical_name: str) -> str:
    """Return the ARN that a bucket will have."""
    return f"arn:aws:s3:::{physical_name}"


@dataclass(frozen=True, kw_only=True)
class Generation:
    """One of the databases that a stack has had, one after the other."""

    number: int
    """1 for the first."""
    current: bool
    """Whether it is the one in use; the others are kept as they are."""

    @property
    def parts(self) -> tuple[str, ...]:
        """What its names have before the thing they name; the first generation has nothing."""
        return () if self.number == 1 else (f"g{self.number}",)

    def thing(self, name: str) -> str:
        """Return the name of one of its things, such as `primary` or `g2-primary`."""
        return "-".join((*self.parts, name))


def generations(postgres: Postgres) -> tuple[Generation, ...]:
    """Return the generations that the stack file keeps, the current one last."""
    previous = (Generation(number=number, current=False) for number in sorted(postgres.previous_generations))
    return (*previous, Generation(number=postgres.generation, current=True))


def regional_copy(arn: str, region: str) -> str:
    """Return the ARN of the copy that a resource of the same name has in another region, such as a secret's replica.

    Raises:
        ValueError: `arn` is no ARN of a regional resource.
    """
    fields = arn.split(":", 5)
    if len(fields) != ARN_FIELDS or fields[0] != "arn" or not fields[3]:
        raise ValueError(f"{arn!r} is not the ARN of a regional resource")
    return ":".join((*fields[:3], region, *fields[4:]))


def database_identifier(identity: Identity, *parts: str) -> str:
    """Return the identifier of an RDS instance; fixed, because RDS derives the log groups from it."""
    return physical("database", identity.system, identity.environment, *parts)


def database_log_group(identifier: str, log: str) -> str:
    """Return the log group that RDS exports to; the name is RDS's choice."""
    return physical("log-group", "aws", "rds", "instance", identifier, log)


def database_arn(identity: Identity, identifier: str) -> str:
    """Return the ARN that an RDS instance will have."""
    return f"arn:aws:rds:{identity.region}:{identity.account_id}:db:{identifier}"


def cache_group_id(identity: Identity) -> str:
    """Return the id of the replication group; fixed, because the secret names it before the group exists."""
    return physical("cache-group", identity.system, identity.environment)


def cache_log_group(group: str, log: str) -> str:
    """Return the log group of a replication group's log."""
    return physical("log-group", "aws", "elasticache", group, log)


def cache_arn(identity: Identity, group: str) -> str:
    """Return the ARN that a replication group will have."""
    return f"arn:aws:elasticache:{identity.region}:{identity.account_id}:replicationgroup:{group}"


def writers_path(identity: Identity) -> str:
    """Return the path of the parameters that say where to write, which the primary and its standby share."""
    return f"/{identity.system}/{identity.environment}/writers"


def postgres_family(postgres: Postgres) -> str:
    """Return the parameter group family, such as `postgres17`."""
    return f"postgres{postgres.engine_version.partition('.')[0]}"


def redis_family(redis: Redis) -> str:
    """Return the parameter group family: `redis7`, `redis6.x`, `valkey8`."""
    major = redis.engine_version.partition(".")[0]
    return "redis6.x" if (redis.engine, major) == ("redis", "6") else f"{redis.engine}{major}"
