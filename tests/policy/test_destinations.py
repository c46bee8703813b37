"""Where data may go: regions by name, in ARNs, in addresses, in zones, and as a geography of models."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.reading.destinations import destinations
from policy.regions import COMMERCIAL
from policy.resources import Origin, Resource
from tests.policy.cases.exposure import EVERYONE, policy
from tests.policy.harness import UNKNOWN, Made, findings, offline

HERE = Made(type="pulumi:providers:aws", name="here", inputs={"region": "us-east-1"})
THERE = Made(type="pulumi:providers:aws", name="there", inputs={"region": "us-west-2"})
RULE = "data-egress-allow-list"
FAR = "eu-west-1"
IMAGE = f".dkr.ecr.{FAR}.amazonaws.com/"


def outcome(type_: str, inputs: dict[str, Any], **config: Any) -> str:  # noqa: ANN401 as the harness takes it
    return offline(RULE, [HERE, THERE, Made(type=type_, inputs=inputs)], **config)


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        (
            "aws:backup/plan:Plan",
            {"rules": [{"copyActions": [{"destinationVaultArn": f"arn:aws:backup:{FAR}:1:backup-vault:v"}]}]},
        ),
        ("aws:dynamodb/table:Table", {"replicas": [{"regionName": "us-west-2"}, {"regionName": FAR}]}),
        ("aws:dynamodb/globalTable:GlobalTable", {"replicas": [{"regionName": FAR}]}),
        ("aws:dynamodb/tableReplica:TableReplica", {"globalTableArn": f"arn:aws:dynamodb:{FAR}:1:table/t"}),
        ("aws:secretsmanager/secret:Secret", {"replicas": [{"region": FAR, "kmsKeyId": "k"}]}),
        (
            "aws:ecr/replicationConfiguration:ReplicationConfiguration",
            {"replicationConfiguration": {"rules": [{"destinations": [{"region": FAR, "registryId": "1"}]}]}},
        ),
        (
            "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
            {
                "rules": [
                    {"destination": {"encryptionConfiguration": {"replicaKmsKeyId": f"arn:aws:kms:{FAR}:1:key/k"}}}
                ]
            },
        ),
        (
            "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            {"sourceDbInstanceArn": f"arn:aws:rds:{FAR}:1:db:d"},
        ),
        ("aws:rds/snapshotCopy:SnapshotCopy", {"destinationRegion": FAR}),
        ("aws:redshift/cluster:Cluster", {"snapshotCopy": {"destinationRegion": FAR}}),
        ("aws:ec2/amiCopy:AmiCopy", {"sourceAmiRegion": FAR}),
        ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", {"peerRegion": FAR}),
        ("aws:ec2transitgateway/peeringAttachment:PeeringAttachment", {"peerRegion": FAR}),
        ("aws:globalaccelerator/endpointGroup:EndpointGroup", {"endpointGroupRegion": FAR}),
        (
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
            {"httpEndpointConfiguration": {"url": f"https://aws-api.{FAR}.amazonaws.com/x"}},
        ),
        (
            "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
            {"destinationArn": f"arn:aws:logs:{FAR}:1:destination:d"},
        ),
        (
            "aws:cloudwatch/eventTarget:EventTarget",
            {
                "arn": "x",
                "deadLetterConfig": {"arn": f"arn:aws:sqs:{FAR}:1:q"},
                "roleArn": f"arn:aws:events:{FAR}:1:event-bus/b",
            },
        ),
        ("aws:sns/topicSubscription:TopicSubscription", {"endpoint": f"arn:aws:sqs:{FAR}:1:q"}),
        (
            "aws:msk/replicator:Replicator",
            {"kafkaClusters": [{"amazonMskCluster": {"mskClusterArn": f"arn:aws:kafka:{FAR}:1:cluster/c"}}]},
        ),
        (
            "aws:ecs/taskDefinition:TaskDefinition",
            {"containerDefinitions": '[{"logConfiguration":{"options":{"awslogs-region":"eu-west-1"}}}]'},
        ),
        ("aws:ec2/instance:Instance", {"availabilityZone": f"{FAR}b"}),
        ("aws:bedrock/agentAgent:AgentAgent", {"foundationModel": "us.anthropic.claude-sonnet-4-5-20250929-v1:0"}),
        ("aws:bedrock/agentAgent:AgentAgent", {"foundationModel": "global.anthropic.claude-sonnet-4-5-20250929-v1:0"}),
        (
            "aws:bedrock/inferenceProfile:InferenceProfile",
            {"modelSource": {"copyFrom": "arn:aws:bedrock:us-east-1:1:inference-profile/eu.anthropic.x"}},
        ),
        ("aws:lambda/function:Function", {"environment": {"variables": {"BUCKET_REGION": FAR}}}),
        (
            "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
            {"role": "r", "rules": [{"destination": {"account": FAR}}]},
        ),
        ("aws:newservice/thing:Thing", {"settings": {"deep": [{"mirror": f"arn:aws:thing:{FAR}:1:x"}]}}),
        (
            "aws:cloudfront/distribution:Distribution",
            {"origins": [{"originId": "far", "domainName": f"far-1.{FAR}.elb.amazonaws.com"}]},
        ),
    ],
    ids=lambda one: one.rpartition(":")[2] if isinstance(one, str) else "",
)
def test_a_way_out_of_the_regions_of_the_stack_is_found(type_: str, inputs: dict[str, Any]) -> None:
    assert outcome(type_, inputs) == "violation"


@pytest.mark.parametrize(
    ("type_", "inputs"),
    [
        ("aws:dynamodb/table:Table", {"replicas": [{"regionName": "us-west-2"}]}),
        ("aws:s3/bucket:Bucket", {"bucket": f"phoenix-{FAR}-logs", "tags": {"Region": FAR}}),
        ("aws:iam/policy:Policy", {"policy": policy({**EVERYONE, "Resource": f"arn:aws:s3:{FAR}:1:x"})}),
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"dimensions": {"Region": "Global"}, "alarmDescription": FAR}),
        ("aws:kms/key:Key", {"multiRegion": True}),
        ("aws:ecs/taskDefinition:TaskDefinition", {"containerDefinitions": f'[{{"image":"1{IMAGE}a:1"}}]'}),
        ("aws:cloudfront/distribution:Distribution", {"viewerCertificate": {"arn": "arn:aws:acm:us-east-1:1:c"}}),
        ("aws:bedrock/agentAgent:AgentAgent", {"foundationModel": "anthropic.claude-sonnet-4-5-20250929-v1:0"}),
        ("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": f'{{"region": "{FAR}"}}'}),
        (
            "aws:cloudfront/distribution:Distribution",
            {"origins": [{"originId": "spare", "domainName": f"spare-1.s3.{FAR}.amazonaws.com"}]},
        ),
    ],
    ids=lambda one: one.rpartition(":")[2] if isinstance(one, str) else "",
)  # fmt: skip
def test_what_goes_nowhere_or_stays_is_fine(type_: str, inputs: dict[str, Any]) -> None:
    assert outcome(type_, inputs) == "silent"


def test_a_global_service_is_reached_from_any_region() -> None:
    only = Made(type=HERE.type, name="only", inputs={"region": FAR})
    certificate = Made(
        type="aws:apigateway/domainName:DomainName", inputs={"certificateArn": "arn:aws:acm:us-east-1:1:c"}
    )
    vault = Made(type="aws:backup/plan:Plan", inputs={"copy": "arn:aws:backup:us-east-1:1:backup-vault:v"})
    assert offline(RULE, [only, certificate]) == "silent"
    assert offline(RULE, [only, vault]) == "violation"


def test_a_config_says_which_regions_data_may_go_to() -> None:
    inputs = {"replicas": [{"regionName": FAR}]}
    assert outcome("aws:dynamodb/table:Table", inputs, rules={RULE: {"regions": ["us-east-1", FAR]}}) == "silent"
    assert outcome("aws:dynamodb/table:Table", inputs, rules={RULE: {"regions": ["us-east-1"]}}) == "violation"


def test_a_stack_of_which_no_provider_says_its_region_may_use_the_commercial_ones() -> None:
    for region, expected in ((FAR, "silent"), ("cn-north-1", "violation"), ("us-gov-west-1", "violation")):
        table = Made(type="aws:dynamodb/table:Table", inputs={"replicas": [{"regionName": region}]})
        assert offline(RULE, [table]) == expected


def test_a_region_that_is_not_known_is_not_silent_and_an_arn_waits() -> None:
    copy = "aws:redshift/cluster:Cluster"
    assert outcome("aws:secretsmanager/secret:Secret", {"replicas": [{"region": UNKNOWN}]}) == "unknown"
    assert outcome(copy, {"snapshotCopy": {"destinationRegion": "[secret]"}}) == "unknown"
    assert outcome("aws:backup/plan:Plan", {"vaultArn": UNKNOWN}) == "silent"
    assert outcome("aws:s3/bucket:Bucket", {"bucketRegion": UNKNOWN}) == "silent", "the provider will say it"


def test_every_place_is_named_once_with_its_path() -> None:
    table = Made(
        type="aws:dynamodb/table:Table", inputs={"replicas": [{"regionName": FAR}, {"regionName": "sa-east-1"}]}
    )
    found = [finding.problem for finding in findings([HERE, table]) if finding.rule.name == RULE]
    assert sorted(found) == [
        f"replicas[0].regionName leads to {FAR}; allowed: us-east-1",
        "replicas[1].regionName leads to sa-east-1; allowed: us-east-1",
    ]


@given(
    st.sampled_from(COMMERCIAL),
    st.sampled_from(["{}", "arn:aws:sqs:{}:1:q", "https://sqs.{}.amazonaws.com/1/q", "{}a"]),
)
def test_every_region_is_found_in_every_way_of_naming_it(region: str, way: str) -> None:
    holder = Resource(Origin(type="aws:x/y:Y", urn="urn", name="it"), {"some": [{"place": way.format(region)}]})
    assert [found.region for found in destinations(holder)] == [region]
