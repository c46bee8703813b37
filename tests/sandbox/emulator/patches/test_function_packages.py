"""Functions of this repository run from archives for arm64 and Python 3.13, whatever runs the tests."""

from __future__ import annotations

import io
import json
import time
import zipfile
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from threading import Thread
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from components.functions.archive import zipped
from components.functions.distributions import LOCK, locked
from config.files import ROOT
from tests.sandbox.emulator.patches.foreign import FOREIGN, archive, is_compiled, project
from tests.services.agents.place import request as asked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

PLAIN = ("aws-lambda-powertools",)
TOKENS = (*PLAIN, "pyjwt")
ISSUER = "https://issuer.example"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Functions:
    """Functions of an account."""

    aws: Aws

    def make(self, code: bytes, handler: str, **environment: str) -> None:
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = self.aws("iam").create_role(RoleName="function", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        self.aws("lambda").create_function(
            FunctionName="function",
            Runtime="python3.13",
            Architectures=["arm64"],
            Handler=handler,
            Role=role,
            Code={"ZipFile": code},
            Timeout=60,
            Environment={"Variables": environment},
        )

    def call(self, event: object) -> Any:  # noqa: ANN401 - what a function returns
        answer = self.aws("lambda").invoke(FunctionName="function", Payload=json.dumps(event).encode())
        return json.loads(answer["Payload"].read())

    def log(self) -> str:
        events = self.aws("logs").filter_log_events(logGroupName="/aws/lambda/function")["events"]
        return "\n".join(one["message"] for one in events)


@pytest.fixture
def functions(aws: Aws) -> Functions:
    return Functions(aws)


@pytest.fixture
def keys() -> Iterator[str]:
    """Where an issuer shows its keys."""
    public = {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "one", "use": "sig"}

    class Shown(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"keys": [public]}).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Shown) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/keys"
        server.shutdown()
        thread.join()


def test_the_authorizer_verifies_a_token_with_the_sandbox_s_own_cryptography(
    functions: Functions, keys: str, tmp_path: Path
) -> None:
    code = archive(project(tmp_path, *TOKENS), "services.agents.authorizer.handler", *TOKENS)
    with zipfile.ZipFile(io.BytesIO(code)) as packed:
        compiled = [name for name in packed.namelist() if name.endswith(".so")]
        assert compiled
        assert {packed.read(name) for name in compiled} == {FOREIGN}, "nothing in it can be loaded here"
    functions.make(
        code,
        "services.agents.authorizer.handler",
        TOKENS_ISSUER=ISSUER,
        TOKENS_AUDIENCE="agents",
        TOKENS_KEYS_URL=keys,
    )
    claims = {"iss": ISSUER, "aud": "agents", "sub": "ann", "tenant": "acme", "exp": int(time.time()) + 600}
    token = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "one"})
    arn = "arn:aws:execute-api:us-east-1:111122223333:api/live/$connect"
    event = {"methodArn": arn, "headers": {"Authorization": f"Bearer {token}"}}
    assert functions.call(event)["context"] == {"tenant": "acme", "subject": "ann"}
    assert f"with its own cffi {metadata.version('cffi')}, cryptography" in functions.log(), "the log says so"
    changed = {**event, "headers": {"Authorization": f"Bearer {token[:-6]}AAAAAA"}}
    assert functions.call(changed)["errorMessage"] == "Unauthorized", "the signature was verified"


def test_the_http_api_judges_requests_with_the_sandbox_s_own_pydantic_core(
    functions: Functions, tmp_path: Path
) -> None:
    code = archive(project(tmp_path, *PLAIN), "services.agents.http.handler", *PLAIN)
    functions.make(code, "services.agents.http.handler")
    described = functions.call(asked("GET", "/openapi.json"))
    assert json.loads(described["body"])["openapi"] == "3.1.0"
    refused = functions.call(asked("POST", "/tasks", {"prompt": ""}, idempotency_key="a" * 16))
    assert refused["statusCode"] == 422
    assert f"pydantic_core {metadata.version('pydantic-core')}" in functions.log()


def test_a_function_has_what_its_archive_and_its_runtime_bring_and_nothing_else(functions: Functions) -> None:
    code = """
import importlib, sys
def handler(event, context):
    found = {}
    for name in event:
        try:
            found[name] = importlib.import_module(name).__name__
        except ImportError:
            found[name] = None
    return found
"""
    functions.make(zipped({"shop.py": code.encode(), "h11.py": b""}), "shop.handler")
    brought = ["boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3", "sqlite3", "h11"]
    missing = ["jwt", "pydantic", "ministack", "pytest", "pulumi", "sandbox"]
    assert functions.call([*brought, *missing]) == {name: name for name in brought} | dict.fromkeys(missing)
    assert "sandbox:" not in functions.log(), "nothing was taken over"


def test_what_the_sandbox_lacks_is_named_all_at_once(functions: Functions) -> None:
    files = {"shop.py": b"def handler(event, context): return 1"}
    for name, version in (("stamps", "1.0"), ("cryptography", "1.0")):
        about = f"{name}-{version}.dist-info"
        files[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nTag: cp313-abi3-manylinux_2_28_aarch64\n"
    functions.make(zipped(files), "shop.handler")
    said = functions.call({})["errorMessage"]
    has = metadata.version("cryptography")
    assert f"cryptography 1.0 of the archive is compiled, and the sandbox has {has}" in said
    assert "stamps 1.0 of the archive is compiled, and the sandbox has none" in said
    assert "`make setup`" in said


def test_the_sandbox_has_what_the_lock_of_functions_has_compiled() -> None:
    pins = locked((ROOT / LOCK).read_text(encoding="utf-8"))
    compiled = {name: pins[name].version for name in pins if is_compiled(name)}
    assert {"cffi", "cryptography", "pydantic-core"} <= compiled.keys()
    assert {name: metadata.version(name) for name in compiled} == compiled
