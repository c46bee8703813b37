"""What an Application Load Balancer of the emulator answers: its listeners' rules, their actions, its targets.

A listener's rules decide; a target of the group is asked in turn, over TLS without verifying where the group says so.
502, 503 and 504 are answered as ELB answers them (ELB user guide, "Troubleshoot your Application Load Balancers",
2026-11). Connections to targets serve one request. Not served: HTTP/2, gRPC, stickiness, rule transforms, mutual TLS,
authenticate-cognito.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import unquote

from ministack.core.responses import request_scope
from ministack.services import alb

from sandbox.emulator.traffic import measures, rules, targets, wire
from sandbox.emulator.traffic.messages import Answer, BrokenError, Headers, Request, phrase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.emulator.traffic.targets import Target

    Document: TypeAlias = Mapping[str, Any]

_IDLE: Final = "idle_timeout.timeout_seconds"
_PAGE: Final = (
    "<html>\r\n<head><title>{said}</title></head>\r\n<body>\r\n"
    "<center><h1>{said}</h1></center>\r\n</body>\r\n</html>\r\n"
)
_SAID: Final = {503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}
_HTTP: Final = ("HTTP", "HTTPS")
_turns: dict[str, int] = {}


@dataclass(frozen=True)
class Listener:
    """A listener of a load balancer.

    Attributes:
        arn: Its ARN.
    """

    arn: str

    @property
    def account(self) -> str:
        """Account that it belongs to."""
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        """Region that it is in."""
        return self.arn.split(":")[3]

    @property
    def settings(self) -> Document:
        """What DescribeListeners says.

        Raises:
            KeyError: There is no such listener.
        """
        found: Document | None = alb._listeners.get_scoped(self.account, self.region, self.arn)
        if found is None:
            raise KeyError(self.arn)
        return found

    @property
    def balancer(self) -> Document:
        """What DescribeLoadBalancers says of its load balancer."""
        found: Document = alb._lbs.get_scoped(self.account, self.region, self.settings["LoadBalancerArn"])
        return found

    @property
    def secure(self) -> bool:
        """Whether it speaks TLS."""
        return bool(self.settings["Protocol"] == "HTTPS")

    @property
    def serves(self) -> bool:
        """Whether it speaks HTTP to clients."""
        return self.settings["Protocol"] in _HTTP

    def attribute(self, key: str, default: str) -> str:
        """Return an attribute of its load balancer."""
        with request_scope(self.account, self.region):
            return str(alb._lb_attr(self.settings["LoadBalancerArn"], key, default))

    def idle(self) -> float:
        """Seconds of silence after which a connection is closed."""
        return float(self.attribute(_IDLE, "60"))

    async def answer(self, request: Request) -> Answer:
        """Answer a request as the load balancer does."""
        with request_scope(self.account, self.region):
            answer = await self._answered(request)
        if isinstance(answer.body, bytes):
            answer.headers.append(("server", "awselb/2.0"))
        return answer

    async def _answered(self, request: Request) -> Answer:
        found = [rule for rule in alb._rules.values() if rule["ListenerArn"] == self.arn]
        rule = rules.first(found, request)
        actions = (rule or {}).get("Actions") or self.settings["DefaultActions"]
        for action in sorted(actions, key=lambda one: int(one.get("Order", 1))):
            answer, request = await self._act(action, request)
            if answer is not None:
                return answer
        return self._failed(502)

    async def _act(self, action: Document, request: Request) -> tuple[Answer | None, Request]:
        """Return the answer of an action, and the request as the next one gets it where there is none."""
        kind = action["Type"]
        if kind == "forward":
            return await self._forwarded(action, request), request
        if kind == "fixed-response":
            config = action["FixedResponseConfig"]
            self._count("HTTP_Fixed_Response_Count")
            headers = [("content-type", config.get("ContentType", "text/plain"))]
            return Answer(int(config["StatusCode"]), headers, config.get("MessageBody", "").encode()), request
        if kind == "redirect":
            status = int(action["RedirectConfig"]["StatusCode"].removeprefix("HTTP_"))
            self._count("HTTP_Redirect_Count", "HTTPCode_ELB_3XX_Count")
            where = rules.location(action, request, self.settings["Protocol"], self.settings["Port"])
            return Answer(status, [("location", where)]), request
        if kind == "authenticate-oidc":
            return await self._authenticated(action, request)
        return self._failed(501), request

    async def _authenticated(self, action: Document, request: Request) -> tuple[Answer | None, Request]:
        headers = dict(request.headers)
        port, arn = self.settings["Port"], self.settings["LoadBalancerArn"]
        said = await alb._authenticate_oidc(
            action, request.method, request.path, headers, request.body, _lists(request), port, lb_arn=arn
        )
        if said is None:
            return None, replace(request, headers=list(headers.items()))
        return _answer(*said), request

    async def _forwarded(self, action: Document, request: Request) -> Answer:
        group = rules.group(action)
        kind = targets.settings(group)["TargetType"] if group else ""
        if group and kind == "lambda":
            return await self._invoked(group, request)
        asked = [target for target in targets.of(group) if target.takes_requests] if group else []
        if group is None or not asked:
            return self._failed(503)
        if kind not in ("ip", "instance"):
            return self._failed(501)
        return await self._asked(group, next_of(group, asked), len(asked), self._for_target(request))

    async def _invoked(self, group: str, request: Request) -> Answer:
        """Return the answer of a function, which ministack invokes."""
        functions = alb._targets.get(group, [])
        if not functions:
            return self._failed(503)
        measures.of(self, group).add(RequestCount=1)
        sent = self._for_target(request)
        given = (
            request.method,
            unquote(request.path),
            dict(sent.headers),
            request.body,
            _lists(request),
            request.query,
        )
        return _answer(*await alb._invoke_lambda_target(functions[0]["Id"], group, *given))

    async def _asked(self, group: str, target: Target, number: int, request: Request) -> Answer:
        measure = measures.of(self, group)
        measure.add(RequestCount=1, RequestCountPerTarget=1 / number)
        if target.place is None:
            return self._failed(504)
        began = time.monotonic()
        tls = targets.unverified() if targets.settings(group)["Protocol"] == "HTTPS" else None
        try:
            stream = await wire.connect(target.place, tls)
        except OSError as error:
            measure.add(TargetConnectionErrorCount=1)
            return self._failed(504 if isinstance(error, TimeoutError) else 502)
        target.open.add(stream)
        try:
            answer = await wire.ask(stream, request, self.idle)
        except (TimeoutError, BrokenError) as error:
            target.open.discard(stream)
            return self._failed(504 if isinstance(error, TimeoutError) else 502)
        except BaseException:
            target.open.discard(stream)
            raise
        measure.add(TargetResponseTime=time.monotonic() - began)
        measure.add(**{f"HTTPCode_Target_{answer.status // 100}XX_Count": 1})

        def finish() -> None:
            target.open.discard(stream)
            stream.close()

        return replace(answer, finish=finish)

    def _for_target(self, request: Request) -> Request:
        """Return a request with the headers that a target gets; a network load balancer adds none."""
        settings = self.settings
        if settings["Protocol"] not in _HTTP:
            return request
        said = dict(request.headers)  # of a header that is there twice, the last is what ELB reads
        made = alb._target_headers(settings["LoadBalancerArn"], settings, said, request.source)
        if self.attribute("routing.http.preserve_host_header.enabled", "false") != "true":
            made["host"] = alb._target_host_header(said.get("host", ""), settings["Port"])
        own = [(key, str(value)) for key, value in made.items() if key not in said or said[key] != value]
        changed = {key for key, _ in own} | (said.keys() - made.keys())
        return replace(request, headers=[pair for pair in request.headers if pair[0] not in changed] + own)

    def _failed(self, status: int) -> Answer:
        """Return an answer of the load balancer's own to what it could not do."""
        self._count("HTTPCode_ELB_5XX_Count", f"HTTPCode_ELB_{status}_Count")
        said = f"{status} {_SAID.get(status) or phrase(status)}"
        return Answer(status, [("content-type", "text/html")], _PAGE.format(said=said).encode())

    def _count(self, *names: str) -> None:
        measures.of(self).add(**dict.fromkeys(names, 1))


def _lists(request: Request) -> dict[str, list[str]]:
    """Return the query as ministack takes it."""
    found: dict[str, list[str]] = {}
    for key, value in request.pairs:
        found.setdefault(key, []).append(value)
    return found


def _answer(status: int, headers: Mapping[str, str | list[str]], body: bytes) -> Answer:
    """Return an answer of ministack's as one to be sent."""
    pairs = [
        (key.lower(), one) for key, many in headers.items() for one in (many if isinstance(many, list) else [many])
    ]
    return Answer(status, [pair for pair in pairs if pair[0] != "content-length"], body)


def next_of(group: str, asked: list[Target]) -> Target:
    """Return whose turn it is: a healthy one, any of them where none is."""
    well = [target for target in asked if target.state == targets.HEALTHY] or asked
    turn = _turns[group] = _turns.get(group, -1) + 1
    return well[turn % len(well)]


async def send(  # noqa: PLR0913 - the parts of a request
    listener_arn: str,
    method: str,
    target: str,
    headers: Sequence[tuple[str, str]],
    body: bytes = b"",
    *,
    source: str = "127.0.0.1",
) -> tuple[int, Headers, bytes]:
    """Send a request to a listener from inside of the emulator, in its event loop; returns status, headers and body.

    Args:
        listener_arn: ARN of the listener, of an application or a network load balancer.
        method: Method.
        target: Path and query as they go over the wire.
        headers: Headers; a name may be there several times.
        body: Body.
        source: Address of the client.

    Raises:
        KeyError: There is no such listener.
        BrokenError: The answer ended early.
    """
    listener = Listener(listener_arn)
    said = [(name.lower(), value) for name, value in headers]
    if body and not any(name == "content-length" for name, _ in said):
        said.append(("content-length", str(len(body))))
    answer = await listener.answer(Request(method, target, said, body, source))
    return answer.status, answer.headers, await answer.whole()
