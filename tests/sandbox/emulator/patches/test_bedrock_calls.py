"""Calls of models: of those that there are, through the guardrail that they name, recorded where the account asks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.sandbox.emulator.patches.test_bedrock_guardrails import ASKED, refusal

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

MODEL: Final = "amazon.nova-micro-v1:0"
PROFILED: Final = "anthropic.claude-haiku-4-5-20251001-v1:0"
GROUP: Final = "/agents/inference"
STREAM: Final = "aws/bedrock/modelinvocations"


def said(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


def role(aws: Aws, service: str) -> str:
    """Make a role that a service may have; returns its ARN."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    made = aws("iam").create_role(RoleName=service.partition(".")[0], AssumeRolePolicyDocument=trust)
    return str(made["Role"]["Arn"])


@pytest.mark.parametrize(
    ("model", "region", "called"),
    [
        (MODEL, "us-east-1", True),
        (MODEL, "eu-west-1", False),
        (f"eu.{MODEL}", "eu-west-1", True),
        (f"eu.{MODEL}", "us-east-1", False),
        (PROFILED, "us-east-1", False),
        (f"us.{PROFILED}", "us-east-1", True),
        (f"global.{PROFILED}", "us-east-1", True),
        ("amazon.nova-nano-v1:0", "us-east-1", False),
        ("us.amazon.nova-nano-v1:0", "us-east-1", False),
    ],
)
def test_a_model_answers_where_there_is_one(aws: Aws, model: str, region: str, called: bool) -> None:  # noqa: FBT001 - what is expected
    runtime = aws("bedrock-runtime", region)
    if called:
        answer = runtime.converse(modelId=model, messages=said("Why?"))
        assert answer["output"]["message"]["content"]
    else:
        for call in (runtime.converse, runtime.converse_stream):
            assert refusal(call, modelId=model, messages=said("Why?")) == "ValidationException"


def test_invoke_model_goes_through_the_guardrail_that_it_names(aws: Aws) -> None:
    bedrock, runtime = aws("bedrock"), aws("bedrock-runtime")
    made = bedrock.create_guardrail(**ASKED)["guardrailId"]
    version = bedrock.create_guardrail_version(guardrailIdentifier=made)["version"]
    guarded = {"modelId": MODEL, "guardrailIdentifier": made, "guardrailVersion": version}
    for prompt, action in (("I want a refund", "INTERVENED"), ("Why?", "NONE")):
        body = json.dumps({"messages": said(prompt)})
        found = json.loads(runtime.invoke_model(**guarded, body=body)["body"].read())
        assert found["amazon-bedrock-guardrailAction"] == action
        assert ("Not asked here." in json.dumps(found)) is (action == "INTERVENED")
        bare = json.loads(runtime.invoke_model(modelId=MODEL, body=body)["body"].read())
        assert "amazon-bedrock-guardrailAction" not in bare
    body = json.dumps({"messages": said("Why?")})
    assert (
        refusal(runtime.invoke_model, **{**guarded, "guardrailVersion": "7"}, body=body) == "ResourceNotFoundException"
    )


@pytest.mark.parametrize("text", [False, True])
def test_calls_are_recorded_with_their_text_only_where_that_is_asked(aws: Aws, text: bool) -> None:  # noqa: FBT001 - the setting
    bedrock, runtime, logs = aws("bedrock"), aws("bedrock-runtime"), aws("logs")
    runtime.converse(modelId=MODEL, messages=said("Before"))
    logs.create_log_group(logGroupName=GROUP)
    arn = role(aws, "bedrock.amazonaws.com")
    settings = {
        "cloudWatchConfig": {"logGroupName": GROUP, "roleArn": arn},
        "textDataDeliveryEnabled": text,
    }
    bedrock.put_model_invocation_logging_configuration(loggingConfig=settings)
    assert bedrock.get_model_invocation_logging_configuration()["loggingConfig"] == settings
    runtime.converse(modelId=MODEL, messages=said("Where is it?"))
    runtime.invoke_model(modelId=MODEL, body=json.dumps({"messages": said("Where is it?")}))
    events = logs.get_log_events(logGroupName=GROUP, logStreamName=STREAM, startFromHead=True)["events"]
    records = [json.loads(one["message"]) for one in events]
    assert [(one["operation"], one["modelId"]) for one in records] == [("Converse", MODEL), ("InvokeModel", MODEL)]
    assert all(one["input"]["inputTokenCount"] > 0 for one in records)
    assert all(("Where is it?" in json.dumps(one)) is text for one in records)


def test_records_go_to_a_log_that_is_there_by_a_role_that_bedrock_may_have(aws: Aws) -> None:
    bedrock, logs = aws("bedrock"), aws("logs")
    own, other = role(aws, "bedrock.amazonaws.com"), role(aws, "lambda.amazonaws.com")
    put = bedrock.put_model_invocation_logging_configuration

    def asked(arn: str) -> dict[str, Any]:
        return {"loggingConfig": {"cloudWatchConfig": {"logGroupName": GROUP, "roleArn": arn}}}

    assert refusal(put, **asked(own)) == "ValidationException", "there is no such log"
    logs.create_log_group(logGroupName=GROUP)
    for arn in (other, own.replace("bedrock", "nobody")):
        assert refusal(put, **asked(arn)) == "ValidationException"
    put(**asked(own))
