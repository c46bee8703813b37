"""A stack's outputs in a file as soon as the program has registered them, for whoever cannot wait for the engine's end.

The engine takes them when they are known, and keeps them to itself until everything else is done: its event and its
state say them only then.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pulumi
from google.protobuf import json_format
from pulumi.runtime import settings

from standins.paths import OUTPUTS_VARIABLE

ROOT: Final = "::pulumi:pulumi:Stack::"
"""In the URN of the stack itself, and of nothing below it."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key that marks what is more than plain data on the wire: a secret, an asset, a reference to a resource."""


UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What stands on the wire for a value that is not known."""


def tell() -> None:
    """Have the outputs of this program written down, where a file is named and this is no preview.

    Call it before the program runs. Outputs of which one is more than plain data are not written, so no secret is.
    One method of the SDK's client of the engine is watched; where there is none of that name, nothing is written.
    """
    file, monitor = os.environ.get(OUTPUTS_VARIABLE), settings.get_monitor()
    register = getattr(monitor, "RegisterResourceOutputs", None)
    if not file or monitor is None or register is None or pulumi.runtime.is_dry_run():
        return

    def registered(request: Any, *rest: object, **more: object) -> object:  # noqa: ANN401 a message made at run time
        answer = register(request, *rest, **more)
        outputs = json_format.MessageToDict(request.outputs)
        if ROOT in request.urn and plain(outputs):
            write(Path(file), outputs)
        return answer

    monitor.RegisterResourceOutputs = registered


def plain(value: object) -> bool:
    """Whether a value is nothing but data that everyone may read."""
    if isinstance(value, dict):
        return SIGNATURE not in value and all(map(plain, value.values()))
    if isinstance(value, list):
        return all(map(plain, value))
    return value != UNKNOWN


def write(file: Path, outputs: dict[str, Any]) -> None:
    """Write a file by rename: whoever reads it finds all or nothing."""
    new = file.with_name(f".{file.name}.new")
    new.write_text(json.dumps(outputs), encoding="utf-8")
    new.replace(file)
