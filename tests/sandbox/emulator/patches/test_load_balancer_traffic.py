"""Targets are checked for health, drained and counted, and ports are there as long as their listeners."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.traffic.behind import Front, Server, ask, said, traffic, until, websocket

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.emulator


def test_health_is_what_the_checks_find(front_in_time: Callable[..., Front]) -> None:
    front = front_in_time(group={"HealthyThresholdCount": 3, "Matcher": {"HttpCode": "200,204-206"}})
    with Server() as server:
        server.health = 205
        front.behind("10.9.2.1", server)
        assert {check["user-agent"] for check in server.checks} == {"ELB-HealthChecker/2.0"}
        assert len(server.checks) == 1, "a new target is healthy after one check, not three"
        server.health = 500
        _checked(front, server)
        assert front.states() == {"10.9.2.1": "healthy"}, "one failure is none yet"
        _checked(front, server)
        until("unhealthy", lambda: front.states()["10.9.2.1"])
        health = front.health()[0]["TargetHealth"]
        assert (health["Reason"], health["Description"]) == (
            "Target.ResponseCodeMismatch",
            "Health checks failed with these codes: [500]",
        )
        assert front.ask("/").status == 200, "where no target is healthy, all of them are asked"
        server.health = 204
        for _ in range(2):
            _checked(front, server)
        assert front.states() == {"10.9.2.1": "unhealthy"}, "two successes are not three"
        _checked(front, server)
        until("healthy", lambda: front.states()["10.9.2.1"])
    for _ in range(2):  # the process has ended
        front.emulator.advance(31)
        time.sleep(0.3)
    until("unhealthy", lambda: front.states()["10.9.2.1"])


def _checked(front: Front, server: Server) -> None:
    """Let the next health check happen."""
    before = len(server.checks)
    front.emulator.advance(31)
    until(before + 1, lambda: len(server.checks))
    time.sleep(0.1)  # the answer is on its way


def test_an_unhealthy_target_is_not_asked_while_another_is_well(front_in_time: Callable[..., Front]) -> None:
    front = front_in_time()
    with Server("ill") as ill, Server("well") as well:
        front.behind("10.9.2.2", ill)
        front.behind("10.9.2.3", well)
        ill.health = 503
        _checked(front, ill)
        _checked(front, ill)
        until("unhealthy", lambda: front.states()["10.9.2.2"])
        assert {front.ask("/").seen["by"] for _ in range(4)} == {"well"}


def test_a_target_that_does_not_run_here_is_healthy_and_does_not_answer(front: Front) -> None:
    front.elb.register_targets(TargetGroupArn=front.arns["group"], Targets=[{"Id": "10.9.3.1"}])
    assert front.states() == {"10.9.3.1": "healthy"}
    began = time.monotonic()
    assert (front.ask("/").status, time.monotonic() - began < 5) == (504, True)
    front.elb.deregister_targets(TargetGroupArn=front.arns["group"], Targets=[{"Id": "10.9.3.1"}])
    assert (front.states(), front.ask("/").status) == ({}, 503)


def test_one_address_is_a_target_by_each_of_its_ports(front: Front) -> None:
    ports = [{"Id": "10.9.3.2", "Port": port} for port in (8080, 8081)]
    front.elb.register_targets(TargetGroupArn=front.arns["group"], Targets=ports)
    front.elb.deregister_targets(TargetGroupArn=front.arns["group"], Targets=ports[:1])
    assert [one["Target"] for one in front.health()] == [ports[1]]


def test_a_deregistered_target_drains(front_in_time: Callable[..., Front]) -> None:
    front = front_in_time(idle=4000)
    delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "120"}
    front.elb.modify_target_group_attributes(TargetGroupArn=front.arns["group"], Attributes=[delay])
    with Server("old") as old, Server("new") as new:
        front.behind("10.9.6.1", old)
        with websocket(front.place()) as sock:
            front.behind("10.9.6.2", new)
            front.elb.deregister_targets(TargetGroupArn=front.arns["group"], Targets=[{"Id": "10.9.6.1"}])
            assert front.states() == {"10.9.6.1": "draining", "10.9.6.2": "healthy"}
            assert {front.ask("/").seen["by"] for _ in range(4)} == {"new"}, "nothing new for it"
            assert said(sock, b"ping") == b"PING", "what is under way goes on"
            front.emulator.advance(60)
            assert front.states()["10.9.6.1"] == "draining"
            front.emulator.advance(61)
            until({"10.9.6.2": "healthy"}, front.states)
            assert said(sock, b"ping") == b"", "until the delay is over"


def test_cloudwatch_is_told(front_in_time: Callable[..., Front]) -> None:
    front = front_in_time(idle=120)
    with Server() as server:
        front.behind("10.9.7.1", server)
        statuses = [front.ask(path).status for path in ("/", "/", "/health", "/cut")]
        server.health = 500
        statuses.append(front.ask("/health").status)
        with websocket(front.place()):
            front.emulator.advance(60)
    assert statuses == [200, 200, 200, 502, 500]
    balancer = front.arns["balancer"].partition("loadbalancer/")[2]
    group = front.arns["group"].rpartition(":")[2]
    of_balancer = {"LoadBalancer": balancer}
    both = of_balancer | {"TargetGroup": group}
    assert _sum(front, "RequestCount", of_balancer) == _sum(front, "RequestCount", both) == 6
    assert _sum(front, "RequestCountPerTarget", {"TargetGroup": group}) == 6
    assert _sum(front, "HTTPCode_Target_2XX_Count", both) == 3
    assert _sum(front, "HTTPCode_Target_5XX_Count", both) == 1
    assert _sum(front, "HTTPCode_ELB_5XX_Count", of_balancer) == 1
    assert _sum(front, "TargetResponseTime", of_balancer) > 0
    assert _sum(front, "ActiveConnectionCount", of_balancer) >= 1
    assert _sum(front, "HealthyHostCount", both) >= 1
    assert _sum(front, "UnHealthyHostCount", both) == 0


def _sum(front: Front, name: str, dimensions: dict[str, str]) -> float:
    now = client.control(front.emulator.port, "POST", "advance?seconds=0")["now"]
    found = front.aws("cloudwatch").get_metric_statistics(
        Namespace="AWS/ApplicationELB",
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=float(str(now)) - 3600,
        EndTime=float(str(now)) + 3600,
        Period=86400,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(point["Sum"] for point in found))


def test_a_region_that_is_cut_off_takes_no_connections(
    running: client.Emulator, request: pytest.FixtureRequest
) -> None:
    front = Front(running, session(running, account_of(request)), "lost")
    place = front.place()
    assert ask(place).status == 503
    with socket.create_connection(place, timeout=10) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        while not answer.endswith(b"</html>\r\n"):
            answer += sock.recv(1000)
        assert answer.startswith(b"HTTP/1.1 503 ")
        outage.cut(running.url, "us-east-1", strict=False)
        with pytest.raises(OSError, match=r"closed|reset"):
            ask(place)
        assert said(sock, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == b"", "nor does one that was open answer"
    outage.heal(running.url, "us-east-1")
    assert ask(place).status == 503


def test_ports_close_with_their_listeners_and_with_the_emulator() -> None:
    emulator = client.start(None)
    with Server() as server:
        front = Front(emulator, session(emulator), "brief")
        front.behind("10.9.8.1", server)
        place = front.place()
        other = front.elb.create_listener(
            LoadBalancerArn=front.arns["balancer"], Protocol="HTTP", Port=81, DefaultActions=[front.forward()]
        )["Listeners"][0]["ListenerArn"]
        listed = {one["port"]: one["address"] for one in traffic(emulator)["balancers"]}
        front.elb.delete_listener(ListenerArn=other)
        until(False, lambda: _open(("127.0.0.1", int(listed[81].rpartition(":")[2]))))
        with websocket(place) as sock:
            emulator.stop()
            assert sock.recv(1) == b"", "open connections end with it"
        assert not _open(place)


def _open(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, timeout=5).close()
    except OSError:
        return False
    return True


def test_the_emulators_own_port_answers_under_the_balancers_name(front: Front, server: Server) -> None:
    front.behind("10.9.9.1", server)
    emulator = ("127.0.0.1", front.emulator.port)
    key = "Credential=" + front.arns["balancer"].split(":")[4] + "/20261130/us-east-1/elasticloadbalancing/aws4_request"
    answer = ask(emulator, "/x?y=1", Host=front.dns, Authorization=f"AWS4-HMAC-SHA256 {key}")
    assert (answer.status, answer.seen["path"]) == (200, "/x?y=1")


def test_a_target_that_was_never_well_becomes_unhealthy(front_in_time: Callable[..., Front]) -> None:
    front = front_in_time()
    with Server() as server:
        server.health = 404
        front.behind("10.9.2.9", server, wait=False)
        until(1, lambda: len(server.checks))
        assert front.states() == {"10.9.2.9": "initial"}
        _checked(front, server)
        until("unhealthy", lambda: front.states()["10.9.2.9"])
