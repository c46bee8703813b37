"""Who asks after targets from another thread begins nothing there, and is answered as the event loop will be."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.emulator.traffic import reach, targets
from tests.sandbox.emulator.traffic.behind import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/0123456789abcdef"
KEY = ("10.9.20.1", 8080)
SETTINGS = {
    "HealthCheckEnabled": True,
    "HealthCheckIntervalSeconds": 5,
    "HealthCheckPath": "/health",
    "HealthCheckPort": "traffic-port",
    "HealthCheckProtocol": "HTTP",
    "HealthCheckTimeoutSeconds": 2,
    "HealthyThresholdCount": 3,
    "Matcher": {"HttpCode": "200"},
    "UnhealthyThresholdCount": 2,
}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, int]]]:
    found = [KEY]
    delays = {"deregistration_delay.timeout_seconds": 0.2}
    with Server() as server:
        monkeypatch.setattr(reach, "REACH", [{KEY: ("127.0.0.1", server.server_port)}.get])
        monkeypatch.setattr(reach, "local", lambda ip, port: reach.REACH[0]((ip, port)))
        monkeypatch.setattr(targets, "_registered", lambda _: list(found))
        monkeypatch.setattr(targets, "_settings", lambda _: SETTINGS)
        monkeypatch.setattr(targets, "attribute", lambda _, key, default: delays.get(key, default))
        yield found
        targets.GROUPS.clear()


def _states() -> list[str]:
    return [one.state for one in targets.of(GROUP)]


async def _becomes(state: list[str]) -> None:
    for _ in range(250):
        if _states() == state:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{_states()} is not {state} yet")


async def _life(registered: list[tuple[str, int]]) -> list[Any]:
    seen = [await asyncio.to_thread(_states), len(targets.GROUPS)]
    await _becomes(["healthy"])
    seen.append(await asyncio.to_thread(_states))
    registered.clear()
    seen.append(await asyncio.to_thread(_states))
    await _becomes([])
    return [*seen, await asyncio.to_thread(_states)]


def test_a_thread_sees_what_the_loop_will_find(registered: list[tuple[str, int]]) -> None:
    assert asyncio.run(_life(registered)) == [["initial"], 0, ["healthy"], ["draining"], []]


def test_a_target_that_comes_back_while_it_drains_is_checked_anew(registered: list[tuple[str, int]]) -> None:
    async def life() -> list[str]:
        await _becomes(["healthy"])
        registered.clear()
        seen = _states()
        registered.append(KEY)
        seen += _states()
        await _becomes(["healthy"])
        await asyncio.sleep(0.3)  # the delay of the first registration is over
        seen += _states()
        targets.forget()
        return seen

    assert asyncio.run(life()) == ["draining", "initial", "healthy"]
