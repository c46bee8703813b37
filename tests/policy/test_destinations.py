"""Where data may go: regions by name, in ARNs, in addresses, in zones, and as a geography of models."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.reading.destinations import destinations
from policy.reading.profiles import regions
from policy.regions import COMMERCIAL
from policy.resources import Origin, Resource
from tests.policy.cases.exposure import EVERYONE, policy
from tests.policy.harness import UNKNOWN, Made, alone, findings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Made(type="pulumi:providers:aws", name="here", inputs={"region": "us-east-1"})
THERE = Made(type="pulumi:providers:aws", name="there", inputs={"region": "us-west-2"})
RULE = "data-egress-allow-list"
FAR = "eu-west-1"
IMAGE = f".dkr.ecr.{FAR}.amazonaws.com/"


def outcome(type_: str, inputs: dict[str, Any], **settings: object) -> str:
    return alone(RULE, [HERE, THERE, Made(type=type_, inputs=inputs)], **settings)


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
        ("aws:rds/instance:Instance", {"replicateSourceDb": f"arn:aws:rds:{FAR}:1:db:d"}),  # it comes from there
        ("aws:rds/cluster:Cluster", {"replicationSourceIdentifier": f"arn:aws:rds:{FAR}:1:cluster:c"}),
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
    assert alone(RULE, [only, certificate]) == "silent"
    assert alone(RULE, [only, vault]) == "violation"


def test_a_config_says_which_regions_data_may_go_to() -> None:
    inputs = {"replicas": [{"regionName": FAR}]}
    assert outcome("aws:dynamodb/table:Table", inputs, regions=["us-east-1", FAR]) == "silent"
    assert outcome("aws:dynamodb/table:Table", inputs, regions=["us-east-1"]) == "violation"


def test_a_stack_of_which_no_provider_says_its_region_may_use_the_commercial_ones() -> None:
    for region, expected in ((FAR, "silent"), ("cn-north-1", "violation"), ("us-gov-west-1", "violation")):
        table = Made(type="aws:dynamodb/table:Table", inputs={"replicas": [{"regionName": region}]})
        assert alone(RULE, [table]) == expected


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


PROFILES = [
    "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "apac.amazon.nova-pro-v1:0",
    "global.anthropic.claude-opus-4-6-v1",
    "jp.anthropic.claude-haiku-4-5-20251001-v1:0",
    "eu.mistral.pixtral-large-2502-v1:0",
    "global.cohere.embed-v4:0",
    "eu.newcomer.model-v2:0",
    "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "arn:aws:bedrock:us-east-1:1:inference-profile/eu.newcomer.anything",
]
NO_PROFILES = [
    "eu.shop.example", "eu.amazon.com", "eu.amazon.my-shop.example", "https://eu.shop.my-site.example:443/x",
    "ops@eu.amazon.my-shop", "shop.eu.amazon.nova-lite", "amazon.nova-pro-v1:0", "eu.shop.api-v1.example",
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
    "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", "us.anthropic.claude-opus-4-6-v1",
]  # fmt: skip


def policy_of(resource: str, **more: object) -> dict[str, str]:
    return {"policy": policy({"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": resource, **more})}


def containers(**variables: str) -> dict[str, str]:
    one = {"name": "agent", "environment": [{"name": key, "value": value} for key, value in variables.items()]}
    return {"containerDefinitions": json.dumps([one])}


HOLDERS: Mapping[str, Callable[[str], tuple[str, dict[str, Any]]]] = {
    "a variable of a function": lambda it: ("aws:lambda/function:Function", {"environment": {"variables": {"A": it}}}),
    "a variable of a container": lambda it: ("aws:ecs/taskDefinition:TaskDefinition", containers(A=it)),
    "a command of a container": lambda it: (
        "aws:ecs/taskDefinition:TaskDefinition",
        {"containerDefinitions": json.dumps([{"command": ["--ask", it], "entryPoint": [f"--ask={it}"]}])},
    ),
    "a policy": lambda it: (
        "aws:iam/rolePolicy:RolePolicy",
        policy_of(it if it.startswith("arn:") else f"arn:aws:bedrock:us-east-1:1:inference-profile/{it}"),
    ),
    "a policy that is an object": lambda it: (
        "aws:iam/rolePolicy:RolePolicy", {"policy": json.loads(policy_of(it)["policy"])}
    ),
    "a parameter": lambda it: ("aws:ssm/parameter:Parameter", {"value": json.dumps({"answers": it})}),
    "a state machine": lambda it: (
        "aws:sfn/stateMachine:StateMachine", {"definition": json.dumps({"States": {"Ask": {"Parameters": {"M": it}}}})}
    ),
    "a variable of a pod": lambda it: (
        "kubernetes:apps/v1:Deployment",
        {"spec": {"template": {"spec": {"containers": [{"env": [{"name": "A", "value": it}]}]}}}},
    ),
    "a config map": lambda it: ("kubernetes:core/v1:ConfigMap", {"data": {"a.yaml": f"ask:\n  by: {it}\n"}}),
}  # fmt: skip


@pytest.mark.parametrize("place", HOLDERS)
def test_a_profile_leads_to_its_geography_wherever_it_is_named(place: str) -> None:
    for profile in PROFILES:
        assert outcome(*HOLDERS[place](profile)) == "violation", profile
    only = [*regions("us"), *regions("eu")]
    assert outcome(*HOLDERS[place](PROFILES[0]), regions=only) == "silent", "consent is given by region"
    assert outcome(*HOLDERS[place](PROFILES[1]), regions=only) == "violation"


@pytest.mark.parametrize("place", HOLDERS)
def test_what_looks_like_a_profile_leads_nowhere(place: str) -> None:
    for text in NO_PROFILES:
        if place != "a policy" or text.startswith("arn:"):
            assert outcome(*HOLDERS[place](text), regions=regions("us")) == "silent", text


def test_a_variable_that_is_called_a_model_is_one_of_any_provider() -> None:
    for model, expected in (("eu.newcomer.thing", "violation"), ("newcomer.thing", "silent")):
        env = [{"name": "MODEL_ID", "value": model}]
        assert outcome("aws:lambda/function:Function", {"environment": {"variables": {"MODEL_ID": model}}}) == expected
        assert outcome("aws:ecs/taskDefinition:TaskDefinition", containers(MODEL_ID=model)) == expected
        assert outcome("kubernetes:core/v1:Pod", {"spec": {"containers": [{"env": env}]}}) == expected


def test_a_policy_that_denies_a_profile_or_leaves_it_out_leads_nowhere() -> None:
    arn = "arn:aws:bedrock:us-east-1:1:inference-profile/global.*"
    type_ = "aws:iam/policy:Policy"
    assert outcome(type_, policy_of(arn)) == "violation"
    assert outcome(type_, policy_of(arn, Effect="Deny")) == "silent"
    assert outcome(type_, {"policy": policy({"Effect": "Deny", "Action": "*", "NotResource": arn})}) == "silent"
    only = {"StringEquals": {"bedrock:InferenceProfileArn": arn}}
    other = {"StringNotEquals": {"bedrock:InferenceProfileArn": arn}}
    assert outcome(type_, policy_of("arn:aws:bedrock:*::foundation-model/a.b", Condition=only)) == "violation"
    assert outcome(type_, policy_of("arn:aws:bedrock:*::foundation-model/a.b", Condition=other)) == "silent"


def test_regions_of_pods_are_not_judged() -> None:
    assert outcome("kubernetes:core/v1:ConfigMap", {"data": {"AWS_REGION": FAR}}) == "silent"


@given(
    st.sampled_from(COMMERCIAL),
    st.sampled_from(["{}", "arn:aws:sqs:{}:1:q", "https://sqs.{}.amazonaws.com/1/q", "{}a"]),
)
def test_every_region_is_found_in_every_way_of_naming_it(region: str, way: str) -> None:
    holder = Resource(Origin(type="aws:x/y:Y", urn="urn", name="it"), {"some": [{"place": way.format(region)}]})
    assert [found.region for found in destinations(holder)] == [region]
