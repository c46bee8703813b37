"""The common base of every section of a stack file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict


class IncompleteError(Exception):
    """A rule asked for a value that the stack file lacks or that was refused; the rule has nothing more to judge."""


class Section(BaseModel):
    """A frozen section of the stack file: an unknown key is an error, attribute docstrings become the JSON schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, validate_default=True)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as pydantic's own; only reached for absent names
            """Raise `IncompleteError` for a field left out of a section built in part (see `config.partial`)."""
            if name in type(self).model_fields:
                raise IncompleteError(name)
            return super().__getattr__(name)
