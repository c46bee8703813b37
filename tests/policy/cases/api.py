from __future__ import annotations

from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made, altered

ROUTE = Made(
    type="aws:apigatewayv2/route:Route",
    inputs={"routeKey": "GET /v1", "authorizationType": "JWT", "operationName": "read"},
)
PUBLIC = replace(
    ROUTE, name="public", inputs={**ROUTE.inputs, "authorizationType": "NONE", "operationName": "public: a catalogue"}
)


def unasked(key: str) -> Made:
    """Return a route of a WebSocket API that asks nobody who calls."""
    return replace(ROUTE, name=key, inputs={"routeKey": key, "authorizationType": "NONE"})


API = Made(
    type="aws:apigatewayv2/api:Api",
    name="api",
    id="api-id",
    inputs={
        "protocolType": "HTTP",
        "disableExecuteApiEndpoint": True,
        "corsConfiguration": {"allowOrigins": ["https://shop.example"], "allowCredentials": True},
    },
)
FOR_ALL = altered(
    altered(API.inputs, "corsConfiguration.allowOrigins.0", "*"), "corsConfiguration.allowCredentials", False
)
STAGE = Made(
    type="aws:apigatewayv2/stage:Stage",
    inputs={
        "accessLogSettings": {"destinationArn": "arn:aws:logs:us-east-1:1:log-group:/api", "format": "$context.status"},
        "defaultRouteSettings": {"throttlingRateLimit": 100, "throttlingBurstLimit": 200},
    },
)
DOMAIN = Made(
    type="aws:apigatewayv2/domainName:DomainName",
    inputs={"domainName": "api.example", "domainNameConfiguration": {"securityPolicy": "TLS_1_2"}},
)
INTEGRATION = Made(
    type="aws:apigatewayv2/integration:Integration",
    inputs={"connectionType": "VPC_LINK", "tlsConfig": {"serverNameToVerify": "api.example"}},
)
OTHER = replace(INTEGRATION, name="other", inputs={"connectionType": "INTERNET"})
MAPPING = Made(type="aws:apigatewayv2/apiMapping:ApiMapping", name="mapping", inputs={"apiId": "api-id"})
PENDING = replace(MAPPING, inputs={"apiId": UNKNOWN}, property_dependencies={"apiId": [API.urn]})
UNMAPPED = replace(
    API, name="unmapped", id="unmapped-id", inputs=altered(API.inputs, "disableExecuteApiEndpoint", None)
)


def answering(value: object) -> Made:
    """Return the API with another word on its default endpoint."""
    return replace(API, inputs=altered(API.inputs, "disableExecuteApiEndpoint", value))


REST_DOMAIN = Made(
    type="aws:apigateway/domainName:DomainName", inputs={"domainName": "api.example.com", "securityPolicy": "TLS_1_2"}
)
CASES = (
    Case(
        rule="api-route-authorized",
        passing=[ROUTE, PUBLIC, *(unasked(key) for key in ("$disconnect", "subscribe"))],
        failing=[replace(PUBLIC, inputs=altered(PUBLIC.inputs, "operationName", "a catalogue")), unasked("$connect")],
        unknown=[replace(ROUTE, inputs=altered(ROUTE.inputs, "authorizationType", UNKNOWN))],
        absent=[replace(ROUTE, inputs=altered(ROUTE.inputs, "authorizationType", None))],
        unknown_is="deferred",
        absent_is="violation",
    ),
    Case(
        rule="api-cors-named",
        passing=[API, replace(API, name="for-all", inputs=FOR_ALL)],
        failing=[replace(API, inputs=altered(API.inputs, "corsConfiguration.allowOrigins.0", "https://*"))],
        unknown=[replace(API, inputs=altered(API.inputs, "corsConfiguration.allowOrigins", UNKNOWN))],
        absent=[replace(API, inputs=altered(API.inputs, "corsConfiguration", None))],
        unknown_is="unknown",
        absent_is="silent",
    ),
    Case(
        rule="api-one-name",
        passing=[API, MAPPING, UNMAPPED],
        failing=[answering(value=False), MAPPING],
        unknown=[answering(value=False), PENDING],
        absent=[answering(None), MAPPING],
        unknown_is="violation",
        absent_is="violation",
    ),
    value_case("api-access-logs", STAGE, "accessLogSettings.destinationArn", "", unknown_is="silent"),
    value_case("api-throttled", STAGE, "defaultRouteSettings.throttlingRateLimit", 0),
    value_case(
        "api-no-data-trace",
        replace(STAGE, inputs=altered(STAGE.inputs, "defaultRouteSettings.dataTraceEnabled", False)),
        "defaultRouteSettings.dataTraceEnabled",
        True,
        absent_is="silent",
    ),
    value_case("api-rest-tls", REST_DOMAIN, "securityPolicy", "TLS_1_0"),
    value_case("api-tls", DOMAIN, "domainNameConfiguration.securityPolicy", "TLS_1_0"),
    value_case(
        "api-private-tls", INTEGRATION, "tlsConfig.serverNameToVerify", "", unknown_is="silent", around=(OTHER,)
    ),
)
