"""Prod with containers, as no stack file has them yet: its sections and those of `data/containers.yaml`."""

from __future__ import annotations

import copy
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from config import ConfigError
from config.document import Document
from config.examine import examine
from config.problems import dotted
from tests.config.stackfile import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config import Problem, StackConfig

STACK: Final = "shop"
GONE: Final = object()
"""In place of a value: it is left out."""
_FILE: Final = Path(__file__).parent / "data" / "containers.yaml"


def merged(under: Any, over: Any) -> Any:  # noqa: ANN401 - plain settings
    """Return settings with others laid over them, key by key."""
    if not (isinstance(under, dict) and isinstance(over, dict)):
        return copy.deepcopy(over)
    laid = {key: merged(under[key], value) if key in under else copy.deepcopy(value) for key, value in over.items()}
    return {**copy.deepcopy(under), **laid}


SECTIONS: Final[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
"""The sections."""
WHOLE: Final[dict[str, Any]] = merged(SETTINGS, {**SECTIONS, "recovery": {"availability_percent": 98.4}})
"""The settings of prod with them; each part in the way of a request costs availability."""


def in_standby(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of dr with the sections, in dr's region and blocks."""
    text = _FILE.read_text(encoding="utf-8").replace("us-east-1", "us-west-2").replace("10.0.1", "10.10.1")
    sections = yaml.safe_load(text)
    del sections["edge"]["cdn"]
    tables, alarms = sections["data"]["tables"], sections["observability"]["alarms"]
    del tables["counters"], tables["sessions"]["replica_regions"], alarms["late-copies"]  # the primary copies tables
    del sections["functions"]["tidy"]["stream"], alarms["late-changes"]
    del sections["experiments"]  # the standby promises nothing for a lost zone
    for tier in sections["network"]["tiers"].values():
        tier["cidrs"] = tier["cidrs"][: len(settings["network"]["zones"])]
    sections["streaming"]["brokers"]["per_zone"] = 2
    laid: dict[str, Any] = merged(settings, sections)
    del laid["recovery"]["tier"]  # nothing copies its topics
    del laid["recovery"]["objectives"]["system"]  # no point of it holds: messages are lost with their region
    laid["recovery"].pop("tier", None)  # topics are followed by nobody there
    return laid


def changed(changes: Mapping[str, object], settings: Mapping[str, Any] = WHOLE) -> dict[str, Any]:
    """Return settings with other values at dotted paths; `GONE` leaves one out."""
    values = copy.deepcopy(dict(settings))
    for path, value in changes.items():
        *parents, last = path.split(".")
        section = reduce(lambda section, key: section.setdefault(key, {}), parents, values)
        if value is GONE:
            del section[last]
        else:
            section[last] = copy.deepcopy(value)
    return values


def accepted(changes: Mapping[str, object] | None = None) -> StackConfig:
    """Return valid settings after a change; raises `ConfigError` with everything that is wrong with them."""
    return examine(changed(changes or {}), None, f"Pulumi.{STACK}.yaml", stack=STACK)


def refused(
    changes: Mapping[str, object], accept: Callable[[Mapping[str, object]], StackConfig] = accepted
) -> dict[str, Problem]:
    """Return the problems of changed settings by dotted path."""
    try:
        accept(changes)
    except ConfigError as error:
        return {dotted(problem.path): problem for problem in error.problems}
    return {}


def as_written(changes: Mapping[str, object]) -> tuple[str, tuple[Problem, ...]]:
    """Return changed settings as the text of a stack file, and what is wrong with it, with lines."""
    settings = {"config": {"platform:settings": changed(changes)}}
    text = yaml.dump(settings, Dumper=yaml.CSafeDumper, sort_keys=False)
    document = Document(text, f"Pulumi.{STACK}.yaml")
    read: Any = document.values
    try:
        examine(read["config"]["platform:settings"], document, document.file, stack=STACK)
    except ConfigError as error:
        return text, error.problems
    return text, ()
