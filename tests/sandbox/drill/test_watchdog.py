"""A phase that takes too long is cut off wherever it is, and is reported by its name."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from sandbox.drill.watchdog import OverrunError, Watchdog

FOREVER = 60.0


def _overrun(whole: float, phase: float) -> tuple[str, float]:
    begun = time.monotonic()
    with Watchdog(whole) as dog, pytest.raises(OverrunError) as reported, dog.limit("deploy", phase):
        time.sleep(FOREVER)
    return str(reported.value), time.monotonic() - begun


def test_a_phase_over_its_limit_is_cut_off() -> None:
    text, seconds = _overrun(whole=FOREVER, phase=0.05)
    assert "drill: deploy: took longer than 0 s" in text
    assert seconds < FOREVER / 2, "not at the end of what it waited for"


def test_the_limit_of_the_whole_holds_in_every_phase() -> None:
    text, _ = _overrun(whole=0.05, phase=FOREVER)
    assert "in phase deploy" in text


def test_a_child_that_is_waited_for_is_cut_off_too() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        with Watchdog(FOREVER) as dog, pytest.raises(OverrunError), dog.limit("engine", 0.05):
            child.wait()
    finally:
        child.kill()
        child.wait()


def test_what_ends_in_time_is_left_alone() -> None:
    with Watchdog(FOREVER) as dog:
        with dog.limit("first", 0.1):
            pass
        time.sleep(0.2)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer) and thread.is_alive()]
