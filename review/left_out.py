"""Which sections a stack file leaves out: what is not there, no rule of the pack can find wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from config.base import Section, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.stack import StackConfig


def left_out(settings: StackConfig) -> list[str]:
    """Return the dotted paths of the sections that may be left out and are; those inside of one are not named."""
    return list(_absent(settings, ""))


def as_text(settings: StackConfig) -> Iterator[Text]:
    """Yield one line that names them, or none where nothing is left out."""
    if names := left_out(settings):
        yield Text(f"left out of the stack file, and not judged: {', '.join(names)}")


def _absent(section: Section, path: str) -> Iterator[str]:
    for name, field in fields_of(type(section)).items():
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _absent(value, f"{path}{name}.")
        elif value is None and _is_section(field.annotation):
            yield f"{path}{name}"


def _is_section(annotation: object) -> bool:
    return any(isinstance(one, type) and issubclass(one, Section) for one in getattr(annotation, "__args__", ()))
