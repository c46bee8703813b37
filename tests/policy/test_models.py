"""Calls of models: which a policy names, and whether they go through a guardrail, however the document says it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from policy.reading.models import ACTIONS, called, unguarded
from policy.reading.statement import Statement
from tests.policy.cases.models import CALL, CALLER, GUARDRAIL, LOG, LOGGING, MODEL, NUMBER, REGION, THROUGH
from tests.policy.harness import Made, alone, findings

CLAUDE = "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0"
BEHIND = "arn:aws:bedrock:*::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"
KEY = "bedrock:GuardrailIdentifier"
ANY = "arn:aws:bedrock:*:*"
BY_PROFILE = {"StringEquals": {"bedrock:InferenceProfileArn": CLAUDE}}


def allow(action: object = "bedrock:InvokeModel", resource: object = MODEL, **more: object) -> dict[str, object]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(resource: object = "*", action: object = CALL, **more: object) -> dict[str, object]:
    return {**allow(action, resource), "Effect": "Deny", **more}


def without(operator: str, value: object, resource: object = "*") -> dict[str, object]:
    return deny(resource, Condition={operator: {KEY: value}})


def statements(*bodies: dict[str, object]) -> list[Statement]:
    return [Statement(body, at) for at, body in enumerate(bodies)]


def holder(*bodies: object) -> Made:
    return replace(CALLER, inputs={"policy": json.dumps({"Statement": bodies})})


def judged(rule: str, *bodies: object, beside: tuple[Made, ...] = (), **settings: object) -> str:
    return alone(rule, [*beside, holder(*bodies)], **settings)


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.*",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v?:0",
        "arn:aws:bedrock:us-east-1:1:inference-profile/us.*",
        "arn:aws:bedrock:us-east-1:1:application-inference-profile/*",
        "arn:aws:bedrock:us-east-1:1:provisioned-model/*",
        "arn:aws:bedrock:us-east-1:1:custom-model-deployment/*",
        "arn:aws:bedrock:us-east-1:1:imported-model/*",
        "arn:aws:bedrock:*:*:*/anthropic*",
        [MODEL, "arn:aws:bedrock:us-east-1::foundation-model/meta.*"],
    ],
    ids=str,
)
def test_a_pattern_of_models_is_many_models(resource: object) -> None:
    for action in ("bedrock:InvokeModel", "bedrock:invoke*", ["s3:GetObject", "bedrock:InvokeModelWithResponseStream"]):
        assert judged("iam-models-named", allow(action, resource)) == "violation"
    assert judged("iam-models-named", allow("bedrock:GetFoundationModel", resource)) == "silent"


@pytest.mark.parametrize(
    "bodies",
    [
        [allow()],
        [allow(resource=[MODEL, CLAUDE])],
        [allow(resource=BEHIND)],
        [allow(resource=BEHIND.rpartition("/")[0] + "/*", Condition=BY_PROFILE)],
        [allow(["s3:GetObject", "bedrock:InvokeModel"], [MODEL, "arn:aws:s3:::models/*"])],
        [allow("bedrock:CreateModelInvocationJob", [MODEL, "arn:aws:bedrock:us-east-1:1:model-invocation-job/*"])],
        [allow("bedrock:ApplyGuardrail", "*")],
        [allow(resource="*", Condition={"StringEquals": {"aws:ResourceTag/team": "shop"}})],
        [allow(resource="*"), {"Effect": "Deny", "Action": "bedrock:*", "NotResource": [MODEL]}],
        [allow(resource="arn:aws:bedrock:*::foundation-model/meta.*"), deny("arn:aws:bedrock:*::foundation-model/*")],
    ],
    ids=str,
)
def test_models_by_their_ids_are_named(bodies: list[dict[str, object]]) -> None:
    assert judged("iam-models-named", *bodies) == "silent"
    assert judged("iam-no-data-on-all", *bodies) == "silent"


def test_all_models_break_the_rule_on_data_alone() -> None:
    for resource in ("*", "arn:aws:bedrock:*", f"{ANY}:foundation-model/*", f"{ANY}:inference-profile/*"):
        assert judged("iam-no-data-on-all", allow(resource=resource)) == "violation", resource
        assert judged("iam-models-named", allow(resource=resource)) == "silent", resource
    assert judged("iam-no-data-on-all", allow("bedrock-mantle:CreateInference", "*")) == "violation"


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (["amazon.nova-lite-v1:0"], {MODEL: "silent", CLAUDE: "violation"}),
        (["anthropic.*"], {MODEL: "violation", CLAUDE: "silent", BEHIND: "silent"}),
        (["us.anthropic.*"], {CLAUDE: "silent", BEHIND: "violation"}),
        (["amazon.*"], {"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-*": "silent"}),
    ],
    ids=str,
)
def test_a_config_says_which_models_may_be_called(models: list[str], expected: dict[str, str]) -> None:
    said = {resource: judged("iam-models-named", allow(resource=resource), models=models) for resource in expected}
    assert said == expected


def test_what_is_called_is_read_as_iam_reads_it() -> None:
    narrowed: dict[str, object] = {"Effect": "Deny", "Action": "bedrock*", "NotResource": [CLAUDE]}
    assert list(called(statements(allow("*", "*"), narrowed))) == [CLAUDE.rpartition("/")[2]]
    assert list(called(statements(allow(resource="arn:aws:s3:::a/foundation-model/x")))) == []
    assert list(called(statements(allow(["sqs:*"], "*")))) == []


OPEN = [
    [allow()],
    [allow(Condition={"StringEqualsIfExists": {KEY: NUMBER}})],
    [allow(Condition={"StringLike": {KEY: "*"}})],
    [allow(Condition={"StringLike": {KEY: "arn:aws:bedrock:us-east-1:1:guardrail/*"}})],
    [allow(Condition={"StringNotEquals": {KEY: NUMBER}})],
    [allow(Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})],
    [allow(Condition=THROUGH), allow("bedrock:InvokeModelWithResponseStream", CLAUDE)],
    [allow(), without("StringEquals", NUMBER)],
    [allow(), without("Null", "false")],
    [allow(), without("StringNotEquals", NUMBER, CLAUDE)],
    [allow(), deny(Condition={"StringNotEquals": {KEY: NUMBER, "aws:PrincipalTag/team": "shop"}})],
    [allow("bedrock:CreateModelInvocationJob")],
    [allow("bedrock-mantle:CreateInference", "arn:aws:bedrock-mantle:us-east-1:1:project/shop")],
    [{"Effect": "Allow", "Action": "bedrock:InvokeModel", "NotResource": CLAUDE}],
    [{"Effect": "Allow", "NotAction": ["iam:*", "bedrock:Create*"], "Resource": MODEL}],
]
GUARDED = [
    [allow(CALL, Condition=THROUGH)],
    [allow(Condition={"StringLike": {KEY: "arn:aws:bedrock:us-east-1:1:guardrail/abc:*"}})],
    [allow(Condition={"ArnLike": {KEY: NUMBER}})],
    [allow(CALL), without("StringNotEquals", NUMBER)],
    [allow(CALL), without("ArnNotLike", [NUMBER])],
    [allow(CALL), without("Null", "true")],
    [allow(CALL), deny()],
    [allow("bedrock:ListFoundationModels", "*"), allow("s3:*", "arn:aws:s3:::shop/*")],
    [allow("bedrock:*", NUMBER)],
]


@pytest.mark.parametrize("bodies", OPEN, ids=str)
def test_a_call_past_the_guardrail_is_found_where_there_is_one(bodies: list[dict[str, object]]) -> None:
    assert judged("iam-models-guarded", *bodies, beside=(GUARDRAIL,)) == "violation"
    assert judged("iam-models-guarded", *bodies) == "silent", "no guardrail, nothing to go through"


@pytest.mark.parametrize("bodies", GUARDED, ids=str)
def test_a_call_through_the_guardrail_is_fine(bodies: list[dict[str, object]]) -> None:
    assert judged("iam-models-guarded", *bodies, beside=(GUARDRAIL,)) == "silent"


def test_each_action_that_calls_a_model_is_read() -> None:
    for action in ACTIONS:
        resource = "*" if "mantle" in action else MODEL
        assert list(unguarded(statements(allow(action, resource)))) == [action]


def test_who_does_everything_breaks_the_rule_on_administrators_alone() -> None:
    assert judged("iam-models-guarded", allow("*", "*"), beside=(GUARDRAIL,)) == "silent"
    assert judged("iam-models-named", allow("*", "*")) == "silent"


def test_records_of_another_stack_count_where_the_config_says_so() -> None:
    caller = replace(CALLER, provider=REGION.urn)
    for regions, expected in ((["us-east-1"], "silent"), (["eu-west-1"], "violation")):
        assert alone("bedrock-calls-logged", [REGION, caller], regions=regions) == expected


def test_each_destination_of_records_is_one_of_the_stack() -> None:
    large = {"logGroupName": "/shop/models", "largeDataDeliveryS3Config": {"bucketName": "theirs"}}
    both = replace(LOGGING, inputs={"loggingConfig": {"cloudwatchConfig": large}})
    found = [f.problem for f in findings([LOG, both]) if f.rule.name == "bedrock-log-own"]
    assert found == [
        "loggingConfig.cloudwatchConfig.largeDataDeliveryS3Config.bucketName is theirs; allowed: one of the stack"
    ]
