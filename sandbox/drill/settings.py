"""A stack file with other settings, as text: the drill changes copies and never the file somebody wrote.

The bases that a stack file extends are read, and never changed.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from config.bases import read_bases
from config.document import SETTINGS, Document, value_at
from config.layers import Layers
from sandbox.paths import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.problems import Path


def changed(text: str, changes: Mapping[str, object]) -> str:
    """Return a stack file with settings changed; comments are lost.

    Args:
        text: The stack file.
        changes: Dotted path below the settings -> its new value; None takes the setting out.

    Raises:
        KeyError: A path leads through a section that neither the file nor a base of it has.
    """
    document, known = copy.deepcopy(values(text)), _layers(text)
    for path, value in changes.items():
        *sections, key = path.split(".")
        below(known.settings, tuple(sections))
        place = below(document, SETTINGS)
        for name in sections:
            place = place.setdefault(name, {})
        if value is not None or any(base.has((*sections, key)) for base in known.bases):
            place[key] = value
        else:
            place.pop(key, None)
    said: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return said


def setting(text: str, path: str) -> Any:  # noqa: ANN401 a value of any setting
    """Return a setting of a stack file and its bases; None where it is not set."""
    return value_at(_layers(text).settings, tuple(path.split(".")))


@lru_cache(maxsize=8)
def _layers(text: str) -> Layers:
    """Return a stack file and its bases, which lie in the checkout."""
    settings = value_at(values(text), SETTINGS)
    return Layers(settings, None, "stack file", read_bases(settings, CHECKOUT))


@lru_cache(maxsize=8)
def values(text: str) -> Any:  # noqa: ANN401 a YAML document
    """Return a stack file's values as the engine reads them, to which `on` is a word; not to be changed."""
    return Document(text, "stack file").values


def below(document: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401 a YAML document
    """Return the section at a path."""
    place = document
    for number, name in enumerate(path):
        if not isinstance(place, dict) or not isinstance(place.get(name), dict):
            raise KeyError(f"{'.'.join(map(str, path[: number + 1]))}: no such section in the stack file")
        place = place[name]
    section: dict[str, Any] = place
    return section
