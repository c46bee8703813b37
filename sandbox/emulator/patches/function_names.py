"""A function reaches the APIs, distributions and load balancers of the sandbox by their names.

ministack leaves names to the machine's DNS, which has never heard of them: what posts to the connections of a WebSocket
API by the API's own name fails. `sandbox.emulator.traffic.proxy` says how they are reached; tasks are given the same.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
(2026-11)
"""

from __future__ import annotations

from ministack.core import lambda_runtime

from sandbox.emulator.patches.base import Handler, Patch, wrap
from sandbox.emulator.traffic.running import TRAFFIC


def _started(original: Handler) -> Handler:
    """Set variables at the beginning of a function's process; those of the function itself come after them."""

    def detect(runtime: str) -> tuple[str, str]:
        binary, script = original(runtime)
        if runtime.startswith("python"):
            script = f"import os\nos.environ.update({TRAFFIC.environment()!r})\n{script}"
        return binary, script

    return detect


def _apply() -> None:
    wrap(lambda_runtime, "_detect_runtime_binary", _started)


PATCH = Patch(
    name="lambda-names",
    symptom="A function that posts to a socket by the API's name finds no such host.",
    apply=_apply,
)
