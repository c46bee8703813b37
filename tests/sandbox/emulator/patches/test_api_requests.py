"""A caller without credentials reaches a service by the API's name, as often as its throttling lets it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.apis import Gateway
from tests.sandbox.emulator.traffic.behind import Front, Server

if TYPE_CHECKING:
    from sandbox.emulator import client
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_request_reaches_the_target_as_the_caller_wrote_it(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, domain="reach.shop.example")
    with Server("web") as server:
        front.behind("10.9.6.1", server)
        answer = gateway.ask("/v1/bids/a%20b?x=1&x=2", "POST", b'{"bid": 1}', X_Api_Service="admin")
    assert answer.status == 200
    assert (answer.seen["method"], answer.seen["path"]) == ("POST", "/v1/bids/a%20b?x=1&x=2")
    assert answer.seen["body"] == '{"bid": 1}'
    headers = answer.seen["headers"]
    assert headers["x-api-service"] == "web", "what a caller writes there is written over"
    assert headers["host"] == "reach.shop.example"
    assert "host=reach.shop.example;proto=https" in headers["forwarded"]
    assert answer.header("apigw-requestid"), "API Gateway's own"


def test_the_listener_chooses_by_what_the_integration_writes(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, domain="chooses.shop.example")
    condition = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-api-service", "Values": ["other"]}}
    front.rule(1, [condition], {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "410"}})
    change = {"RequestParameters": {"overwrite:header.x-api-service": "other"}}
    gateway.api.update_integration(ApiId=gateway.id, IntegrationId=gateway.integration, **change)
    assert gateway.ask().status == 410


def test_what_no_route_takes_is_not_found(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, domain="none.shop.example")
    answer = gateway.ask("/other")
    assert (answer.status, json.loads(answer.body)) == (404, {"message": "Not Found"})


def test_a_caller_without_an_account_reaches_a_default_endpoint_that_is_on(
    emulator: client.Emulator, aws: Aws, front: Front
) -> None:
    gateway = Gateway(emulator, aws, front, domain="on.shop.example")
    gateway.api.update_api(ApiId=gateway.id, DisableExecuteApiEndpoint=False)
    with Server("web") as server:
        front.behind("10.9.6.1", server)
        assert gateway.ask("/v1/bids", Host=f"{gateway.id}.execute-api.localhost").status == 200
        assert gateway.ask(f"/_aws/execute-api/{gateway.id}/v1/bids", Host="localhost").status == 200
    assert gateway.ask("/_aws/execute-api/00000000/v1/bids", Host="localhost").status == 404


def test_the_default_endpoint_is_off(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, domain="off.shop.example")
    assert gateway.ask(Host=f"{gateway.id}.execute-api.localhost").status == 404
    assert gateway.ask(f"/_aws/execute-api/{gateway.id}/$default/v1/bids", Host="localhost").status == 404


def test_nobody_behind_the_load_balancer_is_what_it_says(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    assert Gateway(emulator, aws, front, domain="nobody.shop.example").ask().status == 503


def test_an_answer_that_takes_too_long_is_given_up(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, domain="slow.shop.example")
    change = {"TimeoutInMillis": 300, "RequestParameters": {"overwrite:path": "/slow"}}
    gateway.api.update_integration(ApiId=gateway.id, IntegrationId=gateway.integration, **change)
    with Server("web") as server:
        front.behind("10.9.6.2", server)
        answer = gateway.ask()
    assert (answer.status, json.loads(answer.body)) == (503, {"message": "Service Unavailable"})


@pytest.mark.parametrize(("asked", "status"), [("api.shop.example", 200), ("other.shop.example", 503)])
def test_a_listener_is_trusted_by_the_name_of_its_certificate(
    emulator: client.Emulator, aws: Aws, asked: str, status: int
) -> None:
    front = Front(emulator, aws, "secure", protocol="HTTPS", port=443)
    certificate = aws("acm").request_certificate(DomainName="api.shop.example")["CertificateArn"]
    front.elb.modify_listener(ListenerArn=front.arns["listener"], Certificates=[{"CertificateArn": certificate}])
    gateway = Gateway(emulator, aws, front, tls={"name": asked}, domain=f"{asked.partition('.')[0]}.trust.example")
    with Server("web") as server:
        front.behind("10.9.6.3", server)
        assert gateway.ask().status == status


def test_a_listener_by_tls_is_not_reached_in_the_clear(emulator: client.Emulator, aws: Aws) -> None:
    front = Front(emulator, aws, "clear", protocol="HTTPS", port=443)
    assert Gateway(emulator, aws, front, domain="clear.shop.example").ask().status == 503


def test_a_route_takes_what_its_throttling_says(timed: client.Emulator, request: pytest.FixtureRequest) -> None:
    aws = session(timed, account_of(request))
    stage = {
        "DefaultRouteSettings": {"ThrottlingRateLimit": 1.0, "ThrottlingBurstLimit": 50},
        "RouteSettings": {"GET /v1/few": {"ThrottlingRateLimit": 0.01, "ThrottlingBurstLimit": 2}},
    }
    gateway = Gateway(timed, aws, Front(timed, aws, "often"), stage=stage, domain="often.shop.example")
    few = [gateway.ask("/v1/few").status for _ in range(4)]
    assert few == [503, 503, 429, 429], "two at once, and nobody answers behind"
    assert gateway.ask("/v1/many").status == 503, "the others are counted by themselves"
    timed.advance(120)
    assert gateway.ask("/v1/few").status == 503, "one in a hundred seconds"
