"""The bridge process: Pulumi's dynamic Terraform bridge, parameterized with the Terraform AWS provider.

Started before any thread exists, so that the fork is safe and the parent-death signal hangs on the main thread. The
provider is started by the bridge from a launcher of ours with the name the bridge insists on.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from standins.awsproxy import lifeline
from standins.paths import BRIDGE_VARIABLE, PROVIDER_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standins.awsproxy.values import Message

PROVIDER_NAME = "terraform-provider-aws"
"""The bridge derives the provider's name from the file name after `terraform-provider-`."""

START_SECONDS = 60.0
"""Patience for the bridge's port and the provider's first answer; 1.3 s is normal, a cold disk takes longer."""

MESSAGE_BYTES = 400 * 1024 * 1024
CHANNEL = [("grpc.max_receive_message_length", MESSAGE_BYTES), ("grpc.max_send_message_length", MESSAGE_BYTES)]


class BridgeError(RuntimeError):
    """The bridge cannot be started or has ended."""


@dataclass(frozen=True)
class Binaries:
    """The two programs behind this plugin."""

    bridge: Path
    provider: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Binaries:
        """Find them by the environment.

        Raises:
            BridgeError: A variable is missing or names no executable file.
        """
        found = []
        for name, what in (
            (BRIDGE_VARIABLE, "the Terraform bridge"),
            (PROVIDER_VARIABLE, "the Terraform AWS provider"),
        ):
            path = Path(environ.get(name, ""))
            if not environ.get(name) or not path.is_file() or not os.access(path, os.X_OK):
                raise BridgeError(f"{name} is {environ.get(name)!r}: it must name the executable of {what}")
            found.append(path.resolve())
        return cls(*found)


class Bridge:
    """A running bridge with its provider.

    Args:
        binaries: What to start.
        environ: Environment of both.
        log: Where their output goes; the provider's launcher is written beside it.
    """

    def __init__(self, binaries: Binaries, environ: Mapping[str, str], log: Path) -> None:
        self.binaries = binaries
        self._environ = dict(environ)
        self._log = log
        self._launcher = log.with_name(PROVIDER_NAME)
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: grpc.aio.Channel | None = None
        self.stub: Message = None

    def spawn(self, engine: str) -> None:
        """Start the bridge process; `engine` is the address it logs to. Call from the main thread, before any other."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-I", "-S", lifeline.__file__, str(self.binaries.provider)]
        new = self._launcher.with_name(f".{PROVIDER_NAME}.{os.getpid()}")  # another plugin may be starting from it
        new.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
        new.chmod(0o700)
        new.replace(self._launcher)
        with os.fdopen(os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 the bridge given to us
                [sys.executable, "-I", "-S", lifeline.__file__, str(self.binaries.bridge), engine],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    async def connect(self) -> None:
        """Connect and load the Terraform provider.

        Raises:
            BridgeError: The bridge ended or did not answer in time; its output is in the log.
        """
        if self._process is None or self._process.stdout is None:
            raise BridgeError("the bridge was not started")
        try:
            async with asyncio.timeout(START_SECONDS):
                port = (await asyncio.to_thread(self._process.stdout.readline)).decode().strip()
                if not port.isdigit():
                    raise BridgeError(f"the bridge ended before it was ready; see {self._log}")
                self._channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=CHANNEL)
                self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
                await self._channel.channel_ready()
                await self.stub.Parameterize(self._parameters())
        except TimeoutError as error:
            raise BridgeError(f"the bridge was not ready within {START_SECONDS:.0f} s; see {self._log}") from error
        except grpc.aio.AioRpcError as error:
            raise BridgeError(f"the bridge could not load the provider: {error.details()}; see {self._log}") from error

    def _parameters(self) -> Message:
        words = provider_pb2.ParameterizeRequest.ParametersArgs(args=[str(self._launcher)])
        return provider_pb2.ParameterizeRequest(args=words)

    async def schema(self) -> str:
        """The package schema as JSON text: 20 s, 50 MB, 1.5 GB inside the bridge; only for deriving the shape table."""
        response = await self.stub.GetSchema(provider_pb2.GetSchemaRequest(version=0))
        return str(response.schema)

    async def cancel(self) -> None:
        """Ask provider and bridge to stop what they do; a bridge that is gone has stopped."""
        if self.stub is not None:
            with suppress(grpc.aio.AioRpcError):
                await self.stub.Cancel(Empty())

    def kill(self) -> None:
        """End the bridge and, by the session they share, its provider. Safe to call twice and from a signal handler."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    @property
    def running(self) -> bool:
        """Whether the bridge process still runs."""
        return self._process is not None and self._process.poll() is None
