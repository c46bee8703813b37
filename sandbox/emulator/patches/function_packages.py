"""A function has the packages of its archive and of its runtime, whatever machine and Python they are compiled for.

ministack runs functions of every runtime in its own Python, beside all of its own packages: what an archive lacks is
there all the same, and what it has compiled for another machine cannot be loaded.
https://docs.aws.amazon.com/lambda/latest/dg/python-package.html (2026-11)
"""

from __future__ import annotations

from typing import Final

from ministack.core import lambda_runtime

from config.facts.functions import RUNTIME_DISTRIBUTIONS
from sandbox.emulator import function_process
from sandbox.emulator.patches.base import Handler, Patch, wrap

_PYTHON: Final = "python"


def _started(original: Handler) -> Handler:
    """Run what decides about packages before the rest of a function's process."""

    def detect(runtime: str) -> tuple[str, str]:
        binary, script = original(runtime)
        if not runtime.startswith(_PYTHON):
            return binary, script
        before = f"runpy.run_path({function_process.__file__!r})['prepare']({sorted(RUNTIME_DISTRIBUTIONS)!r})"
        return binary, f"import runpy\n{before}\ndel runpy\n{script}"

    return detect


def _apply() -> None:
    wrap(lambda_runtime, "_detect_runtime_binary", _started)


PATCH = Patch(
    name="lambda-packages",
    symptom="A function with packages for arm64 fails when it is called, and one that lacks a package does not.",
    apply=_apply,
)
