"""The API as it is registered: one name, a link that leads to a load balancer of its own, routes as the file says."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from components.edge.plan import ALL_VIEWER_EXCEPT_HOST, CACHING_DISABLED
from config.facts.http_api import TIMEOUT_MILLISECONDS
from review import report
from review.graph import ROOT_TYPE
from review.recording import record_stack
from review.verdict import judge
from tests.config.containersfile import GONE, STACK, accepted
from tests.config.pairfiles import WITH_CONTAINERS

if TYPE_CHECKING:
    from review.graph import Graph

pytestmark = pytest.mark.slow  # a whole stack is recorded

ROUTES = ("bids", "catalogue", "reports", "reports-preflight")
DOMAIN = "api.phoenix.example"


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def test_the_api_answers_by_its_own_name_only(graph: Graph) -> None:
    assert inputs(graph, "api-http")["disableExecuteApiEndpoint"] is True
    domain = inputs(graph, "api-name-domain")
    assert (domain["domainName"], domain["domainNameConfiguration"]["securityPolicy"]) == (DOMAIN, "TLS_1_2")
    mapping = inputs(graph, "api-mapping")
    assert (mapping["apiId"], mapping["domainName"]) == ("api-http-id", DOMAIN)
    assert "apiMappingKey" not in mapping, "paths are those of the routes"


def test_its_name_leads_where_the_edge_serves(graph: Graph) -> None:
    record, origin = inputs(graph, "api-name-record"), inputs(graph, "edge-origin")
    for key in ("failoverRoutingPolicies", "setIdentifier", "healthCheckId", "zoneId"):
        assert record[key] == origin[key], "callers go where the edge goes"
    (alias,) = record["aliases"]
    assert (alias["name"], alias["zoneId"]) == ("api-name-domain.recorded.example", "api-name-domain-zone-id")
    proof = inputs(graph, "api-name-proof")
    assert (proof["name"], proof["type"]) == (f"_proof.{DOMAIN}.", "CNAME")


def test_the_link_leads_to_a_load_balancer_that_the_internet_does_not_see(graph: Graph) -> None:
    link, balancer = inputs(graph, "api-link"), inputs(graph, "api-alb")
    assert balancer["internal"] is True
    assert link["securityGroupIds"] == balancer["securityGroups"] == ["network-api-group-id"]
    assert link["subnetIds"] == balancer["subnets"] == [f"network-tasks-{zone}-id" for zone in "abc"]
    assert balancer["idleTimeout"] * 1000 > TIMEOUT_MILLISECONDS[1], "no connection is closed under a request"
    listener = inputs(graph, "api-https")
    assert listener["defaultActions"][0]["fixedResponse"]["statusCode"] == "404"
    assert listener["certificateArn"].endswith("api-name-certificate")


def test_who_reaches_what(graph: Graph) -> None:
    rules = [one for one in graph.resources if one.type.endswith(("IngressRule", "EgressRule"))]
    of_api = {one.name for one in rules if "api" in one.name.split("-") and one.name.startswith("network-")}
    assert of_api == {
        "network-api-in-https-api",
        "network-api-out-vpc",
        "network-service-web-in-https-api",
    }, "the link the load balancer, the load balancer the service, and nobody else either of them"


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_leads_to_its_service_by_a_header_that_no_caller_writes(graph: Graph, name: str) -> None:
    integration, rule = inputs(graph, f"api-{name}-integration"), inputs(graph, "api-service-web")
    assert integration["requestParameters"] == {"overwrite:header.x-api-service": "web"}
    assert rule["conditions"] == [{"httpHeader": {"httpHeaderName": "x-api-service", "values": ["web"]}}]
    assert (integration["connectionType"], integration["connectionId"]) == ("VPC_LINK", "api-link-id")
    assert integration["integrationUri"] == rule["listenerArn"], "by the ARN of the listener"
    assert integration["tlsConfig"] == {"serverNameToVerify": DOMAIN}
    assert inputs(graph, f"api-{name}-route")["target"] == f"integrations/api-{name}-integration-id"


def test_routes_ask_whom_the_file_says(graph: Graph) -> None:
    asked = {name: inputs(graph, f"api-{name}-route")["authorizationType"] for name in ROUTES}
    assert asked == {"bids": "JWT", "catalogue": "NONE", "reports": "AWS_IAM", "reports-preflight": "NONE"}
    bids = inputs(graph, "api-bids-route")
    assert (bids["authorizerId"], bids["authorizationScopes"]) == ("api-jwt-id", ["bids"])
    assert inputs(graph, "api-jwt")["jwtConfiguration"] == {
        "issuer": "https://login.phoenix.example/",
        "audiences": ["shop"],
    }
    assert inputs(graph, "api-catalogue-route")["operationName"] == "public: Everybody may look at what is sold"
    assert "operationName" not in bids


def test_requests_are_throttled_and_waited_for_as_the_file_says(graph: Graph) -> None:
    stage = inputs(graph, "api-stage")
    assert stage["defaultRouteSettings"] == {"throttlingRateLimit": 50, "throttlingBurstLimit": 100}
    assert stage["routeSettings"] == [
        {"routeKey": "POST /v1/auctions/{id}/bids", "throttlingRateLimit": 20, "throttlingBurstLimit": 40}
    ]
    behind = {one.rpartition("::")[2] for one in graph.named("api-stage").property_dependencies["routeSettings"]}
    assert behind == {"api-bids-route"}, "API Gateway takes no settings of a route that it does not have"
    waits = {name: inputs(graph, f"api-{name}-integration")["timeoutMilliseconds"] for name in ROUTES}
    assert waits == {"bids": 10_000, **dict.fromkeys(ROUTES[1:], 30_000)}


def test_access_is_logged_without_what_authenticates(graph: Graph) -> None:
    stage, log = inputs(graph, "api-stage")["accessLogSettings"], inputs(graph, "api-access-log")
    assert stage["destinationArn"].endswith(log["name"])
    assert (log["retentionInDays"], "kmsKeyId" in log) == (90, True)
    fields = json.loads(stage["format"])
    assert {"requestId", "status", "route", "milliseconds", "serviceError"} <= fields.keys()
    assert all(value.startswith("$context.") for value in fields.values())
    assert not any("authorization" in value.lower() or "querystring" in value.lower() for value in fields.values())
    counted = inputs(graph, "observability-logs-api-throttled")
    assert (counted["pattern"], counted["logGroupName"]) == ('{ $.status = "429" }', "/phoenix/prod/api")


def test_pages_of_other_origins_may_do_what_the_file_says(graph: Graph) -> None:
    assert inputs(graph, "api-http")["corsConfiguration"] == {
        "allowOrigins": ["https://admin.phoenix.example"],
        "allowMethods": ["GET", "POST"],
        "allowHeaders": ["authorization", "content-type"],
        "exposeHeaders": ["x-request-id"],
        "allowCredentials": True,
        "maxAge": 600,
    }


def test_paths_of_cloudfront_lead_to_the_api_and_nothing_is_kept(graph: Graph) -> None:
    distribution = inputs(graph, "front-cdn-distribution")
    (origin,) = [one for one in distribution["origins"] if one["originId"] == "api"]
    assert origin["domainName"] == DOMAIN
    assert origin["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    assert origin["customOriginConfig"]["originReadTimeout"] == 35, "the API gives up first, and says so"
    first = distribution["orderedCacheBehaviors"][0]
    assert (first["pathPattern"], first["targetOriginId"]) == ("/v1/*", "api"), "before those of buckets"
    assert first["cachePolicyId"] == CACHING_DISABLED
    assert first["originRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST, "the API answers by its own name"
    assert "POST" in first["allowedMethods"]


def test_without_tokens_and_pages_there_is_nothing_of_them() -> None:
    changes = {
        "api.cors": GONE,
        "api.jwt": GONE,
        "api.routes.bids.authorization": "iam",
        "api.routes.bids.scopes": GONE,
        "api.routes.reports-preflight": GONE,
    }
    graph = record_stack(STACK, accepted(changes))
    assert "corsConfiguration" not in inputs(graph, "api-http")
    authorizers = [one for one in graph.resources if one.type == "aws:apigatewayv2/authorizer:Authorizer"]
    assert "JWT" not in {one.inputs["authorizerType"] for one in authorizers}, "that of WebSockets is a function"


def test_requests_behind_the_api_scale_a_service_that_only_the_api_leads_to() -> None:
    changes = {"containers.services.web.target": GONE, "containers.services.web.deployment.alarms": GONE}
    graph = record_stack(STACK, accepted(changes))
    scaled = inputs(graph, "containers-web-scaling-requests")["targetTrackingScalingPolicyConfiguration"]
    assert scaled["predefinedMetricSpecification"]["predefinedMetricType"] == "ALBRequestCountPerTarget"
    (behind,) = inputs(graph, "containers-web-service")["loadBalancers"]
    assert behind["targetGroupArn"].endswith("api-to-web")


def test_a_link_is_left_out_of_a_zone_that_has_none() -> None:
    standing = accepted()
    identity = standing.identity.model_copy(update={"region": "eu-west-3"})
    graph = record_stack(STACK, standing.model_copy(update={"identity": identity}))
    assert len(inputs(graph, "api-link")["subnetIds"]) == 2
    assert len(inputs(graph, "api-alb")["subnets"]) == 3, "it reaches tasks in all of them"


def test_a_standby_answers_for_its_half() -> None:
    standby, primary = WITH_CONTAINERS
    made = record_stack("dr", standby, beside=record_stack("prod", primary))
    record = inputs(made, "api-name-record")
    assert (record["setIdentifier"], record["failoverRoutingPolicies"]) == ("secondary", [{"type": "SECONDARY"}])
    assert "api-name-proof" not in {one.name for one in made.resources}, "the primary's proves the name for both"


def test_the_pack_finds_nothing_and_knows_the_types(graph: Graph) -> None:
    verdict = judge(graph, environment="prod", today=date(2026, 11, 30))
    assert [finding.message for finding in verdict.blocking] == []
    unread = report.as_json(graph, verdict)["policy"]["unread"]
    judged = [one for one in {one.type for one in graph.resources} if "apigatewayv2" in one and one not in unread]
    assert len(judged) == 5, "API, stage, routes, integrations, names"  # links, mappings, authorizers say nothing


def test_others_may_read_its_name(graph: Graph) -> None:
    published = graph.of_type(ROOT_TYPE)[0].outputs
    assert (published["api_domain"], published["api_id"]) == (DOMAIN, "api-http-id")
