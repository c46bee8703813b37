"""Models of Bedrock: the key of guardrails, records of calls, and what identities may call."""

from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.cases.identity import POLICY, document
from tests.policy.harness import UNKNOWN, Made

REGION = Made(type="pulumi:providers:aws", name="here", inputs={"region": "us-east-1"})
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
CALL = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
NUMBER = "arn:aws:bedrock:us-east-1:100000000004:guardrail/abc:1"
THROUGH = {"StringEquals": {"bedrock:GuardrailIdentifier": NUMBER}}
GUARDRAIL = Made(type="aws:bedrock/guardrail:Guardrail", inputs={"kmsKeyArn": "arn:aws:kms:us-east-1:1:key/k"})
CALLER = replace(POLICY, name="caller", inputs={"policy": document(Action=CALL, Resource=MODEL, Condition=THROUGH)})
LOG = Made(type="aws:cloudwatch/logGroup:LogGroup", name="log", inputs={"name": "/shop/models", "kmsKeyId": "k"})
BUCKET = Made(type="aws:s3/bucket:Bucket", name="records", inputs={"bucket": "shop-models"})
LOGGING = Made(
    type="aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
    inputs={"loggingConfig": {"cloudwatchConfig": {"logGroupName": "/shop/models"}}},
)
TO_BUCKET = replace(LOGGING, name="to-bucket", inputs={"loggingConfig": {"s3Config": {"bucketName": "shop-models"}}})
LINKED = replace(
    LOGGING,
    name="linked",
    inputs={"loggingConfig": {"cloudwatchConfig": {"logGroupName": UNKNOWN}}},
    property_dependencies={"loggingConfig": [LOG.urn]},
)


def calling(resource: object, **more: object) -> str:
    """Return a policy that allows calls of models."""
    return document(Action=CALL, Resource=resource, **more)


CASES = (
    value_case("bedrock-guardrail-cmk", GUARDRAIL, "kmsKeyArn", "", unknown_is="silent"),
    value_case(
        "iam-models-named", CALLER, "policy", calling("arn:aws:bedrock:*::foundation-model/anthropic.*"),
        unknown_is="deferred", absent_is="silent",
    ),
    value_case(
        "iam-models-guarded", CALLER, "policy", calling(MODEL), around=[GUARDRAIL],
        unknown_is="silent", absent_is="silent",
    ),
    Case(
        rule="bedrock-calls-logged",
        passing=[CALLER, LOG, LOGGING],
        failing=[CALLER, LOG],
        unknown=[replace(CALLER, inputs={"policy": UNKNOWN})],
        absent=[replace(CALLER, inputs={})],
        unknown_is="silent",
        absent_is="silent",
    ),
    Case(
        rule="bedrock-log-own",
        passing=[LOG, BUCKET, LOGGING, TO_BUCKET, LINKED],
        failing=[LOG, replace(LOGGING, inputs={"loggingConfig": {"s3Config": {"bucketName": "of-somebody"}}})],
        unknown=[LOG, replace(LINKED, property_dependencies={})],
        absent=[LOG, replace(LOGGING, inputs={"loggingConfig": {"textDataDeliveryEnabled": True}})],
        unknown_is="unknown",
        absent_is="violation",
    ),
)  # fmt: skip
