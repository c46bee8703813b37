"""Resources and stacks as rules see them, whoever registered or recorded them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from policy.reading.documents import Document, documents
from policy.reading.pods import Pod, pods
from policy.reading.wearers import wearers
from policy.values import Block, Mark, opened, plain, secret_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Recorded(Protocol):
    """What the offline evaluator needs to know of a resource; `review.graph.Resource` has this shape."""

    @property
    def urn(self) -> str:
        """Unique name inside the stack."""

    @property
    def type(self) -> str:
        """Type token, such as `aws:s3/bucket:Bucket`."""

    @property
    def name(self) -> str:
        """Logical name."""

    @property
    def id(self) -> str:
        """Physical id; empty where there is none yet."""

    @property
    def provider(self) -> str:
        """URN of the explicit provider; empty for components and providers."""

    @property
    def inputs(self) -> Mapping[str, object]:
        """Inputs, in the provider's spelling."""

    @property
    def outputs(self) -> Mapping[str, object]:
        """Outputs; may be empty."""

    @property
    def property_dependencies(self) -> Mapping[str, Sequence[str]]:
        """URNs of the resources behind each input."""

    @property
    def protect(self) -> bool:
        """Whether the engine refuses to delete it."""

    @property
    def ignore_changes(self) -> Sequence[str]:
        """Inputs whose changes the engine does not act on."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a resource stands in its stack."""

    type: str
    urn: str
    name: str
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] | None = None
    """None where it is not known (the engine gives it to stack rules only)."""
    secrets: frozenset[str] = frozenset()
    """Texts among its inputs that are marked as secrets."""


class Resource(Block):
    """A resource's inputs, with the options that rules judge."""

    def __init__(
        self,
        origin: Origin,
        inputs: Mapping[str, object],
        *,
        provider: Block | None = None,
        outputs: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Record a resource.

        Args:
            origin: where it stands.
            inputs: what the program gives, secrets opened.
            provider: the inputs of its explicit provider.
            outputs: what the provider says of it, its id among that.
        """
        super().__init__(inputs)
        self.origin = origin
        self.provider = provider
        self._outputs = outputs

    @property
    def type(self) -> str:
        """Type token."""
        return self.origin.type

    @property
    def urn(self) -> str:
        """Unique name inside the stack."""
        return self.origin.urn

    @cached_property
    def documents(self) -> Sequence[Document]:
        """The policy documents among its inputs that are known, read once for all rules.

        Raises:
            ValueError: an input that is a document holds text that is no JSON.
        """
        return documents(self)

    @cached_property
    def pods(self) -> Sequence[Pod]:
        """The specifications of pods among its inputs, read once for all rules.

        Raises:
            UnknownValueError: it has one, which is not known.
        """
        return pods(self)

    @cached_property
    def identities(self) -> frozenset[str]:
        """Known values by which another resource may name this one: id, ARN, name."""
        named = (said.get(key) for said in (self.inputs, self._outputs) for key in ("id", "arn", "name", "bucket"))
        values = (plain(value) for value in named)
        return frozenset(value for value in values if isinstance(value, str) and value)

    @property
    def region(self) -> object:
        """Code of the region in which it stands: its own, else that of its provider; a mark where nothing says."""
        own = plain(self.inputs.get("region"))
        return plain(self.provider.inputs.get("region")) if isinstance(own, Mark) and self.provider else own

    def reported(self, key: str) -> object:
        """Return what only the provider knows of the resource, a mark where it has not said it.

        No recording has it, and no preview before the first update: a rule that asks for it finds more after that.
        """
        return plain(self._outputs.get(key))

    def refers_to(self, target: Resource, key: str) -> bool:
        """Tell whether input `key` names `target`: by dependency where known, else by value.

        One that depends on several resources of the target's type names one of them, and only the value tells which.
        """
        behind = (self.origin.property_dependencies or {}).get(key, ())
        if target.urn in behind and sum(_type_of(urn) == target.type for urn in behind) <= 1:
            return True
        value = plain(self.inputs.get(key))
        return value is not Mark.UNKNOWN and isinstance(value, str) and value in target.identities

    def given(self, key: str) -> Sequence[Block]:
        """Return the objects that the program gives in input `key`.

        What it does not give, the provider reads back. Before the first update that is unknown, and holds what
        resources of their own say.

        Raises:
            UnknownValueError: the program gives them, and they are not known.
        """
        links = self.origin.property_dependencies
        read_back = links is not None and key not in links
        return () if read_back and plain(self.inputs.get(key)) is Mark.UNKNOWN else self.blocks(key)

    def names(self, target: Resource, key: str) -> bool:
        """Tell whether the list in input `key` names `target`, by dependency or by value."""
        if target.urn in (self.origin.property_dependencies or {}).get(key, ()):
            return True
        listed = plain(self.inputs.get(key))
        return isinstance(listed, list | tuple) and any(plain(item) in target.identities for item in listed)


def _type_of(urn: str) -> str:
    """Return the type of a resource by its URN, which has those of its parents before it."""
    return urn.split("::")[2].rpartition("$")[2] if urn.count("::") > 1 else ""


class Stack:
    """All resources of a stack."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Args: the resources, in any order."""
        self.resources = tuple(resources)

    @cached_property
    def by_type(self) -> Mapping[str, Sequence[Resource]]:
        """The resources by their type token: there are a hundred types among a thousand resources."""
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return found

    @cached_property
    def wearers(self) -> Mapping[str, Sequence[Resource]]:
        """The resources that wear each security group, by the group's URN, read once for all rules."""
        return wearers(self)

    def of(self, types: Iterable[str]) -> list[Resource]:
        """Return the resources of the given type tokens."""
        return [resource for type_ in dict.fromkeys(types) for resource in self.by_type.get(type_, ())]


def adapt(recorded: Sequence[Recorded]) -> Stack:
    """Return recorded resources as a stack; providers are found by their URN."""
    by_urn = {each.urn: each for each in recorded}
    return Stack(_adapt_one(each, by_urn.get(each.provider)) for each in recorded)


def _adapt_one(recorded: Recorded, provider: Recorded | None) -> Resource:
    links = {key: tuple(urns) for key, urns in recorded.property_dependencies.items()}
    origin = Origin(
        type=recorded.type,
        urn=recorded.urn,
        name=recorded.name,
        protect=recorded.protect,
        ignore_changes=tuple(recorded.ignore_changes),
        property_dependencies=links,
        secrets=frozenset(secret_texts(recorded.inputs)),
    )
    return Resource(
        origin,
        _opened(recorded.inputs),
        provider=Block(_opened(provider.inputs), "provider") if provider else None,
        outputs={**recorded.outputs, "id": recorded.id},
    )


def _opened(inputs: Mapping[str, object]) -> Mapping[str, object]:
    return {key: opened(value) for key, value in inputs.items()}
