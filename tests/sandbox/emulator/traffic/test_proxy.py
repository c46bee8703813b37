"""The proxy leads to what the sandbox serves by name, and everything else where it is."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from components.functions.archive import zipped
from sandbox.emulator import client, outage
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.named import Named
from tests.sandbox.emulator.tasks.conftest import IMAGE, SETTINGS
from tests.sandbox.emulator.tasks.fleet import Fleet, until
from tests.sandbox.emulator.traffic.behind import Front, Server, traffic
from tests.sandbox.emulator.traffic.site import Site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sandbox.emulator.client import Emulator
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

READ = """
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1], timeout=20) as answer:
    sys.stdout.write(answer.read().decode())
"""
HELLO = b"def hello(event, context): return {'statusCode': 200, 'body': 'hello'}"


def read(emulator: Emulator, url: str, given: Mapping[str, str] | None = None) -> str:
    """Read an address in a process that is given what functions and tasks are; returns why where it cannot be read."""
    environment = {**os.environ, **(traffic(emulator)["environment"] if given is None else given)}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", READ, url], env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout or done.stderr.strip().splitlines()[-1]


def ask(emulator: Emulator, head: bytes) -> tuple[bytes, socket.socket]:
    """Ask the proxy; returns its first line, and the connection."""
    place = urlsplit(traffic(emulator)["environment"]["HTTPS_PROXY"])
    sock = socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=20)
    sock.sendall(head)
    line = b""
    while not line.endswith(b"\r\n\r\n") and (got := sock.recv(1)):
        line += got
    return line.partition(b"\r\n")[0], sock


def test_a_load_balancer_is_reached_by_its_name_and_by_a_record(emulator: Emulator, aws: Aws, server: Server) -> None:
    front = Front(emulator, aws, "named", protocol="HTTPS", port=443)
    front.behind("10.9.0.9", server)
    assert json.loads(read(emulator, f"https://{front.dns}/a?b=1"))["path"] == "/a?b=1"
    zone = aws("route53").create_hosted_zone(Name="named.example", CallerReference="named")["HostedZone"]["Id"]
    record = {"Name": "web.named.example", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": front.dns}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    aws("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    assert json.loads(read(emulator, "https://web.named.example/"))["headers"]["host"] == "web.named.example"


def test_a_distribution_is_reached_by_its_alias(emulator: Emulator, aws: Aws) -> None:
    site = Site(emulator, aws, "proxied")
    assert read(emulator, f"https://{site.domain}/") == "home"


def test_a_region_that_is_cut_off_is_not_reached(running: Emulator, request: pytest.FixtureRequest) -> None:
    aws = session(running, account_of(request))
    named = Named(aws, "cut.example")
    named.http("api.cut.example", named.function("hello", zipped({"code.py": HELLO})))
    assert read(running, "https://api.cut.example/") == "hello"
    outage.cut(running.url, "us-east-1")
    assert "hello" not in read(running, "https://api.cut.example/")


def test_any_other_name_is_connected_to(emulator: Emulator, server: Server) -> None:
    line, sock = ask(emulator, f"CONNECT localhost:{server.server_port} HTTP/1.1\r\n\r\n".encode())
    assert line == b"HTTP/1.1 200 Connection established"
    through = http.client.HTTPConnection("localhost")
    through.sock = sock
    through.request("GET", "/far")
    assert json.loads(through.getresponse().read())["path"] == "/far"
    through.close()


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET http://localhost/ HTTP/1.1\r\n\r\n", b"405"),
        (b"CONNECT localhost:1 HTTP/1.1\r\n\r\n", b"502"),
        (b"CONNECT nowhere.invalid:443 HTTP/1.1\r\n\r\n", b"502"),
        (b"CONNECT localhost:99999 HTTP/1.1\r\n\r\n", b"502"),
    ],
)
def test_what_cannot_be_is_refused(emulator: Emulator, head: bytes, status: bytes) -> None:
    line, sock = ask(emulator, head)
    sock.close()
    assert line.split()[1] == status


def test_a_task_reaches_an_api_by_its_name(emulator: Emulator, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    aws = session(emulator, account_of(request))
    named = Named(aws, "tasks.example")
    named.http("api.tasks.example", named.function("hello", zipped({"code.py": HELLO})))
    client.control(emulator.port, "POST", f"tasks?{SETTINGS}")
    fleet = Fleet(aws)
    environment = [{"name": "PLACE", "value": str(tmp_path)}]
    fleet.serve(fleet.define(container={"image": IMAGE, "command": ["work"], "environment": environment}), desired=1)
    noted = until(lambda: sorted(tmp_path.glob("environment-*")))[0].read_text()
    fleet.clear()
    client.control(emulator.port, "POST", "tasks?processes=0")
    assert read(emulator, "https://api.tasks.example/", json.loads(noted)) == "hello"
