"""Users of the HTTP API, as locust runs them: `make load` does, in a process of its own.

LOAD_TOKEN, LOAD_API (the name of the API), LOAD_PAUSE_SECONDS and LOAD_IDS (the file for ids of tasks) are needed.
"""

from __future__ import annotations

import json
import os
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from locust import HttpUser, between, events, task

PAUSE: Final = float(os.environ["LOAD_PAUSE_SECONDS"])
HEADERS: Final = {"Host": os.environ["LOAD_API"], "Authorization": f"Bearer {os.environ['LOAD_TOKEN']}"}
IDS: Final[list[str]] = []
"""Ids that the API has given to tasks."""


class Client(HttpUser):  # type: ignore[misc] # locust is installed beside the checkout, and has no types here
    """Somebody who submits tasks, looks how they are, and asks again where the answer might have been lost."""

    wait_time = between(PAUSE, 2 * PAUSE)

    def on_start(self) -> None:
        """Begin with no task."""
        self.mine: list[tuple[str, str]] = []

    def _ask(self, method: str, path: str, name: str, expected: HTTPStatus, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of requests
        headers = {**HEADERS, **more.pop("headers", {})}
        with self.client.request(method, path, name=name, headers=headers, catch_response=True, **more) as answer:
            if answer.status_code == expected:
                answer.success()
                said: dict[str, Any] = answer.json()
                return said
            answer.failure(f"status {answer.status_code}, not {int(expected)}: {answer.text[:200]}")
            return {}

    def _submit(self, key: str, name: str) -> str:
        prompt = {"prompt": f"What is {key}?"}
        sent = {"Idempotency-Key": key}
        return str(self._ask("POST", "/tasks", name, HTTPStatus.ACCEPTED, json=prompt, headers=sent).get("id", ""))

    @task(6)  # type: ignore[untyped-decorator] # of locust, see above
    def submit(self) -> None:
        """Submit a task."""
        key = uuid.uuid4().hex
        if made := self._submit(key, "POST /tasks"):
            self.mine.append((key, made))
            IDS.append(made)

    @task(3)  # type: ignore[untyped-decorator] # of locust, see above
    def read(self) -> None:
        """Look how the last task is."""
        if self.mine:
            self._ask("GET", f"/tasks/{self.mine[-1][1]}", "GET /tasks/{id}", HTTPStatus.OK)

    @task(1)  # type: ignore[untyped-decorator] # of locust, see above
    def again(self) -> None:
        """Make the last request again: its id has to be the same, or the ids of the run have one more than tasks."""
        if self.mine and (found := self._submit(self.mine[-1][0], "POST /tasks (again)")):
            IDS.append(found)


@events.quitting.add_listener  # type: ignore[untyped-decorator] # of locust, see above
def written(environment: object, **_: object) -> None:  # noqa: ARG001 - locust names its arguments
    """Write the ids of tasks down."""
    Path(os.environ["LOAD_IDS"]).write_text(json.dumps(IDS), encoding="utf-8")
