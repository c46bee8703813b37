"""Only the stack's own hosts are asked; a claim holds by what its users were answered, and not of nothing."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from config import load_file, stack_file
from config.claims import Claim
from sandbox.drill.checks import failed
from sandbox.load import claims
from sandbox.load.figures import Requests
from sandbox.run import cli
from sandbox.run.failure import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDS = load_file(stack_file("records"))
CLAIM = Claim(path="/lookup/$", users=4, pause_seconds=0.1, seconds=10, p95_milliseconds=500, failed_percent=1)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://recordhouse.example", "https://recordhouse.example"),
        ("https://recordhouse.example/", "https://recordhouse.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_this_machine_and_the_names_of_the_file_are_asked(url: str, host: str) -> None:
    assert claims.host_of(url, RECORDS) == host


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://recordhouse.example.evil.com",
        "https://evil.com/recordhouse.example",
        "https://recordhouse.example@evil.com",
        "https://me@recordhouse.example",
        "http://recordhouse.example",
        "https://127.0.0.1.evil.com",
        "http://0.0.0.0",
        "http://10.0.0.1",
        "file:///etc/passwd",
        "recordhouse.example",
        "",
    ],
)
def test_nobody_else_is(url: str) -> None:
    with pytest.raises(RefusedError, match="allowed: https://"):
        claims.host_of(url, RECORDS)


@pytest.mark.parametrize(
    ("count", "failures", "p95", "holding"),
    [
        (1000, 0, 500.0, [True, True]),
        (1000, 0, 501.0, [False, True]),
        (1000, 10, 400.0, [True, True]),
        (1000, 11, 400.0, [True, False]),
        (0, 0, 0.0, [False, False]),
    ],
)
def test_a_claim_holds_up_to_its_numbers_and_not_of_nothing(
    count: int, failures: int, p95: float, *, holding: list[bool]
) -> None:
    measured = Requests("GET /lookup/$", count, failures, 1.0, {"p95": p95})
    assert [check.ok for check in claims.checks(CLAIM, measured)] == holding


class Slow(BaseHTTPRequestHandler):
    """Answers after a while, each path with one status."""

    protocol_version = "HTTP/1.1"
    seconds = 0.0
    status = 200
    asked: list[str]

    def do_GET(self) -> None:
        time.sleep(self.seconds)
        self.asked.append(self.path)
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def served() -> Iterator[tuple[type[Slow], str]]:
    kind = type("Kept", (Slow,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kind, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.rehearsal  # which installs locust
@pytest.mark.parametrize(
    ("changes", "holding"),
    [({}, [True, True]), ({"seconds": 0.8}, [False, True]), ({"status": 503}, [True, False])],
    ids=["as-claimed", "slow", "failing"],
)
def test_users_ask_another_number_each_time_and_the_answers_decide(
    served: tuple[type[Slow], str], tmp_path: Path, changes: dict[str, Any], holding: list[bool]
) -> None:
    kind, host = served
    for name, value in changes.items():
        setattr(kind, name, value)
    made = claims.measure(("lookup", CLAIM), host, tmp_path / "load" / "run", lambda _: None, full=False)
    assert [check.ok for check in made.checks] == holding, made.checks
    assert bool(failed(made.checks)) != all(holding)
    assert made.users == 4
    assert len(set(kind.asked)) > 3, "no cache could answer them"
    assert all(path.startswith("/lookup/") and path[8:].isdigit() for path in kind.asked)


def test_a_stack_that_claims_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["load", "prod", "--url", "https://phoenix.example"]) == 1
    assert "Pulumi.prod.yaml: no `claims` in its settings" in capsys.readouterr().out
