"""APIs of API Gateway: one name, by TLS; callers that are known, or a word on why not; logged and throttled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Rule, Severity, WhenUnknown, resource_rule, stack_rule
from policy.table import Must, at_least, be, be_set, check, not_be, only
from policy.tokens import API_DOMAINS, API_INTEGRATIONS, API_MAPPINGS, API_ROUTES, API_STAGES, APIS
from policy.values import is_list, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_REASON: Final = "public: "
"""What the operation name of a route begins with that everybody may call."""
_OF_CALLERS: Final = ("$connect", "$default")
"""Keys without a method that are asked who calls."""
_MODERN: Final = ("TLS_1_2", "SecurityPolicy_TLS12", "SecurityPolicy_TLS13")
_EVERY: Final = ("*", "http://*", "https://*")
"""Origins that are none by name."""


def _is_private(integration: Resource) -> bool:
    return integration.get("connectionType") == "VPC_LINK"


@resource_rule(
    "api-route-authorized",
    on=API_ROUTES,
    severity=Severity.HIGH,
    controls=("APIGateway.8", "CKV_AWS_309"),
    when_unknown=WhenUnknown.DEFER,
    remediation="set authorization_type, or write the reason into operation_name: `public: ...`",
    guards=("authorizationType", "operationName"),
)
def authorized(route: Resource, _settings: Settings) -> Iterator[str]:
    """Routes ask who calls, or say why everybody may.

    API Gateway keeps no reason with a route but its operation name, which nothing else uses. Of a WebSocket API it
    authorizes `$connect` alone; keys of its other routes have no method, and `$default` is one of both kinds.
    """
    key = str(route.get("routeKey") or "")
    if key and " " not in key and key not in _OF_CALLERS:
        return
    asks = route.get("authorizationType") not in (None, "NONE")
    if not asks and not str(route.get("operationName") or "").startswith(_REASON):
        yield f"authorizationType is {show(route.get('authorizationType'))}; allowed: any, or a reason in operationName"


@resource_rule(
    "api-cors-named",
    on=APIS,
    severity=Severity.HIGH,
    controls=("NIST-AC-4",),
    url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html",
    remediation="name the origins, or leave allow_credentials out",
    guards=("corsConfiguration",),
)
def cors_named(api: Resource, _settings: Settings) -> Iterator[str]:
    """APIs that take cookies of other origins name these.

    Any page could act as whoever looks at it otherwise.
    """
    origins = api.get("corsConfiguration.allowOrigins")
    if not same(api.get("corsConfiguration.allowCredentials"), wanted=True):
        return
    named = origins if is_list(origins) else ()
    for origin in named:
        if origin in _EVERY:
            yield f"corsConfiguration.allowOrigins has {show(origin)} beside allowCredentials; allowed: origins by name"


@stack_rule(
    "api-one-name",
    on=APIS,
    severity=Severity.MEDIUM,
    controls=("NIST-SC-7",),
    url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html",
    remediation="set disable_execute_api_endpoint=True",
)
def one_name(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """An API that has a name of its own answers by no other.

    What stands before that name, such as a firewall or a failover, is gone around by the default one.
    """
    mappings = stack.of(API_MAPPINGS)
    for api in stack.of(APIS):
        answers = api.get("disableExecuteApiEndpoint")
        if not same(answers, wanted=True) and any(mapping.refers_to(api, "apiId") for mapping in mappings):
            yield Breach(api, f"disableExecuteApiEndpoint is {show(answers)}; allowed: true, beside its ApiMapping")


RULES: Final[tuple[Rule, ...]] = (
    authorized,
    cors_named,
    one_name,
    check(
        "api-access-logs", "Stages of APIs log who asks for what", "accessLogSettings.destinationArn", be_set(),
        on=API_STAGES, severity=Severity.MEDIUM, controls=("APIGateway.9", "CKV_AWS_76", "CKV_AWS_95", "AWS-0001"),
        remediation="set access_log_settings with a log group and a format",
    ),
    check(
        "api-throttled", "Stages of APIs take a number of requests that somebody chose",
        ("defaultRouteSettings.throttlingRateLimit", "defaultRouteSettings.throttlingBurstLimit"), at_least(1),
        why="Without one, one caller can use up what all APIs of the account share.",
        on=API_STAGES, severity=Severity.MEDIUM, controls=("NIST-SC-5",),
        url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
        remediation="set default_route_settings with throttling_rate_limit and throttling_burst_limit",
    ),
    check(
        "api-no-data-trace", "WebSocket APIs do not log bodies",
        ("defaultRouteSettings.dataTraceEnabled", "routeSettings.dataTraceEnabled"), not_be(True),
        why="What clients say would be in a log, whole and for as long as the log is kept.",
        on=API_STAGES, severity=Severity.MEDIUM, controls=("NIST-SC-28",),
        url="https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html",
        remediation="leave data_trace_enabled out",
    ),
    check(
        "api-tls", "Names of APIs are reached by TLS 1.2 and up", "domainNameConfiguration.securityPolicy",
        be("TLS_1_2"),
        on=API_DOMAINS, severity=Severity.HIGH, controls=("CKV_AWS_206", "AWS-0005"),
        url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-ciphers.html",
        remediation="set security_policy='TLS_1_2'",
    ),
    check(
        "api-rest-tls", "Names of REST APIs are reached by TLS 1.2 and up", "securityPolicy",
        Must("TLS_1_2 or SecurityPolicy_TLS12 and up", lambda found: str(found).startswith(_MODERN)),
        on=("aws:apigateway/domainName:DomainName",), severity=Severity.HIGH, controls=("CKV_AWS_206", "AWS-0005"),
        url="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
        remediation="set security_policy='TLS_1_2'",
    ),
    only(_is_private, check(
        "api-private-tls", "APIs reach what stands in a VPC by TLS, and know whom they reach",
        "tlsConfig.serverNameToVerify", be_set(),
        on=API_INTEGRATIONS, severity=Severity.MEDIUM, controls=("NIST-SC-8", "CKV_AWS_396"),
        url="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html",
        remediation="set tls_config with the name that the certificate of the listener has",
    )),
)  # fmt: skip
