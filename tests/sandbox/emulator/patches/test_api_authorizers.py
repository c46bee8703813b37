"""An authorizer has nothing of other kinds, from its creation on and after a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
JWT = {"Issuer": "https://login.shop.example/", "Audience": ["shop"]}
OF_FUNCTIONS = {"AuthorizerResultTtlInSeconds", "AuthorizerPayloadFormatVersion", "EnableSimpleResponses"}


def test_an_authorizer_of_tokens_has_no_time_to_live(aws: Aws) -> None:
    api = aws("apigatewayv2")
    made = {"ApiId": api.create_api(Name="api", ProtocolType="HTTP")["ApiId"]}
    given = {"IdentitySource": ["$request.header.Authorization"], "Name": "jwt", "JwtConfiguration": JWT}
    made["AuthorizerId"] = api.create_authorizer(ApiId=made["ApiId"], AuthorizerType="JWT", **given)["AuthorizerId"]
    assert api.get_authorizer(**made).keys() & OF_FUNCTIONS == set()
    api.update_authorizer(**made, JwtConfiguration=JWT | {"Audience": ["other"]})
    found = api.get_authorizer(**made)
    assert (found.keys() & OF_FUNCTIONS, found["JwtConfiguration"]["Audience"]) == (set(), ["other"])


def test_one_that_calls_a_function_keeps_its_own(aws: Aws) -> None:
    api = aws("apigatewayv2")
    made = {"ApiId": api.create_api(Name="api", ProtocolType="HTTP")["ApiId"]}
    function = "arn:aws:lambda:us-east-1:111122223333:function:f"
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    given = {"AuthorizerType": "REQUEST", "AuthorizerUri": uri, "AuthorizerResultTtlInSeconds": 60, "Name": "f"}
    source = ["$request.header.Authorization"]
    made["AuthorizerId"] = api.create_authorizer(ApiId=made["ApiId"], IdentitySource=source, **given)["AuthorizerId"]
    found = api.get_authorizer(**made)
    assert (found["AuthorizerResultTtlInSeconds"], "JwtConfiguration" in found) == (60, False)


def test_one_of_sockets_has_nothing_of_http_apis(aws: Aws) -> None:
    api = aws("apigatewayv2")
    selected = {"ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}
    made = {"ApiId": api.create_api(Name="live", **selected)["ApiId"]}
    function = "arn:aws:lambda:us-east-1:111122223333:function:f"
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    source = ["route.request.header.Auth"]
    given = {"AuthorizerType": "REQUEST", "AuthorizerUri": uri, "IdentitySource": source, "Name": "f"}
    made["AuthorizerId"] = api.create_authorizer(ApiId=made["ApiId"], **given)["AuthorizerId"]
    for name in ("f", "other"):
        api.update_authorizer(**made, Name=name)
        found = api.get_authorizer(**made)
        assert (found["Name"], found["AuthorizerUri"], found["IdentitySource"]) == (name, uri, source)
        assert found.keys() & (OF_FUNCTIONS | {"JwtConfiguration"}) == set()
