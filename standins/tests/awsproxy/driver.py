"""The engine's side of the plugin: a process started as the engine starts it, its log, and calls by resource type."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Self

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from standins.awsproxy import values
from standins.paths import CACHE_VARIABLE, IMPORT_ROOT, RUN_VARIABLE, cache_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standins.awsproxy.values import Message, Properties

CONFIG = {
    "region": "us-east-1",
    "s3UsePathStyle": "true",
    "skipCredentialsValidation": "true",
    "skipRegionValidation": "true",
    "defaultTags": '{"tags":{"Project":"trial"}}',
}
MODULE = "standins.awsproxy"
WITH_LIST = """
import sys, pathlib
from standins.awsproxy import __main__, held
held.DATA = pathlib.Path(sys.argv.pop(1))
sys.exit(__main__.main(sys.argv))
"""
SEED = b"\x05" * 32
NONE, SOME = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME


class Log(engine_pb2_grpc.EngineServicer):
    """Engine that keeps what is logged, as (urn, text)."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.server = grpc.server(ThreadPoolExecutor(2))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self.server)
        self.address = f"127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def Log(self, request: Message, context: object) -> Empty:  # noqa: ARG002, N802 shape set by gRPC
        self.lines.append((request.urn, request.message))
        return Empty()


class Engine:
    """A plugin process with an engine in front of it; leaving the block ends both.

    `environ` is the whole environment of the plugin, `held` another list of held types than the plugin's own.
    """

    def __init__(self, environ: Mapping[str, str], held: Path | None = None) -> None:
        self.log = Log()
        self.process = subprocess.Popen(  # noqa: S603 our own module
            [
                sys.executable,
                "-P",
                *(["-m", MODULE] if held is None else ["-c", WITH_LIST, str(held)]),
                self.log.address,
            ],
            env={**environ, "PYTHONPATH": str(IMPORT_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        self.port = self.process.stdout.readline().decode().strip()
        self.stub: Message = None
        if self.port:
            self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
            self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def configure(self, **more: str) -> Self:
        self.stub.Configure(provider_pb2.ConfigureRequest(args=values.to_struct({**CONFIG, **more})), timeout=90)
        return self

    def check(self, token: str, name: str, news: Properties, olds: Properties | None = None) -> Message:
        request = provider_pb2.CheckRequest(
            urn=urn(token, name), news=values.to_struct(news), olds=values.to_struct(olds or {}), randomSeed=SEED
        )
        return self.stub.Check(request, timeout=60)

    def inputs(self, token: str, name: str, news: Properties, olds: Properties | None = None) -> Properties:
        """Checked inputs; a refusal fails the test with its reason."""
        response = self.check(token, name, news, olds)
        assert not response.failures, [f"{failure.property}: {failure.reason}" for failure in response.failures]
        return values.from_struct(response.inputs)

    def create(self, token: str, name: str, inputs: Properties, *, preview: bool = False) -> tuple[str, Properties]:
        request = provider_pb2.CreateRequest(urn=urn(token, name), properties=values.to_struct(inputs), preview=preview)
        response = self.stub.Create(request, timeout=120)
        return response.id, values.from_struct(response.properties)

    def diff(self, token: str, name: str, identity: str, states: tuple[Properties, Properties, Properties]) -> Message:
        """Compare (old state, old inputs, new inputs)."""
        state, old, new = map(values.to_struct, states)
        request = provider_pb2.DiffRequest(id=identity, urn=urn(token, name), olds=state, old_inputs=old, news=new)
        return self.stub.Diff(request, timeout=60)

    def update(
        self, token: str, name: str, identity: str, states: tuple[Properties, Properties, Properties]
    ) -> Properties:
        """Update by (old state, old inputs, new inputs); returns the new state."""
        state, old, new = map(values.to_struct, states)
        request = provider_pb2.UpdateRequest(id=identity, urn=urn(token, name), olds=state, old_inputs=old, news=new)
        return values.from_struct(self.stub.Update(request, timeout=120).properties)

    def read(self, token: str, name: str, identity: str, state: Properties, inputs: Properties) -> Message:
        request = provider_pb2.ReadRequest(
            id=identity, urn=urn(token, name), properties=values.to_struct(state), inputs=values.to_struct(inputs)
        )
        return self.stub.Read(request, timeout=60)

    def delete(self, token: str, name: str, identity: str, state: Properties) -> None:
        request = provider_pb2.DeleteRequest(id=identity, urn=urn(token, name), properties=values.to_struct(state))
        self.stub.Delete(request, timeout=120)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ended = threading.Timer(20, self.process.kill)
        ended.start()
        self.process.communicate()
        ended.cancel()
        self.log.server.stop(None)


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:trial::platform::{token}::{name}"


def descendants(pid: int) -> set[int]:
    """Processes below `pid`, that one left out."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    below, found = {pid}, set[int]()
    while below:
        below = {child for child, parent in parents.items() if parent in below}
        found |= below
    return found


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie that init has not collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def environment(endpoint: str, root: Path) -> dict[str, str]:
    """Environment of the plugin of one world."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME")}
    return {
        **kept,
        CACHE_VARIABLE: str(cache_directory()),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "111122223333",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        RUN_VARIABLE: str(root),
    }
