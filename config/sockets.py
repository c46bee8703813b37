"""Sockets: a WebSocket API of API Gateway in front of functions.

Its name is `<host>.<edge.domain>`, and no other one leads to it. A connection lasts two hours at most, and ten minutes
in silence; a message has 128 KB (`config/facts/sockets.py`).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from config.api import HeaderName, Throttling
from config.base import Section
from config.facts.sockets import TIMEOUT_MILLISECONDS
from config.network import LogRetentionDays
from config.task import FunctionName, ShortName

CONNECT: Final = "$connect"
DISCONNECT: Final = "$disconnect"
SocketRouteKey = Annotated[str, Field(pattern=r"^(\$(connect|disconnect|default)|[A-Za-z0-9_-]{1,100})$")]
"""`$connect`, `$disconnect`, `$default`, what no other route takes, or the value of `action` in a message of JSON."""
QueryName = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=100)]


class SocketRoute(Section):
    """What messages of one kind lead to."""

    route_key: SocketRouteKey
    """What it takes, such as `$connect` or `subscribe`."""
    function: FunctionName
    """Function of `functions` that answers; its time-out is that of the route at most."""
    replies: bool = False
    """Whether the client gets what the function returns as a message. Not of `$connect` and `$disconnect`."""
    timeout_milliseconds: Annotated[int, Field(ge=TIMEOUT_MILLISECONDS[0], le=TIMEOUT_MILLISECONDS[1])] = (
        TIMEOUT_MILLISECONDS[1]
    )
    """Milliseconds that API Gateway waits for the function, 50 to 29,000, which is the default."""
    throttling: Throttling | None = None
    """Messages, or of `$connect` connections, that this route takes; none = as `sockets.throttling` says."""


class SocketAuthorizer(Section):
    """A function that lets a client connect, or not. It is asked once: what it says holds as long as the connection."""

    function: FunctionName
    """Function of `functions` that is asked; it answers with a policy on `methodArn`."""
    headers: Annotated[tuple[HeaderName, ...], Field(max_length=5)] = ()
    """Headers without which a client gets 401 and the function is not asked; none by default. A browser cannot send
    `Authorization` with a WebSocket."""
    queries: Annotated[tuple[QueryName, ...], Field(max_length=5)] = ()
    """The same of parameters of the query, which stand in logs of whatever is on the way; none by default."""


class Sockets(Section):
    """The WebSocket API of the stack. Who may connect stands in one of `authorizer`, `iam` and `public`."""

    host: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")]
    """Label before `edge.domain`: `live` makes `wss://live.<domain>`. Not that of `api`: API Gateway leads a name to
    APIs of one kind."""
    routes: Annotated[dict[ShortName, SocketRoute], Field(min_length=1, max_length=300)]
    """Routes by a name that the stack file chooses; one of them is `$connect`."""
    authorizer: SocketAuthorizer | None = None
    """Function that says who may connect."""
    iam: bool = False
    """True = IAM principals that may `execute-api:Invoke` connect, who sign the request."""
    public: Annotated[str, Field(min_length=10, max_length=56)] | None = None
    """Why everybody may connect, in a few words; stands with the route in API Gateway."""
    throttling: Throttling
    """Messages that each route takes which does not say otherwise."""
    log_retention_days: LogRetentionDays
    """Days that access logs and logs of errors are kept in CloudWatch Logs, encrypted by the `logs` key."""
    account_logging: Literal["made", "there"] = "made"
    """Role by which API Gateway writes logs of WebSocket APIs, one of an account in a region: `made` = this stack makes
    it, the default; `there` = something else has, and keeps it."""

    def name_in(self, domain: str) -> str:
        """Return the name of the API in a domain."""
        return f"{self.host}.{domain}"
