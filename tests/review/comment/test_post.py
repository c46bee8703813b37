"""One comment for each pull request, by a real server of HTTP: paged, raced, refused for a while."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlparse

import pytest

from review.comment.__main__ import main
from review.comment.post import Place, PostError, post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN: Final = "t0ken-of-a-test"
COMMIT: Final = "0123456789abcdef0123456789abcdef01234567"
MARK: Final = "<!-- platform-review run={run} commit={commit} -->\n{text}"


@dataclass
class Hub:
    """What the server knows."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    bot: bool = False
    racing: bool = False

    def add(self, text: str, login: str = "reviewer") -> dict[str, Any]:
        made = {"id": len(self.calls) * 1000 + len(self.comments) + 1, "body": text, "user": {"login": login}}
        self.comments.append(made)
        return made


class Handler(BaseHTTPRequestHandler):
    """Answers as GitHub does."""

    hub: Hub

    def _answer(self, status: int, body: object = None, headers: dict[str, str] | None = None) -> None:
        said = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "content-length": str(len(said))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def _handle(self) -> None:
        hub, url = self.hub, urlparse(self.path)
        hub.calls.append(f"{self.command} {url.path}")
        sent = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"null")
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            self._answer(401, {})
        elif hub.refusals:
            status, headers = hub.refusals.pop(0)
            self._answer(status, {}, headers)
        elif url.path == "/user":
            self._answer(*((403, {}) if hub.bot else (200, {"login": "reviewer"})))
        elif self.command == "GET":
            asked = parse_qs(url.query)
            size, page = int(asked["per_page"][0]), int(asked["page"][0])
            self._answer(200, hub.comments[(page - 1) * size : page * size])
        else:
            self._write(url.path, sent)

    def _write(self, path: str, sent: dict[str, Any]) -> None:
        hub = self.hub
        if self.command == "POST":
            if hub.racing:  # somebody else was as quick
                hub.add(MARK.format(run=7, commit=COMMIT, text="theirs"))
            self._answer(201, hub.add(sent["body"]))
            return
        (one,) = (each for each in hub.comments if each["id"] == int(path.rpartition("/")[2]))
        if self.command == "DELETE":
            hub.comments.remove(one)
            self._answer(204)
        else:
            one["body"] = sent["body"]
            self._answer(200, one)

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815  named by the class above

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def place(hub: Hub) -> Iterator[Place]:
    """A pull request on a server of the test's own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"hub": hub}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Place(api=f"http://127.0.0.1:{server.server_port}", repository="house/platform", pull=12, token=TOKEN)
    server.shutdown()
    server.server_close()
    thread.join()


def ours(hub: Hub) -> list[str]:
    return [one["body"].partition("\n")[2] for one in hub.comments if "platform-review" in one["body"]]


def test_the_first_run_posts_the_next_edits_and_the_same_leaves(hub: Hub, place: Place) -> None:
    assert "posted" in post(place, "one", commit=COMMIT, run=7)
    assert "edited" in post(place, "two", commit=COMMIT, run=8)
    assert ours(hub) == ["two"]
    writes = [call for call in hub.calls if not call.startswith("GET")]
    assert "left as it was" in post(place, "two", commit=COMMIT, run=8)
    assert [call for call in hub.calls if not call.startswith("GET")] == writes


def test_it_is_found_on_the_third_page_and_nobody_elses_is_touched(hub: Hub, place: Place) -> None:
    for number in range(230):
        hub.add(f"talk {number}")
    hub.add(MARK.format(run=1, commit=COMMIT, text="forged"), login="somebody")
    hub.add(MARK.format(run=6, commit=COMMIT, text="old"))
    assert "edited" in post(place, "new", commit=COMMIT, run=7)
    assert ours(hub) == ["forged", "new"]


def test_an_older_run_edits_nothing(hub: Hub, place: Place) -> None:
    post(place, "newer", commit=COMMIT, run=9)
    with pytest.raises(PostError, match="run 9 has posted already"):
        post(place, "older", commit=COMMIT, run=8)
    assert ours(hub) == ["newer"]


def test_two_that_post_at_once_leave_one_comment(hub: Hub, place: Place) -> None:
    hub.racing = True
    assert "1 others taken away" in post(place, "mine", commit=COMMIT, run=7)
    assert len(ours(hub)) == 1


@pytest.mark.parametrize(
    "refusal",
    [(502, {}), (429, {"retry-after": "0"}), (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"})],
)
def test_what_is_refused_for_the_moment_is_asked_again(
    hub: Hub, place: Place, refusal: tuple[int, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    hub.refusals = [refusal]
    assert "posted" in post(place, "one", commit=COMMIT, run=7)


@pytest.mark.parametrize("refusal", [(422, {}), (403, {}), (429, {"retry-after": "3600"})])
def test_what_is_refused_for_good_ends_with_the_call(
    hub: Hub, place: Place, refusal: tuple[int, dict[str, str]]
) -> None:
    hub.refusals = [(200, {}), refusal]
    with pytest.raises((PostError, KeyError)) as raised:
        post(place, "one", commit=COMMIT, run=7)
    assert TOKEN not in str(raised.value)


def test_the_token_of_a_workflow_may_not_ask_who_it_is(hub: Hub, place: Place) -> None:
    hub.bot = True
    hub.add(MARK.format(run=6, commit=COMMIT, text="old"), login="github-actions[bot]")
    assert "edited" in post(place, "new", commit=COMMIT, run=7)


def test_a_token_is_sent_in_the_clear_to_nobody() -> None:
    far = Place(api="http://github.example", repository="house/platform", pull=12, token=TOKEN)
    with pytest.raises(PostError, match="in the clear"):
        post(far, "one", commit=COMMIT, run=7)
    assert TOKEN not in repr(far)


def test_the_command_takes_the_token_from_its_environment_alone(
    hub: Hub, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "comment.md"
    file.write_text("one", encoding="utf-8")
    words = ["post", str(file), "--repository", "house/platform", "--pull", "12", "--commit", COMMIT, "--run", "7"]
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    assert main([*words, "--api", place.api]) == 1
    assert "GITHUB_TOKEN is not set" in capsys.readouterr().err
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    assert main([*words, "--api", place.api]) == 0
    assert ours(hub) == ["one"]
