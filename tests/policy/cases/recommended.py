"""Cases of the recommended controls that are functions, not rows."""

from __future__ import annotations

import base64
from dataclasses import replace

from tests.policy.case import Case, pair_case, value_case
from tests.policy.harness import UNKNOWN, Made

KEY = "AKIA" + "A" * 16
INSTANCE = Made(type="aws:ec2/instance:Instance", inputs={"userData": "#!/bin/sh\nexec worker"})
TEMPLATE = Made(type="aws:ec2/launchTemplate:LaunchTemplate", inputs={"userData": "IyEvYmluL3No"})
DATABASE = Made(type="aws:rds/instance:Instance", inputs={"username": "phoenix"})
GROUP = Made(
    type="aws:autoscaling/group:Group",
    inputs={"vpcZoneIdentifiers": ["subnet-a", "subnet-b"], "launchTemplate": {"id": "lt-1"}},
)
TABLE = Made(type="aws:dynamodb/table:Table", inputs={"billingMode": "PAY_PER_REQUEST"})
_PROVISIONED = {"billingMode": "PROVISIONED", "name": "tasks"}
_SCALED = Made(type="aws:appautoscaling/target:Target", name="bounds", inputs={"resourceId": UNKNOWN})
_SCALING = Made(type="aws:appautoscaling/policy:Policy", inputs={"resourceId": UNKNOWN})
_COPY = {
    "regionName": "us-west-2",
    "kmsKeyArn": "arn:aws:kms:us-west-2:1:key/k",
    "pointInTimeRecovery": True,
    "deletionProtectionEnabled": True,
}
COPIED = Made(
    type="aws:dynamodb/table:Table",
    inputs={"replicas": [_COPY], "serverSideEncryption": {"kmsKeyArn": "arn:aws:kms:us-east-1:1:key/k"}},
)
_REPLICA = Made(
    type="aws:dynamodb/tableReplica:TableReplica",
    inputs={"pointInTimeRecovery": True, "deletionProtectionEnabled": True},
)
QUEUE = Made(type="aws:sqs/queue:Queue", name="jobs", inputs={"redrivePolicy": "{}"})
DEAD = Made(type="aws:sqs/queue:Queue", name="dead")
FUNCTION = Made(
    type="aws:lambda/function:Function",
    name="worker",
    id="worker",
    inputs={
        "name": "worker",
        "runtime": "python3.14",
        "timeout": 10,
        "environment": {"variables": {"SECRET_ARN": "arn:aws:secretsmanager:us-east-1:1:secret:a"}},
        "vpcConfig": {"subnetIds": ["a", "b"]},
    },
)
JOBS = Made(
    type="aws:sqs/queue:Queue",
    name="jobs",
    inputs={"redrivePolicy": "{}", "visibilityTimeoutSeconds": 60, "arn": "arn:aws:sqs:us-east-1:1:jobs"},
)
SOURCE = Made(
    type="aws:lambda/eventSourceMapping:EventSourceMapping",
    name="source",
    inputs={"eventSourceArn": "arn:aws:sqs:us-east-1:1:jobs", "functionName": "worker"},
)
CALLER = Made(
    type="aws:lambda/permission:Permission",
    name="caller",
    inputs={"principal": "events.amazonaws.com", "function": "worker", "action": "lambda:InvokeFunction"},
)
CALLS = Made(
    type="aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    name="calls",
    inputs={
        "functionName": "worker",
        "destinationConfig": {"onFailure": {"destination": "arn:aws:sqs:us-east-1:1:failures"}},
    },
)
STREAM = Made(
    type="aws:msk/cluster:Cluster",
    inputs={
        "kafkaVersion": "3.9.x",
        "clientAuthentication": {"sasl": {"iam": True}, "unauthenticated": False},
        "loggingInfo": {"brokerLogs": {"cloudwatchLogs": {"enabled": True}}},
    },
)
REPLICATOR = Made(
    type="aws:msk/replicator:Replicator",
    inputs={
        "replicationInfoList": {
            "topicReplications": [{"copyTopicConfigurations": True}],
            "consumerGroupReplications": [{"synchroniseConsumerGroupOffsets": True}],
        }
    },
)
CONFIGURATION = Made(
    type="aws:msk/configuration:Configuration",
    inputs={"serverProperties": "min.insync.replicas = 2\nunclean.leader.election.enable=false\n"},
)
_LINKED = {"redrivePolicy": [DEAD.urn]}
_ZONE = "aws:route53/zone:Zone"
_BUCKET = "aws:s3/bucket:Bucket"

BIRTH = Made(type="aws:secretsmanager/secretVersion:SecretVersion", name="birth", inputs={"secretId": "it"})
PASSWORD_CASE = Case(
    rule="rds-no-plaintext-password",
    passing=[
        BIRTH,
        replace(DATABASE, inputs={"manageMasterUserPassword": True}),
        replace(
            DATABASE,
            name="drawn",
            inputs={"password": "hunter2hunter2"},
            property_dependencies={"password": [BIRTH.urn]},
        ),
    ],
    failing=[replace(DATABASE, inputs={"password": "hunter2hunter2"})],
    unknown=[replace(DATABASE, inputs={"password": UNKNOWN})],
    absent=[replace(DATABASE, inputs={})],
    unknown_is="silent",
    absent_is="silent",
)
_BALANCED = {"healthCheckType": "ELB", "targetGroupArns": ["arn:aws:elasticloadbalancing:group"]}
CASES = (
    value_case("ec2-user-data-no-secrets", INSTANCE, "userData", f"export KEY={KEY}", unknown_is="deferred",
               absent_is="silent"),
    PASSWORD_CASE,
    value_case("rds-custom-admin-name", DATABASE, "username", "Postgres", absent_is="silent"),
    value_case("asg-multi-az", GROUP, "vpcZoneIdentifiers", ["subnet-a"]),
    value_case(
        "asg-multi-az",
        replace(GROUP, inputs={**GROUP.inputs, "vpcZoneIdentifiers": [UNKNOWN, UNKNOWN]}),
        "vpcZoneIdentifiers",
        [UNKNOWN],
    ),
    value_case(
        "asg-elb-health-check", replace(GROUP, inputs={**GROUP.inputs, **_BALANCED}), "healthCheckType", "EC2"
    ),
    value_case("asg-launch-template", GROUP, "launchTemplate", "", unknown_is="silent"),
    value_case(
        "asg-tags-reach-instances",
        replace(GROUP, inputs={**GROUP.inputs, "tags": [{"key": "a", "value": "b", "propagateAtLaunch": True}]}),
        "tags",
        [{"key": "a", "value": "b", "propagateAtLaunch": False}],
    ),
    value_case("dynamodb-scales", TABLE, "billingMode", "PROVISIONED"),
    *(
        Case(
            rule="dynamodb-scales",
            passing=[
                replace(TABLE, inputs=_PROVISIONED),
                replace(_SCALED, property_dependencies={"resourceId": [TABLE.urn]}),
                replace(_SCALING, property_dependencies={"resourceId": [_SCALED.urn]}),
            ],
            failing=[replace(TABLE, inputs=_PROVISIONED), *failing],
            unknown=[replace(TABLE, inputs={"billingMode": UNKNOWN}), _SCALED],
            absent=[replace(TABLE, inputs={})],
            unknown_is="unknown",
            absent_is="violation",
        )
        for failing in (
            [replace(one, inputs={"resourceId": "table/other"}) for one in (_SCALED, _SCALING)],
            [replace(_SCALED, property_dependencies={"resourceId": [TABLE.urn]})],
        )
    ),
    *(
        value_case("dynamodb-replica-guarded", COPIED, "replicas", copies, absent_is="silent")
        for copies in (
            [{**_COPY, "pointInTimeRecovery": False}],
            [_COPY, {**_COPY, "deletionProtectionEnabled": None}],
            [{**_COPY, "kmsKeyArn": "alias/aws/dynamodb"}],
        )
    ),
    value_case("dynamodb-replica-guarded", _REPLICA, "deletionProtectionEnabled", bad=False),
    Case(
        rule="sqs-dlq",
        passing=[replace(QUEUE, property_dependencies=_LINKED), DEAD],
        failing=[QUEUE, DEAD],
        unknown=[replace(QUEUE, inputs={"redrivePolicy": UNKNOWN}, property_dependencies=_LINKED), DEAD],
        absent=[replace(QUEUE, inputs={})],
        unknown_is="silent",
        absent_is="violation",
    ),
    pair_case("s3-access-logging", _BUCKET, "aws:s3/bucketLogging:BucketLogging", "bucket"),
    pair_case("s3-lifecycle", _BUCKET, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "bucket"),
    pair_case("r53-query-logging", _ZONE, "aws:route53/queryLog:QueryLog", "zoneId"),
    pair_case("r53-dnssec", _ZONE, "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec", "hostedZoneId"),
    value_case("lambda-runtime-supported", FUNCTION, "runtime", "python3.8", absent_is="silent"),
    value_case("lambda-env-no-secrets", FUNCTION, "environment.variables.SECRET_ARN", KEY, unknown_is="silent",
               absent_is="silent"),
    value_case("lambda-in-vpc-multi-az", FUNCTION, "vpcConfig.subnetIds", ["a"], absent_is="silent"),
    value_case("sqs-visibility-vs-lambda", JOBS, "visibilityTimeoutSeconds", 59, around=[FUNCTION, SOURCE],
               unknown_is="silent"),
    value_case("lambda-failed-calls-kept", CALLS, "destinationConfig.onFailure.destination", "",
               around=[FUNCTION, CALLER], unknown_is="silent"),
    value_case("msk-no-unauthenticated", STREAM, "clientAuthentication.unauthenticated", True, absent_is="silent"),
    value_case("msk-broker-logs", STREAM, "loggingInfo.brokerLogs.cloudwatchLogs.enabled", False),
    value_case("msk-durable-topic-defaults", CONFIGURATION, "serverProperties", "min.insync.replicas=1\n"),
    value_case("msk-version-supported", STREAM, "kafkaVersion", "3.5.1"),
    value_case("msk-replicator-whole", REPLICATOR,
               "replicationInfoList.consumerGroupReplications",
               [{"synchroniseConsumerGroupOffsets": False}], absent_is="silent"),
)  # fmt: skip
ENCODED = base64.b64encode(f"key={KEY}".encode()).decode()
BASE64_CASE = value_case(
    "ec2-user-data-no-secrets", TEMPLATE, "userData", ENCODED, unknown_is="deferred", absent_is="silent"
)
