"""Definitions of kinds of one's own, and the few words that their schemas are written in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from components.kubernetes.manifest import Manifest, manifest, metadata

TEXT: Final[Manifest] = {"type": "string"}
WHOLE: Final[Manifest] = {"type": "integer"}
ANYTHING: Final[Manifest] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
"""An object whose fields are another's business."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind."""

    group: str
    """API group."""
    version: str
    """The one version that is served."""
    name: str
    """Kind, such as `NodePool`."""
    scope: Literal["Namespaced", "Cluster"]
    """Whether objects live in namespaces."""
    schema: Manifest
    """Schema of an object."""

    def definition(self) -> Manifest:
        """Return its definition."""
        singular = self.name.lower()
        plural = singular if singular.endswith("params") else f"{singular}{'es' if singular.endswith('s') else 's'}"
        version = {
            "name": self.version,
            "served": True,
            "storage": True,
            "schema": {"openAPIV3Schema": self.schema},
            "subresources": {"status": {}},
        }
        names = {"kind": self.name, "listKind": f"{self.name}List", "plural": plural, "singular": singular}
        return manifest(
            "apiextensions.k8s.io/v1",
            "CustomResourceDefinition",
            metadata(f"{plural}.{self.group}"),
            spec={"group": self.group, "names": names, "scope": self.scope, "versions": [version]},
        )


def record(*required: str, **properties: Any) -> Manifest:  # noqa: ANN401 any JSON schema
    """Return the schema of an object with some fields."""
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def several(items: Manifest) -> Manifest:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def mapping(values: Manifest) -> Manifest:
    """Return the schema of a mapping of names to values."""
    return {"type": "object", "additionalProperties": values}


def one_of(*values: str) -> Manifest:
    """Return the schema of one of some words."""
    return {"type": "string", "enum": list(values)}


def matching(pattern: str) -> Manifest:
    """Return the schema of a text of a pattern."""
    return {"type": "string", "pattern": pattern}


def top(spec: Manifest) -> Manifest:
    """Return the schema of an object with a spec, and a status that its controller writes."""
    return record("spec", apiVersion=TEXT, kind=TEXT, metadata={"type": "object"}, spec=spec, status=ANYTHING)
