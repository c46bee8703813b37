"""The pack refuses every way out of a stack whose file declares residency, whatever program made it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from config.outlets import OUTLETS
from policy.evaluate import PackConfig, evaluate
from policy.reading import residency
from policy.reading.profiles import regions as geography_of
from policy.reading.residency import load, read
from review.residency import FILE, PAGE, document, for_pack, page
from tests.config.outletcases import CASES, FOLLOWED, excused, pair
from tests.policy.harness import UNKNOWN, Made, alone

if TYPE_CHECKING:
    from collections.abc import Sequence

STANDING, EGRESS, DECLARED = "region-allow-list", "data-egress-allow-list", "data-stays-where-declared"
HOME, FAR = "me-central-1", "eu-west-1"
HERE: Final = Made(type="pulumi:providers:aws", name="here", inputs={"region": HOME})
THERE: Final = Made(type="pulumi:providers:aws", name="there", inputs={"region": FAR})
ARN: Final = f"arn:aws:{{}}:{FAR}:100000000001:{{}}"
STACK: Final = "test"
LAST: Final = date(2027, 11, 20)


class Outlet(NamedTuple):
    """One way out of a stack that was edited in code."""

    type: str
    inputs: dict[str, Any]
    rule: str = EGRESS
    place: str = FAR
    provider: Made = HERE
    others: tuple[Made, ...] = ()

    @property
    def stack(self) -> list[Made]:
        """The resources."""
        it = Made(type=self.type, inputs=self.inputs, provider=self.provider.urn)
        return list({one.urn: one for one in (HERE, self.provider, *self.others, it)}.values())


COPY: Final = Made(type="aws:s3/bucket:Bucket", name="copy", inputs={"bucket": "copy"}, provider=THERE.urn)
FROM_FILE: Final[dict[str, Outlet]] = {
    "data.buckets.*.replica": Outlet(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        {"rules": [{"destination": {"bucket": "arn:aws:s3:::copy"}}]},
        DECLARED,
        others=(THERE, COPY),
    ),
    "data.tables.*.replica_regions": Outlet("aws:dynamodb/table:Table", {"replicas": [{"regionName": FAR}]}),
    "data.postgres.source_arn": Outlet(
        "aws:rds/instance:Instance", {"replicateSourceDb": ARN.format("rds", "db:main")}, DECLARED
    ),
    "data.redis.in_global_datastore": Outlet(
        "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", {}, DECLARED, "elsewhere"
    ),
    "keys.domains.*.multi_region": Outlet("aws:kms/key:Key", {"multiRegion": True}, DECLARED, "elsewhere"),
    "network.peers.standby": Outlet("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", {"peerRegion": FAR}),
    "management.peers.standby": Outlet(
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment", {"peerRegion": FAR}
    ),
    "streaming.private_connectivity": Outlet(
        "aws:msk/cluster:Cluster",
        {"brokerNodeGroupInfo": {"connectivityInfo": {"vpcConnectivity": {"clientAuthentication": {"sasl": {}}}}}},
        DECLARED,
        "elsewhere",
    ),
    "functions.*.environment": Outlet(
        "aws:lambda/function:Function", {"environment": {"variables": {"TOPIC": ARN.format("sns", "elsewhere")}}}
    ),
    "containers.services.*.task.environment": Outlet(
        "aws:ecs/taskDefinition:TaskDefinition",
        {
            "containerDefinitions": json.dumps(
                [{"environment": [{"name": "S", "value": ARN.format("kinesis", "stream/s")}]}]
            )
        },
    ),
    "beanstalk.environment": Outlet(
        "aws:elasticbeanstalk/environment:Environment",
        {"settings": [{"namespace": "aws:elasticbeanstalk:application:environment", "name": "Q", "value": FAR}]},
    ),
    "edge.cdn": Outlet("aws:cloudfront/distribution:Distribution", {}, DECLARED, "edge"),
    "edge.accelerator": Outlet("aws:globalaccelerator/accelerator:Accelerator", {}, DECLARED, "edge"),
    "edge.cdn.origin_shield": Outlet(
        "aws:cloudfront/distribution:Distribution",
        {"origins": [{"originShield": {"enabled": True, "originShieldRegion": FAR}}]},
    ),
    "edge.cdn.buckets.*.standby": Outlet(
        "aws:cloudfront/distribution:Distribution", {"origins": [{"customHeaders": [{"value": FAR}]}]}
    ),
    "inference.models.*": Outlet(
        "aws:lambda/function:Function",
        {"environment": {"variables": {"MODEL_ID": "eu.anthropic.claude-haiku-4-5-20251001-v1:0"}}},
    ),
    "observability.channels.slack": Outlet(
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", {}, DECLARED, "slack"
    ),
    "recovery.standby": Outlet("pulumi:providers:aws", {"region": FAR}, STANDING),
    "recovery.standby.postgres": Outlet("aws:rds/instance:Instance", {}, STANDING, provider=THERE),
    "recovery.standby.redis": Outlet("aws:elasticache/replicationGroup:ReplicationGroup", {}, STANDING, provider=THERE),
    "recovery.standby.streaming": Outlet("aws:msk/replicator:Replicator", {}, STANDING, provider=THERE),
    "recovery.standby.buckets": Outlet("aws:s3/bucket:Bucket", {}, STANDING, provider=THERE),
    "backup.copy_from_primary": Outlet(
        "aws:backup/plan:Plan",
        {"rules": [{"copyActions": [{"destinationVaultArn": ARN.format("backup", "backup-vault:v")}]}]},
    ),
}
"""What the program would make of each way of a stack file."""
NOT_SHOWN: Final = {
    *("inference.provider_keys", "observability.channels.pagerduty", "*"),
    *("instances.*.environment", "instances.*.start"),
}
"""Ways that no resource shows: a program calls the provider, a function PagerDuty; a text, and a script, may be
anything."""
IN_CODE: Final[dict[str, Outlet]] = {
    "a resource of its own region": Outlet("aws:sqs/queue:Queue", {"region": FAR}, STANDING),
    "a bucket elsewhere that only its name shows": Outlet(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        {"rules": [{"destination": {"bucket": "arn:aws:s3:::strangers"}}]},
        DECLARED,
        "a bucket elsewhere",
    ),
    "a bucket elsewhere that nobody knows yet": Outlet(
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        {"rules": [{"destination": {"bucket": UNKNOWN}}]},
        DECLARED,
        "a bucket elsewhere",
    ),
    "automated backups of a database": Outlet(
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        {"sourceDbInstanceArn": f"arn:aws:rds:{HOME}:1:db:main"},
        STANDING,
        provider=THERE,
    ),
    "a global cluster": Outlet("aws:rds/globalCluster:GlobalCluster", {}, DECLARED, "elsewhere"),
    "a snapshot": Outlet("aws:ebs/snapshotCopy:SnapshotCopy", {"sourceRegion": HOME}, STANDING, provider=THERE),
    "a snapshot of a database": Outlet("aws:rds/snapshotCopy:SnapshotCopy", {"destinationRegion": FAR}),
    "a secret's replica": Outlet("aws:secretsmanager/secret:Secret", {"replicas": [{"region": FAR}]}),
    "a key's replica": Outlet("aws:kms/replicaKey:ReplicaKey", {}, STANDING, provider=THERE),
    "images of the registry": Outlet(
        "aws:ecr/replicationConfiguration:ReplicationConfiguration",
        {"replicationConfiguration": {"rules": [{"destinations": [{"region": FAR, "registryId": "1"}]}]}},
    ),
    "topics of Kafka": Outlet(
        "aws:msk/replicator:Replicator",
        {"kafkaClusters": [{"amazonMskCluster": {"mskClusterArn": ARN.format("kafka", "cluster/c/1")}}]},
    ),
    "a log's subscription": Outlet(
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", {"destinationArn": ARN.format("logs", "d")}
    ),
    "a stream of metrics": Outlet(
        "aws:cloudwatch/metricStream:MetricStream", {"firehoseArn": ARN.format("firehose", "deliverystream/d")}
    ),
    "a topic's subscription": Outlet(
        "aws:sns/topicSubscription:TopicSubscription", {"protocol": "sqs", "endpoint": ARN.format("sqs", "q")}
    ),
    "a topic's endpoint on the internet": Outlet(
        "aws:sns/topicSubscription:TopicSubscription",
        {"protocol": "https", "endpoint": "https://hooks.example"},
        DECLARED,
        "internet",
    ),
    "a queue's dead letters": Outlet(
        "aws:sqs/queue:Queue", {"redrivePolicy": json.dumps({"deadLetterTargetArn": ARN.format("sqs", "dead")})}
    ),
    "a stream": Outlet("aws:kinesis/streamConsumer:StreamConsumer", {"streamArn": ARN.format("kinesis", "s")}),
    "a target": Outlet("aws:cloudwatch/eventTarget:EventTarget", {"arn": ARN.format("events", "event-bus/b")}),
    "an endpoint of events": Outlet("aws:cloudwatch/eventApiDestination:EventApiDestination", {}, DECLARED, "internet"),
    "records of Data Firehose": Outlet(
        "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", {"destination": "splunk"}, DECLARED, "internet"
    ),
    "Global Accelerator": Outlet("aws:globalaccelerator/accelerator:Accelerator", {}, DECLARED, "edge"),
    "an access point of several regions": Outlet(
        "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint", {}, DECLARED, "elsewhere"
    ),
    "a database that moves": Outlet(
        "aws:dms/endpoint:Endpoint", {"serverName": "db.example.com"}, DECLARED, "internet"
    ),
    "a database elsewhere": Outlet("aws:dms/endpoint:Endpoint", {"serverName": f"x.{FAR}.rds.amazonaws.com"}),
    "files that move": Outlet("aws:datasync/locationAzureBlob:LocationAzureBlob", {}, DECLARED, "internet"),
    "records of calls": Outlet("aws:cloudtrail/trail:Trail", {"s3BucketName": "x"}, DECLARED, "a bucket elsewhere"),
    "an aggregator of Config": Outlet(
        "aws:cfg/aggregateAuthorization:AggregateAuthorization", {"accountId": "1", "authorizedAwsRegion": FAR}
    ),
    "logs of CloudFront": Outlet(
        "aws:cloudfront/distribution:Distribution", {"loggingConfig": {"bucket": f"logs.s3.{FAR}.amazonaws.com"}}
    ),
    "queries of Route 53": Outlet("aws:route53/queryLog:QueryLog", {}, DECLARED, "us-east-1"),
    "a line to a network of others": Outlet("aws:ec2/customerGateway:CustomerGateway", {}, DECLARED, "elsewhere"),
}  # fmt: skip
"""What no stack file says, and a program could make."""
EVERY: Final = {**FROM_FILE, **IN_CODE}
EACH: Final = pytest.mark.parametrize("outlet", EVERY.values(), ids=EVERY.keys())


def declare(monkeypatch: pytest.MonkeyPatch, *passes: dict[str, object], regions: Sequence[str] = (HOME,)) -> None:
    """Have the stack's file declare its region, and what may leave."""
    said: Any = {"regions": list(regions), "passes": list(passes)}
    monkeypatch.setitem(residency.DECLARED, STACK, read(said))


def a_pass(*types: str, to: Sequence[str], until: date | None = LAST) -> dict[str, object]:
    last = until.isoformat() if until else None
    return {"of": "a.setting", "types": list(types), "to": list(to), "until": last, "owner": "owner@example.com"}


@EACH
def test_a_way_out_is_refused(outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)
    assert alone(outlet.rule, outlet.stack) == "violation"


@EACH
def test_an_exception_is_bound_to_its_type_and_its_place(outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch, a_pass(outlet.type, "pulumi:providers:aws", to=[outlet.place, *_geography(outlet)]))
    there = [one for one in outlet.stack if one is not COPY]
    assert alone(outlet.rule, outlet.stack if outlet.rule != STANDING else there) == "silent"
    declare(monkeypatch, a_pass("aws:iam/role:Role", to=[outlet.place]), a_pass(outlet.type, to=["sa-east-1"]))
    assert alone(outlet.rule, outlet.stack) == "violation"


def _geography(outlet: Outlet) -> list[str]:
    return list(geography_of("eu")) if "MODEL_ID" in str(outlet.inputs) else []


def test_every_way_of_a_stack_file_has_what_the_program_makes_of_it() -> None:
    assert set(FROM_FILE) == {*CASES, *FOLLOWED} - NOT_SHOWN
    assert len(EVERY) >= 15


@pytest.mark.parametrize("pattern", FROM_FILE)
def test_the_types_of_a_way_are_those_that_go_it(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (types,) = [outlet.types for outlet in OUTLETS if outlet.pattern == pattern]
    outlet = FROM_FILE[pattern]
    declare(monkeypatch, a_pass(*types, to=[outlet.place, *_geography(outlet)]))
    assert alone(outlet.rule, outlet.stack) == "silent"


@EACH
def test_a_stack_that_declares_nothing_is_judged_as_before(outlet: Outlet) -> None:
    assert alone(DECLARED, outlet.stack) == "silent"


def _ended(today: date) -> list[str]:
    stack = [Made(type="pulumi:pulumi:Stack", name="platform-test"), HERE]
    found = evaluate(stack, PackConfig(today=today, rules={"all": "advisory"}))
    return [one.problem for one in found if one.rule.name == "residency-exception-not-ended" and one.blocking]


def test_an_exception_holds_until_its_day_and_fails_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch, a_pass("aws:cloudfront/*", to=["edge"]), a_pass("aws:chatbot/*", to=["slack"], until=None))
    assert _ended(LAST) == []
    assert _ended(LAST + timedelta(days=1)) == ["the exception of owner@example.com for a.setting ended on 2027-11-20"]


def test_no_config_widens_what_the_file_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)
    outlet = FROM_FILE["recovery.standby.postgres"]
    assert alone(STANDING, outlet.stack, regions=[HOME, FAR]) == "violation"


def test_a_bucket_of_the_stack_is_known_by_name_and_by_dependency(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    declare(monkeypatch)
    bucket = Made(type="aws:s3/bucket:Bucket", name="kept", inputs={"bucket": "kept"}, provider=HERE.urn)
    for named, links in (("arn:aws:s3:::kept", {}), (UNKNOWN, {"rules": [bucket.urn]})):
        inputs = {"rules": [{"destination": {"bucket": named}}]}
        type_ = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
        it = Made(type=type_, inputs=inputs, provider=HERE.urn, property_dependencies=links)
        assert alone(DECLARED, [HERE, bucket, it]) == "silent"


def test_a_bucket_is_known_by_its_policy_that_has_to_be_there_first(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)
    for region, outcome in ((HERE, "silent"), (THERE, "violation")):
        bucket = Made(type="aws:s3/bucket:Bucket", name="kept", inputs={"bucket": "kept"}, provider=region.urn)
        policy = Made(
            type="aws:s3/bucketPolicy:BucketPolicy",
            inputs={"bucket": UNKNOWN},
            provider=region.urn,
            property_dependencies={"bucket": [bucket.urn]},
        )
        trail = Made(
            type="aws:cloudtrail/trail:Trail",
            inputs={"s3BucketName": UNKNOWN},
            provider=HERE.urn,
            property_dependencies={"s3BucketName": [policy.urn]},
        )
        assert alone(DECLARED, [HERE, THERE, bucket, policy, trail]) == outcome


def test_flow_logs_go_to_a_log_group_or_to_a_bucket_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)
    group = f"arn:aws:logs:{HOME}:100000000001:log-group:flow"
    flow = Made(type="aws:ec2/flowLog:FlowLog", inputs={"logDestination": group}, provider=HERE.urn)
    assert alone(DECLARED, [HERE, flow]) == "silent"
    links = {"logDestination": ["urn:pulumi:test::platform::aws:cloudwatch/logGroup:LogGroup::flow"]}
    flow = Made(type=flow.type, inputs={"logDestination": UNKNOWN}, provider=HERE.urn, property_dependencies=links)
    assert alone(DECLARED, [HERE, flow]) == "silent"


def test_the_written_files_are_what_the_stack_files_say() -> None:
    do = "do: python -m review.residency"
    assert FILE.read_text(encoding="utf-8") == document(), do
    assert PAGE.read_text(encoding="utf-8") == page(), do
    assert load() == residency.DECLARED


def test_what_the_pack_is_told_is_the_file_s_with_the_last_day() -> None:
    section = excused(CASES["edge.cdn"])
    section["classes"]["chats"] = {"what": "texts of alarms", "places": ["slack", "us-west-2"], "at": ["observability"]}
    _, primary = pair(section)
    said: Any = for_pack(primary)
    assert said["regions"] == ["us-east-1"]
    passes = {one["of"]: (one["to"], one["until"]) for one in said["passes"]}
    assert passes == {
        "edge.cdn": (["edge"], "2027-11-20"),
        "observability.channels.slack": (["slack", "us-west-2"], None),
    }


def test_a_standby_abroad_has_no_region_unless_its_residency_names_it() -> None:
    standby, _ = pair(excused(CASES["edge.cdn"]))
    assert for_pack(standby) == {"regions": [], "passes": []}
    standby, _ = pair({"classes": {"personal": {"what": "names of people", "places": ["us-west-2", "us-east-1"]}}})
    said: Any = for_pack(standby)
    assert said["regions"] == ["us-east-1", "us-west-2"]
