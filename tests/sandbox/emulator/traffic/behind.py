"""What stands behind a load balancer in these tests, and who asks it: plain sockets on loopback."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from sandbox.emulator import client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.sandbox.emulator.conftest import Aws, Client

HOST = "shop.example.com"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path == "/ws":
            self._echo()
        elif self.path == "/cut":
            self.close_connection = True
        else:
            self._answer(body)

    def _answer(self, body: bytes) -> None:
        if self.path == "/slow":
            time.sleep(5)
        health = self.path.startswith("/health")
        if health:
            self.server.checks.append({name.lower(): value for name, value in self.headers.items()})
        said = {"by": self.server.name, "method": self.command, "path": self.path, "body": body.decode()}
        said["headers"] = {name.lower(): value for name, value in self.headers.items()}
        text = json.dumps(said).encode()
        self.send_response(self.server.health if health else 200)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - the library's own names

    def _echo(self) -> None:
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        while data := self.connection.recv(100):
            self.connection.sendall(data.upper())
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """A target: it answers with what it was asked, /health with `health`, /ws with what is said to it in capitals."""

    daemon_threads = True

    def __init__(self, name: str = "one", tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.name = name
        self.health = 200
        self.checks: list[dict[str, str]] = []
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def handle_error(self, *_: object) -> None:
        pass

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


@dataclass
class Front:
    """A load balancer with one listener and one target group."""

    emulator: client.Emulator
    aws: Aws
    name: str
    protocol: str = "HTTP"
    port: int = 80
    idle: int = 60
    region: str = "us-east-1"
    group: Mapping[str, Any] = field(default_factory=dict)
    arns: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        elb = self.elb
        made = elb.create_load_balancer(Name=self.name)["LoadBalancers"][0]
        self.arns["balancer"], self.dns = made["LoadBalancerArn"], made["DNSName"]
        idle = {"Key": "idle_timeout.timeout_seconds", "Value": str(self.idle)}
        elb.modify_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"], Attributes=[idle])
        self.arns["group"] = self.another_group("web")
        secure = {"Certificates": [{"CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/x"}]}
        self.arns["listener"] = elb.create_listener(
            LoadBalancerArn=made["LoadBalancerArn"],
            Protocol=self.protocol,
            Port=self.port,
            DefaultActions=[self.forward()],
            **(secure if self.protocol == "HTTPS" else {}),
        )["Listeners"][0]["ListenerArn"]

    @property
    def elb(self) -> Client:
        return self.aws("elbv2", self.region)

    def forward(self, group: str = "group") -> dict[str, Any]:
        return {"Type": "forward", "TargetGroupArn": self.arns[group]}

    def another_group(self, name: str, **settings: object) -> str:
        given: dict[str, object] = {
            "HealthCheckPath": "/health",
            "HealthCheckIntervalSeconds": 30,
            "UnhealthyThresholdCount": 2,
        }
        given |= {"Protocol": "HTTP", "Port": 8080, "TargetType": "ip", "VpcId": "vpc-1"} | dict(self.group) | settings
        made = self.elb.create_target_group(Name=f"{self.name}-{name}", **given)
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def rule(self, priority: int, conditions: list[dict[str, Any]], *actions: dict[str, Any]) -> None:
        self.elb.create_rule(
            ListenerArn=self.arns["listener"], Priority=priority, Conditions=conditions, Actions=list(actions)
        )

    def behind(self, address: str, server: Server, group: str = "group", *, wait: bool = True) -> None:
        """Put a target behind the balancer."""
        at = f"127.0.0.1:{server.server_port}"
        query = urlencode({"ip": address, "port": 8080, "at": at})
        client.control(self.emulator.port, "POST", f"reach?{query}")
        self.elb.register_targets(TargetGroupArn=self.arns[group], Targets=[{"Id": address, "Port": 8080}])
        if wait:
            until("healthy", lambda: self.states(group)[address])

    def health(self, group: str = "group") -> list[dict[str, Any]]:
        found = self.elb.describe_target_health(TargetGroupArn=self.arns[group])["TargetHealthDescriptions"]
        return list(found)

    def states(self, group: str = "group") -> dict[str, str]:
        return {one["Target"]["Id"]: one["TargetHealth"]["State"] for one in self.health(group)}

    def place(self) -> tuple[str, int]:
        """Where the listener answers on loopback."""
        found: Any = traffic(self.emulator)["balancers"]
        address = next(one["address"] for one in found if one["listener"] == self.arns["listener"])
        return "127.0.0.1", int(address.rpartition(":")[2])

    def ask(self, target: str = "/", method: str = "GET", body: bytes | None = None, **headers: str) -> Said:
        return ask(self.place(), target, method, body, Host=headers.pop("Host", HOST), **headers)


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def seen(self) -> Any:  # noqa: ANN401 - a document
        """What the target has seen of the request."""
        return json.loads(self.body)


def ask(
    place: tuple[str, int],
    target: str = "/",
    method: str = "GET",
    body: bytes | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    **headers: str,
) -> Said:
    """Ask a port on loopback; with TLS under the name of the header Host."""
    sock: socket.socket = socket.create_connection(place, timeout=30)
    if tls is not None:
        sock = tls.wrap_socket(sock, server_hostname=headers["Host"])
    connection = http.client.HTTPConnection(*place, timeout=30)
    connection.sock = sock
    with contextlib.closing(connection):
        connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Said(answer.status, answer.getheaders(), answer.read())


def traffic(emulator: client.Emulator) -> dict[str, Any]:
    return client.control(emulator.port, "GET", "traffic")


def trusting(emulator: client.Emulator) -> ssl.SSLContext:
    """Settings of a client that trusts the authority of the data planes, and verifies."""
    return ssl.create_default_context(cadata=traffic(emulator)["certificate"])


def until(wanted: object, look: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while (found := look()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found == wanted


@contextlib.contextmanager
def websocket(place: tuple[str, int], path: str = "/ws", host: str = HOST) -> Iterator[socket.socket]:
    """An upgraded connection."""
    with socket.create_connection(place, timeout=10) as sock:
        asked = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        sock.sendall(asked.encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += sock.recv(1)
        assert head.startswith(b"HTTP/1.1 101 "), head
        yield sock


def said(sock: socket.socket, text: bytes) -> bytes:
    """Say something over a connection and return what comes back; empty when it is closed."""
    try:
        sock.sendall(text)
        return sock.recv(100)
    except OSError:
        return b""
