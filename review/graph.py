"""A stack's resources as one type, wherever they were read: an offline recording, a preview's JSON, or a state file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Source = Literal["recording", "preview", "state"]
ROOT_TYPE: Final = "pulumi:pulumi:Stack"


@dataclass(frozen=True, slots=True)
class Marker:
    """Stands for a value that a graph must not or cannot hold."""

    name: str

    def __repr__(self) -> str:
        return f"<{self.name}>"


UNKNOWN: Final = Marker("unknown")
"""Known only after an `up`."""
SECRET: Final = Marker("secret")
"""A secret; its plain text never enters a graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource as the engine was asked to register it."""

    urn: str
    """Unique name inside the stack."""
    type: str
    """Type token, such as `aws:ec2/vpc:Vpc`."""
    name: str
    """Logical name."""
    custom: bool
    """True for a provider's resource, false for a component."""
    remote: bool = False
    """True for a component whose children its plugin registers; a recording shows none of them."""
    id: str = ""
    """Physical id; empty where there is none yet."""
    parent: str = ""
    """URN of the parent; empty for the stack itself."""
    provider: str = ""
    """URN of the explicit provider; empty for components and providers."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Inputs, in the provider's spelling (camelCase)."""
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """Outputs; placeholders in a recording."""
    dependencies: tuple[str, ...] = ()
    """URNs that it waits for."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URNs behind each input."""
    protect: bool = False
    """True refuses deletion by the engine."""
    retain_on_delete: bool = False
    """True leaves the physical resource when the engine forgets it."""
    ignore_changes: tuple[str, ...] = ()
    """Inputs whose changes the engine does not act on."""
    aliases: tuple[str, ...] = ()
    """URNs that it had before, as its program says; those given by a part alone are not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a preview would do to one resource."""

    operation: str
    """`same`, `create`, `update`, `replace`, `delete`, `read`, ...: one word for all steps of it."""
    before: Resource
    """The resource as it stands; where it is yet to be made, as it is planned."""
    because: tuple[str, ...] = ()
    """Inputs that force a replacement, else those that differ."""


@dataclass(frozen=True)
class Graph:
    """All resources of one stack, in registration order."""

    stack: str
    """Stack name."""
    source: Source
    """Where the graph was read."""
    resources: tuple[Resource, ...]
    """Every resource, parents before children."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """What a preview would do, by URN; empty for other sources."""
    made: tuple[Resource, ...] = ()
    """What plugins make of its remote components, as far as a recording knows; other sources have it in `resources`."""
    primary: Graph | None = None
    """The stack that it follows, as far as that was recorded for it; None for one that follows none."""

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """Resources by URN."""
        return {resource.urn: resource for resource in self.resources}

    def any_of_type(self, *types: str) -> tuple[Resource, ...]:
        """Resources of the given type tokens; none where a stack has none."""
        return tuple(resource for resource in self.resources if resource.type in types)

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Resources of the given type tokens, of which there are some: a check of all of none would check nothing.

        Raises:
            LookupError: there is none.
        """
        if not (found := self.any_of_type(*types)):
            raise LookupError(f"{', '.join(types)}: no resource of the type in the {self.source} of {self.stack}")
        return found

    def named(self, name: str, type_: str | None = None) -> Resource:
        """Return the one resource of that logical name.

        Raises:
            LookupError: there is none, or more than one and `type_` does not decide.
        """
        found = [r for r in self.resources if r.name == name and type_ in (None, r.type)]
        if len(found) != 1:
            wanted = f"{name} ({type_})" if type_ else name
            raise LookupError(f"{wanted}: {len(found)} resources of that name, one expected")
        return found[0]

    def area(self, resource: Resource) -> str:
        """Name of the top component that a resource belongs to; `stack` where it has none."""
        area = resource
        while (parent := self.by_urn.get(area.parent)) is not None and parent.type != ROOT_TYPE:
            area = parent
        return area.name if not area.custom else "stack"

    def custom(self) -> tuple[Resource, ...]:
        """Resources that a provider or a remote component's plugin makes, without the providers themselves."""
        return tuple(r for r in self.resources if (r.custom or r.remote) and not r.type.startswith("pulumi:providers:"))

    def count_by_area(self) -> Mapping[str, Counter[str]]:
        """Number of resources per type, per area, in registration order of the areas."""
        counted: dict[str, Counter[str]] = {}
        for resource in self.custom():
            counted.setdefault(self.area(resource), Counter())[resource.type] += 1
        return counted
