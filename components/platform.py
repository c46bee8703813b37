"""What stands of a stack so far, for the areas that come after: settings, providers, outputs of earlier areas.

An area's package has an entrance, `build` in its `area.py`: it takes the platform and returns its outputs, none where
the stack file leaves the area out. It asks for earlier areas by the type of their outputs: `get` where it does without
them, `needed` where it cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import pulumi

from components.outputs import Outputs, needed
from components.providers import stack_providers
from config.facts.regions import GLOBAL_REGION

if TYPE_CHECKING:
    from config.identity import Identity
    from config.stack import StackConfig

Some = TypeVar("Some", bound=Outputs)


@dataclass(frozen=True, kw_only=True)
class Platform:
    """What stands of a stack so far."""

    settings: StackConfig
    """The stack file."""
    options: pulumi.ResourceOptions
    """The stack's providers, for top components."""
    outputs: tuple[Outputs, ...] = ()
    """Outputs of the areas that stand, one of a type."""

    @classmethod
    def of(cls, settings: StackConfig) -> Platform:
        """Return a platform on which nothing stands yet; makes the stack's providers."""
        return cls(settings=settings, options=pulumi.ResourceOptions(providers=stack_providers(settings.identity)))

    def with_outputs(self, built: Iterable[Outputs]) -> Platform:
        """Return the platform with what one more area built.

        Raises:
            TypeError: There are outputs of the type already; who asks for them could not tell which are meant.
        """
        outputs = (*self.outputs, *built)
        types = [type(one).__name__ for one in outputs]
        if twice := sorted({name for name in types if types.count(name) > 1}):
            raise TypeError(f"two areas have outputs of one type: {', '.join(twice)}; give one of them its own type")
        return replace(self, outputs=outputs)

    def get(self, outputs: type[Some]) -> Some | None:
        """Return the outputs of a type; None where the stack leaves the area out, or builds it later."""
        return next((one for one in self.outputs if isinstance(one, outputs) and type(one) is outputs), None)

    def needed(self, outputs: type[Some]) -> Some:
        """Return the outputs of a type that the caller cannot do without.

        Raises:
            LookupError: The stack has none (`components.outputs.needed`).
        """
        return needed(self.get(outputs), outputs.__name__)

    @property
    def identity(self) -> Identity:
        """The stack file's `identity`."""
        return self.settings.identity

    @property
    def active(self) -> bool:
        """Whether this is a standby that serves in its primary's place."""
        standby = self.settings.recovery.standby if self.settings.recovery else None
        return bool(standby and standby.active)

    @property
    def waits(self) -> bool:
        """Whether this is a standby that does not serve, and so works on nothing that its primary works on."""
        return self.identity.role == "standby" and not self.active

    @property
    def in_global_region(self) -> bool:
        """Whether the stack stands in us-east-1, where CloudFront's parts must stand."""
        return self.identity.region == GLOBAL_REGION


Build = Callable[[Platform], Iterable[Outputs]]
"""An entrance of an area."""
