"""The WebSocket API of a stack file: what could not work is refused, with what would."""

from __future__ import annotations

from typing import Any, Final

from config.facts.sockets import CONNECTIONS_PER_SECOND, TIMEOUT_MILLISECONDS
from tests.config.containersfile import GONE
from tests.config.functionsfile import WITH_API, WITH_SOCKETS, accepted, refused

AUTHORIZER: Final = "sockets.authorizer"
ROUTES: Final = "sockets.routes"
SLOW: Final = {"functions.remind.timeout_seconds": 30}
CASES: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "two routes of one key": (
        {f"{ROUTES}.read.route_key": "$default"},
        f"{ROUTES}.read.route_key",
        "takes what rest takes already",
    ),
    "nobody knows of connections": ({f"{ROUTES}.connect": GONE}, ROUTES, "no route knows of connections"),
    "a reply to a connection": ({f"{ROUTES}.connect.replies": True}, f"{ROUTES}.connect.replies", "nobody hears"),
    "a reply to who is gone": ({f"{ROUTES}.gone.replies": True}, f"{ROUTES}.gone.replies", "nobody hears"),
    "a route to a function that is not there": (
        {f"{ROUTES}.rest.function": "remnd"},
        f"{ROUTES}.rest.function",
        "no function of `functions`",
    ),
    "an authorizer that is not there": ({f"{AUTHORIZER}.function": "no"}, f"{AUTHORIZER}.function", "no function of"),
    "a function that outlasts its route": (
        {"functions.remind.timeout_seconds": 13},
        f"{ROUTES}.read.timeout_milliseconds",
        "API Gateway gives up before remind does",
    ),
    "a function that outlasts every route": (SLOW, f"{ROUTES}.gone.timeout_milliseconds", "gives up before remind"),
    "a time-out that there is none of": (
        {f"{ROUTES}.rest.timeout_milliseconds": TIMEOUT_MILLISECONDS[1] + 1},
        f"{ROUTES}.rest.timeout_milliseconds",
        "",
    ),
    "nobody knows who may connect": ({AUTHORIZER: GONE}, "sockets", "says nothing of who may connect"),
    "said twice who may connect": ({"sockets.iam": True}, "sockets", "says by authorizer and iam who may connect"),
    "public and yet asked": ({"sockets.public": "Everybody may look on"}, "sockets", "by authorizer and public"),
    "more than the account takes": (
        {"identity.region": "eu-south-1", "sockets.throttling.burst": 1251},
        "sockets.throttling.burst",
        "an account has 1250",
    ),
    "more connections than the account takes": (
        {f"{ROUTES}.connect.throttling.rate": CONNECTIONS_PER_SECOND + 1},
        f"{ROUTES}.connect.throttling.rate",
        "new connections a second",
    ),
    "the same by the rate of all": (
        {"sockets.throttling.rate": CONNECTIONS_PER_SECOND + 1, f"{ROUTES}.connect.throttling": GONE},
        "sockets.throttling.rate",
        "new connections a second",
    ),
    "the name of the HTTP API": ({"api": WITH_API["api"], "sockets.host": "api"}, "sockets.host", "or of api"),
    "a name of the edge": ({"sockets.host": "origin"}, "sockets.host", "a name of the edge"),
    "a route key that the API has not": ({f"{ROUTES}.read.route_key": "POST /read"}, f"{ROUTES}.read.route_key", ""),
    "who pushes where there is nothing": ({"sockets": GONE}, "functions.remind.role.sockets", "has the connections"),
    "routes to no functions": ({"functions": {}, "functions.remind.role.sockets": GONE}, "sockets", "lead there"),
    "a variable of the program": (
        {"functions.remind.environment": {"SOCKETS_ENDPOINT": "https://live.clerk.example"}},
        "functions.remind.environment.SOCKETS_ENDPOINT",
        "set by the program",
    ),
}
"""What is changed, where it is refused, and a part of what is said."""


def _with(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the sections and changes; a part that is taken away as a whole has nothing changed in it."""
    rest = {path: value for path, value in WITH_SOCKETS.items() if path not in changes}
    if changes.get("sockets") is GONE:
        return {path: value for path, value in rest.items() if path != "sockets"}
    if "functions" in changes:
        rest.pop("functions.remind.role.sockets", None)
        return {**rest, "functions": {}}
    return {**rest, **changes}


def test_what_cannot_work_behind_a_socket_is_refused() -> None:
    wrong = {}
    for name, (changes, path, words) in CASES.items():
        found = refused(_with(changes))
        if path not in found or words not in found[path].what or not found[path].fix:
            wrong[name] = {where: problem.what for where, problem in found.items()}
    assert wrong == {}


def test_each_way_to_let_clients_in_is_taken_alone() -> None:
    assert accepted(WITH_SOCKETS).sockets
    for said in ({"sockets.iam": True}, {"sockets.public": "Everybody may look on"}):
        assert accepted({**WITH_SOCKETS, AUTHORIZER: GONE, **said}).sockets
    most = {f"{ROUTES}.connect.throttling.rate": CONNECTIONS_PER_SECOND, "sockets.throttling.rate": 10_000}
    assert accepted({**WITH_SOCKETS, **most}).sockets
    assert accepted({**WITH_SOCKETS, "api": WITH_API["api"]}).api
