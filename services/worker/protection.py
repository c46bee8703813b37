"""Protection of the worker's own task from scale-in and deployments, through ECS's agent. Spot heeds none.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html (2026-11)
"""

from __future__ import annotations

import http.client
import json
import logging
import math
import time
from typing import Final
from urllib.parse import urlsplit

_PATH: Final = "/task-protection/v1/state"
_TIMEOUT_S: Final = 3.0
_ATTEMPTS: Final = 2
_LONGEST_MINUTES: Final = 2880
_MARGIN_S: Final = 300

log = logging.getLogger(__name__)


class Protection:
    """The protection of the task that this process runs in; without an agent it does nothing.

    It is asked for once for many messages: it lasts for twice the longest work, and is renewed when less than one is
    left. A failure is logged and keeps nobody from working: the work of a task that ends goes to another one.

    Args:
        agent_uri: `ECS_AGENT_URI` of the container; empty where there is no agent.
        longest_seconds: Longest time that the work on a message takes.
    """

    def __init__(self, agent_uri: str, longest_seconds: int) -> None:
        self._agent = urlsplit(agent_uri) if agent_uri else None
        self._longest_s = longest_seconds + _MARGIN_S
        self._minutes = min(_LONGEST_MINUTES, math.ceil(2 * self._longest_s / 60))
        self._until = 0.0

    def hold(self) -> None:
        """Protect the task, unless it is for longer than the longest work."""
        if self._until - time.monotonic() < self._longest_s:
            asked_at = time.monotonic()
            if self._put({"ProtectionEnabled": True, "ExpiresInMinutes": self._minutes}):
                self._until = asked_at + 60 * self._minutes

    def end(self) -> None:
        """End the protection, if there is one."""
        if self._until > time.monotonic() and self._put({"ProtectionEnabled": False}):
            self._until = 0.0

    def _put(self, state: dict[str, object]) -> bool:
        if self._agent is None:
            return False
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                said = self._ask(json.dumps(state))
            except (OSError, http.client.HTTPException, ValueError) as error:
                said = {"error": repr(error)}
            if "protection" in said:
                log.info("protection", extra={"state": said["protection"]})
                return True
            log.warning("protection is not changed", extra={"wanted": state, "answer": said, "attempt": attempt})
        return False

    def _ask(self, body: str) -> dict[str, object]:
        if self._agent is None or self._agent.hostname is None:
            raise ValueError("ECS_AGENT_URI names no host")
        connection = http.client.HTTPConnection(self._agent.hostname, self._agent.port, timeout=_TIMEOUT_S)
        try:
            connection.request("PUT", self._agent.path + _PATH, body, {"Content-Type": "application/json"})
            said = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return said if isinstance(said, dict) else {"error": said}
