"""What changed between two versions of a value, path by path."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Change(Enum):
    """How a path changed."""

    ADD = "ADD"
    DELETE = "DELETE"
    UPDATE = "UPDATE"


def step(path: str, key: str) -> str:
    """Return the path one key deeper, quoted where the key would be mistaken for a path."""
    if "." in key or "[" in key or '"' in key:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def changes(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, Change]]:  # noqa: ANN401 any JSON values
    """Yield every path at which `new` differs from `old`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            deeper = step(path, key)
            if key not in new:
                yield deeper, Change.DELETE
            elif key not in old:
                yield deeper, Change.ADD
            else:
                yield from changes(old[key], new[key], deeper)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            deeper = f"{path}[{index}]"
            if index >= len(new):
                yield deeper, Change.DELETE
            elif index >= len(old):
                yield deeper, Change.ADD
            else:
                yield from changes(old[index], new[index], deeper)
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield path, Change.UPDATE
