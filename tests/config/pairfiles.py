"""Pairs of stack files made from the real prod and dr, in text with lines, or as settings with a value exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config import ConfigError, load_file, stack_file
from config.base import Section
from config.examine import examine
from config.pairs.files import load_beside_primary
from tests.config.containersfile import GONE as NOT_THERE
from tests.config.containersfile import accepted, in_standby
from tests.config.containersfile import changed as values_changed
from tests.config.stackfile import PROD, changed
from tests.config.standbyfile import DR
from tests.config.standbyfile import SETTINGS as DR_SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from config import Problem, StackConfig

PRIMARY: StackConfig = load_file(stack_file("prod"))
STANDBY: StackConfig = load_file(stack_file("dr"))
assert STANDBY.recovery is not None
assert STANDBY.recovery.standby is not None
_DOOR: dict[str, object] = {"edge.routing": "latency", "edge.accelerator.host": "door.phoenix.example"}
WITH_CONTAINERS: tuple[StackConfig, StackConfig] = (
    examine(values_changed(_DOOR, in_standby(DR_SETTINGS)), None, "Pulumi.dr.yaml", stack="dr"),
    accepted({"data.tables.counters": NOT_THERE, **_DOOR}),
)
"""Standby and primary with services and queues, as no pair of stack files has them yet."""
FOLLOWS = STANDBY.recovery.standby
Swap = tuple[str, str]
GONE = object()
"""Value of an entry that `exchanged` takes out."""


def write(directory: Path, *, prod: tuple[Swap, ...] = (), dr: tuple[Swap, ...] = ()) -> tuple[str, str]:
    """Write both files with a few texts exchanged in each; returns their texts."""
    texts = changed(*prod, text=PROD), changed(*dr, text=DR)
    for name, text in zip(("prod", "dr"), texts, strict=True):
        (directory / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    return texts


def problems(directory: Path) -> tuple[Problem, ...]:
    """Return what is wrong with dr's file in a directory, by itself and beside prod's."""
    try:
        load_beside_primary(directory / "Pulumi.dr.yaml")
    except ConfigError as error:
        return error.problems
    return ()


def exchanged(settings: Any, path: tuple[str | int, ...], new: object) -> Any:  # noqa: ANN401 - any part of the settings
    """Return settings with another value at a path, unvalidated; `GONE` takes an entry out of its mapping."""
    if not path:
        return new
    step, rest = str(path[0]), path[1:]
    if isinstance(settings, Section):
        return settings.model_copy(update={step: exchanged(getattr(settings, step), rest, new)})
    inner = exchanged(settings.get(step), rest, new)
    return {key: value for key, value in {**settings, step: inner}.items() if value is not GONE}
