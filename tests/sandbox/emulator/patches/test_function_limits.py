"""Lambda takes what it could run, and runs it: an archive of the builder answers a request by an HTTP API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from components.functions.archive import build
from components.functions.distributions import Target
from tests.sandbox.emulator.traffic.behind import ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

HANDLER = "services.shop.http.handler"
FILES = {
    "services/__init__.py": "",
    "services/shop/__init__.py": "",
    "services/shop/words.py": (
        "def said(event):\n    return event['requestContext']['http']['method'] + ' ' + event['rawPath']\n"
    ),
    "services/shop/http.py": (
        "import json\nfrom services.shop.words import said\ndef handler(event, context):\n"
        "    return {'statusCode': 202, 'body': json.dumps({'said': said(event), 'version': event['version']})}\n"
    ),
}


def role(aws: Aws, name: str, service: str) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return str(aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])


@pytest.fixture
def made(aws: Aws, tmp_path: Path) -> dict[str, Any]:
    """What a function is made of, from an archive of the builder."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    archive = tmp_path / build(tmp_path, HANDLER, (), Target("python3.13", "arm64"))
    return {
        "FunctionName": "shop",
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
        "Handler": HANDLER,
        "Role": role(aws, "shop", "lambda.amazonaws.com"),
        "Code": {"ZipFile": archive.read_bytes()},
        "Timeout": 30,
        "Publish": True,
    }


def refused(call: Callable[..., Any], words: str, **asked: object) -> str:
    """Return what is wrong with a call that is not refused in some words; empty = it is."""
    try:
        call(**asked)
    except ClientError as error:
        return "" if words in str(error) else f"{asked}: {error}"
    return f"{words}: taken"


def test_a_request_reaches_the_function_by_the_api_and_its_alias(
    emulator: Emulator, aws: Aws, made: dict[str, Any]
) -> None:
    version = aws("lambda").create_function(**made)["Version"]
    alias = aws("lambda").create_alias(FunctionName="shop", Name="live", FunctionVersion=version)["AliasArn"]
    api = aws("apigatewayv2")
    made_api = api.create_api(Name="shop", ProtocolType="HTTP")["ApiId"]
    integration = api.create_integration(
        ApiId=made_api,
        IntegrationType="AWS_PROXY",
        IntegrationMethod="POST",
        IntegrationUri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{alias}/invocations",
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    api.create_route(ApiId=made_api, RouteKey="POST /tasks/{id}", Target=f"integrations/{integration}")
    api.create_stage(ApiId=made_api, StageName="$default", AutoDeploy=True)
    at = urlsplit(emulator.url)
    answer = ask((str(at.hostname), int(at.port or 0)), f"/_aws/execute-api/{made_api}/$default/tasks/7", "POST", b"{}")
    assert (answer.status, answer.seen) == (202, {"said": "POST /tasks/7", "version": "2.0"})


def test_lambda_refuses_what_it_could_not_run(aws: Aws, made: dict[str, Any]) -> None:
    call, other = aws("lambda").create_function, role(aws, "tasks", "ecs-tasks.amazonaws.com")
    cases: list[tuple[str, dict[str, Any]]] = [
        ("less than or equal to 10240", {"MemorySize": 10_241}),
        ("'timeout' failed to satisfy constraint", {"Timeout": 901}),
        ("'ephemeralStorage.size'", {"EphemeralStorage": {"Size": 10_241}}),
        ("no longer supported", {"Runtime": "python3.8"}),
        ("cannot be assumed by Lambda", {"Role": other}),
        ("Reserved keys used in this request: AWS_REGION", {"Environment": {"Variables": {"AWS_REGION": "x"}}}),
        ("4KB limit", {"Environment": {"Variables": {"A": "x" * 4096}}}),
    ]
    wrong = [said for words, more in cases if (said := refused(call, words, **{**made, **more}))]
    assert wrong == []
    aws("lambda").create_function(**made, MemorySize=10_240, EphemeralStorage={"Size": 10_240})
    update = aws("lambda").update_function_configuration
    assert refused(update, "'timeout'", FunctionName="shop", Timeout=901) == ""
    assert refused(update, "cannot be assumed", FunctionName="shop", Role=other) == ""


def test_a_share_leaves_a_hundred_to_those_that_have_none(aws: Aws, made: dict[str, Any]) -> None:
    lambda_ = aws("lambda")
    for name in ("shop", "other"):
        lambda_.create_function(**{**made, "FunctionName": name})
    lambda_.put_function_concurrency(FunctionName="shop", ReservedConcurrentExecutions=500)
    reserve = lambda_.put_function_concurrency
    words = "below its minimum value of [100]"
    assert refused(reserve, words, FunctionName="other", ReservedConcurrentExecutions=401) == ""
    reserve(FunctionName="other", ReservedConcurrentExecutions=400)
    reserve(FunctionName="shop", ReservedConcurrentExecutions=2)
    version = lambda_.publish_version(FunctionName="shop")["Version"]
    ready = {"FunctionName": "shop", "Qualifier": version, "ProvisionedConcurrentExecutions": 3}
    assert refused(lambda_.put_provisioned_concurrency_config, "should not be greater", **ready) == ""
    lambda_.put_provisioned_concurrency_config(
        FunctionName="shop", Qualifier=version, ProvisionedConcurrentExecutions=2
    )
    none = {"FunctionName": "shop", "ReservedConcurrentExecutions": 0}
    assert refused(lambda_.put_function_concurrency, "that are provisioned", **none) == ""


def test_a_queue_hides_messages_for_as_long_as_the_function_may_work(aws: Aws, made: dict[str, Any]) -> None:
    sqs, lambda_ = aws("sqs"), aws("lambda")
    lambda_.create_function(**made)
    url = sqs.create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": "29"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    source = {"FunctionName": "shop", "EventSourceArn": arn, "Enabled": False}
    words = "Queue visibility timeout: 29 seconds is less than Function timeout: 30 seconds"
    assert refused(lambda_.create_event_source_mapping, words, **source) == ""
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "30"})
    assert refused(lambda_.create_event_source_mapping, "Maximum batch window", **source, BatchSize=11) == ""
    uuid = lambda_.create_event_source_mapping(**source)["UUID"]
    assert refused(lambda_.update_event_source_mapping, "Maximum batch window", UUID=uuid, BatchSize=11) == ""
