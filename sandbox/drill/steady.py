"""Does the standby follow? Looked at with boto3, before anything is taken away and after everything is put back.

What should be there is derived from what the primary publishes, not from the standby's program: a replica, a rule or a
record that somebody took out of the program is missed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.drill import fence, topics
from sandbox.drill.checks import Check, asked, holds, same
from sandbox.drill.names import writers_point_to
from sandbox.drill.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.drill.sides import Pair, Side

AWAITED = "deploy the standby again and look at its preview; `components/recovery/` makes this"


def checks(pair: Pair) -> list[Check]:
    """Return what was looked at."""
    looks = {
        "postgres-follows": lambda: postgres(pair),
        "redis-follows": lambda: redis(pair),
        "buckets-replicate": lambda: buckets(pair),
        "secrets-replicate": lambda: secrets(pair),
        "keys-replicate": lambda: keys(pair),
        "images-replicate": lambda: images(pair),
        "topics-follow": lambda: topics.follow(pair, AWAITED),
        "records": lambda: records(pair),
        "fence": lambda: fence.checks(pair, Zone.read(pair)),
        "writers": lambda: writing(pair),
    }
    return [check for name, look in looks.items() for check in asked(name, AWAITED, look)]


def postgres(pair: Pair) -> Iterator[Check]:
    """Look at the replica: it names its source, and the source names it."""
    source = str(pair.primary.outputs["postgres_arn"])
    copy = instance(pair.standby)
    follows = copy.get("ReadReplicaSourceDBInstanceIdentifier") or "nothing"
    yield same("postgres-follows", source, follows, AWAITED)
    known = instance(pair.primary).get("ReadReplicaDBInstanceIdentifiers", [])
    arn = str(pair.standby.outputs["postgres_arn"])
    yield holds("postgres-source", f"{arn} among its replicas", known or "no replica", AWAITED, ok=arn in known)
    yield same("postgres-available", "available", copy["DBInstanceStatus"], "wait for it, or read its events")
    here = f":{pair.standby.region}:" in copy.get("KmsKeyId", "")
    key = f"a key of {pair.standby.region}"
    yield holds("postgres-key", key, copy.get("KmsKeyId", "no key"), AWAITED, ok=here)


def redis(pair: Pair) -> Iterator[Check]:
    """Look at the global datastore: the primary's group leads, the standby's follows."""
    expected = {
        (pair.primary.outputs["redis_group_id"], pair.primary.region, "PRIMARY"),
        (pair.standby.outputs["redis_group_id"], pair.standby.region, "SECONDARY"),
    }
    yield same("redis-follows", roles(expected), roles(members(pair)), AWAITED)


def buckets(pair: Pair) -> Iterator[Check]:
    """Look at the replication rules of each bucket, in both directions."""
    there = pair.standby.buckets
    for short, name in sorted(pair.primary.buckets.items()):
        copy = there.get(short)
        if copy is None:
            yield holds(f"bucket-rule {short}", f"a bucket {short} in {pair.standby.region}", "none", AWAITED, ok=False)
            continue
        yield rule(pair.primary, short, name, copy)
        yield rule(pair.standby, short, copy, name)


def secrets(pair: Pair) -> Iterator[Check]:
    """Look at the copies of the primary's secrets: in step, and with the same current version."""
    here, there = pair.primary.client("secretsmanager"), pair.standby.client("secretsmanager")
    for service, arn in pair.primary.secrets.items():
        said = here.describe_secret(SecretId=arn).get("ReplicationStatus", [])
        status = {copy["Region"]: copy["Status"] for copy in said}.get(pair.standby.region, "no copy")
        yield same(f"secret-copy {service}", "InSync", status, AWAITED)
        if status == "InSync":
            version = here.get_secret_value(SecretId=arn)["VersionId"]
            copied = there.get_secret_value(SecretId=moved(arn, pair))["VersionId"]
            yield same(f"secret-version {service}", version, copied, "wait for the replication, or replicate it anew")


def keys(pair: Pair) -> Iterator[Check]:
    """Look at the multi-Region keys: the standby's are replicas of the primary's."""
    client = pair.standby.client("kms")
    for domain, arn in sorted(pair.primary.outputs["key_arns"].items()):
        if "mrk-" not in arn:
            continue
        found = client.describe_key(KeyId=pair.standby.outputs["key_arns"][domain])["KeyMetadata"]
        original = found.get("MultiRegionConfiguration", {}).get("PrimaryKey", {}).get("Arn", "no primary")
        yield same(f"key {domain}", arn, original, AWAITED)


def images(pair: Pair) -> Iterator[Check]:
    """Look at the replication of the registry, where the primary has one."""
    if pair.primary.setting("registry") is None:
        return
    said = pair.primary.client("ecr").describe_registry().get("replicationConfiguration", {})
    regions = [place["region"] for one in said.get("rules", []) for place in one["destinations"]]
    found = regions or "no rule"
    yield holds("images-replicate", pair.standby.region, found, AWAITED, ok=pair.standby.region in regions)


def records(pair: Pair) -> Iterator[Check]:
    """Look at the failover pair: each record leads to its region's load balancer and has a health check of it."""
    yield from Zone.read(pair).checks(AWAITED)


def writing(pair: Pair) -> Iterator[Check]:
    """Look at where writers point to in both regions: the primary's endpoints, which are not the standby's."""
    for one in (pair.primary, pair.standby):
        yield writers_point_to(one, pair.primary, AWAITED)
    here, there = dict(pair.primary.outputs["writers"]), dict(pair.standby.outputs["writers"])
    shared = sorted(thing for thing in here if here[thing] == there.get(thing))
    yield holds("writers-apart", "an endpoint in each region", shared or "apart", AWAITED, ok=not shared)


def instance(side: Side) -> dict[str, Any]:
    """Return a stack's database as RDS describes it."""
    found = side.client("rds").describe_db_instances(DBInstanceIdentifier=side.database)["DBInstances"]
    described: dict[str, Any] = found[0]
    return described


def members(pair: Pair) -> set[tuple[str, str, str]]:
    """Return group, region and role of each member of the standby's global datastore; none when it is in none."""
    group = pair.standby.outputs["redis_group_id"]
    listed = pair.standby.client("elasticache").describe_global_replication_groups(ShowMemberInfo=True)
    for store in listed["GlobalReplicationGroups"]:
        found = {(m["ReplicationGroupId"], m["ReplicationGroupRegion"], m["Role"]) for m in store["Members"]}
        if any(name == group for name, _, _ in found):
            return found
    return set()


def roles(found: set[tuple[str, str, str]]) -> str:
    """Return members of a datastore in words."""
    return ", ".join(f"{group} in {region} is {role}" for group, region, role in sorted(found)) or "no datastore"


def rule(side: Side, short: str, source: str, destination: str) -> Check:
    """Look for the rule that copies from one bucket to the other."""
    client = side.client("s3")
    try:
        said = client.get_bucket_replication(Bucket=source)["ReplicationConfiguration"]["Rules"]
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "ReplicationConfigurationNotFoundError":
            raise
        said = []
    wanted = f"arn:aws:s3:::{destination}"
    found = [one["Destination"]["Bucket"] for one in said if one["Status"] == "Enabled"]
    name = f"bucket-rule {short} from {side.region}"
    return holds(name, f"a rule to {wanted}", found or "no rule", AWAITED, ok=wanted in found)


def moved(arn: str, pair: Pair) -> str:
    """Return the ARN of a secret's copy in the standby's region."""
    return arn.replace(f":{pair.primary.region}:", f":{pair.standby.region}:", 1)
