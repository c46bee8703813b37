"""An HTTP API asks an issuer of tokens for its keys wherever that is: at a name of the sandbox, too.

ministack leaves names to the machine's DNS, so that an issuer behind a distribution or an API of the sandbox is none.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html (2026-11)
"""

from __future__ import annotations

import ssl
from typing import Any
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

from ministack.services import apigateway

from sandbox.emulator.patches.base import Handler, Patch, wrap
from sandbox.emulator.traffic.running import TRAFFIC

_TLS = "https://"


def _reached(original: Handler) -> Handler:
    def read(asked: str | Request, timeout_seconds: float) -> tuple[int, dict[str, str], bytes]:
        reach = TRAFFIC.environment() if isinstance(asked, str) and asked.startswith(_TLS) else {}
        if not reach:
            answer: tuple[int, dict[str, str], bytes] = original(asked, timeout_seconds)
            return answer
        trusting = HTTPSHandler(context=ssl.create_default_context(cafile=reach["SSL_CERT_FILE"]))
        opener: Any = build_opener(ProxyHandler({"https": reach["HTTPS_PROXY"]}), trusting)
        with opener.open(asked, timeout=timeout_seconds) as said:
            return said.status, dict(said.headers.items()), said.read()

    return read


def _apply() -> None:
    wrap(apigateway, "_urlopen_sync", _reached)


PATCH = Patch(
    name="apigateway-issuers",
    symptom="An HTTP API refuses every token of an issuer whose keys stand at a name of the sandbox.",
    apply=_apply,
)
