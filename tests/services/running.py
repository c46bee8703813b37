"""Processes of services, and what they log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.emulator.client import CHECKOUT

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from pathlib import Path

Found = TypeVar("Found")


def until(found: Callable[[], Found | None], seconds: float = 20, standing: Callable[[], object] = lambda: "") -> Found:
    """Wait for something that comes about; what stands instead is said where it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {standing()}")


@dataclass
class Program:
    """A process of a service."""

    process: subprocess.Popen[bytes]
    output: Path

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        return [json.loads(line) for line in self.output.read_text(encoding="utf-8").splitlines()]

    def says(self, message: str, times: int = 1) -> dict[str, Any]:
        """Wait until it has logged a message so many times; returns the last line of them."""
        return until(
            lambda: next(iter([line for line in self.lines() if line["message"] == message][times - 1 :]), None),
            standing=lambda: self.output.read_text(encoding="utf-8"),
        )

    def ends(self, number: signal.Signals | None = None, seconds: float = 20) -> int:
        """Send it a signal, if any, and wait for its end; returns its exit status."""
        if number is not None:
            self.process.send_signal(number)
        return self.process.wait(seconds)


@dataclass
class Programs:
    """The processes of one test; all of them are gone after it."""

    directory: Path
    environment: dict[str, str]
    started: list[Program] = field(default_factory=list)

    def start(self, module: str, *arguments: str, **environment: str) -> Program:
        """Start one."""
        output = self.directory / f"{len(self.started)}.log"
        with output.open("wb") as file:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                [sys.executable, "-m", module, *arguments],
                cwd=CHECKOUT,
                env={**os.environ, **self.environment, **environment},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        self.started.append(Program(process, output))
        return self.started[-1]

    def end(self) -> None:
        """Kill those that run."""
        for program in self.started:
            program.process.kill()
            program.process.wait()
