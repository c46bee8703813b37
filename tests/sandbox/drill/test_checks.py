"""A standby that follows passes every check; what is taken away fails the check of its name, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.drill import markers, rules, serving, steady
from sandbox.drill.checks import failed
from sandbox.drill.rules import Rule
from sandbox.drill.zone import Zone
from sandbox.emulator import client, outage
from tests.sandbox.drill import built
from tests.sandbox.drill.built import EAST, WEST, WRITERS
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.drill.sides import Pair
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

ACCOUNT = "100000000004"


@pytest.fixture
def running() -> Iterator[client.Emulator]:
    emulator = client.start(None)
    yield emulator
    emulator.stop()


@pytest.fixture
def aws(running: client.Emulator) -> Aws:
    return session(running, ACCOUNT)


@pytest.fixture
def pair(running: client.Emulator, aws: Aws, tmp_path: Path) -> Pair:
    return built.build(aws, ACCOUNT, running.port, tmp_path)


def _names(pair: Pair) -> list[str]:
    return [check.name for check in failed(steady.checks(pair))]


def _promote(aws: Aws, _: Pair) -> None:
    aws("rds", WEST).promote_read_replica(DBInstanceIdentifier="db")


def _disband(aws: Aws, pair: Pair) -> None:
    store = aws("elasticache").describe_global_replication_groups()["GlobalReplicationGroups"][0]
    aws("elasticache").disassociate_global_replication_group(
        GlobalReplicationGroupId=store["GlobalReplicationGroupId"], ReplicationGroupRegion=WEST,
        ReplicationGroupId=pair.standby.outputs["redis_group_id"],
    )  # fmt: skip


def _unrule(aws: Aws, pair: Pair) -> None:
    aws("s3").delete_bucket_replication(Bucket=pair.primary.buckets["app"])


def _unrule_back(aws: Aws, pair: Pair) -> None:
    aws("s3", WEST).delete_bucket_replication(Bucket=pair.standby.buckets["app"])


def _forget_secret(aws: Aws, pair: Pair) -> None:
    aws("secretsmanager").remove_regions_from_replication(
        SecretId=pair.primary.secrets["redis"], RemoveReplicaRegions=[WEST]
    )


def _unregister(aws: Aws, _: Pair) -> None:
    aws("ecr").put_replication_configuration(replicationConfiguration={"rules": []})


def _unrecord(aws: Aws, _: Pair) -> None:
    _delete(aws, lambda record: record.get("Failover") == "SECONDARY")


def _delete(aws: Aws, which: Callable[[dict[str, Any]], bool]) -> None:
    route53 = aws("route53")
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    sets = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    (record,) = [one for one in sets if which(one)]
    change = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)


def _unfence(aws: Aws, _: Pair) -> None:
    elb = aws("elbv2", WEST)
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listener = elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"][0]["ListenerArn"]
    for rule in elb.describe_rules(ListenerArn=listener)["Rules"]:
        if not rule["IsDefault"]:
            elb.delete_rule(RuleArn=rule["RuleArn"])


def _serve_already(aws: Aws, _: Pair) -> None:
    built.say(aws, 200)


def _unname(aws: Aws, _: Pair) -> None:
    _delete(aws, lambda record: record["Name"].startswith("standby."))


def _one_is_enough(aws: Aws, _: Pair) -> None:
    route53 = aws("route53")
    checks = route53.list_health_checks()["HealthChecks"]
    (both,) = [check["Id"] for check in checks if check["HealthCheckConfig"]["Type"] == "CALCULATED"]
    route53.update_health_check(HealthCheckId=both, HealthThreshold=1)


def _mislead(aws: Aws, _: Pair) -> None:
    aws("ssm", WEST).put_parameter(Name=WRITERS, Value="somewhere.else", Type="String", Overwrite=True)


TAKEN = {
    "replica": (_promote, ["postgres-follows", "postgres-source"]),
    "datastore": (_disband, ["redis-follows"]),
    "rule": (_unrule, ["bucket-rule app from us-east-1"]),
    "rule back": (_unrule_back, ["bucket-rule app from us-west-2"]),
    "secret": (_forget_secret, ["secret-copy redis"]),
    "registry": (_unregister, ["images-replicate"]),
    "record": (_unrecord, ["records"]),
    "answer to the fence": (_unfence, ["fence-rule"]),
    "quiet": (_serve_already, ["fence-rule"]),
    "name for the fence": (_unname, ["fence-record"]),
    "half of the fence": (_one_is_enough, ["fence-check"]),
    "writers": (_mislead, ["writers us-west-2"]),
}


def test_a_standby_that_follows_passes(pair: Pair) -> None:
    found = steady.checks(pair)
    assert [str(check) for check in failed(found)] == []
    assert len(found) > len(TAKEN), "everything was looked at"


@pytest.mark.parametrize("what", TAKEN)
def test_what_is_taken_away_is_missed_by_name(aws: Aws, pair: Pair, what: str) -> None:
    take, missed = TAKEN[what]
    take(aws, pair)
    assert _names(pair) == missed


def test_a_health_check_that_the_drill_cannot_follow_is_named(aws: Aws, pair: Pair) -> None:
    route53 = aws("route53")
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    config = {"Type": "TCP", "FullyQualifiedDomainName": "x.example", "Port": 443}
    check = route53.create_health_check(CallerReference="tcp", HealthCheckConfig=config)["HealthCheck"]["Id"]
    record = {
        "Name": f"other.{built.DOMAIN}", "Type": "A", "SetIdentifier": "x", "Failover": "PRIMARY", "TTL": 60,
        "HealthCheckId": check, "ResourceRecords": [{"Value": "192.0.2.1"}],
    }  # fmt: skip
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)
    found = failed(steady.checks(pair))
    assert [check.name for check in found] == ["records", "fence"], "nobody guesses what it would say"
    assert f"health check {check}: type TCP" in found[0].found


def test_the_zone_leads_to_the_region_that_is_healthy(pair: Pair) -> None:
    zone = Zone.read(pair)
    checks = {part: record.health_check for part, record in zone.pair.items()}
    healthy = dict.fromkeys(checks.values(), True)
    assert zone.region_of(zone.serving(healthy)) == EAST
    assert zone.region_of(zone.serving(healthy | {checks["PRIMARY"]: False})) == WEST


def test_a_load_balancer_s_rules_are_read_as_they_are_now(aws: Aws, pair: Pair) -> None:
    (host,) = [host for host, region in Zone.read(pair).balancers.items() if region == WEST]
    for status in (404, 200):
        built.say(aws, status)
        assert rules.read(pair.standby, host) == (Rule(1, (built.FENCE,), status, "a word"),)


def test_markers_arrive_on_the_other_side_and_their_time_is_measured(pair: Pair) -> None:
    written = markers.objects(pair.primary, pair.standby, "here") + markers.secrets(pair, "here")
    found, seconds = markers.awaited(written, limit_seconds=10)
    assert failed(found) == []
    assert set(seconds) == {"bucket app", "secret postgres", "secret redis"}


def test_a_marker_that_does_not_arrive_is_reported(aws: Aws, pair: Pair) -> None:
    _unrule(aws, pair)
    found, seconds = markers.awaited(markers.objects(pair.primary, pair.standby, "lost"), limit_seconds=0.5)
    assert [check.name for check in failed(found)] == ["marker bucket app"]
    assert seconds == {}


def test_a_standby_that_has_not_taken_over_does_not_serve(pair: Pair, running: client.Emulator) -> None:
    outage.cut(running.url, EAST)
    missed = {check.name for check in failed(serving.checks(pair))}
    assert {"postgres-serves", "redis-serves", "writers us-west-2"} <= missed


def test_a_standby_that_has_taken_over_serves_without_the_other_region(
    aws: Aws, pair: Pair, running: client.Emulator
) -> None:
    outage.cut(running.url, EAST)
    _take_over(aws, pair)
    assert [str(check) for check in failed(serving.checks(pair)) if "cluster" not in check.name] == []
    assert outage.status(running.url).refused == (), "nothing of the lost region was asked for"


def _take_over(aws: Aws, pair: Pair) -> None:
    aws("rds", WEST).promote_read_replica(DBInstanceIdentifier="db", BackupRetentionPeriod=7)
    caches: Callable[..., object] = aws("elasticache", WEST).failover_global_replication_group
    store = aws("elasticache", WEST).describe_global_replication_groups()["GlobalReplicationGroups"][0]
    caches(
        GlobalReplicationGroupId=store["GlobalReplicationGroupId"], PrimaryRegion=WEST, PrimaryReplicationGroupId="west"
    )
    address = pair.standby.outputs["postgres_address"]
    aws("ssm", WEST).put_parameter(Name=WRITERS, Value=address, Type="String", Overwrite=True)
