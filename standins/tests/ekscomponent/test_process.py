from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

from standins.tests.ekscomponent.conftest import start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

PLUGINS = ["standins.ekscomponent", "standins.kuberender"]


@pytest.fixture(params=PLUGINS)
def process(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    running = start(request.param, "127.0.0.1:1", tmp_path / "stderr")
    yield running
    running.kill()
    running.communicate()


def test_a_plugin_prints_its_port_and_nothing_else(process: subprocess.Popen[str], tmp_path: Path) -> None:
    assert process.stdout is not None
    port = process.stdout.readline()
    with grpc.insecure_channel(f"127.0.0.1:{int(port)}") as channel:
        info = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty(), timeout=10)
    rest, _ = process.communicate(timeout=10)
    assert info.version.count(".") == 2, "the version is that of the SDK it serves"
    assert rest == "", "the engine reads the port from standard output"
    assert (tmp_path / "stderr").read_text() == "", "whatever a plugin says is shown to the user"


def test_a_plugin_ends_at_once_when_the_engine_is_done(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=2) == 0, "the engine waits five seconds for a plugin that does not"


def test_a_plugin_ends_with_an_engine_that_was_killed(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdin is not None
    process.stdout.readline()
    process.stdin.close()
    process.stdin = None
    assert process.wait(timeout=2) == 0, "the end of its standard input is all it hears of a kill"
