"""API: an HTTP API of API Gateway in front of functions, and of services by a VPC link and a load balancer of its own.

Its name is `<host>.<edge.domain>`, and no other one leads to it.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from config.base import Section
from config.edge import HTTPS_PORT
from config.facts.http_api import BURST, RATE, TIMEOUT_MILLISECONDS
from config.network import LogRetentionDays, TierName
from config.serving import Member, Outward, Port
from config.task import FunctionName, ServiceName, ShortName

_PORT = r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
_LITERAL = r"[A-Za-z0-9._~:@!$&'(),;=-]+"
_VARIABLE = r"[A-Za-z0-9._-]+"
RouteKey = Annotated[
    str,
    Field(
        max_length=300,
        pattern=(
            r"^(\$default|(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) "
            rf"(/|(/({_LITERAL}|\{{{_VARIABLE}\}}))*(/\{{{_VARIABLE}\+\}})|(/({_LITERAL}|\{{{_VARIABLE}\}}))+))$"
        ),
    ),
]
"""Method and path, or `$default`: `{name}` is one part of a path, `{name+}` at its end all the rest (API Gateway
Developer Guide, "Create routes for HTTP APIs", 2026-11-30)."""
Method = Literal["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$", max_length=100)]
Origin = Annotated[
    str, Field(pattern=rf"^(https://([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,63}}|http://localhost){_PORT}$")
]
"""Scheme, host and, if it is not the scheme's own, port; there is no `*`."""
Audience = Annotated[str, Field(min_length=1, max_length=200)]
Scope = Annotated[str, Field(pattern=r"^[!#-\[\]-~]{1,64}$")]
"""A scope of OAuth 2 (RFC 6749, 3.3)."""


class Throttling(Section):
    """How many requests a route takes; what is more is answered with 429."""

    rate: Annotated[int, Field(ge=1, le=RATE)]
    """Requests a second on average."""
    burst: Annotated[int, Field(ge=1, le=BURST)]
    """Requests that may come at once before the rate counts."""


class Jwt(Section):
    """Whose tokens are taken: signed by the issuer, for one of the audiences, not expired."""

    issuer: Annotated[str, Field(pattern=rf"^https://[A-Za-z0-9.-]+{_PORT}(/[A-Za-z0-9._~/-]*)?$", max_length=300)]
    """URL of the issuer, as tokens have it in `iss`; its keys are found below `/.well-known`."""
    audience: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(min_length=1, max_length=50)
    ]
    """Values of `aud`, or of `client_id`, one of which a token has."""


class Cors(Section):
    """Which pages of other origins may call the API from a browser; API Gateway answers `OPTIONS` by itself."""

    origins: Annotated[tuple[Origin, ...], Field(min_length=1, max_length=50)]
    """Origins of these pages, one by one."""
    methods: Annotated[tuple[Method, ...], Field(min_length=1)]
    """Methods that they may use."""
    headers: Annotated[tuple[HeaderName, ...], Field(max_length=50)] = ()
    """Headers that they may send, beside those that every page may; none by default."""
    exposed_headers: Annotated[tuple[HeaderName, ...], Field(max_length=50)] = ()
    """Headers of the answer that they may read, beside those that every page may; none by default."""
    credentials: bool = False
    """True = browsers send cookies and certificates along; False by default."""
    max_age_seconds: Annotated[int, Field(ge=0, le=86400)] = 600
    """Seconds for which a browser remembers the answer; 10 minutes by default."""


class Route(Section):
    """What requests of one kind lead to, and who may make them: say either `authorization` or `public`."""

    route_key: RouteKey
    """Method and path, such as `ANY /v1/{proxy+}` or `GET /videos/{id}`; or `$default`, what no other route takes."""
    service: ServiceName | None = None
    """Service of `containers.services` that answers; it has an `api_target`. In place of `function`."""
    function: FunctionName | None = None
    """Function of `functions` that answers, in place of `service`; its time-out is that of the route at most."""
    authorization: Literal["jwt", "iam"] | None = None
    """Who may: who brings a token of `api.jwt`, or an IAM principal that may `execute-api:Invoke`. None = everybody."""
    scopes: Annotated[tuple[Scope, ...], Field(max_length=10)] = ()
    """Scopes, one of which a token must have; none by default. Beside `authorization: jwt`."""
    public: Annotated[str, Field(min_length=10, max_length=56)] | None = None
    """Why everybody may, in a few words; stands with the route in API Gateway."""
    timeout_milliseconds: Annotated[int, Field(ge=TIMEOUT_MILLISECONDS[0], le=TIMEOUT_MILLISECONDS[1])] = (
        TIMEOUT_MILLISECONDS[1]
    )
    """Milliseconds that API Gateway waits for the answer, 50 to 30,000, which is the default; then it answers 503."""
    throttling: Throttling | None = None
    """Requests that this route takes; none = as `api.throttling` says."""


class Api(Section):
    """The HTTP API of the stack."""

    serves: ClassVar[Member] = Member(
        group="api",
        purpose="VPC link of the API and the load balancer behind it",
        called="the API",
        kind="private",
        ports=(Port(key="https", called="HTTPS", number=HTTPS_PORT),),
        clients="private",
        served_groups=("api",),
        calls=(),
        outward=Outward(to="vpc", why="From the link to the load balancer and on to services"),
    )
    host: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")]
    """Label before `edge.domain`: `api` makes `api.<domain>`."""
    tier: TierName | None = None
    """Private tier of VPC link and load balancer, where a route leads to a service; none = the only one. A VPC link
    cannot be moved: another tier replaces it."""
    routes: Annotated[dict[ShortName, Route], Field(min_length=1, max_length=300)]
    """Routes by a name that the stack file chooses; the most specific one is taken, whatever their order."""
    throttling: Throttling
    """Requests that each route takes which does not say otherwise."""
    log_retention_days: LogRetentionDays
    """Days that access logs are kept in CloudWatch Logs, encrypted by the `logs` key."""
    jwt: Jwt | None = None
    """Whose tokens open routes with `authorization: jwt`; none = nobody's."""
    cors: Cors | None = None
    """What pages of other origins may do; none = browsers let them do nothing."""

    @property
    def longest_seconds(self) -> int:
        """Longest time-out of a route, in whole seconds."""
        return max(-(-route.timeout_milliseconds // 1000) for route in self.routes.values())

    @property
    def leads_inside(self) -> bool:
        """Whether a route leads to a service: then a VPC link and a load balancer stand before the services."""
        return any(route.service is not None for route in self.routes.values())

    def member(self, name: str) -> Member | None:  # noqa: ARG002 - there is one
        """Return who link and load balancer are inside the VPC; None = there are none, as routes lead to functions."""
        return self.serves if self.leads_inside else None

    def name_in(self, domain: str) -> str:
        """Return the name of the API in a domain."""
        return f"{self.host}.{domain}"
