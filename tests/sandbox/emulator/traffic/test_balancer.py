"""Load balancers answer on loopback as their listeners, rules, targets and attributes say."""

from __future__ import annotations

import io
import socket
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.emulator.traffic.certificates import Authority
from tests.sandbox.emulator.traffic.behind import HOST, Front, Server, ask, said, traffic, trusting, websocket

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.emulator import client
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_target_is_asked_with_the_headers_of_the_balancer(front: Front, server: Server) -> None:
    front.behind("10.9.0.1", server)
    answer = front.ask("/a%20b?x=1&y", "POST", b"hello", X_Forwarded_For="203.0.113.9", Host=f"{HOST}:80")
    seen = answer.seen
    assert (answer.status, seen["method"], seen["path"], seen["body"]) == (200, "POST", "/a%20b?x=1&y", "hello")
    assert seen["headers"]["x-forwarded-for"] == "203.0.113.9, 127.0.0.1", "the client is added"
    assert (seen["headers"]["x-forwarded-proto"], seen["headers"]["x-forwarded-port"]) == ("http", "80")
    assert seen["headers"]["x-amzn-trace-id"].startswith("Root=1-")
    assert seen["headers"]["host"] == HOST
    assert [value for name, value in answer.headers if name.lower() == "set-cookie"] == ["a=1", "b=2"]


def test_one_connection_serves_many_requests(front: Front, server: Server) -> None:
    front.behind("10.9.0.1", server)
    with socket.create_connection(front.place(), timeout=10) as sock:
        answers = []
        for method in (b"GET", b"HEAD", b"GET"):
            sock.sendall(method + b" / HTTP/1.1\r\nHost: x\r\n\r\n")
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += sock.recv(1)
            answers.append(head.split(b"\r\n")[0])
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            while method == b"GET" and length:
                length -= len(sock.recv(length))
    assert answers == [b"HTTP/1.1 200 OK"] * 3


def test_an_https_listener_answers_tls_and_nothing_else(emulator: client.Emulator, aws: Aws, server: Server) -> None:
    front = Front(emulator, aws, "secure", protocol="HTTPS", port=443)
    front.behind("10.9.0.1", server)
    answer = ask(front.place(), "/", tls=trusting(emulator), Host=front.dns)
    assert (answer.status, answer.seen["headers"]["x-forwarded-proto"]) == (200, "https"), "and the client verifies it"
    with pytest.raises(OSError, match=r"closed|reset|ended|Remote end"):
        ask(front.place(), "/", Host=front.dns)
    listed = next(one for one in traffic(emulator)["balancers"] if one["name"] == front.dns)
    assert (listed["tls"], listed["port"]) == (True, 443)


def test_https_to_targets_takes_any_certificate(emulator: client.Emulator, aws: Aws, tmp_path: Path) -> None:
    front = Front(emulator, aws, "inner", group={"Protocol": "HTTPS", "HealthCheckProtocol": "HTTPS"})
    with Server(tls=Authority(tmp_path).context()) as server:
        front.behind("10.9.0.2", server)
        assert front.ask("/").seen["headers"]["x-forwarded-proto"] == "http", "the protocol is that of the listener"


FUNCTION = """
def answer(event, context):
    body = ' '.join([event['httpMethod'], event['path'], event['queryStringParameters']['a'], event['body']])
    return {'statusCode': 201, 'headers': {'X-From': 'function'}, 'body': body}
"""

CONDITIONS: list[tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]] = [
    (
        {"Field": "path-pattern", "Values": ["/api/*", "/v?"]},
        [{"target": "/api/"}, {"target": "/api/a/b"}, {"target": "/v1?q=/api/"}],
        [{"target": "/API/x"}, {"target": "/api"}, {"target": "/v12"}, {"target": "/?/api/"}],
    ),
    (
        {"Field": "path-pattern", "Values": ["/[ab]"]},
        [{"target": "/[ab]"}],
        [{"target": "/a"}],
    ),
    (
        {"Field": "host-header", "Values": ["*.example.com"]},
        [{"Host": "a.example.com"}, {"Host": "A.EXAMPLE.com:8080"}],
        [{"Host": "example.com"}, {"Host": "a.example.com.evil.org"}],
    ),
    (
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-From", "Values": ["edge*", "inside"]}},
        [{"x_from": "EDGE-1"}, {"X_From": "inside"}],
        [{}, {"X_From": "outside"}],
    ),
    (
        {"Field": "http-request-method", "Values": ["DELETE", "PUT"]},
        [{"method": "PUT"}],
        [{}, {"method": "POST"}],
    ),
    (
        {
            "Field": "query-string",
            "QueryStringConfig": {"Values": [{"Key": "version", "Value": "v*"}, {"Value": "any"}]},
        },
        [{"target": "/?version=V1"}, {"target": "/?x=1&version=v"}, {"target": "/?what=any"}],
        [{}, {"target": "/?version=1"}, {"target": "/?any=1"}],
    ),
    ({"Field": "source-ip", "SourceIpConfig": {"Values": ["127.0.0.0/8"]}}, [{}], []),
    ({"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8", "::1/128"]}}, [], [{}]),
]


@pytest.mark.parametrize(("condition", "takes", "leaves"), CONDITIONS, ids=[str(one[0]) for one in CONDITIONS])
def test_a_rule_takes_what_its_condition_says(
    front: Front, condition: dict[str, Any], takes: list[dict[str, Any]], leaves: list[dict[str, Any]]
) -> None:
    config = {"StatusCode": "418", "ContentType": "text/plain", "MessageBody": "rule"}
    front.rule(5, [condition], {"Type": "fixed-response", "FixedResponseConfig": config})
    found = [front.ask(**{"target": "/", **asked}) for asked in takes]
    assert [(one.status, one.body, one.header("server")) for one in found] == [(418, b"rule", "awselb/2.0")] * len(
        takes
    )
    assert [front.ask(**{"target": "/", **asked}).status for asked in leaves] == [503] * len(leaves), "by default"


def test_the_lowest_priority_decides_and_all_conditions_must_hold(front: Front) -> None:
    def fixed(status: str) -> dict[str, Any]:
        return {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": status}}

    path = {"Field": "path-pattern", "Values": ["/a*"]}
    front.rule(30, [path], fixed("430"))
    front.rule(4, [path, {"Field": "http-request-method", "Values": ["POST"]}], fixed("404"))
    front.rule(200, [{"Field": "path-pattern", "Values": ["/a"]}], fixed("499"))
    assert [front.ask("/a", method).status for method in ("GET", "POST")] == [430, 404]


@pytest.mark.parametrize(
    ("config", "status", "where"),
    [
        ({"StatusCode": "HTTP_301", "Protocol": "HTTPS", "Port": "443"}, 301, f"https://{HOST}:443/a%20b?q=1"),
        ({"StatusCode": "HTTP_302", "Path": "/new/#{path}", "Query": ""}, 302, f"http://{HOST}:80/new/a%20b?q=1"),
        ({"StatusCode": "HTTP_302", "Host": "www.#{host}", "Path": "/"}, 302, f"http://www.{HOST}:80/?q=1"),
    ],
)
def test_a_redirect_fills_in_what_was_asked(front: Front, config: dict[str, str], status: int, where: str) -> None:
    front.rule(1, [{"Field": "path-pattern", "Values": ["*"]}], {"Type": "redirect", "RedirectConfig": config})
    answer = front.ask("/a%20b?q=1")
    assert (answer.status, answer.header("location")) == (status, where)


def test_requests_are_shared_by_weight_and_in_turn(front: Front) -> None:
    front.arns["other"] = front.another_group("other")
    with Server("one") as one, Server("two") as two, Server("three") as three:
        front.behind("10.9.1.1", one)
        front.behind("10.9.1.2", two)
        front.behind("10.9.1.3", three, "other")
        assert [front.ask("/").seen["by"] for _ in range(4)] in (["one", "two"] * 2, ["two", "one"] * 2), "in turn"
        groups = [
            {"TargetGroupArn": front.arns[name], "Weight": weight} for name, weight in (("group", 1), ("other", 9))
        ]
        front.rule(
            1,
            [{"Field": "path-pattern", "Values": ["/w"]}],
            {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}},
        )
        found = [front.ask("/w").seen["by"] for _ in range(100)]
    assert 70 < found.count("three") < 100, "nine of ten, by chance"


def test_what_a_target_does_wrong_is_answered_as_a_balancer_does(emulator: client.Emulator, aws: Aws) -> None:
    front = Front(emulator, aws, "short", idle=1)
    with Server() as server:
        front.behind("10.9.4.1", server)
        assert (front.ask("/cut").status, front.ask("/slow").status) == (502, 504), "closed, and silent for too long"
        assert b"504 Gateway Time-out" in front.ask("/slow").body
    assert front.ask("/").status == 502, "refused"


def test_what_is_no_http_is_answered_400(front: Front) -> None:
    with socket.create_connection(front.place(), timeout=10) as sock:
        sock.sendall(b"hello\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_silent_connection_is_closed_after_the_idle_time_out(emulator: client.Emulator, aws: Aws) -> None:
    front = Front(emulator, aws, "brief", idle=1)
    with socket.create_connection(front.place(), timeout=10) as sock:
        began = time.monotonic()
        assert sock.recv(1) == b"", "before the ten seconds of this side"
        assert time.monotonic() - began > 0.9


def test_a_websocket_is_closed_after_the_idle_time_out_and_kept_by_pings(
    emulator: client.Emulator, aws: Aws, server: Server
) -> None:
    front = Front(emulator, aws, "socket", idle=2)
    front.behind("10.9.5.1", server)
    with websocket(front.place()) as sock:
        for _ in range(6):
            time.sleep(0.4)
            assert said(sock, b"ping") == b"PING", (
                "something was said in time, though more than two seconds have passed"
            )
        began = time.monotonic()
        assert sock.recv(1) == b"", "silence"
        assert time.monotonic() - began > 1.8


@pytest.mark.parametrize(("idle", "kept"), [(60, False), (300, True)], ids=["the default", "of the stack file"])
def test_a_websocket_outlives_a_minute_by_the_balancers_setting(
    front_in_time: Callable[..., Front], idle: int, *, kept: bool
) -> None:
    front = front_in_time(idle=idle)
    with Server() as server:
        front.behind("10.9.5.2", server)
        with websocket(front.place()) as sock:
            front.emulator.advance(120)
            assert said(sock, b"still there?") == (b"STILL THERE?" if kept else b"")
            if kept:
                front.emulator.advance(299)
                assert said(sock, b"and now?") == b"AND NOW?", "what was said begins the silence anew"
                front.emulator.advance(301)
                assert said(sock, b"gone") == b""


def test_a_function_answers_as_a_target(front: Front) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", FUNCTION)
    role = "arn:aws:iam::111122223333:role/function"
    made = front.aws("lambda").create_function(
        FunctionName="front", Runtime="python3.12", Role=role, Handler="index.answer", Code={"ZipFile": code.getvalue()}
    )
    elb = front.elb
    group = elb.create_target_group(Name="function", TargetType="lambda")["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": made["FunctionArn"]}])
    front.rule(1, [{"Field": "path-pattern", "Values": ["/f*"]}], {"Type": "forward", "TargetGroupArn": group})
    answer = front.ask("/f?a=1", "POST", b"hello")
    assert (answer.status, answer.body, answer.header("x-from")) == (201, b"POST /f 1 hello", "function")
