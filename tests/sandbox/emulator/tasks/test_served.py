"""Requests reach tasks that run as processes through their load balancer, and none is lost when a task is taken."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.emulator.tasks.conftest import IMAGE
from tests.sandbox.emulator.tasks.fleet import Fleet, until
from tests.sandbox.emulator.tasks.test_spot import ONLY_SPOT, control, described, targets
from tests.sandbox.emulator.traffic.behind import ask, traffic

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.emulator import client

pytestmark = pytest.mark.emulator


def test_no_request_is_lost_while_a_task_is_interrupted(fleet: Fleet, runner: client.Emulator, tmp_path: Path) -> None:
    group = fleet.group()
    container = {
        "image": IMAGE,
        "command": ["serve"],
        "environment": [{"name": "PLACE", "value": str(tmp_path)}],
        "portMappings": [{"containerPort": 8080}],
    }
    fleet.serve(
        fleet.define(container=container),
        desired=2,
        capacityProviderStrategy=ONLY_SPOT,
        loadBalancers=[{"targetGroupArn": group, "containerName": "web", "containerPort": 8080}],
    )
    until(lambda: list(targets(fleet, group).values()) == ["healthy"] * 2, 30)
    balancer = fleet.aws("elbv2").describe_load_balancers(Names=["web"])["LoadBalancers"][0]["DNSName"]
    listed = next(one for one in traffic(runner)["balancers"] if one["name"] == balancer)
    place = "127.0.0.1", int(listed["address"].rpartition(":")[2])
    assert ask(place).body == b"probe"
    seen: list[int] = []
    over = threading.Event()

    def users() -> None:
        while not over.wait(0.02):
            seen.append(ask(place).status)

    thread = threading.Thread(target=users)
    thread.start()
    try:
        taken = control(runner, f"spot/interrupt?task={fleet.tasks()[0]['taskArn']}")["interrupted"][0]
        until(lambda: described(fleet, taken)["lastStatus"] == "STOPPED", 30)
        until(lambda: list(targets(fleet, group).values()).count("healthy") == 2, 30)
    finally:
        over.set()
        thread.join()
    assert len(seen) > 5, "users came all along"
    assert set(seen) == {200}
