"""The common base of every section of a stack file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from config.serving import Member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

T = TypeVar("T")

REPEATS: Final[dict[str, Any]] = {"uniqueItems": False}
"""`json_schema_extra` of a list whose entries mean something by their place, such as a command's arguments."""


class IncompleteError(Exception):
    """A rule asked for a value that the stack file lacks or that was refused; the rule has nothing more to judge."""


def present(part: T | None) -> T:
    """Return a part of a stack file that may be left out.

    Raises:
        IncompleteError: It is left out, so that a rule on it has nothing to judge.
    """
    if part is None:
        raise IncompleteError
    return part


def compared(entry: object) -> object:
    """Return what an entry of a list is compared by: text without regard to case, a section by `compared_by`."""
    if isinstance(entry, Section) and entry.compared_by:
        return tuple(compared(getattr(entry, field)) for field in entry.compared_by)
    return entry.casefold() if isinstance(entry, str) else entry


def _refuse_repeated(entries: tuple[object, ...], path: tuple[str, ...]) -> None:
    first: dict[object, int] = {}
    for at, entry in enumerate(entries):
        before = first.setdefault(compared(entry), at)
        if before != at:
            fields = entry.compared_by if isinstance(entry, Section) else ()
            allowed = f"each {' and '.join(fields)} once" if fields else "each entry once"
            where: dict[str, object] = {"at": (*path, at), "first": before, "allowed": allowed}
            raise PydanticCustomError("repeated", "stands in the list already", where)


class Section(BaseModel):
    """A frozen section of the stack file: an unknown key is an error, attribute docstrings become the JSON schema."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_default=True, allow_inf_nan=False
    )
    compared_by: ClassVar[tuple[str, ...]] = ()
    """Fields in which two entries of a list must differ, as what takes the list compares them; none = in any."""
    serves: ClassVar[Member | None] = None
    """What the section stands for inside the VPC; then it has a field `tier`. None = nothing, or `member` says it."""

    @field_validator("*")
    @classmethod
    def _each_once(cls, value: object, info: ValidationInfo) -> object:
        """Refuse a list that holds an entry twice, unless the list is a sequence (`REPEATS`)."""
        if not isinstance(value, tuple | dict) or fields_of(cls)[str(info.field_name)].json_schema_extra == REPEATS:
            return value
        if isinstance(value, tuple):
            _refuse_repeated(value, ())
        else:
            for key, one in value.items():
                _refuse_repeated(one if isinstance(one, tuple) else (), (key,))
        return value

    def member(self, name: str) -> Member | None:  # noqa: ARG002 - for sections that there are several of, by name
        """Return what the section stands for inside the VPC under its name; None = nothing is reached there."""
        return self.serves

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as pydantic's own; only reached for absent names
            """Raise `IncompleteError` for a field left out of a section built in part (see `config.partial`)."""
            if name in fields_of(type(self)):
                raise IncompleteError(name)
            return super().__getattr__(name)


@cache
def fields_of(section: type[Section]) -> Mapping[str, FieldInfo]:
    """Return the fields of a section by name; pydantic's own `model_fields` is slow where it is asked often."""
    return section.model_fields
