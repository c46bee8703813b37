"""An API whose routes lead to functions: nothing of it stands in a VPC, and each route may call its function only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from components.api.plan import called_by
from review.recording import record_stack
from tests.config.functionsfile import STACK, WITH_API, accepted

if TYPE_CHECKING:
    from review.graph import Graph

ARN = "arn:aws:execute-api:eu-west-1:100000000004:api-http-id"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A small stack of functions behind an API."""
    return record_stack(STACK, accepted(WITH_API))


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def test_no_link_no_balancer_and_no_group_is_made(graph: Graph) -> None:
    assert graph.any_of_type("aws:apigatewayv2/api:Api")
    assert not graph.any_of_type(
        "aws:apigatewayv2/vpcLink:VpcLink", "aws:lb/loadBalancer:LoadBalancer", "aws:ec2/securityGroup:SecurityGroup"
    )


def test_a_route_calls_the_alias_of_its_function_by_payload_2(graph: Graph) -> None:
    for route, function in (("write", "answer"), ("read", "answer"), ("rest", "remind")):
        made = inputs(graph, f"api-{route}-integration")
        assert (made["integrationType"], made["payloadFormatVersion"], made["timeoutMilliseconds"]) == (
            *("AWS_PROXY", "2.0", 30_000),
        )
        assert made["integrationUri"] == graph.named(f"functions-{function}-alias").outputs["invokeArn"]
        assert "connectionType" not in made
        assert inputs(graph, f"api-{route}-route")["target"] == f"integrations/api-{route}-integration-id"


def test_each_route_of_this_api_may_call_its_function_and_nobody_else(graph: Graph) -> None:
    called = {
        one.name: (one.inputs["function"], one.inputs["qualifier"], one.inputs["principal"], one.inputs["sourceArn"])
        for one in graph.any_of_type("aws:lambda/permission:Permission")
    }
    assert called == {
        f"api-{route}-permission": (
            f"functions-{function}-function",
            "live",
            "apigateway.amazonaws.com",
            f"{ARN}/{end}",
        )
        for route, function, end in (
            ("write", "answer", "$default/POST/letters"),
            ("read", "answer", "$default/*/letters/{id}"),
            ("rest", "remind", "$default/$default"),
        )
    }


def test_who_may_call_is_asked_before_the_function_is(graph: Graph) -> None:
    asked = {name: inputs(graph, f"api-{name}-route")["authorizationType"] for name in ("write", "read", "rest")}
    assert asked == {"write": "JWT", "read": "AWS_IAM", "rest": "NONE"}
    assert inputs(graph, "api-rest-route")["operationName"] == "public: Says what there is"
    stage = inputs(graph, "api-stage")
    assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 20, "throttlingBurstLimit": 40}


@pytest.mark.parametrize(
    ("key", "end"),
    [
        ("GET /", "$default/GET/"),
        ("ANY /{proxy+}", "$default/*/{proxy+}"),
        ("POST /v1/tasks/{id}", "$default/POST/v1/tasks/{id}"),
        ("$default", "$default/$default"),
    ],
)
def test_lambda_knows_a_route_by_stage_method_and_path(key: str, end: str) -> None:
    assert called_by(key) == end
