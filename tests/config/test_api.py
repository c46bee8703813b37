"""The API: routes that contradict each other, say nothing of who may call, or do not fit the services behind them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.facts.http_api import LINK_ZONES, SLOW_REGIONS, link_zones, throttle
from config.facts.regions import regions
from config.placement import placed
from config.problems import dotted
from config.rules.api import meets, pattern, shape, zones
from config.rules.unknown import api_zones
from tests.config.containersfile import GONE, accepted, as_written, refused

WEB = "containers.services.web"
LIVE = "containers.services.live"
ROUTES = "api.routes"
BIDS, CATALOGUE, REPORTS = (f"{ROUTES}.{name}" for name in ("bids", "catalogue", "reports"))
PUBLIC = "Everybody may see it"
TARGET = {"health_path": "/health"}
Changes = dict[str, Any]


def route(key: str, **more: Any) -> Changes:  # noqa: ANN401 - plain settings
    """Return a public route to web, with other values for some of its keys."""
    return {"route_key": key, "service": "web", "public": PUBLIC, **more}


REFUSED: dict[str, tuple[Changes, str, str]] = {
    "a route twice": (
        {f"{ROUTES}.again": route("POST /v1/auctions/{id}/bids")},
        f"{ROUTES}.again.route_key",
        "takes what bids takes already",
    ),
    "a route twice, by another name of its variable": (
        {f"{ROUTES}.again": route("GET /v1/{rest+}")},
        f"{ROUTES}.again.route_key",
        "takes what catalogue takes already",
    ),
    "a variable twice": ({f"{BIDS}.route_key": "POST /v1/{id}/bids/{id}"}, f"{BIDS}.route_key", "two variables id"),
    "a service that is not there": (
        {f"{BIDS}.service": "shop"},
        f"{BIDS}.service",
        "no service of containers.services",
    ),
    "a service that waits for no route": ({f"{BIDS}.service": "live"}, f"{BIDS}.service", "has no api_target"),
    "a service to which no route leads": ({f"{LIVE}.api_target": TARGET}, f"{LIVE}.api_target", "no route of api"),
    "a route without a word on who may call": (
        {f"{BIDS}.authorization": GONE, f"{BIDS}.scopes": GONE},
        BIDS,
        "says nothing",
    ),
    "a route for all and for some": ({f"{BIDS}.public": PUBLIC}, BIDS, "says both"),
    "tokens of nobody": ({"api.jwt": GONE}, f"{BIDS}.authorization", "needs api.jwt"),
    "tokens that nobody asks for": (
        {f"{BIDS}.authorization": "iam", f"{BIDS}.scopes": GONE},
        "api.jwt",
        "no route asks for tokens",
    ),
    "scopes without tokens": ({f"{REPORTS}.scopes": ["read"]}, f"{REPORTS}.scopes", "scopes are those of tokens"),
    "a way past the API": (
        {f"{BIDS}.route_key": "POST /api/bids"},
        f"{BIDS}.authorization",
        "/api/* leads to web past the API",
    ),
    "a way past the API by a wider path": (
        {f"{WEB}.target.paths": ["/v?/auctions/*"]},
        f"{BIDS}.authorization",
        "leads to web past the API",
    ),
    "browsers that ask without a token": (
        {f"{ROUTES}.reports-preflight": GONE},
        f"{REPORTS}.route_key",
        "asks for iam on OPTIONS, too",
    ),
    "browsers that ask without a token for everything else": (
        {f"{REPORTS}.route_key": "$default"},
        f"{REPORTS}.route_key",
        "asks for iam on OPTIONS, too",
    ),
    "a task that leaves before its answer is given up": (
        {f"{WEB}.api_target.deregistration_delay_seconds": 29},
        f"{WEB}.api_target.deregistration_delay_seconds",
        "routes of api wait 30 s for an answer",
    ),
    "a task that is killed with requests of the API": (
        {f"{WEB}.api_target.deregistration_delay_seconds": 60},
        f"{WEB}.api_target.deregistration_delay_seconds",
        "an interrupted task is killed after 60 s",
    ),
    "a health check that overtakes itself": (
        {f"{WEB}.api_target.timeout_seconds": 15},
        f"{WEB}.api_target.timeout_seconds",
        "not over before the next",
    ),
    "more requests than tasks are scaled for": (
        {"api.throttling.rate": 100},
        f"{WEB}.scaling.max",
        "routes of api take 19200 requests a minute",
    ),
    "a name of the edge": ({"api.host": "origin"}, "api.host", "a name of the edge"),
    "a name that no certificate holds": (
        {"api.host": "a" * 32, "edge.domain": f"{'b' * 40}.example"},
        "api.host",
        "makes a name of 81 characters",
    ),
    "a tier that is too small for a load balancer": (
        {"network.tiers.tasks.cidrs": ["10.0.41.0/28", "10.0.42.0/24", "10.0.43.0/24"]},
        "network.tiers.tasks.cidrs[0]",
        "too small for the load balancer of api",
    ),
    "a zone that may have no link": (
        {"network.zones": ["a", "b", "c", "d", "e", "f"], "streaming": GONE},
        "network.zones",
        "VPC links stand in use1-az1, use1-az2, use1-az4, use1-az5, use1-az6 only",
    ),
    "an API without services": (
        {"containers": GONE, "messaging": GONE, "functions": GONE},
        "api",
        "needs containers or functions",
    ),
    "an API without a zone for its name": ({"edge": GONE}, "api", "needs edge"),
    "a service that waits for an API": ({"api": GONE}, f"{WEB}.api_target", "needs api"),
    "a path of CloudFront that no route takes": (
        {"edge.cdn.api_paths": ["/v1/*", "/v9/*"]},
        "edge.cdn.api_paths[1]",
        "no route of api takes such a path",
    ),
    "everything by CloudFront": ({"edge.cdn.api_paths": ["/*"]}, "edge.cdn.api_paths[0]", "everything would go"),
    "a path of CloudFront that a bucket answers": (
        {"edge.cdn.buckets.static-assets.paths.hashed.path": "/v1/static/*"},
        "edge.cdn.api_paths[0]",
        "takes /v1/static/*, which bucket static-assets answers",
    ),
    "a path of CloudFront to no API": ({"api": GONE}, "edge.cdn.api_paths", "needs api"),
    "every origin": ({"api.cors.origins": ["*"]}, "api.cors.origins[0]", ""),
    "origins in the clear": ({"api.cors.origins": ["http://admin.example"]}, "api.cors.origins[0]", ""),
    "an origin with a path": ({"api.cors.origins": ["https://admin.example/"]}, "api.cors.origins[0]", ""),
    "every header": ({"api.cors.headers": ["*"]}, "api.cors.headers[0]", ""),
    "every method": ({"api.cors.methods": ["*"]}, "api.cors.methods[0]", ""),
    "no time at all": ({f"{BIDS}.timeout_milliseconds": 49}, f"{BIDS}.timeout_milliseconds", ""),
    "more time than there is": ({f"{BIDS}.timeout_milliseconds": 30_001}, f"{BIDS}.timeout_milliseconds", ""),
    "no token's audience": ({"api.jwt.audience": []}, "api.jwt.audience", ""),
    "an issuer in the clear": ({"api.jwt.issuer": "http://login.example"}, "api.jwt.issuer", ""),
    "no reason": ({f"{CATALOGUE}.public": "yes"}, f"{CATALOGUE}.public", ""),
}
"""What is wrong -> changes of a valid stack; the path that is refused, and words of the reason."""

TAKEN = (
    "$default", "GET /", "ANY /{proxy+}", "ANY /v1/{proxy+}", "POST /a/{b}/c", "DELETE /a/{b}/{rest+}", "GET /a.b/~c",
)  # fmt: skip
NOT_TAKEN = (
    "default", "GET", "/v1", "get /v1", "TRACE /v1", "GET v1", "GET /v1/", "GET //v1", "GET /{proxy+}/v1", "GET /a{b}",
    "GET /{}", "GET /{a b}", "GET  /v1", "GET /v1?x=1", "GET /v1#x", "GET /a/{b", "$connect", "GET /*",
)  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_contradiction_is_refused_where_it_stands(case: str) -> None:
    changes, path, words = REFUSED[case]
    found = refused(changes)
    assert path in found, list(found)
    assert words in found[path].what
    assert found[path].allowed
    assert found[path].fix


def test_a_refusal_names_the_line() -> None:
    text, problems = as_written({f"{BIDS}.route_key": "POST /api/bids"})
    (problem,) = problems
    assert text.splitlines()[(problem.line or 0) - 1].strip() == "authorization: jwt"
    assert dotted(problem.path) == f"{BIDS}.authorization"


@pytest.mark.parametrize("key", TAKEN)
def test_a_route_key_of_api_gateway_is_taken(key: str) -> None:
    assert refused({CATALOGUE: route(key)}) == {}


@pytest.mark.parametrize("key", NOT_TAKEN)
def test_what_api_gateway_refuses_as_a_route_key_is_refused(key: str) -> None:
    assert f"{CATALOGUE}.route_key" in refused({CATALOGUE: route(key)})


@pytest.mark.parametrize("key", ["ANY /internal/reports", "$default"])
def test_a_public_answer_to_options_lets_browsers_ask(key: str) -> None:
    asked = "/{proxy+}" if key == "$default" else "/internal/reports"
    changes = {f"{REPORTS}.route_key": key, f"{ROUTES}.reports-preflight": route(f"OPTIONS {asked}")}
    without = {**changes, f"{WEB}.target.paths": ["/login"], f"{REPORTS}.authorization": "iam"}
    found = refused(without)
    assert f"{REPORTS}.route_key" not in found


def test_a_route_of_one_method_needs_no_answer_to_options() -> None:
    assert refused({f"{REPORTS}.route_key": "GET /internal/reports", f"{ROUTES}.reports-preflight": GONE}) == {}


def test_without_cors_no_page_asks() -> None:
    assert refused({"api.cors": GONE, f"{ROUTES}.reports-preflight": GONE}) == {}


_NAMES = st.sampled_from(["a", "b", "id"])
_PARTS = st.lists(st.one_of(st.sampled_from(["v1", "bids", "x"]), _NAMES.map("{{{}}}".format)), min_size=1, max_size=4)
_KEYS = st.builds("{} /{}".format, st.sampled_from(["GET", "ANY", "POST"]), _PARTS.map("/".join))


@given(_KEYS, _KEYS)
def test_two_routes_are_one_exactly_if_they_differ_in_names_of_variables_only(one: str, other: str) -> None:
    plain = [re.sub(r"\{\w+\}", "{}", key) for key in (one, other)]
    assert (shape(one) == shape(other)) is (plain[0] == plain[1])


@given(_PARTS, st.sampled_from(["v1", "bids", "x", "y"]))
def test_a_route_takes_what_its_pattern_does(parts: list[str], value: str) -> None:
    path = "/" + "/".join(value if part.startswith("{") else part for part in parts)
    assert fnmatchcase(path, pattern(f"GET /{'/'.join(parts)}"))


@given(st.text("ab/*?", max_size=6), st.text("ab/*?", max_size=6), st.text("ab/", max_size=8))
def test_two_patterns_meet_where_a_path_is_of_both(one: str, other: str, path: str) -> None:
    if fnmatchcase(path, one) and fnmatchcase(path, other):
        assert meets(one, other)
        assert meets(other, one)


@pytest.mark.parametrize(("one", "other"), [("/a/*", "/b/*"), ("/a?", "/a"), ("/a/*/c", "/a/b/d"), ("/a", "/ab*")])
def test_two_patterns_without_a_path_in_common_do_not_meet(one: str, other: str) -> None:
    assert not meets(one, other)


@given(st.integers(1, 60), st.integers(1, 20), st.integers(100, 1200))
def test_routes_take_what_their_service_is_scaled_for_or_are_refused(rate: int, most: int, each: int) -> None:
    changes = {
        "api.throttling.rate": rate,
        f"{BIDS}.throttling": GONE,
        f"{WEB}.scaling.max": most,
        f"{WEB}.scaling.min": 1,
        f"{WEB}.desired": 1,
        f"{WEB}.always_running": 1,
        f"{WEB}.scaling.scheduled": GONE,
        f"{WEB}.scaling.requests_per_target": each,
    }
    api = accepted().api
    routes = sum(one.service == "web" for one in api.routes.values()) if api else 0
    assert (f"{WEB}.scaling.max" in refused(changes)) is (routes * rate * 60 > most * each)


def test_only_the_api_reaches_what_only_the_api_leads_to() -> None:
    changes = {f"{WEB}.target": GONE, f"{WEB}.deployment.alarms": GONE}
    members = {one.member.group: one.member for one in placed(accepted(changes))}
    clients = {name for name, member in members.items() if members["service-web"].takes(member)}
    assert clients == {"api", "service-live"}
    assert {name for name, member in members.items() if members["api"].takes(member)} == {"api"}
    reached = {name for name, member in members.items() if member.ports and member.takes(members["api"])}
    assert reached == {"api", "service-web"}


def test_requests_that_the_api_counts_may_scale_a_service() -> None:
    assert refused({f"{WEB}.target": GONE, f"{WEB}.deployment.alarms": GONE}) == {}


@pytest.mark.parametrize("region", sorted(LINK_ZONES))
def test_zones_of_links_are_zones_of_their_region(region: str) -> None:
    facts = regions()[region]
    assert {one.partition("-")[0] for one in LINK_ZONES[region]} == {facts.prefix}
    known = {facts.zone_id(number) for number in facts.ids.values()}
    assert not known or set(LINK_ZONES[region]) <= known


def test_a_link_is_left_out_of_zones_that_have_none() -> None:
    assert link_zones("ca-central-1", ("a", "b", "d")) == ("a", "b")
    assert link_zones("us-east-1", ("a", "b", "c")) == ("a", "b", "c"), "nobody knows what the letters mean"


def test_a_region_without_links_is_refused() -> None:
    lacking = sorted(set(regions()) - set(LINK_ZONES))
    assert lacking
    assert all(link_zones(one, tuple(regions()[one].ids)) == () for one in lacking)
    identity = accepted().identity.model_copy(update={"region": lacking[0]})
    (found,) = zones(accepted().model_copy(update={"identity": identity}))
    assert found.what == f"VPC links stand in no zone of {lacking[0]}"


def test_regions_with_less_have_less() -> None:
    assert throttle("eu-south-2") < throttle("us-east-1")
    assert set(regions()) >= SLOW_REGIONS


def test_zones_whose_letters_an_account_has_for_itself_are_a_note() -> None:
    (found,) = api_zones(accepted())
    assert found[0] == ("network", "zones")
    assert "use1-az3 has no VPC links" in found[1]
