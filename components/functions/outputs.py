"""What later areas may know of the functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

ALIAS: Final = "live"
"""Alias by which every function is called."""


@dataclass(frozen=True, kw_only=True)
class FunctionOutputs:
    """A function as other areas see it."""

    name: pulumi.Output[str]
    """Its name, by which metrics are measured."""
    alias_arn: pulumi.Output[str]
    """ARN of its alias, which callers call."""
    invoke_arn: pulumi.Output[str]
    """ARN by which API Gateway calls the alias."""
    failures: pulumi.Output[str] | None
    """Name of its queue of failures; None = it has none."""


@dataclass(frozen=True, kw_only=True)
class FunctionsOutputs(Outputs):
    """The functions as other areas see them."""

    functions: Mapping[str, FunctionOutputs]
    """Function in the stack file -> function."""

    @property
    def names(self) -> dict[str, pulumi.Output[str]]:
        """Function -> its name."""
        return {name: one.name for name, one in self.functions.items()}

    @property
    def failures(self) -> dict[str, pulumi.Output[str]]:
        """Function -> name of its queue of failures; those that have one."""
        return {name: one.failures for name, one in self.functions.items() if one.failures is not None}

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return `functions`: name -> ARN of its alias."""
        return {"functions": gathered({name: one.alias_arn for name, one in self.functions.items()})}
