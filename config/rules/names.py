"""Names that are taken, values that are placeholders, and parts that refer to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from config.base import present
from config.facts.limits import BUCKET_NAME_LENGTH, CACHE_NODES, TAGS
from config.facts.services import (
    ADDON_ACCOUNTS,
    AGENTS,
    FORCED_PARAMETERS,
    KUBERNETES_LABEL_DOMAINS,
    POSTGRES_DATABASES,
    POSTGRES_KEYWORDS,
    POSTGRES_PREFIXES,
    POSTGRES_USERS,
    PROGRAM_TAGS,
)
from config.keys import KeyDomain
from config.problems import NOTHING, Path, refuse
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.cluster import NodeGroup, PodIdentity
    from config.data import PostgresReplica
    from config.identity import Identity
    from config.karpenter import NodePool
    from config.problems import Problem
    from config.stack import StackConfig

POSTGRES: Final[Path] = ("data", "postgres")


def account(config: StackConfig) -> Iterator[Problem]:
    """The account id is somebody's."""
    got = config.identity.account_id
    if not got.strip("0"):
        fix = "write the id of the account to deploy to"
        yield refuse(("identity", "account_id"), "a placeholder", got=got, allowed="12 digits, quoted", fix=fix)


def derived_bucket(identity: Identity) -> str:
    """Return the longest physical name that the program derives from an identity; S3's 63 characters bound it."""
    return f"{identity.system}-{identity.environment}-access-logs-{identity.region}-{identity.account_id}"


def system(config: StackConfig) -> Iterator[Problem]:
    """Names that the program derives from the identity are short enough for AWS."""
    identity = config.identity
    name = derived_bucket(identity)
    too_many = len(name) - BUCKET_NAME_LENGTH
    if too_many > 0:
        what = f"makes a bucket name of {len(name)} characters: {name}"
        allowed = f"{len(identity.system) - too_many} characters at most, in this region and environment"
        yield refuse(("identity", "system"), what, got=identity.system, allowed=allowed, fix="shorten it")


def tags(config: StackConfig) -> Iterator[Problem]:
    """Extra tags do not hide those of the program, and are not AWS's own."""
    extra = config.identity.extra_tags
    mine = {tag.lower() for tag in PROGRAM_TAGS}
    for key, value in extra.items():
        path = ("identity", "extra_tags", key)
        if key.lower() in mine:
            allowed = f"any key but {', '.join(sorted(PROGRAM_TAGS))}"
            yield refuse(path, "key that the program sets itself", got=value, allowed=allowed, fix="choose another key")
        if key.lower().startswith("aws:"):
            yield refuse(
                path, "prefix that AWS keeps", got=value, allowed="keys without aws:", fix="choose another key"
            )
    if len(extra) + len(PROGRAM_TAGS) > TAGS:
        allowed = f"{TAGS - len(PROGRAM_TAGS)} at most"
        what = "more tags than AWS takes"
        yield refuse(("identity", "extra_tags"), what, got=f"{len(extra)} tags", allowed=allowed, fix="remove some")


def key_domains(config: StackConfig) -> Iterator[Problem]:
    """Every domain has a key."""
    for domain in get_args(KeyDomain):
        if domain not in config.keys.domains:
            allowed, fix = ", ".join(get_args(KeyDomain)), f"add `{domain}: {{}}`"
            path = ("keys", "domains", domain)
            yield refuse(path, "required domain is missing", got=NOTHING, allowed=allowed, fix=fix)


def database_user(config: StackConfig) -> Iterator[Problem]:
    """The master user's name is free."""
    got = present(config.postgres).master_username
    if got in POSTGRES_USERS or got in POSTGRES_KEYWORDS or got.startswith(POSTGRES_PREFIXES):
        allowed = f"a name outside {', '.join(sorted(POSTGRES_USERS))}, SQL's words and pg_, rds_"
        path = (*POSTGRES, "master_username")
        yield refuse(path, "reserved name", got=got, allowed=allowed, fix="choose another, such as <system>_admin")


def database_name(config: StackConfig) -> Iterator[Problem]:
    """The database's name is free."""
    got = present(config.postgres).database_name
    if got in POSTGRES_DATABASES or got in POSTGRES_KEYWORDS or got.startswith(POSTGRES_PREFIXES):
        allowed = f"a name outside {', '.join(sorted(POSTGRES_DATABASES))}, SQL's words and pg_, rds_"
        path = (*POSTGRES, "database_name")
        yield refuse(path, "reserved name", got=got, allowed=allowed, fix="choose another, such as the system's")


def database_parameters(config: StackConfig) -> Iterator[Problem]:
    """Nobody overrides a parameter that the program holds fast."""
    for name, value in present(config.postgres).parameters.items():
        if name in FORCED_PARAMETERS:
            path = (*POSTGRES, "parameters", name)
            fix = "leave it out; connections without TLS are always refused"
            yield refuse(path, "set by the program", got=value, allowed="any other parameter", fix=fix)


def replica_zones(config: StackConfig) -> Iterator[Problem]:
    """Replicas live in zones of the network."""
    zones = present(config.network).zones

    def of_replica(name: str, replica: PostgresReplica) -> Iterator[Problem]:
        if replica.zone not in zones:
            path = (*POSTGRES, "replicas", name, "zone")
            fix = "choose a zone that has a database subnet"
            yield refuse(path, "no zone of network.zones", got=replica.zone, allowed=", ".join(zones), fix=fix)

    for name, replica in present(config.postgres).replicas.items():
        yield from until_incomplete(of_replica(name, replica))


def cache_size(config: StackConfig) -> Iterator[Problem]:
    """The cache has no more nodes than the default quota, and fails over where it has shards to lose."""
    redis = present(config.redis)
    nodes = redis.shards * (1 + redis.replicas_per_shard)
    if nodes > CACHE_NODES:
        what = f"{nodes} nodes with the replicas, more than the default quota (L-AF354865)"
        fix = "lower the shards or the replicas"
        yield refuse(("data", "redis", "shards"), what, got=redis.shards, allowed=f"{CACHE_NODES} nodes", fix=fix)
    if redis.shards > 1 and redis.replicas_per_shard == 0:
        what = "a shard without a replica loses its keys with its node, and the group cannot fail over"
        fix = "give each shard a replica, or use one shard"
        yield refuse(("data", "redis", "replicas_per_shard"), what, got=0, allowed="1 to 5", fix=fix)


def labels(config: StackConfig) -> Iterator[Problem]:
    """Node labels and taints are not in a domain that Kubernetes keeps."""

    def of_group(place: Path, group: NodeGroup | NodePool) -> Iterator[Problem]:
        path = (*place, "labels")
        for key, value in group.labels.items():
            domain = key.partition("/")[0] if "/" in key else ""
            if any(domain == one or domain.endswith(f".{one}") for one in KUBERNETES_LABEL_DOMAINS):
                allowed = f"a domain outside {', '.join(KUBERNETES_LABEL_DOMAINS)}, or none"
                yield refuse((*path, key), "domain that Kubernetes keeps", got=value, allowed=allowed, fix="rename it")

    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(of_group(("cluster", "node_groups", name), group))
    for name, pool in config.pools.items():
        yield from until_incomplete(of_group(("kubernetes", "karpenter", "pools", name), pool))


def service_accounts(config: StackConfig) -> Iterator[Problem]:
    """A service account has one role: an identity's, an add-on's, or a publisher's of custom metrics.

    The agents of CloudWatch's add-on may run by the monitoring identity's, which is made for them; a publisher that is
    an identity publishes by that one's.
    """
    cluster = present(config.cluster)
    taken = {ADDON_ACCOUNTS[name]: f"add-on {name}" for name in cluster.addons if name in ADDON_ACCOUNTS}
    users: list[tuple[Path, PodIdentity, str]] = [
        (("cluster", "identities", name), pods, f"identity {name}") for name, pods in cluster.identities.items()
    ]
    for name, group in config.observability.custom_metrics.items() if config.observability else ():
        path: Path = ("observability", "custom_metrics", name, "publisher")
        if group.publisher not in cluster.identities.values():
            users.append((path, group.publisher, f"the publisher of custom metrics {name}"))
    for path, pods, user in users:
        account = (pods.namespace, pods.service_account)
        agents = user == "identity monitoring" and taken.get(account) == f"add-on {AGENTS}"
        if account in taken and not agents:
            got, what = "/".join(account), f"service account that {taken[account]} has already"
            fix = "name another service account, or leave one of the two out"
            yield refuse(path, what, got=got, allowed="a service account of its own", fix=fix)
        taken[account] = user


RULES: Final = (
    account,
    system,
    tags,
    key_domains,
    database_user,
    database_name,
    database_parameters,
    replica_zones,
    cache_size,
    labels,
    service_accounts,
)
