"""A restarted emulator serves what it served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import session
from tests.sandbox.emulator.traffic.behind import Front, Server, ask, traffic, until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.emulator


def test_listeners_rules_and_targets_are_there_again(tmp_path: Path) -> None:
    emulator = client.start(tmp_path)
    front = Front(emulator, session(emulator), "again", idle=7)
    front.arns["other"] = front.another_group("other")
    groups = [
        {"TargetGroupArn": front.arns["other"], "Weight": 1},
        {"TargetGroupArn": front.arns["group"], "Weight": 0},
    ]
    forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}
    front.rule(1, [{"Field": "path-pattern", "Values": ["/w"]}], forward)
    with Server("one") as server:
        front.behind("10.9.40.1", server, "other")
        assert ask(front.place(), "/w").seen["by"] == "one"
        emulator.stop()
        again = client.start(tmp_path)
        try:
            front.emulator, front.aws = again, session(again)
            assert len(traffic(again)["balancers"]) == 1
            assert front.states("other") == {"10.9.40.1": "healthy"}, "an object until somebody says where it runs"
            at = f"127.0.0.1:{server.server_port}"
            client.control(again.port, "POST", f"reach?ip=10.9.40.1&port=8080&at={at}")
            until(200, lambda: ask(front.place(), "/w").status)
            assert ask(front.place(), "/w").seen["by"] == "one", "by the shares of the rule"
        finally:
            again.stop()
