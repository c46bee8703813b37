"""A worker holds what it works on, gives it back when it is to end, and loses nothing."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from services.worker import Message, Settings, Worker, protection, worker
from services.worker.protection import Protection
from tests.services.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.emulator.conftest import Aws
    from tests.services.running import Program, Programs

NUMBERS = {"longest": 60, "stop": 20, "visibility": 3, "poll": 1, "retry": 0}


@dataclass
class Bench:
    """A queue with dead letters, and workers on it."""

    aws: Aws
    programs: Programs
    done: Path
    queue: str = ""
    dead: str = ""

    def __post_init__(self) -> None:
        sqs = self.aws("sqs")
        self.dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self.dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 3})
        self.queue = sqs.create_queue(QueueName="work", Attributes={"RedrivePolicy": redrive})["QueueUrl"]

    def send(self, name: str, seconds: float = 0) -> None:
        body = json.dumps({"name": name, "seconds": seconds})
        self.aws("sqs").send_message(QueueUrl=self.queue, MessageBody=body)

    def start(self, agent: str = "", **numbers: int) -> Program:
        options = [f"--{name}-seconds={number}" for name, number in (NUMBERS | numbers).items()]
        reach = {"QUEUE": self.queue} | ({"ECS_AGENT_URI": agent} if agent else {})
        return self.programs.start("tests.services.sleeper", str(self.done), *options, **reach)

    def names(self) -> list[str]:
        """What was done, in order."""
        return [line.split()[0] for line in self.done.read_text().splitlines()] if self.done.exists() else []

    def left(self) -> tuple[int, int]:
        """How many messages wait, and how many are hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        said = self.aws("sqs").get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return int(said[names[0]]), int(said[names[1]])


@pytest.fixture
def bench(aws: Aws, programs: Programs, tmp_path: Path) -> Bench:
    return Bench(aws, programs, tmp_path / "done")


@pytest.mark.emulator
def test_a_long_work_is_held_beyond_the_visibility(bench: Bench) -> None:
    bench.send("long", 5)
    workers = [bench.start(), bench.start()]
    until(bench.names)
    until(lambda: bench.left() == (0, 0))
    began = [line for one in workers for line in one.lines() if line["message"] == "begun"]
    assert [line["receives"] for line in began] == [1], "more than a visibility, and nobody else got it"
    assert bench.names() == ["long"]


@pytest.mark.emulator
def test_the_work_of_a_worker_that_is_killed_is_done_by_another_once(bench: Bench) -> None:
    bench.send("lost", 3)
    first = bench.start()
    first.says("begun")
    first.ends(signal.SIGKILL)
    second = bench.start()
    assert second.says("done")["receives"] == 2
    assert (bench.names(), bench.left()) == (["lost"], (0, 0))


@pytest.mark.emulator
def test_sigterm_lets_a_work_be_finished_and_nothing_be_begun(bench: Bench) -> None:
    bench.send("now", 2)
    one = bench.start()
    one.says("begun")
    bench.send("later")
    assert one.ends(signal.SIGTERM) == 0
    assert (bench.names(), bench.left()) == (["now"], (1, 0))
    assert [line["message"] for line in one.lines()][-2:] == ["done", "stopped"]


@pytest.mark.emulator
def test_what_cannot_be_finished_is_visible_again_at_once(bench: Bench) -> None:
    bench.send("endless", 50)
    one = bench.start(stop=2, visibility=600)
    one.says("begun")
    asked = time.monotonic()
    assert one.ends(signal.SIGTERM) == 0
    assert 2 <= time.monotonic() - asked < 6
    assert (bench.names(), bench.left()) == ([], (1, 0))


@pytest.mark.emulator
def test_an_idle_worker_ends_soon(bench: Bench) -> None:
    one = bench.start()
    one.says("ready")
    assert one.ends(signal.SIGTERM, seconds=5) == 0


@pytest.mark.emulator
def test_what_fails_again_and_again_ends_among_the_dead_letters(bench: Bench) -> None:
    bench.aws("sqs").send_message(QueueUrl=bench.queue, MessageBody="no JSON")
    bench.send("well")
    one = bench.start()
    one.says("failed", times=3)
    until(lambda: bench.aws("sqs").receive_message(QueueUrl=bench.dead).get("Messages"))
    until(lambda: bench.left() == (0, 0))
    assert bench.names() == ["well"], "it is in nobody's way"
    failures = [line for line in one.lines() if line["message"] == "failed"]
    assert [line["receives"] for line in failures] == [1, 2, 3]
    assert "JSONDecodeError" in failures[0]["error"]
    assert {line["level"] for line in failures} == {"ERROR"}


@pytest.mark.emulator
def test_a_work_that_hangs_ends_the_worker_and_is_given_back(bench: Bench) -> None:
    bench.send("endless", 50)
    one = bench.start(longest=2, visibility=600)
    assert one.ends() == 1
    assert (bench.names(), bench.left()) == ([], (1, 0))


class _Agent(BaseHTTPRequestHandler):
    asked: list[Any]

    def do_PUT(self) -> None:
        state = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, state))
        said = json.dumps({"protection": state} if "fail" not in self.path else {"failure": {"Reason": "X"}})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def agent() -> Iterator[tuple[str, list[Any]]]:
    """The address of an agent, and what it was asked for."""
    asked: list[Any] = []
    server = HTTPServer(("127.0.0.1", 0), type("Agent", (_Agent,), {"asked": asked}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/token", asked
    server.shutdown()
    thread.join()
    server.server_close()


PATH = "/api/token/task-protection/v1/state"


@pytest.mark.emulator
def test_a_task_is_protected_from_idle_to_busy_and_back(bench: Bench, agent: tuple[str, list[Any]]) -> None:
    for number in range(3):
        bench.send(str(number))
    address, asked = agent
    one = bench.start(agent=address)
    one.says("done", times=3)
    until(lambda: len(asked) == 2)
    assert asked == [
        (PATH, {"ProtectionEnabled": True, "ExpiresInMinutes": 12}),  # twice 60 s and five minutes
        (PATH, {"ProtectionEnabled": False}),
    ]
    bench.send("again")
    until(lambda: len(asked) == 4)


def test_a_protection_is_renewed_before_the_longest_work_outlasts_it(
    agent: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(protection.time, "monotonic", lambda: now[0])
    address, asked = agent
    held = Protection(address, 1500)
    for later in (0, 600, 1200, 1201):  # it lasts for 3,600 s; the longest work and five minutes are half of it
        now[0] = 1000.0 + later * 1.5
        held.hold()
    assert [state["ExpiresInMinutes"] for _, state in asked] == [60, 60]
    now[0] += 3601
    held.end()
    assert len(asked) == 2, "what is over is not ended"


def test_an_agent_that_fails_or_is_not_there_keeps_nobody_from_working(
    agent: tuple[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protection, "_TIMEOUT_S", 0.2)
    address, asked = agent
    Protection(f"{address}/fail", 60).hold()
    assert len(asked) == 2, "it is asked twice"
    Protection("http://127.0.0.1:9/x", 60).hold()
    Protection("", 60).hold()


class _Unreachable:
    def __init__(self) -> None:
        self.asked = 0

    def receive(self) -> Message | None:
        self.asked += 1
        raise ClientError({"Error": {"Code": "QueueDoesNotExist", "Message": "none"}}, "ReceiveMessage")


def test_a_worker_without_a_queue_gives_up_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "_LONGEST_PAUSE_S", 0.0)
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    queue = _Unreachable()
    settings = Settings(queue_url="none", longest_seconds=60)
    assert Worker(settings, lambda _: None, queue=queue).run() == 1  # type: ignore[arg-type] # receives only
    said = [record for record in caplog.records if record.getMessage() == "nothing can be received"]
    assert queue.asked == len(said) == 10


class _Late:
    """A queue whose message comes when the worker is to end."""

    def __init__(self) -> None:
        self.hidden: list[tuple[str, int]] = []
        self.worker: Worker | None = None

    def receive(self) -> Message:
        assert self.worker is not None
        self.worker.stop("SIGTERM")
        return Message("late", "body", "receipt", 1)

    def hide(self, message: Message, seconds: int) -> None:
        self.hidden.append((message.id, seconds))


def test_what_comes_after_sigterm_is_given_back_and_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    queue, begun = _Late(), []
    queue.worker = Worker(
        Settings(queue_url="q", longest_seconds=60),
        begun.append,
        queue=queue,  # type: ignore[arg-type] # what is asked of it
    )
    assert queue.worker.run() == 0
    assert (queue.hidden, begun) == ([("late", 0)], [])


@pytest.mark.parametrize(
    ("numbers", "problems"),
    [
        ({"longest_seconds": 43201}, ["longest_seconds: 43201 is not in 1..43200"]),
        ({"stop_seconds": 121, "retry_seconds": -1}, ["retry_seconds: -1", "stop_seconds: 121 is not in 1..120"]),
        ({"visibility_seconds": 2}, ["visibility_seconds: 2 is not in 3..43200"]),
        ({"poll_seconds": 0}, ["poll_seconds: 0 is not in 1..20"]),
        ({"poll_seconds": 15, "stop_seconds": 15}, ["poll_seconds: 15 is not less than stop_seconds, 15"]),
    ],
)
def test_numbers_that_cannot_be_are_refused(numbers: dict[str, int], problems: list[str]) -> None:
    with pytest.raises(ValueError, match="seconds") as refused:
        Settings(**{"queue_url": "q", "longest_seconds": 60, **numbers})  # type: ignore[arg-type] # numbers of the table
    assert [problem for problem in problems if problem not in str(refused.value)] == []
