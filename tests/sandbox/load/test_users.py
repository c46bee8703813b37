"""Locust asks a plain server as a profile says; without locust, or by arguments that are none, nothing is begun."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from sandbox.load import users
from sandbox.load.figures import Requests
from sandbox.load.profiles import Profile
from sandbox.run import cli
from sandbox.run.failure import SandboxError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORT = Profile(users=3, spawn_rate=3, seconds=3, pause_seconds=0.1, agents=1)


class Api(BaseHTTPRequestHandler):
    """Takes tasks by their keys."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str, str]]
    status = 202

    def _answer(self, status: int, body: dict[str, str]) -> None:
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Idempotency-Key"]
        self.asked.append((self.headers["Host"], self.headers["Authorization"], key))
        self._answer(self.status, {"id": hashlib.sha256(key.encode()).hexdigest()[:32]})

    def do_GET(self) -> None:
        self._answer(200, {"state": "queued"})

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def api() -> Iterator[tuple[type[Api], str]]:
    kind = type("Kept", (Api,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kind, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.rehearsal  # which installs locust
@pytest.mark.parametrize("status", [202, 500])
def test_users_ask_by_name_and_token_and_what_is_refused_is_counted(
    status: int, api: tuple[type[Api], str], tmp_path: Path
) -> None:
    kind, endpoint = api
    kind.status = status
    looked: list[float] = []
    target = users.Target(endpoint, "api.errands.example", "a-token")
    said = users.run(SHORT, target, tmp_path / "load" / "run", looked.append)
    assert looked
    assert {one[:2] for one in kind.asked} == {("api.errands.example", "Bearer a-token")}
    figures = {one.name: one for one in map(Requests.of, said.entries)}
    keys = {key for _, _, key in kind.asked}
    if status == 202:
        assert sum(one.failures for one in figures.values()) == 0
        assert len(set(said.ids)) == len(keys) == figures["POST /tasks"].count, "a request made again is the same task"
    else:
        assert figures["POST /tasks"].failures == figures["POST /tasks"].count == len(keys)
        assert said.ids == []
    assert (tmp_path / "load" / "run.html").stat().st_size > 0


def test_without_locust_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(users, "PACKAGES", tmp_path)
    assert cli.main(["load", "agents"]) == 1
    said = capsys.readouterr().out
    assert "locust is not installed there" in said
    assert "make load STACK=agents" in said


def test_a_run_that_fails_says_what_locust_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "locust").mkdir()
    (tmp_path / "locust" / "__init__.py").write_text("")
    (tmp_path / "locust" / "__main__.py").write_text("raise SystemExit('no such option')")
    monkeypatch.setattr(users, "PACKAGES", tmp_path)
    with pytest.raises(SandboxError, match="status 1: no such option"):
        users.run(SHORT, users.Target("http://127.0.0.1:1", "api", "t"), tmp_path / "run", lambda _: None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prod"], "Pulumi.prod.yaml: no system of agents"),
        (["agents", "prod"], "one at a time; got: agents, prod"),
    ],
)
def test_what_is_no_system_of_agents_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["load", *words]) == 1
    assert said in capsys.readouterr().out


def test_a_profile_that_there_is_none_of_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["load", "agents", "--profile", "huge"])
    assert "'burst', 'small', 'steady'" in capsys.readouterr().err
