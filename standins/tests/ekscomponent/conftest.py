"""The plugin as the engine runs it: a process, its port, and a monitor it registers with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from standins.paths import IMPORT_ROOT
from standins.tests.ekscomponent.monitor import PREFIX, PROVIDER, Monitor, serve, struct

if TYPE_CHECKING:
    from pathlib import Path

Message: TypeAlias = Any
Client: TypeAlias = Any
Construct: TypeAlias = Callable[..., Message]


def start(module: str, engine: str, errors: Path) -> subprocess.Popen[str]:
    """Start a plugin with its standard input held open, as the engine does; what it says goes to a file."""
    return subprocess.Popen(  # noqa: S603 our own module
        [sys.executable, "-P", "-m", module, engine],
        env={**os.environ, "PYTHONPATH": str(IMPORT_ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors.open("w"),
        text=True,
    )


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    server, address = serve(Monitor())
    yield address
    server.stop(None)


@pytest.fixture(scope="module")
def plugin(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The plugin's client."""
    process = start("standins.ekscomponent", engine, tmp_path_factory.mktemp("plugin") / "stderr")
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield provider_pb2_grpc.ResourceProviderStub(channel)
    process.kill()
    process.communicate()


@pytest.fixture
def monitor() -> Monitor:
    return Monitor()


@pytest.fixture
def construct(plugin: Client, monitor: Monitor) -> Iterator[Construct]:
    """Builds a component against the test's own monitor."""
    server, address = serve(monitor)

    def build(kind: str, name: str, inputs: Mapping[str, Any], **options: Message) -> Message:
        request = provider_pb2.ConstructRequest(
            project="project",
            stack="test",
            dryRun=monitor.preview,
            monitorEndpoint=address,
            type=f"eks:index:{kind}",
            name=name,
            parent=f"{PREFIX}platform:cluster:Cluster::cluster",
            inputs=struct(dict(inputs)),
            providers={"aws": PROVIDER},
            **options,
        )
        return plugin.Construct(request, timeout=30)

    yield build
    server.stop(None)
