"""The WebSocket API as it is registered: who is let in, what is logged, who may call what, and who pushes."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from review.order import only_by_depends_on
from review.plan_view import view
from review.recording import record_stack
from review.verdict import judge
from tests.config.containersfile import GONE
from tests.config.functionsfile import STACK, WITH_SOCKETS, accepted

if TYPE_CHECKING:
    from review.graph import Graph

ARN = "arn:aws:execute-api:eu-west-1:100000000004:sockets-api-websocket-id"
ROUTES = {"connect": "$connect", "gone": "$disconnect", "rest": "$default", "read": "read"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A small stack of functions behind a WebSocket API."""
    return record_stack(STACK, accepted(WITH_SOCKETS))


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def test_the_api_answers_by_its_own_name_only(graph: Graph) -> None:
    api = inputs(graph, "sockets-api-websocket")
    assert (api["protocolType"], api["disableExecuteApiEndpoint"]) == ("WEBSOCKET", True)
    assert api["routeSelectionExpression"] == "$request.body.action"
    domain = inputs(graph, "sockets-name-domain")
    assert domain["domainName"] == "live.clerk.example"
    assert domain["domainNameConfiguration"]["securityPolicy"] == "TLS_1_2"
    mapping = inputs(graph, "sockets-mapping")
    assert (mapping["apiId"], mapping["stage"]) == ("sockets-api-websocket-id", "sockets-stage-id")
    assert inputs(graph, "sockets-name-record")["name"] == "live.clerk.example"


def test_a_function_is_asked_on_connect_and_nobody_after_it(graph: Graph) -> None:
    asked = {short: inputs(graph, f"sockets-{short}-route") for short in ROUTES}
    assert {short: one["routeKey"] for short, one in asked.items()} == ROUTES
    kinds = {short: (one["authorizationType"], one.get("authorizerId")) for short, one in asked.items()}
    assert kinds.pop("connect") == ("CUSTOM", "sockets-authorizer-id")
    assert set(kinds.values()) == {("NONE", None)}, "API Gateway takes an authorizer on $connect alone"
    made = inputs(graph, "sockets-authorizer")
    assert made["authorizerType"] == "REQUEST"
    assert made["identitySources"] == ["route.request.header.Authorization", "route.request.querystring.clerk"]
    assert made["authorizerUri"] == graph.named("functions-remind-alias").outputs["invokeArn"]


@pytest.mark.parametrize(
    ("said", "kind", "name"),
    [
        ({"sockets.iam": True}, "AWS_IAM", None),
        ({"sockets.public": "Everybody may look on"}, "NONE", "public: Everybody may look on"),
    ],
)
def test_iam_asks_and_public_gives_its_reason(said: dict[str, Any], kind: str, name: str | None) -> None:
    graph = record_stack(STACK, accepted({**WITH_SOCKETS, "sockets.authorizer": GONE, **said}))
    route = inputs(graph, "sockets-connect-route")
    assert (route["authorizationType"], route.get("operationName")) == (kind, name)
    assert not graph.any_of_type("aws:apigatewayv2/authorizer:Authorizer")


def test_only_routes_that_reply_have_a_response(graph: Graph) -> None:
    replies = {one.inputs["routeId"] for one in graph.any_of_type("aws:apigatewayv2/routeResponse:RouteResponse")}
    assert replies == {"sockets-rest-route-id"}
    chosen = {
        short: inputs(graph, f"sockets-{short}-route").get("routeResponseSelectionExpression") for short in ROUTES
    }
    assert chosen == {"connect": None, "gone": None, "rest": "$default", "read": None}


def test_exactly_these_routes_and_this_authorizer_may_call_the_function(graph: Graph) -> None:
    called = {
        one.inputs["sourceArn"]: (one.inputs["qualifier"], one.inputs["principal"], one.inputs["function"])
        for one in graph.any_of_type("aws:lambda/permission:Permission")
    }
    ends = (*(f"live/{key}" for key in ROUTES.values()), "authorizers/sockets-authorizer-id")
    assert called == {f"{ARN}/{end}": ("live", "apigateway.amazonaws.com", "functions-remind-function") for end in ends}
    read = inputs(graph, "sockets-read-integration")
    assert (read["integrationType"], read["integrationMethod"], read["timeoutMilliseconds"]) == (
        *("AWS_PROXY", "POST", 12_000),
    )


def test_access_and_errors_are_logged_under_the_key_and_bodies_never(graph: Graph) -> None:
    stage = inputs(graph, "sockets-stage")
    default = {
        "throttlingRateLimit": 20,
        "throttlingBurstLimit": 40,
        "loggingLevel": "ERROR",
        "dataTraceEnabled": False,
        "detailedMetricsEnabled": False,
    }
    assert stage["defaultRouteSettings"] == default
    own = {**default, "routeKey": "$connect", "throttlingRateLimit": 5, "throttlingBurstLimit": 10}
    assert stage["routeSettings"] == [own]
    logged = json.loads(stage["accessLogSettings"]["format"])
    assert {"connection", "event", "route", "status"} <= set(logged)
    assert not [one for one in logged.values() if "header" in one.lower() or "querystring" in one.lower()]
    for name, of in (
        ("access", stage["accessLogSettings"]["destinationArn"]),
        ("error", "sockets-api-websocket-id/live"),
    ):
        log = inputs(graph, f"sockets-{name}-log")
        assert log["name"] in of if name == "access" else log["name"] == f"/aws/apigateway/{of}"
        assert (log["retentionInDays"], log["kmsKeyId"].rpartition("/")[2]) == (90, "keys-logs")


def test_the_stage_waits_for_what_it_deploys_and_for_the_role_that_logs(graph: Graph) -> None:
    waits = {edge.earlier for edge in only_by_depends_on(graph) if edge.later == "sockets-stage"}
    others = ROUTES.keys() - {"connect"}  # the stage's settings name its key, and so wait for it by themselves
    assert {f"sockets-{short}-route" for short in others} <= waits
    assert {"sockets-rest-reply", "sockets-error-log", "sockets-account"} <= waits
    assert inputs(graph, "sockets-account")["cloudwatchRoleArn"].endswith("sockets-logger")


def test_a_role_that_is_there_is_left_alone() -> None:
    there = record_stack(STACK, accepted({**WITH_SOCKETS, "sockets.account_logging": "there"}))
    assert not there.any_of_type("aws:apigateway/account:Account")
    assert "sockets-logger" not in {one.name for one in there.resources}


def test_who_pushes_knows_where_and_may_do_so_on_this_api_alone(graph: Graph) -> None:
    variables = inputs(graph, "functions-remind-function")["environment"]["variables"]
    assert variables["SOCKETS_ENDPOINT"] == "https://live.clerk.example"
    policy = json.loads(inputs(graph, "functions-remind-policy")["policy"])
    found = next(one for one in policy["Statement"] if one["Sid"] == "Connections")
    assert found["Action"] == ["execute-api:ManageConnections"]
    assert found["Resource"] == [f"{ARN}/live/POST/@connections/*"]
    assert "SOCKETS_ENDPOINT" not in inputs(graph, "functions-answer-function")["environment"]["variables"]


def test_the_pack_passes_without_a_waiver(graph: Graph) -> None:
    bare = {path: one for path, one in WITH_SOCKETS.items() if path in ("data", "edge")}
    before, after = (
        {
            f"{one.rule.name}: {one.message}"
            for one in judge(made, environment="prod", today=date(2026, 11, 30)).findings
        }
        for made in (record_stack(STACK, accepted(bare)), graph)
    )
    assert after - before == set()


def test_the_picture_names_the_api(graph: Graph) -> None:
    assert dict(view(graph).regional)["APIs"] == ("live.clerk.example · WEBSOCKET",)
