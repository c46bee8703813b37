"""A load balancer's stand-in: the emulator has load balancers but serves no traffic, so each has one of these.

It is a real HTTP server on a port of the loopback interface. Closed, it refuses connections, as the address of a lost
region does at best.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self

from sandbox.drill import rules
from sandbox.drill.health import STATUS
from sandbox.drill.names import balancer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.drill.health import HealthCheck
    from sandbox.drill.rules import Rule

LOOPBACK: Final = "127.0.0.1"

ANSWER_SECONDS: Final = 4.0
"""Time within which Route 53 must have a connection (Route 53 Developer Guide, "How Amazon Route 53 determines whether
a health check is healthy", 2026-11-21); the answer then has two more, which nothing on one machine needs."""


class Frontend:
    """Serves one region's traffic until it is closed; it can be opened again at the same port.

    Args:
        region: Region whose load balancer it stands for; what its pods answer with.
        path: Path of the health check; pods answer 404 on any other.

    Attributes:
        rules: Rules of the load balancer's listener, which come before its pods.
    """

    def __init__(self, region: str, path: str) -> None:
        self.region = region
        self.rules: tuple[Rule, ...] = ()
        self.port = 0
        self._path = path
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        """Serve; the port is chosen the first time."""
        self._server = ThreadingHTTPServer((LOOPBACK, self.port), handler(self.answer))
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="frontend", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether it answers."""
        return self._server is not None

    def answer(self, path: str) -> tuple[int, str]:
        """Return status and body for a path: of the first rule that answers it, else of the pods."""
        rule = rules.answer(self.rules, path)
        if rule:
            return rule.status, rule.body
        return (200, self.region) if path == self._path else (404, "not found")

    def close(self) -> None:
        """Refuse connections from now on."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def handler(answer: Callable[[str], tuple[int, str]]) -> type[BaseHTTPRequestHandler]:
    """Return what serves requests with the status and the body of an answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, text = answer(self.path)
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002, ANN401 the library's own signature
            pass

    return Handler


class Frontends:
    """Finds the port behind a load balancer's name, as the network would.

    Args:
        by_host: Name of a load balancer -> what stands for it.
    """

    def __init__(self, by_host: Mapping[str, Frontend]) -> None:
        self._by_host = {balancer(host): frontend for host, frontend in by_host.items()}

    def fetch(self, host: str, path: str) -> tuple[int, str]:
        """Ask a load balancer by its name; returns status and body, 0 and the reason when nobody answers."""
        frontend = self._by_host.get(balancer(host))
        if frontend is None:
            return 0, f"{host}: no load balancer of this name"
        connection = http.client.HTTPConnection(LOOPBACK, frontend.port, timeout=ANSWER_SECONDS)
        with contextlib.closing(connection):
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except (OSError, http.client.HTTPException) as error:
                return 0, f"{host}: {error}"

    def passes(self, check: HealthCheck) -> bool:
        """Whether a health check's endpoint answers as a healthy one does."""
        return self.fetch(check.host, check.path)[0] in STATUS
