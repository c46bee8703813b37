"""An HTTP API takes the tokens of an issuer whose keys stand at a name of the sandbox, and no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from components.functions.archive import zipped
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.named import Named
from tests.services.agents import test_tokens as tokens

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator


def test_keys_are_read_at_a_name_of_the_sandbox(emulator: Emulator, request: pytest.FixtureRequest) -> None:
    account = account_of(request)
    named = Named(session(emulator, account), f"n{account}.example")
    keys, asked = f"login.{named.domain}", f"api.{named.domain}"
    said = json.dumps(tokens.public("rsa"))
    code = zipped({"code.py": f"def show(event, context):\n    return {said!r}\n".encode()})
    function = named.function("show", code)
    for name in (keys, asked):
        named.http(name, function)
    api = named.aws("apigatewayv2")
    (made,) = [one["ApiId"] for one in api.get_apis()["Items"] if one["Name"] == asked]
    guard = api.create_authorizer(
        ApiId=made,
        Name="tokens",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": f"https://{keys}", "Audience": [tokens.AUDIENCE]},
    )["AuthorizerId"]
    (route,) = api.get_routes(ApiId=made)["Items"]
    api.update_route(ApiId=made, RouteId=route["RouteId"], AuthorizationType="JWT", AuthorizerId=guard)

    def status(token: str) -> int:
        headers = {"Host": asked, "Authorization": f"Bearer {token}"}
        try:
            with urlopen(Request(emulator.url, headers=headers), timeout=20) as answer:  # noqa: S310 - the emulator
                return int(answer.status)
        except OSError as error:
            return int(getattr(error, "code", 0))

    assert status(tokens.token(iss=f"https://{keys}")) == 200
    assert status(tokens.token(iss="https://elsewhere.example")) == 401
