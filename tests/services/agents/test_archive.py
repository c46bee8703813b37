"""A task that has ended is kept in PostgreSQL once, whatever its texts are, and no other is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pg8000.native
import pytest

from services.agents import archive, settings
from services.agents.table import item
from services.agents.task import FINAL, State, submitted
from tests.services.agents.place import CONTEXT
from tests.services.running import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.agents.task import Task

SQL = Path(archive.__file__).with_suffix(".sql").read_text(encoding="utf-8")
ENDED = replace(submitted("acme", "one", "why?", 1_800_000_000), state=State.DONE, updated=1_800_000_009, attempts=1)
BIN = next((Path(file).resolve().parent for file in (shutil.which("postgres"),) if file), None)


@contextmanager
def _server(home: Path) -> Iterator[dict[str, Any]]:
    """A server of PostgreSQL, and how it is reached; it does not run as root."""
    assert BIN is not None
    user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    run = partial(subprocess.run, check=True, cwd=home, stdout=subprocess.DEVNULL, **user)
    run([BIN / "initdb", "--pgdata", home / "data", "--username", "ann", "--auth", "trust", "--no-sync"])
    options = ["-c", f"port={port}", "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={home}"]
    command = [BIN / "postgres", "-D", home / "data", "-F", *options]
    server = subprocess.Popen(command, cwd=home, stderr=subprocess.DEVNULL, **user)  # noqa: S603 - found above
    try:
        reach = {"user": "ann", "host": "127.0.0.1", "port": port, "database": "postgres"}
        until(lambda: _answers(reach))
        yield reach
    finally:
        server.terminate()
        server.wait(20)


def _answers(reach: dict[str, Any]) -> bool:
    try:
        pg8000.native.Connection(**reach).close()
    except (pg8000.native.InterfaceError, pg8000.native.DatabaseError):
        return False
    return True


@pytest.fixture(scope="module")
def reach() -> Iterator[dict[str, Any]]:
    if BIN is None:
        pytest.skip("no PostgreSQL on this machine")
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        if os.geteuid() == 0:
            shutil.chown(home, "postgres", "postgres")
        with _server(home) as made, closing(pg8000.native.Connection(**made)) as connection:
            connection.run(SQL)
            connection.run(SQL)
            yield made


def _event(*pairs: tuple[Task | None, Task | None]) -> dict[str, Any]:
    """Records of a stream: the task before, and after."""
    records = []
    for number, (old, new) in enumerate(pairs):
        images = {"OldImage": old, "NewImage": new}
        said = {name: item(task) for name, task in images.items() if task}
        stream = {"SequenceNumber": str(number), **said}
        records.append({"eventSource": "aws:dynamodb", "eventID": str(number), "dynamodb": stream})
    return {"Records": records}


def test_what_has_ended_is_kept_once(reach: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "connect", lambda _: pg8000.native.Connection(**reach))
    running = replace(ENDED, state=State.RUNNING)
    hostile = replace(ENDED, id="b" * 32, prompt="'; DROP TABLE ended_tasks; --\0ü", state=State.FAILED, reason="no\0")
    later = replace(ENDED, created=1_900_000_000, updated=1_900_000_001, state=State.REFUSED)
    event = _event(
        (None, replace(ENDED, state=State.QUEUED)),
        (running, ENDED),
        (running, ENDED),
        (ENDED, None),
        (running, hostile),
        (running, later),
        (replace(running, version=7), running),
    )
    assert archive.handler(event, CONTEXT) == {"batchItemFailures": []}
    with closing(pg8000.native.Connection(**reach)) as connection:
        found = connection.run(
            "SELECT tenant, id, state, prompt, reason, extract(epoch from ended)::int FROM ended_tasks"
        )
    assert sorted(found) == sorted(
        [
            ["acme", ENDED.id, "done", "why?", "", 1_800_000_009],
            ["acme", hostile.id, "failed", "'; DROP TABLE ended_tasks; --ü", "no", 1_800_000_009],
            ["acme", ENDED.id, "refused", "why?", "", 1_900_000_001],
        ]
    )


def test_a_record_that_fails_is_named_and_the_others_are_kept(
    reach: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "connect", lambda _: pg8000.native.Connection(**reach))
    wrong, right = replace(ENDED, id="c" * 32, attempts=0), replace(ENDED, id="d" * 32)
    answer = archive.handler(_event((None, wrong), (None, right)), CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    with closing(pg8000.native.Connection(**reach)) as connection:
        assert connection.run("SELECT count(*) FROM ended_tasks WHERE id IN (:c, :d)", c=wrong.id, d=right.id) == [[1]]


def test_every_end_has_a_place_in_the_archive() -> None:
    for state in FINAL:
        assert f"'{state}'" in SQL


def test_it_logs_in_by_a_token_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(pg8000.native, "Connection", lambda user, **said: asked.update(said, user=user))
    for name, value in {"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "1", "AWS_SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(settings.Unset, match="POSTGRES_DATABASE, POSTGRES_USER"):
        archive.connect({settings.DATABASE_HOST: "db.example"})
    archive.connect({"POSTGRES_HOST": "db.example", "POSTGRES_DATABASE": "agents", "POSTGRES_USER": "archive"})
    assert (asked["user"], asked["host"], asked["port"], asked["database"]) == ("archive", "db.example", 5432, "agents")
    assert asked["password"].startswith("db.example:5432/?Action=connect&DBUser=archive&")
    assert asked["ssl_context"].check_hostname
