"""`python -m services.auctions.api`: a backend that answers what it was asked, over HTTP and WebSocket.

It stands where the auctions' own backend will: behind the load balancer, the API and CloudFront it shows what reaches a
task. `GET /health` is 200 while it takes requests and 503 once it is to end. Any other request is answered with its
method, path, query and the length of its body. A WebSocket on any path gets back what it sends, and a ping every 20
seconds, which keeps it open across an idle time-out that is longer; at the end it is closed with 1001.

HOST (0.0.0.0) and PORT (8080) say where it listens; TLS_CERTIFICATE and TLS_KEY name PEM files. `TLS=self-signed`
makes a certificate at the start, which is enough for a load balancer: it does not verify its targets. Without either it
speaks HTTP.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config

from services.worker import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypercorn.typing import ASGIFramework

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

PING_S: Final = 20.0
LONGEST_BODY: Final = 1024 * 1024
LONGEST_MESSAGE: Final = 64 * 1024
GRACE_S: Final = 3.0
"""Seconds that requests have to end after SIGTERM: what was begun is answered in less."""
_GOING_AWAY: Final = 1001
_CERTIFICATE_DAYS: Final = "825"

logger = logging.getLogger(__name__)


class Backend:
    """The application, by ASGI."""

    def __init__(self) -> None:
        self.ending = asyncio.Event()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request, or one WebSocket."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._echo(receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        length = await _length(receive)
        if length > LONGEST_BODY:
            await _say(send, 413, {"error": f"a body has {LONGEST_BODY} bytes at most"})
        elif scope["path"] == "/health":
            ending = self.ending.is_set()
            await _say(send, 503 if ending else 200, {"status": "ending" if ending else "ok"})
        else:
            query = scope["query_string"].decode("latin-1")
            said = {"method": scope["method"], "path": scope["path"], "query": query, "bytes": length}
            await _say(send, 200, said)

    async def _echo(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        ending = asyncio.create_task(self.ending.wait())
        try:
            while True:
                coming = asyncio.ensure_future(receive())
                await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    coming.cancel()
                    await send({"type": "websocket.close", "code": _GOING_AWAY})
                    return
                message = coming.result()
                if message["type"] != "websocket.receive":
                    return
                await send({"type": "websocket.send", "bytes": message.get("bytes"), "text": message.get("text")})
        finally:
            ending.cancel()


async def _length(receive: Receive) -> int:
    length, more = 0, True
    while more and length <= LONGEST_BODY:
        message = await receive()
        length += len(message.get("body", b""))
        more = message["type"] == "http.request" and bool(message.get("more_body"))
    return length


async def _say(send: Send, status: int, said: Mapping[str, object]) -> None:
    body = json.dumps(said).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def certificate(directory: Path) -> tuple[Path, Path]:
    """Make a certificate that signs itself; returns its file and that of its key.

    Raises:
        OSError: There is no `openssl`.
        subprocess.CalledProcessError: It made none; what it says is in `stderr`.
    """
    made, key = directory / "certificate.pem", directory / "key.pem"
    subprocess.run(  # noqa: S603 - fixed arguments
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", "/CN=task.internal", "-days", _CERTIFICATE_DAYS, "-keyout", str(key), "-out", str(made)),
        ],
        check=True,
        capture_output=True,
    )
    return made, key


def configuration(environment: Mapping[str, str], directory: Path) -> Config:
    """Return where and how to listen.

    Raises:
        ValueError: The environment says what cannot be.
    """
    port = environment.get("PORT", "8080")
    if not port.isdigit() or not 0 < int(port) <= 65535:  # noqa: PLR2004 - ports of TCP
        raise ValueError(f"PORT: {port!r} is not a port")
    config = Config()
    config.bind = [f"{environment.get('HOST', '0.0.0.0')}:{port}"]  # noqa: S104 - a container's own network
    config.websocket_ping_interval = PING_S
    config.websocket_max_message_size = LONGEST_MESSAGE
    config.graceful_timeout = GRACE_S
    config.include_server_header = False
    config.errorlog = logging.getLogger("hypercorn.error")  # its own lines are no JSON
    files = environment.get("TLS_CERTIFICATE"), environment.get("TLS_KEY")
    if environment.get("TLS") == "self-signed":
        files = tuple(map(str, certificate(directory)))  # type: ignore[assignment] # two files
    elif environment.get("TLS") or (files[0] is None) != (files[1] is None):
        raise ValueError("TLS is `self-signed` or not set; TLS_CERTIFICATE and TLS_KEY go together")
    config.certfile, config.keyfile = files
    return config


async def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT."""
    backend = Backend()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, backend.ending.set)
    await serve(cast("ASGIFramework", backend), config, shutdown_trigger=backend.ending.wait)


def main() -> int:
    """Run the backend; returns its exit status."""
    log.configure(os.environ.get("LOG_LEVEL", "INFO"))
    with tempfile.TemporaryDirectory() as directory:
        try:
            config = configuration(os.environ, Path(directory))
            logger.info("ready", extra={"bind": config.bind, "tls": bool(config.certfile)})
            asyncio.run(run(config))
        except (ValueError, OSError, subprocess.CalledProcessError) as error:
            logger.critical("cannot listen", extra={"why": str(error)})
            return 2
    logger.info("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
