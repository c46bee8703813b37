"""The typed stack file: pure pydantic, no Pulumi resource, no network, no clock."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from config.files import load_file, stack_file, stack_files
    from config.problems import ConfigError, Problem
    from config.stack import StackConfig

__all__ = ["ConfigError", "Problem", "StackConfig", "load_file", "stack_file", "stack_files"]

HOMES: Final = {
    "ConfigError": "config.problems",
    "Problem": "config.problems",
    "StackConfig": "config.stack",
    "load_file": "config.files",
    "stack_file": "config.files",
    "stack_files": "config.files",
}
"""Name -> its module, imported when it is asked for: the models take most of a second, the facts beside them none."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as its module has it
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
