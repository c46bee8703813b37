"""The backend answers over HTTP and WebSocket, with TLS and without, and ends in order."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import socket
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping, Request, TextMessage

from services.auctions import api
from services.worker import log
from tests.services.running import Programs, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.services.running import Program

HOST = "127.0.0.1"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Programs]:
    made = Programs(tmp_path, {"HOST": HOST})
    yield made
    made.end()


def _start(served: Programs, **environment: str) -> tuple[Program, int]:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = int(free.getsockname()[1])
    program = served.start("services.auctions.api", PORT=str(port), **environment)
    until(lambda: _open(port))
    return program, port


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _ask(
    port: int, method: str, path: str, body: bytes = b"", *, context: ssl.SSLContext | None = None
) -> tuple[int, Any]:
    connection = (
        http.client.HTTPSConnection(HOST, port, context=context, timeout=10)
        if context
        else http.client.HTTPConnection(HOST, port, timeout=10)
    )
    connection.request(method, path, body)
    answer = connection.getresponse()
    said = json.loads(answer.read())
    connection.close()
    return answer.status, said


class _Socket:
    """A plain WebSocket client."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=10)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self.pings = 0
        self._socket.sendall(self._protocol.send(Request(host=HOST, target="/live")))
        assert isinstance(self.next(), AcceptConnection)

    def next(self) -> Any:  # noqa: ANN401 - one of the events of wsproto
        while True:
            for event in self._protocol.events():
                if not isinstance(event, Ping):
                    return event
                self.pings += 1
                self._socket.sendall(self._protocol.send(event.response()))
            data = self._socket.recv(65536)
            self._protocol.receive_data(data or None)

    def send(self, event: Message | CloseConnection) -> None:
        self._socket.sendall(self._protocol.send(event))

    def close(self) -> None:
        self._socket.close()


@pytest.mark.slow
def test_it_says_that_it_is_well_and_what_it_was_asked(served: Programs) -> None:
    _, port = _start(served)
    assert _ask(port, "GET", "/health") == (200, {"status": "ok"})
    said = {"method": "POST", "path": "/v1/bids", "query": "lot=7", "bytes": 5}
    assert _ask(port, "POST", "/v1/bids?lot=7", b"12345") == (200, said)
    assert _ask(port, "POST", "/v1/bids", b"1" * (api.LONGEST_BODY + 1))[0] == 413


@pytest.mark.slow
def test_a_socket_gets_back_what_it_sends_and_is_closed_at_the_end(served: Programs) -> None:
    program, port = _start(served)
    client = _Socket(port)
    for text in ("one", "two"):
        client.send(TextMessage(text))
        assert client.next().data == text
    assert client.pings, "the first ping comes at once"
    program.process.send_signal(signal.SIGTERM)
    event = client.next()
    assert isinstance(event, CloseConnection)
    assert event.code == 1001
    client.send(event.response())
    client.close()
    assert program.ends() == 0
    assert [line["message"] for line in program.lines()][-1] == "stopped"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_it_speaks_tls_with_a_certificate_that_signs_itself(served: Programs) -> None:
    _, port = _start(served, TLS="self-signed")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    assert _ask(port, "GET", "/health", context=context) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"PORT": "http"}, "PORT: 'http' is not a port"),
        ({"PORT": "70000"}, "PORT: '70000' is not a port"),
        ({"TLS": "yes"}, "TLS is `self-signed` or not set"),
        ({"TLS_KEY": "key.pem"}, "TLS_CERTIFICATE and TLS_KEY go together"),
    ],
)
def test_what_it_cannot_listen_with_is_refused(environment: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        api.configuration(environment, Path())


def test_a_port_that_another_program_has_is_said_in_one_line(served: Programs) -> None:
    with socket.create_server((HOST, 0)) as taken:
        program = served.start("services.auctions.api", PORT=str(taken.getsockname()[1]))
        assert program.ends() == 2
    assert "Address already in use" in program.says("cannot listen")["why"]


def test_what_ends_a_program_is_logged_as_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    log.configure()
    sys.excepthook(RuntimeError, RuntimeError("two\nlines"), None)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["level"] == "CRITICAL"
    assert "two\nlines" in json.loads(line)["error"]


def test_pings_come_more_often_than_a_load_balancer_times_out() -> None:
    assert api.configuration({}, Path()).websocket_ping_interval == api.PING_S < 60
