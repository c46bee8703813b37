"""Which inputs a provider replaces a resource for.

The table `forcing.json` is the provider's own word: `python -m tests.review.forcing` asks it about each input of each
type that the stack files make. A preview needs no table, since the engine has asked the provider about the change.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from review.difference.values import Path

FILE: Final = FilePath(__file__).with_name("forcing.json")
Fate = Literal["update", "replace", "unknown"]
_STEP: Final = re.compile(r'[^.\[\]"]+')
_KUBERNETES: Final = "kubernetes:"
_IDENTITY: Final = frozenset({"apiVersion", "kind", "metadata.name", "metadata.namespace"})
"""Fields of an object of Kubernetes that are what it is known by."""


def pattern(path: Path | str) -> str:
    """Return a path without its places in lists, in dots."""
    steps = path if isinstance(path, tuple) else tuple(_STEP.findall(path))
    return ".".join(str(step) for step in steps if not isinstance(step, int) and not str(step).isdigit())


def fate(type_: str, path: Path) -> Fate:
    """Return what the provider does about a change of one value.

    A path that nobody asked the provider about has the answer for what it stands in: an input is replaced as a whole,
    or nobody knows.
    """
    if type_.startswith(_KUBERNETES):
        return "replace" if pattern(path) in _IDENTITY else "update"
    known = _table().get(type_)
    if known is None:
        return "unknown"
    for asked in _upwards(path):
        if asked in known["replaced"]:
            return "replace"
        if asked in known["kept"]:
            return "update"
    return "unknown"


def _upwards(path: Path) -> Iterator[str]:
    """Yield the pattern of a path, then of what it stands in, to the input itself."""
    found = pattern(path)
    while found:
        yield found
        found = found.rpartition(".")[0]


@cache
def _table() -> Mapping[str, Mapping[str, frozenset[str]]]:
    document: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        type_: {fate: frozenset(paths) for fate, paths in answers.items()}
        for type_, answers in document["types"].items()
    }
