"""What areas know of each other: the base of every area's outputs, and how many outputs become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping

Name = TypeVar("Name", bound=str)
Value = TypeVar("Value")


class Outputs:
    """What an area built, as later areas may know it: a frozen dataclass in the area's `outputs.py`.

    An area is asked for by this type (`Platform.get`), so a type stands for one thing of a stack.
    """

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return its outputs of the stack, by name; renaming one breaks whoever reads it."""
        return {}


def gathered(values: Mapping[Name, pulumi.Output[Value]]) -> pulumi.Output[dict[str, Value]]:
    """Return one output of many, by name; of none an empty mapping, where `Output.all` has an empty list."""
    if not values:
        return pulumi.Output.from_input({})
    return pulumi.Output.all(**{str(name): value for name, value in values.items()})


def needed(part: Value | None, name: str) -> Value:
    """Return a part of a stack that the caller cannot do without.

    Raises:
        LookupError: It is not there. A fault of the program: `config.rules.needs` refuses a stack file that leaves out
            what another part of it needs, and `components.stack` builds an area after those that it needs.
    """
    if part is None:
        raise LookupError(
            f"{name}: needed and not there; config/rules/needs.py lets a stack file pass that lacks it, or "
            "components/stack.py builds it too late"
        )
    return part
