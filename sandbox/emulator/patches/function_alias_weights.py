"""An alias with weights leads calls to two versions, by their shares.

ministack keeps the weights, and leads every call to the alias's first version.
https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import random
from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc

from sandbox.emulator.patches.base import Handler, Patch, wrap

_reading: ContextVar[bool] = ContextVar("reading", default=False)
"""Whether an alias is asked what it is, which is its first version, and not called."""


def _resolved(original: Handler) -> Handler:
    def resolve(function: dict[str, Any] | None, qualifier: str | None) -> Any:  # noqa: ANN401 - handed on
        return original(function, qualifier if _reading.get() else _drawn(function, qualifier))

    return resolve


def _invoked(original: Handler) -> Handler:
    async def invoke(name: str, event: Any, headers: Any, path: str | None = None, query: Any = None) -> Any:  # noqa: ANN401
        asked = (
            path or lambda_svc._qp_first(query or {}, "Qualifier") or lambda_svc._qp_first(headers, "x-amz-qualifier")
        )
        drawn = _drawn(lambda_svc._functions.get(name), asked)
        return await original(name, event, headers, drawn if drawn != asked else path, query)

    return invoke


def _drawn(function: dict[str, Any] | None, qualifier: str | None) -> str | None:
    """Return the version that a call of an alias with weights goes to; what is no such alias is what it is."""
    alias = ((function or {}).get("aliases") or {}).get(qualifier) or {}
    weights: dict[str, float] = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    left = random.random()  # noqa: S311 - no secret
    for version, weight in weights.items():
        if left < float(weight):
            return version
        left -= float(weight)
    return qualifier


def _read(original: Handler) -> Handler:
    def read(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - of any call
        token = _reading.set(True)
        try:
            return original(*given, **named)
        finally:
            _reading.reset(token)

    return read


def _apply() -> None:
    wrap(lambda_svc, "_effective_func_record_for_qualifier", _resolved)
    wrap(lambda_svc, "_invoke", _invoked)
    for name in ("_get_function", "_get_function_config"):
        wrap(lambda_svc, name, _read)


PATCH = Patch("lambda-alias-weights", "a release sends all calls to the version before until it is over", _apply)
