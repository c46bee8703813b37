from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from standins.paths import BRIDGE_VARIABLE, IMPORT_ROOT, PROVIDER_VARIABLE, RUN_VARIABLE
from standins.tests.awsproxy import driver

pytestmark = pytest.mark.engine

VPC = "aws:ec2/vpc:Vpc"
PATIENCE_SECONDS = 10.0


def wait_for_end(pids: set[int]) -> set[int]:
    """Processes that still run after the patience."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(map(driver.alive, pids)):
        time.sleep(0.02)
    return {pid for pid in pids if driver.alive(pid)}


def children(engine: driver.Engine) -> set[int]:
    found = driver.descendants(engine.process.pid)
    names = {Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].rpartition(b"/")[2].decode() for pid in found}
    assert any("bridge" in name for name in names), f"the bridge runs below the plugin, found {names}"
    assert any("terraform-provider-aws" in name for name in names), f"the provider runs below the bridge, found {names}"
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_the_plugin_however_it_ends(environ: dict[str, str], number: signal.Signals) -> None:
    with driver.Engine(environ) as engine:
        engine.configure()
        below = children(engine)
        engine.process.send_signal(number)
        engine.process.wait(PATIENCE_SECONDS)
        assert wait_for_end(below) == set(), "bridge and provider end with the plugin"


def test_the_plugin_ends_with_its_engine(environ: dict[str, str]) -> None:
    with driver.Engine(environ) as engine:
        engine.configure()
        below = children(engine)
        assert engine.process.stdin is not None
        engine.process.stdin.close()
        assert engine.process.wait(PATIENCE_SECONDS) == 0, (
            "a killed engine closes our standard input and says nothing else"
        )
        assert wait_for_end(below) == set()
        engine.process.stdin = None


def test_the_plugin_answers_before_the_bridge_is_ready(environ: dict[str, str]) -> None:
    began = time.monotonic()
    with driver.Engine(environ) as engine:
        engine.stub.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="x"), timeout=10)
        first = time.monotonic() - began
        engine.configure()
        ready = time.monotonic() - began
        engine.process.terminate()
    assert first < 4, f"first answer after {first:.1f} s"
    assert ready < 20, f"configured after {ready:.1f} s with a warm cache"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"AWS_ENDPOINT_URL": "https://ec2.us-east-1.amazonaws.com"}, "AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL_STS": "https://sts.amazonaws.com"}, "AWS_ENDPOINT_URL_STS"),
        ({PROVIDER_VARIABLE: "/nowhere"}, PROVIDER_VARIABLE),
        ({RUN_VARIABLE: ""}, RUN_VARIABLE),
    ],
)
def test_the_plugin_does_not_start_when_calls_would_leave_or_a_program_is_missing(
    environ: dict[str, str], change: dict[str, str], named: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "standins.awsproxy", "127.0.0.1:1"],
        env={**environ, **change, "PYTHONPATH": str(IMPORT_ROOT)},
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == b"", "no port: the engine must not talk to it"
    assert named in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_bridge_that_does_not_start_is_said_with_the_place_of_its_output(environ: dict[str, str]) -> None:
    with driver.Engine({**environ, BRIDGE_VARIABLE: "/bin/false"}) as engine:
        with pytest.raises(grpc.RpcError) as refused:
            engine.configure()
        assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION
        assert "aws-plugin.log" in refused.value.details()
