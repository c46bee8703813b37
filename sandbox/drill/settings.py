"""A stack file with other settings, as text: the drill changes copies and never the file somebody wrote."""

from __future__ import annotations

import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import yaml

from config.document import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS: Final = ("config", "platform:settings")
"""Where the settings stand in a stack file."""


def changed(text: str, changes: Mapping[str, object]) -> str:
    """Return a stack file with settings changed; comments are lost.

    Args:
        text: The stack file.
        changes: Dotted path below the settings -> its new value; None takes the setting out.

    Raises:
        KeyError: A path leads through a section that the file does not have.
    """
    document = copy.deepcopy(values(text))
    for path, value in changes.items():
        *sections, key = path.split(".")
        place = below(document, (*SETTINGS, *sections))
        if value is None:
            place.pop(key, None)
        else:
            place[key] = value
    said: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
    return said


def setting(text: str, path: str) -> Any:  # noqa: ANN401 a value of any setting
    """Return a setting of a stack file; None where it is not set."""
    *sections, key = path.split(".")
    try:
        return below(values(text), (*SETTINGS, *sections)).get(key)
    except KeyError:
        return None


@lru_cache(maxsize=8)
def values(text: str) -> Any:  # noqa: ANN401 a YAML document
    """Return a stack file's values as the engine reads them, to which `on` is a word; not to be changed."""
    return Document(text, "stack file").values


def below(document: Any, path: tuple[str, ...]) -> dict[str, Any]:  # noqa: ANN401 a YAML document
    """Return the section at a path."""
    place = document
    for number, name in enumerate(path):
        if not isinstance(place, dict) or not isinstance(place.get(name), dict):
            raise KeyError(f"{'.'.join(path[: number + 1])}: no such section in the stack file")
        place = place[name]
    section: dict[str, Any] = place
    return section
