"""Specifications of pods, in whatever kind carries one: workloads, templates, lists, patches, custom resources.

What makes one is its form, an object with containers, so a kind that nobody has heard of is read like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.values import Block, Mark, UnknownValueError, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy.resources import Resource

_CONTAINERS: Final = ("containers", "initContainers", "ephemeralContainers")
_LONE: Final = "container"
"""The one container of a step of Argo Workflows, and of kinds like it."""
_HOLDING: Final = frozenset({*_CONTAINERS, _LONE})
_LEADING: Final = ("spec", "template", "jobTemplate")
_PATCH: Final = "Patch"
_SCHEMA: Final = ("properties", "openAPIV3Schema")


@dataclass(frozen=True)
class Pod:
    """One specification."""

    spec: Block
    is_patch: bool
    """Whether it only changes what stands: what it leaves out is as it was."""

    @property
    def containers(self) -> list[Block]:
        """The containers of every kind.

        Raises:
            UnknownValueError: they are not known.
        """
        lone = [] if plain(self.spec.inputs.get(_LONE)) is Mark.ABSENT else self.spec.blocks(_LONE)
        return [*(one for kind in _CONTAINERS for one in self.spec.blocks(kind)), *lone]

    def effective(self, container: Block, path: str) -> object:
        """Return a value of a container's security context, or the pod's where the container says nothing."""
        own = container.get(f"securityContext.{path}")
        return self.spec.get(f"securityContext.{path}") if own is None else own


def kind_of(resource: Resource) -> str:
    """Return the kind of a Kubernetes object; a patch's is that of what it changes."""
    return resource.type.rpartition(":")[2].removesuffix(_PATCH)


def pods(resource: Resource) -> list[Pod]:
    """Return the specifications of pods that a Kubernetes object carries.

    Raises:
        UnknownValueError: the object has a specification, and it is not known.
    """
    is_patch = resource.type.endswith(_PATCH)
    return [Pod(block, is_patch) for block in _within(resource.inputs, "", workload=kind_of(resource) in WORKLOADS)]


WORKLOADS: Final = frozenset(
    {"Pod", "PodTemplate", "ReplicationController", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job",
     "CronJob"}
)  # fmt: skip
"""Kinds that carry a pod for sure, so that one of which the specification is not known is not silent."""


def _within(value: object, where: str, *, workload: bool) -> Iterator[Block]:
    value = plain(value)
    if value is Mark.UNKNOWN and workload and where.rpartition(".")[2] in _LEADING:
        raise UnknownValueError(where)
    if isinstance(value, dict):
        if not _HOLDING.isdisjoint(value) and any(_is_container_list(value.get(key)) for key in _HOLDING):
            yield Block(value, where)
            return
        for key, below in value.items():
            if key not in _SCHEMA and (key in _LEADING or not isinstance(below, str | bool | int | float)):
                yield from _within(below, f"{where}.{key}" if where else str(key), workload=workload)
    elif isinstance(value, list | tuple):
        for at, below in enumerate(value):
            if isinstance(below, dict | list | tuple):
                yield from _within(below, f"{where}[{at}]", workload=workload)


def _is_container_list(value: object) -> bool:
    value = plain(value)
    items: Sequence[object] = value if isinstance(value, list | tuple) else [value]
    return value is Mark.UNKNOWN or any(_is_container(plain(item)) for item in items)


def _is_container(value: object) -> bool:
    if value is Mark.UNKNOWN:
        return True
    return isinstance(value, dict) and any(_said(value, key) for key in ("image", "name", "securityContext", "command"))


def _said(value: Mapping[str, object], key: str) -> bool:
    return plain(value.get(key)) is not Mark.ABSENT
