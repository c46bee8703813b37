"""The loop of a worker: receive, hold, work, delete; and what ends it."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from services.worker.protection import Protection
from services.worker.queue import Message, Queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.worker.settings import Settings

    Work = Callable[[Message], None]

_LOOK_S: Final = 0.2
"""How often a work is looked at: SIGTERM and its end are noticed within it."""
_FAILURES: Final = 10
"""Receives in a row that may fail before the worker gives up, so that ECS shows it."""
_LONGEST_PAUSE_S: Final = 30.0

log = logging.getLogger(__name__)


class Hung(Exception):  # noqa: N818 - what happened, not an error of ours
    """A work takes longer than any may."""


class _Job(threading.Thread):
    """The work on one message, in a thread of its own: the main thread holds the message, and hears signals."""

    def __init__(self, work: Work, message: Message) -> None:
        super().__init__(name=f"work-{message.id}", daemon=True)
        self._work = work
        self._message = message
        self.failure: Exception | None = None

    def run(self) -> None:
        """Work, and keep the failure."""
        try:
            self._work(self._message)
        except Exception as error:  # noqa: BLE001 - whatever a work raises, the message is kept
            self.failure = error


class Worker:
    """A worker.

    Args:
        settings: Its numbers.
        work: What it does with a message: durable when it returns, and safe to do again.
        queue: The queue; by default that of the settings.
        protection: Protection of its task; by default that of the agent that ECS names.
    """

    def __init__(
        self, settings: Settings, work: Work, *, queue: Queue | None = None, protection: Protection | None = None
    ) -> None:
        self._settings = settings
        self._work = work
        self._queue = queue or Queue(settings)
        self._protection = protection or Protection(os.environ.get("ECS_AGENT_URI", ""), settings.longest_seconds)
        self._stopped_at: float | None = None
        self._stop = threading.Event()

    def run(self) -> int:
        """Work until SIGTERM or SIGINT; returns the exit status: 0, or 1 where a work hung or SQS does not answer.

        It has to be called in the main thread, which signals reach. The caller ends the process at once: a work that
        was given back may still run in its thread.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, _: self.stop(signal.Signals(number).name))
        log.info("ready", extra={"queue": self._settings.queue_url})
        failures = 0
        while not self._stop.is_set():
            try:
                message = self._queue.receive()
                failures = 0
            except (BotoCoreError, ClientError) as error:
                failures += 1
                log.warning("nothing can be received", extra={"why": str(error), "in_a_row": failures})
                if failures >= _FAILURES:
                    return 1
                self._stop.wait(min(_LONGEST_PAUSE_S, 2.0**failures / 2))
                continue
            try:
                self._take(message)
            except Hung as error:
                log.critical("a work hangs", extra={"why": str(error)})
                return 1
        log.info("stopped")
        return 0

    def stop(self, why: str) -> None:
        """Receive nothing from now on, and end within the time that is left."""
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
            log.info("stopping", extra={"why": why})
        self._stop.set()

    def _take(self, message: Message | None) -> None:
        if message is None:
            self._protection.end()
        elif self._stop.is_set():
            self._give_back(message, 0, "stopping")
        else:
            self._protection.hold()
            self._do(message)

    def _do(self, message: Message) -> None:
        """Work on a message until it is done, has failed, or has to be given back."""
        about = {"message_id": message.id, "receives": message.receives}
        log.info("begun", extra=about)
        job, began = _Job(self._work, message), time.monotonic()
        job.start()
        if not self._hold(job, message, began):
            self._give_back(message, 0, "no time is left to finish it")
            return
        seconds = round(time.monotonic() - began, 3)
        if job.failure is not None:
            log.error("failed", exc_info=job.failure, extra={**about, "seconds": seconds})
            self._give_back(message, self._settings.retry_seconds, "failed")
            return
        self._finish(message)
        log.info("done", extra={**about, "seconds": seconds})

    def _hold(self, job: _Job, message: Message, began: float) -> bool:
        """Keep a message hidden until its work has ended; returns False where the task ends before.

        Raises:
            Hung: The work takes longer than any may; the message is given back.
        """
        renewed = began
        while job.is_alive():
            job.join(_LOOK_S)
            now = time.monotonic()
            if not job.is_alive():
                break
            if self._stopped_at is not None and now - self._stopped_at >= self._settings.stop_seconds:
                return False
            if now - began >= self._settings.longest_seconds:
                self._give_back(message, 0, "it hangs")
                raise Hung(f"{message.id} has taken more than {self._settings.longest_seconds} s")
            if now - renewed >= self._settings.heartbeat_seconds:
                renewed = now
                self._renew(message)
        return True

    def _renew(self, message: Message) -> None:
        try:
            self._queue.hide(message, self._settings.visibility_seconds)
        except (BotoCoreError, ClientError) as error:
            log.warning("the message is not held", extra={"message_id": message.id, "why": str(error)})

    def _give_back(self, message: Message, seconds: int, why: str) -> None:
        log.info("given back", extra={"message_id": message.id, "visible_in": seconds, "why": why})
        try:
            self._queue.hide(message, seconds)
        except (BotoCoreError, ClientError) as error:  # it is visible when its visibility is over
            log.warning("not given back", extra={"message_id": message.id, "why": str(error)})

    def _finish(self, message: Message) -> None:
        try:
            self._queue.delete(message)
        except (BotoCoreError, ClientError) as error:  # it comes again, and is found done
            log.warning("not deleted", extra={"message_id": message.id, "why": str(error)})
