"""What ties a standby to its primary: without it the program cannot build the standby, or builds one that lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.pairs.clash import Clash, Pair, clash
from config.problems import NOTHING, Path, dotted
from config.rules.edge import caches
from config.rules.needs import there as has
from config.rules.until_incomplete import until_incomplete
from config.walk import plain, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.cdn import OtherBucket
    from config.edge import Balancer

PRIMARY: Final[Path] = ("recovery", "standby", "primary")
BUCKETS: Final[Path] = ("data", "buckets")
TABLES: Final[Path] = ("data", "tables")
READ: Final[tuple[tuple[Path, Path, str], ...]] = (
    (("cluster",), ("cluster",), "it takes the load of the primary's"),
    (("data", "postgres"), ("data", "postgres"), "its secret is the primary's"),
    (("data", "redis"), ("data", "redis"), "its secret is the primary's"),
    (("streaming",), ("streaming",), "its clients are sent to the primary's brokers while it follows"),
    (("registry",), ("registry",), "its images are the primary's"),
    (("edge",), ("edge", "cdn"), "its name is in the primary's zone"),
    (("edge", "balancer"), ("edge", "balancer"), "CloudFront asks the one that serves"),
    (("edge", "accelerator"), ("edge", "accelerator"), "its region is one of the primary's listener"),
    (("backup", "copy_from_primary"), ("backup",), "it copies from the primary's vault"),
    (("recovery", "standby", "buckets", "lag_alarm"), ("observability",), "the primary's topics get this alarm, too"),
)
"""Part of a standby, the part of its primary that it reads the exports of, and what for."""


def is_a_primary(pair: Pair) -> Iterator[Clash]:
    """The stack that is named is a primary, and has what a standby reads of it."""
    role = pair.primary.identity.role
    if role != "primary":
        yield clash(
            PRIMARY,
            "is a standby itself, and nobody follows a standby",
            got=pair.follows.primary,
            primary=(("identity", "role"), role),
            allowed="a stack whose identity.role is primary",
            fix="name the primary that both follow",
        )
        return
    for row in READ:
        yield from until_incomplete(_read(pair, *row))


def _read(pair: Pair, here: Path, there: Path, why: str) -> Iterator[Clash]:
    """A part of the standby that reads exports of a part of its primary finds it."""
    if has(pair.standby, here) and not has(pair.primary, there):
        yield clash(
            here,
            f"needs {dotted(there)} of its primary: {why}",
            got=plain(value(pair.standby, here)),
            primary=(there, NOTHING),
            allowed=f"beside a primary with {dotted(there)}",
            fix=f"write {dotted(there)} in the primary's file and deploy that first, or leave {dotted(here)} out here",
        )


def follows_nobody(pair: Pair) -> Iterator[Clash]:
    """While a standby follows, its primary's database follows nobody: its source would be a copy of it."""
    source = present(pair.primary.postgres).source_arn
    if source is not None and not pair.follows.active:
        yield clash(
            ("recovery", "standby", "active"),
            "the primary's database follows another one, so this stack cannot follow it",
            got=False,
            primary=(("data", "postgres", "source_arn"), source),
            allowed="true until the primary's database takes writes",
            fix="finish the failback in its order (docs/runbooks/failback.md)",
        )


def in_another_region(pair: Pair) -> Iterator[Clash]:
    """The standby is in another region than its primary."""
    region, path = pair.primary.identity.region, ("identity", "region")
    if pair.standby.identity.region == region:
        yield clash(
            path,
            "lost together with the primary",
            got=region,
            primary=(path, region),
            allowed=f"a region other than {region}",
            fix="move the standby",
        )


def detection(pair: Pair) -> Iterator[Clash]:
    """The health check that the standby counts on is the primary's, as it is set there."""
    edge, counted = pair.primary.edge, pair.follows.detection
    check = edge.health_check if edge else None
    if counted is None or check is None:
        return
    for field in ("interval_seconds", "failure_threshold"):
        got, real = getattr(counted, field), getattr(check, field)
        if got != real:
            what = "not the primary's health check" if got > real else "faster than the primary's health check is"
            yield clash(
                ("recovery", "standby", "detection", field),
                f"{what}: the recovery times count on it",
                got=got,
                primary=(("edge", "health_check", field), real),
                allowed=str(real),
                fix="write the primary's, or change the primary's health check",
            )


def cache_in_global_datastore(pair: Pair) -> Iterator[Clash]:
    """A primary's cache is said to be in a Global Datastore exactly if the standby joins it (ADR 0017)."""
    member, follows = present(pair.primary.redis).in_global_datastore, pair.follows.redis is not None
    if member == follows:
        return
    alone = "the primary says that it is in a Global Datastore"
    what = "the primary would take back what the datastore sets" if follows else alone
    yield clash(
        ("recovery", "standby", "redis"),
        what,
        got="a section" if follows else NOTHING,
        primary=(("data", "redis", "in_global_datastore"), member),
        allowed="both or neither",
        fix=f"write `in_global_datastore: {str(follows).lower()}` in the primary's file, or change this section",
    )


def topics(pair: Pair) -> Iterator[Clash]:
    """The replicator of a standby comes into its primary's cluster, which lets it in by PrivateLink and IAM."""
    there = pair.primary.streaming
    if pair.follows.streaming is not None and not (there and there.private_connectivity):
        yield clash(
            ("recovery", "standby", "streaming"),
            "the primary's brokers take no connection from another region",
            got="a section",
            primary=(("streaming", "private_connectivity"), False) if there else (("streaming",), NOTHING),
            allowed="beside a primary with streaming.private_connectivity: true",
            fix="write `private_connectivity: true` in the primary's file and deploy that first, or drop this section",
        )


def buckets(pair: Pair) -> Iterator[Clash]:
    """Each bucket has its copy in the primary, under another name of S3's one namespace."""
    theirs = pair.primary.buckets
    names = {bucket.name: short for short, bucket in theirs.items()}
    for short, bucket in pair.standby.buckets.items():
        if short not in theirs:
            yield clash(
                (*BUCKETS, short),
                "the primary has no bucket of this short name to replicate with",
                got=bucket.name,
                primary=(BUCKETS, theirs),
                allowed=", ".join(theirs),
                fix="add it to the primary's file and deploy that first, or take it out here",
            )
        if bucket.name in names:
            yield clash(
                (*BUCKETS, short, "name"),
                "a bucket of the primary has this name, and S3 gives it once",
                got=bucket.name,
                primary=((*BUCKETS, names[bucket.name], "name"), bucket.name),
                allowed="another name",
                fix="choose another name",
            )
        replica = theirs[short].replica if short in theirs else None
        if replica is not None and pair.follows.buckets is not None:
            yield clash(
                (*BUCKETS, short),
                "the primary replicates the bucket to another region, and S3 keeps one replication of a bucket",
                got=bucket.name,
                primary=((*BUCKETS, short, "replica", "region"), replica.region),
                allowed="a replica, or recovery.standby.buckets",
                fix="take `replica` out of the primary's file, or recovery.standby.buckets out of this one",
            )


def tables(pair: Pair) -> Iterator[Clash]:
    """Each table has a copy in the standby's region, which the primary's stack makes together with its table."""
    theirs, region = pair.primary.tables, pair.standby.identity.region
    for short in pair.standby.tables:
        copied = theirs[short].replica_regions if short in theirs else ()
        if region not in copied:
            at = (*TABLES, short, "replica_regions") if short in theirs else TABLES
            yield clash(
                (*TABLES, short),
                f"the primary makes no copy of it in {region}",
                got=short,
                primary=(at, list(copied) if short in theirs else list(theirs)),
                allowed="tables of the primary with a copy here",
                fix=f"add {region} to its replica_regions in the primary's file and deploy that first, or take it out",
            )


def spare_buckets(pair: Pair) -> Iterator[Clash]:
    """A bucket that CloudFront asks when one of the primary's does not answer is the standby's copy of that one."""
    cdn = pair.primary.edge.cdn if pair.primary.edge else None
    for short, origin in (cdn.buckets if cdn else {}).items():
        if origin.standby is not None and short in pair.standby.buckets:
            yield from until_incomplete(_spare_bucket(pair, short, origin.standby))


def _spare_bucket(pair: Pair, short: str, spare: OtherBucket) -> Iterator[Clash]:
    name, region = pair.standby.buckets[short].name, pair.standby.identity.region
    at: dict[str, Path] = {"name": (*BUCKETS, short, "name"), "region": ("identity", "region")}
    for field, here in (("name", name), ("region", region)):
        there = getattr(spare, field)
        if there != here:
            path: Path = ("edge", "cdn", "buckets", short, "standby", field)
            yield clash(
                at[field],
                "not what the primary's CloudFront asks when its own bucket does not answer",
                got=here,
                primary=(path, there),
                allowed=str(there),
                fix=f"correct {dotted(path[:-1])} in the primary's file, or this value",
            )


def vault_lock(pair: Pair) -> Iterator[Clash]:
    """What is copied from stays in the primary's vault as long as that vault's lock asks."""
    backup, there = pair.standby.backup, pair.primary.backup
    copies = backup.copy_from_primary if backup else None
    if copies is None or there is None:
        return
    days, lock = copies.source_retention_days, there.lock
    if not lock.least_days <= days <= lock.most_days:
        field = "least_days" if days < lock.least_days else "most_days"
        yield clash(
            ("backup", "copy_from_primary", "source_retention_days"),
            "outside the lock of the primary's vault, so every copy would fail",
            got=days,
            primary=(("backup", "lock", field), getattr(lock, field)),
            allowed=f"{lock.least_days} to {lock.most_days}",
            fix="change it",
        )


def behind_one_cdn(pair: Pair) -> Iterator[Clash]:
    """The primary's CloudFront reaches the standby's load balancer, and keeps no connection that it closes."""
    edge, there = pair.standby.edge, pair.primary.edge
    cdn = there.cdn if there else None
    if edge is None or cdn is None or edge.balancer is None:
        return
    yield from _keep_alive(edge.balancer, cdn.keepalive_seconds)
    for country in caches(cdn.origin_shield).keys() & set(edge.firewall.blocked_countries):
        yield clash(
            ("edge", "firewall", "blocked_countries"),
            f"the primary's CloudFront itself comes from {country}",
            got=country,
            primary=(("edge", "cdn", "origin_shield"), cdn.origin_shield),
            allowed="other countries",
            fix="leave that country out",
        )


def _keep_alive(balancer: Balancer, keep: int) -> Iterator[Clash]:
    idle = balancer.idle_timeout_seconds
    if idle <= keep:
        yield clash(
            ("edge", "balancer", "idle_timeout_seconds"),
            "the load balancer closes connections that the primary's CloudFront still uses",
            got=idle,
            primary=(("edge", "cdn", "origin_keepalive_seconds"), keep),
            allowed=f"above {keep}",
            fix="raise it",
        )


def pooled_user(pair: Pair) -> Iterator[Clash]:
    """A standby's pooler opens its primary's secret, so the primary has a pooler."""
    layer, there = pair.standby.kubernetes, pair.primary.kubernetes
    if layer and layer.pgbouncer and not (there and there.pgbouncer):
        yield clash(
            ("kubernetes", "pgbouncer"),
            "its user's secret is the primary's, which has none",
            got=layer.pgbouncer.user,
            primary=(("kubernetes", "pgbouncer") if there else ("kubernetes",), NOTHING),
            allowed="nothing",
            fix="write the section in the primary's file and deploy that first, or take it out here",
        )


TIES: Final[tuple[Callable[[Pair], Iterator[Clash]], ...]] = (
    is_a_primary,
    follows_nobody,
    in_another_region,
    detection,
    cache_in_global_datastore,
    topics,
    buckets,
    tables,
    spare_buckets,
    vault_lock,
    behind_one_cdn,
    pooled_user,
)
