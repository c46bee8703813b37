"""What a patch is, and the two ways to replace something in the emulator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from types import ModuleType

Params: TypeAlias = Mapping[str, Any]
"""Query parameters of a request as ministack holds them: lists of text by dotted name."""

Response: TypeAlias = tuple[int, dict[str, str], bytes]
"""Status, headers and body of an answer."""

Handler: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Patch:
    """One departure from AWS, and what ends it.

    Attributes:
        name: Service and subject, in kebab case.
        symptom: What goes wrong without it, as a user of the provider sees it.
        apply: Puts it right in this process.
    """

    name: str
    symptom: str
    apply: Callable[[], None]


def wrap(module: ModuleType, name: str, around: Callable[[Handler], Handler]) -> None:
    """Replace a module's function by one built around it.

    Raises:
        AttributeError: The module has no such function.
    """
    setattr(module, name, around(getattr(module, name)))


def wrap_action(actions: dict[str, Handler], name: str, around: Callable[[Handler], Handler]) -> None:
    """Replace an entry of a service's dispatch table by one built around it.

    Raises:
        KeyError: The table has no such action.
    """
    actions[name] = around(actions[name])


def add_action(actions: dict[str, Handler], name: str, handler: Handler) -> None:
    """Add an action a service lacks.

    Raises:
        KeyError: The service has it by now, so the patch is to be dropped.
    """
    if name in actions:
        raise KeyError(f"the emulator now has {name}: drop the patch")
    actions[name] = handler
