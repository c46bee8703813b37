"""gRPC service `LanguageRuntime` on the SDK's own automation server.

The engine asks it to run a program (`Run`) and to run a policy pack (`RunPlugin`, kind `analyzer`). Programs are run in
this process by `standins.language.program`; a pack runs in a process of its own, because its SDK never returns.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from standins.language import program
from standins.paths import module_path
from standins.toolchain.process import end_with_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Chunk = tuple[str, bytes] | None

RUNNER = "standins.language.pack"
"""Module that runs a policy pack and dies with this host."""

CHUNK_BYTES = 65536

WORKERS = 8
"""Calls served at a time; an engine makes one `Run` and one `RunPlugin` per pack, the rest are short."""

MESSAGE_BYTES = 400 * 1024 * 1024
"""Largest message accepted; the SDK's and the engine's own limit."""


class Host(LanguageServer):
    """One engine's language host: `python`, with the interpreter (and so the packages) this host runs on.

    Args:
        engine: Address of the engine, where logs of the program go.
    """

    def __init__(self, engine: str) -> None:
        super().__init__(lambda: None)
        self._engine = engine

    def Handshake(self, request: Any, context: object) -> Any:  # noqa: ANN401, ARG002, N802 shape set by gRPC
        """Accept the engine; everything it says is repeated with each call."""
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: object) -> Any:  # noqa: ANN401, ARG002, N802 shape set by gRPC
        """Name the version of the SDK, which is the version of the protocol spoken."""
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def InstallDependencies(self, request: Any, context: object) -> Iterator[Any]:  # noqa: ANN401, ARG002, N802 gRPC
        """Install nothing: the packages are those of the interpreter this host runs on."""
        yield language_pb2.InstallDependenciesResponse(
            stdout=b"packages are those of the interpreter of this host; nothing to install\n"
        )

    def RuntimeOptionsPrompts(self, request: Any, context: object) -> Any:  # noqa: ANN401, ARG002, N802 gRPC
        """Ask nothing when a project is set up."""
        return language_pb2.RuntimeOptionsResponse()

    def GetProgramDependencies(self, request: Any, context: object) -> Any:  # noqa: ANN401, ARG002, N802 gRPC
        """List the installed distributions, for `pulumi about`."""
        found = {item.metadata["Name"]: item.version for item in metadata.distributions()}
        dependencies = [language_pb2.DependencyInfo(name=name, version=found[name]) for name in sorted(found)]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def Cancel(self, request: Any, context: object) -> Any:  # noqa: ANN401, ARG002, N802 shape set by gRPC
        """Nothing is kept between calls; the engine ends us by closing our standard input."""
        return Empty()

    def Run(self, request: Any, context: object) -> Any:  # noqa: ANN401, N802 shape set by gRPC
        """Run the program of the request to its end.

        The SDK's server reports a failure as a diagnostic; `bail` keeps the engine from reporting it again.
        """
        directory, entry_point = Path(request.info.program_directory), request.info.entry_point
        self.program = lambda: program.run(directory, entry_point)
        request.args[:] = [self._engine]  # where the SDK's server, which is made for one program, looks for it
        result = super().Run(request, context)  # type: ignore[no-untyped-call] # SDK without annotations
        return language_pb2.RunResponse(bail=True) if result.error else result

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: ANN401, N802 shape set by gRPC
        """Run a policy pack; stream its output and, at last, its exit status."""
        if request.kind != "analyzer":
            yield language_pb2.RunPluginResponse(stderr=f"this host runs policy packs, not {request.kind}\n".encode())
            yield language_pb2.RunPluginResponse(exitcode=1)
            return
        command = [sys.executable, "-u", "-m", RUNNER, request.info.program_directory, *request.args]
        pack = subprocess.Popen(  # noqa: S603 our own interpreter on our own module
            command, cwd=request.pwd, env=environment(request.env), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        context.add_callback(pack.kill)
        for name, data in streams(pack):
            yield (
                language_pb2.RunPluginResponse(stdout=data)
                if name == "stdout"
                else language_pb2.RunPluginResponse(stderr=data)
            )
        yield language_pb2.RunPluginResponse(exitcode=pack.wait())


def environment(pairs: Iterable[str]) -> dict[str, str]:
    """Return the pack's environment: what the engine says, and the path to our runner."""
    env = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    path = filter(None, [module_path(), env.get("PYTHONPATH")])
    return env | {"PYTHONPATH": os.pathsep.join(path)}


def streams(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what a process writes, as it comes: the stream's name and the bytes."""
    queue: SimpleQueue[Chunk] = SimpleQueue()
    pipes = {"stdout": process.stdout, "stderr": process.stderr}
    for name, pipe in pipes.items():
        Thread(target=forward, args=(name, pipe, queue.put), daemon=True).start()
    open_pipes = len(pipes)
    while open_pipes:
        chunk = queue.get()
        if chunk is None:
            open_pipes -= 1
        else:
            yield chunk


def forward(name: str, pipe: IO[bytes], put: Callable[[Chunk], None]) -> None:
    """Pass on what arrives on a pipe; None at its end."""
    while data := os.read(pipe.fileno(), CHUNK_BYTES):
        put((name, data))
    put(None)


def serve(engine: str) -> None:
    """Serve the engine at an address until it ends us; print the port, as every plugin does."""
    end_with_engine()
    server = grpc.server(ThreadPoolExecutor(WORKERS), options=(("grpc.max_receive_message_length", MESSAGE_BYTES),))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(engine), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    server.wait_for_termination()
