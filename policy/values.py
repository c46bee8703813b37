"""Values as rules see them: plain Python, with unknown and absent kept apart.

Inputs reach the pack in four dialects: the SDK's wire form, an offline recording, `pulumi preview --json` and a
state file. They differ in how an unknown and a secret are written; `plain` reads all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, TypeGuard

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 marker of a secret envelope, not a secret
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_STRING: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_MARKS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        UNKNOWN_STRING,
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
        "[secret]",  # how a preview prints a secret
        "[unknown]",
    }
)


class Mark(Enum):
    """What stands where no value does."""

    ABSENT = "not set"
    UNKNOWN = "not known before the update"


_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_AS_IT_IS: Final = (bool, int, float, list, tuple, Mark)


class UnknownValueError(Exception):
    """A rule read a value that is not known yet; `path` names it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def plain(value: object) -> object:
    """Return `value` with unknowns as `Mark.UNKNOWN`, nulls as `Mark.ABSENT` and secret envelopes opened.

    What no JSON document holds (a reader's own marker of a secret, an unresolved output) is unknown.
    """
    if isinstance(value, str):
        return Mark.UNKNOWN if value in UNKNOWN_MARKS else value
    if isinstance(value, _AS_IT_IS):
        return value
    if value is None:
        return Mark.ABSENT
    if isinstance(value, dict | Mapping):  # nearly all are dictionaries, and these are cheap to recognize
        return _open_envelope(value) if SIGNATURE in value else value
    return Mark.UNKNOWN


def _open_envelope(envelope: Mapping[str, object]) -> object:
    """Open a secret or output envelope; ciphertext stays unknown, an asset stays as it is."""
    if envelope[SIGNATURE] not in (SECRET, OUTPUT):
        return envelope
    if "value" in envelope:
        return plain(envelope["value"])
    text = envelope.get("plaintext")
    return plain(json.loads(text)) if isinstance(text, str) else Mark.UNKNOWN


def opened(value: object) -> object:
    """Return a value as the engine shows it to a pack, at every depth: secrets opened, marks where nothing is known.

    A rule that looks into an object by itself then finds there what it finds under the engine, whatever was read.
    """
    if isinstance(value, Mapping) and SIGNATURE in value:
        inside = plain(value)
        return value if inside is value else opened(inside)
    if isinstance(value, Mapping):
        return {key: opened(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [opened(below) for below in value]
    found = plain(value)
    return None if found is Mark.ABSENT else UNKNOWN_STRING if found is Mark.UNKNOWN else found


def secret_texts(value: object, *, inside: bool = False) -> Iterator[str]:
    """Yield the known texts at and below a value that are marked as secrets."""
    if isinstance(value, Mapping) and SIGNATURE in value:
        if value[SIGNATURE] == SECRET:
            yield from secret_texts(plain(value), inside=True)
    elif isinstance(value, Mapping | list | tuple):
        for below in value.values() if isinstance(value, Mapping) else value:
            yield from secret_texts(below, inside=inside)
    elif inside and isinstance(value, str):
        yield value


def same(found: object, wanted: object) -> bool:
    """Compare values; some inputs of the provider spell a boolean as text, and programs in any case."""
    if isinstance(wanted, bool) and isinstance(found, str):
        return found.lower() == str(wanted).lower()
    return found == wanted


def number(value: object) -> float | None:
    """Return a number, or the one that a text holds, as the provider reads `"30"`; None for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def is_list(value: object) -> TypeGuard[Sequence[object]]:
    """Tell a list from a string and from everything else."""
    return isinstance(value, list | tuple) or (isinstance(value, Sequence) and not isinstance(value, str | bytes))


def listed(value: object) -> Sequence[object]:
    """Return a list as it is, and a lone value as a list of one, as the provider reads it."""
    return value if is_list(value) else [value]


def show(value: object) -> str:
    """Print a value as a reviewer would write it: `true`, `7`, `a, b`, `not set`."""
    value = plain(value)
    if isinstance(value, Mark):
        return value.value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if is_list(value):
        return ", ".join(show(item) for item in value) or "empty"
    return json.dumps(value, sort_keys=True) if isinstance(value, Mapping) else str(value)


class Block:
    """A nested object of a resource's inputs, read by dotted paths.

    A list on the way is walked through element by element, so a list of at most one and the bare object that the SDK
    makes of it read alike.
    """

    def __init__(self, inputs: Mapping[str, object], path: str = "") -> None:
        self.inputs = inputs
        self.path = path

    def each(self, path: str) -> list[tuple[str, object]]:
        """Return every (full path, value) under `path`; values may be `Mark.ABSENT` or `Mark.UNKNOWN`."""
        return list(_walk(self.inputs, path.split("."), self.path))

    def get(self, path: str) -> object:
        """Return the value at `path`, None when it is not set.

        Raises:
            UnknownValueError: the value, or something on the way to it, is not known yet.
        """
        where, value = self.each(path)[0]
        if value is Mark.UNKNOWN:
            raise UnknownValueError(where)
        return None if value is Mark.ABSENT else value

    def has(self, path: str) -> bool:
        """Tell whether `path` is set; an unknown counts (it will be set), an empty string or list does not."""
        return any(value is Mark.UNKNOWN or value not in (Mark.ABSENT, "", [], ()) for _, value in self.each(path))

    def list(self, path: str) -> Sequence[object]:
        """Return the list at `path`, empty when not set, a lone value as a list of one; unknown elements raise."""
        value = self.get(path)
        found = value if is_list(value) else [] if value is None else [value]
        items = [plain(item) for item in found]
        if Mark.UNKNOWN in items:
            raise UnknownValueError(_join(self.path, path))
        return items

    def blocks(self, path: str) -> Sequence[Block]:
        """Return the objects in the list at `path` (or the lone object)."""
        items = self.list(path)
        where = _join(self.path, path)
        return [Block(item, f"{where}[{at}]") for at, item in enumerate(items) if isinstance(item, Mapping)]


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _walk(value: object, steps: Sequence[str], where: str) -> Iterator[tuple[str, object]]:
    value = plain(value)
    if steps and is_list(value):
        if not value:
            yield _join(where, ".".join(steps)), Mark.ABSENT
        for at, item in enumerate(value):
            yield from _walk(item, steps, f"{where}[{at}]")
    elif not steps:
        yield where, value
    elif isinstance(value, Mapping):
        yield from _walk(value.get(steps[0]), steps[1:], _join(where, steps[0]))
    else:
        yield _join(where, ".".join(steps)), Mark.UNKNOWN if value is Mark.UNKNOWN else Mark.ABSENT
