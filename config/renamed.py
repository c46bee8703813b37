"""Keys of a stack file that had another name: a file with the old one is refused, outputs with the old one are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.problems import Path

RENAMED: Final = {
    "cost.budgets.*.alerts.*.on": "notification_type",
    "data.postgres.former": "previous_generations",
    "data.redis.followed": "in_global_datastore",
    "edge.cdn.assets": "buckets",
    "edge.front": "cdn",
    "management.peers.*.tables": "route_tables",
    "network.peers.*.tables": "route_tables",
}
"""Old path from `platform:settings`, `*` for any key or place in a list -> the key that stands in its place now."""


RESHAPED: Final[Mapping[str, Callable[[object], object]]] = {
    # one bucket was named inside of its section; origins are called as they were
    "edge.cdn.assets": lambda old: (
        {old["bucket"]: {"origin_id": "assets"} | {key: one for key, one in old.items() if key != "bucket"}}
        if isinstance(old, dict) and "bucket" in old
        else old
    ),
}
"""Old path -> what makes its value one of the new key, where it has another shape there."""


def new_name(path: Path) -> str | None:
    """Return the name that a key has now; None where it never had another."""
    return next((new for old, new in RENAMED.items() if _matches(old.split("."), path)), None)


def with_new_names(values: object, path: Path = ()) -> object:
    """Return settings in which every renamed key has its new name; where both stand, the new one counts."""
    if isinstance(values, list):
        return [with_new_names(value, (*path, at)) for at, value in enumerate(values)]
    if not isinstance(values, dict):
        return values
    found = {key: with_new_names(value, (*path, key)) for key, value in values.items()}
    moved = {new: _reshaped((*path, key), found.pop(key)) for key in values if (new := new_name((*path, key)))}
    return moved | found


def _reshaped(path: Path, old: object) -> object:
    return next((shape(old) for pattern, shape in RESHAPED.items() if _matches(pattern.split("."), path)), old)


def _matches(old: list[str], path: Path) -> bool:
    return len(old) == len(path) and all(part in ("*", step) for part, step in zip(old, path, strict=True))
