"""Files of the project as text and values: where the project is, and what cannot be read at all."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from config.document import Document
from config.problems import NOTHING, ConfigError, Problem, refuse
from config.text import is_utf_16

ROOT: Final = Path(__file__).resolve().parent.parent
"""The project's directory, where `Pulumi.yaml` and the stack files are."""
_PROJECT_FILE: Final = "Pulumi.yaml"
_LARGEST_BYTES: Final = 1_000_000


def project_of(path: Path) -> Path:
    """Return the project that a file belongs to: the nearest directory above it with a `Pulumi.yaml`, else this one."""
    above = path.absolute().parents
    return next((folder for folder in above if (folder / _PROJECT_FILE).is_file()), ROOT)


def read_document(path: Path) -> Document:
    """Return a stack file or a base as text and values; not to be changed.

    Raises:
        ConfigError: The file is missing, in UTF-16, or larger than a megabyte.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_BYTES + 1)  # a device never ends
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise ConfigError([_unreadable(path, f"cannot be read: {reason}")]) from None
    if len(raw) > _LARGEST_BYTES:
        raise ConfigError([replace(_unreadable(path, f"larger than {_LARGEST_BYTES} bytes"), line=1)])
    if is_utf_16(raw):
        raise ConfigError([replace(_unreadable(path, "in UTF-16"), line=1)])
    return _parsed(raw, shown(path))


def shown(path: Path) -> str:
    """Return a path as short as it can be understood: relative to where the reader is."""
    absolute = path.absolute()
    return str(absolute.relative_to(Path.cwd())) if absolute.is_relative_to(Path.cwd()) else str(path)


_parsed = lru_cache(maxsize=16)(Document)
"""Stacks share bases, and a pair is judged from both sides: a text is parsed once."""


def _unreadable(path: Path, what: str) -> Problem:
    problem = refuse(
        (), what, got=NOTHING, allowed="a file in UTF-8", fix="name another file, or save this one as UTF-8"
    )
    return replace(problem, file=shown(path))
