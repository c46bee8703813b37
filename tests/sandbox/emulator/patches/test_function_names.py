"""A function reaches what the sandbox serves by name, with certificates that it verifies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.functions.archive import zipped
from sandbox.demo.sockets import Socket
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.named import Named

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator

CODE = b"""
import os, urllib.request
import boto3
def post(event, context):
    gateway = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["SOCKETS_ENDPOINT"])
    said = ("heard " + event["body"]).encode()
    gateway.post_to_connection(ConnectionId=event["requestContext"]["connectionId"], Data=said)
    return {"statusCode": 200}
def read(event, context):
    with urllib.request.urlopen(event, timeout=10) as answer:
        return answer.read().decode()
def hello(event, context):
    return {"statusCode": 200, "body": "hello by " + event["headers"]["host"]}
"""


@pytest.fixture
def named(emulator: Emulator, request: pytest.FixtureRequest) -> Named:
    account = account_of(request)
    return Named(session(emulator, account), f"n{account}.example")


def call(named: Named, function: str, event: object) -> Any:  # noqa: ANN401 - what a function returns
    answer = named.aws("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    return json.loads(answer["Payload"].read())


def test_a_function_posts_to_a_client_of_a_websocket_api_by_the_api_s_own_name(
    named: Named, emulator: Emulator
) -> None:
    name = f"live.{named.domain}"
    arn = named.function("post", zipped({"code.py": CODE}), SOCKETS_ENDPOINT=f"https://{name}")
    named.sockets(name, arn)
    client = Socket(emulator.url.replace("http://", "ws://"), {}, host=name)
    client.write(json.dumps({"action": "say"}))
    assert client.text() == 'heard {"action": "say"}'
    client.close()


def test_a_function_reads_an_http_api_by_its_name(named: Named) -> None:
    name = f"api.{named.domain}"
    named.http(name, named.function("hello", zipped({"code.py": CODE})))
    named.function("read", zipped({"code.py": CODE}))
    assert call(named, "read", f"https://{name}/") == f"hello by {name}"
    assert "urlopen error" in call(named, "read", f"http://{name}/")["errorMessage"], "it speaks TLS only"
    assert "502" in call(named, "read", "https://nowhere.invalid/")["errorMessage"], "a name that nobody has"


def test_a_function_that_trusts_others_does_not_trust_the_sandbox(named: Named, tmp_path: Any) -> None:  # noqa: ANN401
    name = f"api.{named.domain}"
    named.http(name, named.function("hello", zipped({"code.py": CODE})))
    (tmp_path / "none.pem").write_text("", encoding="utf-8")
    named.function("read", zipped({"code.py": CODE}), SSL_CERT_FILE=str(tmp_path / "none.pem"))
    assert "CERTIFICATE_VERIFY_FAILED" in call(named, "read", f"https://{name}/")["errorMessage"]
