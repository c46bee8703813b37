"""Clusters of MSK as the patches of the service keep them, and what they refuse by the service's model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import unquote

from sandbox.emulator.patches import modelled, stores
from sandbox.emulator.patches.service import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import ListShape, Shape, StructureShape

    from sandbox.emulator.patches.service import Document

SERVICE: Final = "kafka"
CLUSTERS: Final = stores.regional("kafka-clusters")
"""ARN -> as version 1 of the API describes it."""
CONFIGURATIONS: Final = stores.regional("kafka-configurations")
"""ARN -> as it is described, with `_revisions`."""
POLICIES: Final = stores.regional("kafka-policies")
"""ARN of a cluster -> `policy` and `currentVersion`."""
TAGS: Final = stores.regional("kafka-tags")
"""ARN -> tags by key."""

_PARTS: Final = 5
"""Parts of an ARN before its resource."""


def invalid(message: str, code: str = "BadRequestException", status: int = 400) -> RefusedError:
    """Return the refusal of a request that says something that cannot be."""
    return RefusedError(code, message, status)


def missing(what: str) -> RefusedError:
    """Return the refusal of a request on what is not there."""
    return invalid(f"{what} does not exist.", "NotFoundException", 404)


def conflict(message: str) -> RefusedError:
    """Return the refusal of a name that is taken."""
    return invalid(message, "ConflictException", 409)


def now() -> str:
    """Return the time as MSK writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def anywhere(arn: str) -> Document | None:
    """Return a cluster of any region of its account; None = there is none."""
    parts = arn.split(":")
    found: Document | None = CLUSTERS.get_scoped(parts[4], parts[3], arn) if len(parts) > _PARTS else None
    return found


def cluster_of(arn: str) -> Document:
    """Return the cluster that a path names.

    Raises:
        RefusedError: There is none in this region.
    """
    found: Document | None = CLUSTERS.get(unquote(arn))
    if found is None:
        raise missing(f"The cluster {unquote(arn)}")
    return found


def properties_of(text: str) -> dict[str, str]:
    """Return the properties of a configuration."""
    pairs = (line.partition("=") for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def check(action: str, body: Document) -> None:
    """Refuse what the service's model refuses.

    Raises:
        RefusedError: With all that is wrong.
    """
    shape = modelled.model(SERVICE).operation_model(action).input_shape
    found = modelled.faults(SERVICE, action, _named(shape, body))
    if found:
        raise invalid("; ".join(found))


def _named(shape: Shape, value: Any) -> Any:  # noqa: ANN401 - as the shape says
    """Return a document of the wire with the names that the model has for its members."""
    if shape.type_name == "structure" and isinstance(value, dict):
        members: Mapping[str, Shape] = cast("StructureShape", shape).members
        wire = {name: member.serialization.get("name", name) for name, member in members.items()}
        return {name: _named(members[name], value[key]) for name, key in wire.items() if key in value}
    if shape.type_name == "list" and isinstance(value, list):
        return [_named(cast("ListShape", shape).member, one) for one in value]
    return value
