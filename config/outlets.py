"""Every way by which data leaves a stack's region that a stack file can say: a setting, where it leads, what goes.

The rule of the model, the settings of the policy pack, the page docs/residency.md and their tests are made from this
table. A test holds it against the schema: a setting that names a region, or whose name says that something is
elsewhere, stands in `OUTLETS` or in `STAYS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from config.base import IncompleteError, Section, fields_of
from config.facts.apis import APIS
from config.facts.inference import GLOBAL, geography
from config.facts.regions import GLOBAL_REGION
from config.problems import dotted
from config.residency import REGIONS
from config.walk import ABSENT, expand, value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.problems import Path
    from config.stack import StackConfig

Places = tuple[str, ...]
_REGION: Final = re.compile(r"(?<![\w-])([a-z]{2}-(?:[a-z]+-){1,2}\d)[a-f]?(?![\w-])")
_WORDS: Final = frozenset({"purpose", "reason"})
_KEYS: Final = ("aws:kms/alias:Alias", "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey")
PROVIDER: Final = "pulumi:providers:aws"
_BUCKET: Final = (PROVIDER, "aws:s3/*", *_KEYS, "aws:sns/*", "aws:cloudwatch/metricAlarm:MetricAlarm")
_GLOBAL: Final = (
    PROVIDER, "aws:cloudfront/*", "aws:acm/*", "aws:wafv2/*", "aws:route53/*", *_KEYS, "aws:sns/*",
    "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    "aws:cloudwatch/logDelivery:LogDelivery", "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:cloudwatch/compositeAlarm:CompositeAlarm", "aws:cloudwatch/dashboard:Dashboard",
)  # fmt: skip
_CALLERS: Final = (
    "aws:iam/*", "aws:ecs/*", "aws:lambda/*", "aws:bedrock/*", "aws:elasticbeanstalk/*", "kubernetes:*",
    "aws:ssm/parameter:Parameter",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A way out."""

    pattern: str
    """Dotted path of the setting; `*` = every entry."""
    what: str
    """What leaves by it."""
    places: Callable[[object, StackConfig], Places]
    """Where what stands at the path leads, the stack's own region among it or not."""
    leads: str
    """The same in words, for the page."""
    types: tuple[str, ...]
    """Types of resources that send it, which an exception lets send it; `*` at the end = all with that beginning."""
    data: str = ""
    """Of a standby: setting of its primary whose data comes; what leads here has left the primary's region, and the
    primary's file decides. Empty = the data is that of the path itself."""


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Data of one stack that leaves by a outlet."""

    outlet: Outlet
    path: Path
    """Where the setting stands."""
    places: Places
    """Where it leads, the stack's own region left out."""
    value: object
    """The setting."""


def _listed(found: object, _: StackConfig) -> Places:
    return tuple(map(str, found)) if isinstance(found, tuple | dict) else (str(found),)


def _at(*places: str) -> Callable[[object, StackConfig], Places]:
    return lambda found, _: places if found else ()


def _chat(found: object, config: StackConfig) -> Places:
    """Return where chat leads; us-east-1 has no API of it (`config.facts.apis`)."""
    return () if not found else ("slack", "us-west-2") if config.identity.region == GLOBAL_REGION else ("slack",)


def _region_of(found: object, _: StackConfig) -> Places:
    return (str(getattr(found, "region", "")),)


def _texts(found: object, _: StackConfig) -> Places:
    """Return the regions that a text names."""
    return tuple(one for one in dict.fromkeys(_REGION.findall(str(found))) if one in REGIONS)


def _by_profile(found: object, config: StackConfig) -> Places:
    """Return where an inference profile hands prompts to."""
    place = geography(str(getattr(found, "model_id", "")))
    if place is None:
        return ()
    regions = tuple(map(str, getattr(found, "regions", ())))
    here = regions and all(one == config.identity.region for one in regions)
    return ("elsewhere",) if place == GLOBAL or not regions else () if here else regions


def _here(_: object, config: StackConfig) -> Places:
    return (config.identity.region,)


NAMED: Final = Outlet(
    pattern="*",
    what="what the text is about",
    places=_texts,
    leads="regions that a text names: an ARN, a host name",
    types=(),
)
"""Any text that names another region, wherever no other way stands."""
OUTLETS: Final[tuple[Outlet, ...]] = (
    Outlet(pattern="data.buckets.*.replica", what="objects", places=_region_of, leads="its region", types=_BUCKET),
    Outlet(
        pattern="data.tables.*.replica_regions", what="items", places=_listed, leads="these regions",
        types=(PROVIDER, "aws:dynamodb/*", *_KEYS),
    ),
    Outlet(
        pattern="data.postgres.source_arn", what="the database, which came from there", places=_texts,
        leads="the region in the ARN", types=(PROVIDER, "aws:rds/*", *_KEYS),
    ),
    Outlet(
        pattern="data.redis.in_global_datastore", what="the cache", places=_at("elsewhere"),
        leads="any region that a member joins from", types=(PROVIDER, "aws:elasticache/*", *_KEYS),
    ),
    Outlet(
        pattern="keys.domains.*.multi_region", what="the key itself, and with it what it encrypts",
        places=_at("elsewhere"), leads="any region that it is replicated to", types=("aws:kms/key:Key",),
    ),
    Outlet(
        pattern="network.peers.standby", what="whatever hosts send", places=_at("elsewhere"),
        leads="the standby's region", types=(PROVIDER, "aws:ec2/*", "aws:ec2transitgateway/*"),
    ),
    Outlet(
        pattern="management.peers.standby", what="whatever hosts send", places=_at("elsewhere"),
        leads="the standby's region", types=(PROVIDER, "aws:ec2/*", "aws:ec2transitgateway/*"),
    ),
    Outlet(
        pattern="streaming.private_connectivity", what="what topics hold", places=_at("elsewhere"),
        leads="any region that a replicator reads from", types=("aws:msk/*",),
    ),
    Outlet(
        pattern="functions.*.environment", what="what the function sends there", places=_texts,
        leads="regions that a variable names", types=("aws:lambda/*",),
    ),
    Outlet(
        pattern="containers.services.*.task.environment", what="what the task sends there", places=_texts,
        leads="regions that a variable names", types=("aws:ecs/*",),
    ),
    Outlet(
        pattern="instances.*.environment", what="what the instance sends there", places=_texts,
        leads="regions that a variable names", types=(),
    ),
    Outlet(
        pattern="instances.*.start", what="what the instance sends there", places=_texts,
        leads="regions that a line names", types=(),
    ),
    Outlet(
        pattern="beanstalk.environment", what="what the application sends there", places=_texts,
        leads="regions that a variable names", types=("aws:elasticbeanstalk/*",),
    ),
    Outlet(
        pattern="edge.cdn", what="requests, answers, cached objects, decisions of the firewall and their log",
        places=_at("edge", GLOBAL_REGION), leads=f"edge locations; {GLOBAL_REGION} for log and alarms", types=_GLOBAL,
    ),
    Outlet(
        pattern="edge.cdn.origin_shield", what="cached objects", places=_listed, leads="this region",
        types=("aws:cloudfront/*",),
    ),
    Outlet(
        pattern="edge.cdn.buckets.*.standby", what="objects that it holds too", places=_region_of, leads="its region",
        types=("aws:cloudfront/*",),
    ),
    Outlet(
        pattern="edge.accelerator", what="requests and answers, encrypted by TLS; flow records",
        places=_at("edge", *APIS["globalaccelerator"].regions), leads="edge locations; us-west-2, whose API makes it",
        types=(PROVIDER, "aws:globalaccelerator/*"),
    ),
    Outlet(
        pattern="inference.models.*", what="prompts and answers", places=_by_profile,
        leads="regions of the inference profile", types=_CALLERS,
    ),
    Outlet(
        pattern="inference.provider_keys", what="prompts and answers", places=_listed, leads="the provider",
        types=(),
    ),
    Outlet(
        pattern="observability.channels.slack", what="texts of alarms and events", places=_chat,
        leads="Slack; us-west-2, whose API configures it for a stack of us-east-1", types=(PROVIDER, "aws:chatbot/*"),
    ),
    Outlet(
        pattern="observability.channels.pagerduty", what="texts of alarms and events", places=_at("pagerduty"),
        leads="PagerDuty, in its service region", types=(),
    ),
    Outlet(
        pattern="recovery.standby", what="secrets, images, whatever the standby reads of its primary", places=_here,
        leads="the standby's region", types=(PROVIDER, "aws:*"), data="recovery.standby",
    ),
    Outlet(
        pattern="recovery.standby.postgres", what="the database", places=_here, leads="the standby's region",
        types=(PROVIDER, "aws:rds/*"), data="data.postgres",
    ),
    Outlet(
        pattern="recovery.standby.redis", what="the cache", places=_here, leads="the standby's region",
        types=(PROVIDER, "aws:elasticache/*"), data="data.redis",
    ),
    Outlet(
        pattern="recovery.standby.buckets", what="objects", places=_here, leads="the standby's region",
        types=_BUCKET, data="data.buckets",
    ),
    Outlet(
        pattern="recovery.standby.streaming", what="what topics hold", places=_here, leads="the standby's region",
        types=(PROVIDER, "aws:msk/*"), data="streaming",
    ),
    Outlet(
        pattern="backup.copy_from_primary", what="recovery points", places=_here, leads="the standby's region",
        types=(PROVIDER, "aws:backup/*", *_KEYS), data="backup",
    ),
)  # fmt: skip
"""Every way, in the order of the file."""
STAYS: Final[Mapping[str, str]] = {
    "as_of": "a day",
    "residency": "says where data may be",
    "identity.region": "where the stack stands",
    "containers.services.*.task.image": "an image comes from there, and nothing goes",
    "instances.*.image": "an image comes from there, and nothing goes",
    "instances.*.images": "images come from there, and nothing goes",
    "containers.services.*.tracing.image": "an image comes from there, and nothing goes",
    "kubernetes.*.image": "an image comes from there, and nothing goes",
    "data.redis.replicas_per_shard": "in zones of the region",
    "data.postgres.replicas": "in zones of the region",
    "data.tables.*.global_indexes": "an index of the table, in its region",
    "kubernetes.cluster_autoscaler.replicas": "pods of the cluster",
    "kubernetes.karpenter.replicas": "pods of the cluster",
    "kubernetes.load_balancer_controller.replicas": "pods of the cluster",
    "kubernetes.pgbouncer.replicas": "pods of the cluster",
    "audit.configuration.global_resources": "records of IAM come into the region",
    "audit.access.external": "finds what outsiders may read; its findings stay",
    "observability.channels.mail": "what is wrong, to mailboxes of the owner; no setting says where they are",
    "observability.channels.pagerduty.secret_name": "a secret of the region",
    "streaming.topics.min_insync_replicas": "brokers of the region",
    "streaming.topics.replication_factor": "brokers of the region",
    "recovery.standby.active": "whether the standby serves",
    "recovery.standby.primary": "the name of a stack",
    "recovery.standby.differs": "words",
    "recovery.standby.decide_minutes": "time that people take",
    "recovery.standby.detection": "a question whether the region answers",
}
"""Settings that name or seem to name another place and send no data there, and why."""


def departures(config: StackConfig) -> Iterator[Departure]:
    """Yield what leaves the region of a stack by its own settings, each path once."""
    seen: set[Path] = set()
    for outlet in OUTLETS:
        for path in _paths(config, outlet.pattern):
            seen.add(path)
            found = value(config, path)
            if found is ABSENT or not found or outlet.data:
                continue
            places = tuple(one for one in outlet.places(found, config) if one != config.identity.region)
            if places:
                yield Departure(outlet=outlet, path=path, places=places, value=found)
    for path, text in _all_texts(config, ()):
        if not _stays(path) and not any(path[: len(one)] == one for one in seen):
            places = tuple(one for one in _texts(text, config) if one != config.identity.region)
            if places:
                yield Departure(outlet=NAMED, path=path, places=places, value=text)


def arrivals(standby: StackConfig) -> Iterator[Departure]:
    """Yield what comes into a standby's region from its primary's."""
    for outlet in OUTLETS:
        for path in _paths(standby, outlet.pattern) if outlet.data else ():
            found = value(standby, path)
            if found is not ABSENT and found:
                yield Departure(outlet=outlet, path=path, places=outlet.places(found, standby), value=found)


def _paths(config: StackConfig, pattern: str) -> list[Path]:
    try:
        return list(expand(config, pattern))
    except IncompleteError:
        return []


def _stays(path: Path) -> bool:
    return path[-1] in _WORDS or any(matches(dotted(path), one) for one in STAYS)


def matches(path: str, pattern: str) -> bool:
    """Tell whether a dotted path is one of a pattern, or lies below it."""
    steps, asked = path.split("."), pattern.split(".")
    return len(steps) >= len(asked) and all(want in ("*", have) for have, want in zip(steps, asked, strict=False))


def _all_texts(here: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(here, str):
        yield path, here
    elif isinstance(here, Section):
        known = here.__dict__
        for name in fields_of(type(here)):
            yield from _all_texts(known.get(name), (*path, name))
    elif isinstance(here, dict):
        for key, below in here.items():
            yield from _all_texts(below, (*path, str(key)))
    elif isinstance(here, tuple):
        for at, below in enumerate(here):
            yield from _all_texts(below, (*path, at))
