import json
from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made, altered

TLS_ONLY = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "sns:Publish",
    "Resource": "arn:aws:sns:us-east-1:1:critical",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
ALARMS_TELL = {"Effect": "Allow", "Principal": {"Service": "cloudwatch.amazonaws.com"}, "Action": "sns:Publish"}
OPEN = json.dumps({"Statement": [TLS_ONLY, {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sns:Publish"}]})
PLAIN = json.dumps({"Statement": [ALARMS_TELL]})

ALARM = Made(
    type="aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs={"alarmActions": ["arn:aws:sns:us-east-1:1:critical"], "actionsEnabled": True},
)
COMPOSITE = replace(ALARM, type="aws:cloudwatch/compositeAlarm:CompositeAlarm", name="composite")
TOPIC = Made(type="aws:sns/topic:Topic", inputs={"kmsMasterKeyId": "arn:aws:kms:us-east-1:1:key/1"})
POLICY = Made(
    type="aws:sns/topicPolicy:TopicPolicy", inputs={"policy": json.dumps({"Statement": [TLS_ONLY, ALARMS_TELL]})}
)
QUEUE = Made(type="aws:sqs/queue:Queue", inputs={"sqsManagedSseEnabled": True})

CASES = (
    value_case("alarm-has-action", ALARM, "alarmActions", [], unknown_is="silent", around=[COMPOSITE]),
    value_case("alarm-actions-enabled", COMPOSITE, "actionsEnabled", False, absent_is="silent", around=[ALARM]),
    value_case("sns-encrypted", TOPIC, "kmsMasterKeyId", "", unknown_is="silent"),
    value_case("sns-own-key", TOPIC, "kmsMasterKeyId", "alias/aws/sns", unknown_is="silent", absent_is="silent"),
    Case(
        rule="sqs-encrypted",
        passing=[QUEUE, replace(QUEUE, name="ours", inputs={"kmsMasterKeyId": "key"})],
        failing=[replace(QUEUE, inputs={"sqsManagedSseEnabled": False})],
        unknown=[replace(QUEUE, inputs=altered(QUEUE.inputs, "sqsManagedSseEnabled", UNKNOWN))],
        absent=[replace(QUEUE, inputs={})],
        unknown_is="unknown",
        absent_is="violation",
    ),
    value_case("message-policy-not-public", POLICY, "policy", OPEN, unknown_is="deferred", absent_is="silent"),
    value_case("message-policy-tls-only", POLICY, "policy", PLAIN, unknown_is="deferred"),
)
