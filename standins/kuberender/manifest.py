"""Rules every object has to keep before it is rendered, and the name and namespace it gets."""

from __future__ import annotations

import copy
import hashlib
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from standins.kuberender import scopes, wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from standins.kuberender.urn import Subject

AUTONAMED = "pulumi.com/autonamed"
"""Annotation on objects whose name was made here: such a name may change, one from the program may not."""

SERVER_ONLY = {
    "kubernetes:helm.sh/v3:Release": "is installed by a running cluster; render its chart with helm.v4.Chart",
}
"""Types only a server can serve, with the way out."""


class Failure(NamedTuple):
    """One broken rule: the property at fault, and what to do."""

    path: str
    reason: str


class Naming(NamedTuple):
    """Where a name comes from when the program gives none."""

    proposed: str = ""
    """Name the engine asks for; empty when it leaves the choice to the provider."""
    allowed: bool = True
    """Whether names may be made at all."""
    seed: bytes = b""
    """Makes the random part repeatable, so that an update does what its plan said."""


def normalized(subject: Subject, news: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object with API version and kind, which its type implies, and metadata to write to."""
    manifest = copy.deepcopy(dict(news))
    manifest.setdefault("apiVersion", subject.api_version)
    manifest.setdefault("kind", subject.kind)
    manifest.setdefault("metadata", {})
    return manifest


def refused_type(subject: Subject, manifest: Mapping[str, Any]) -> Iterator[Failure]:
    """Yield why objects of this type cannot be rendered."""
    if subject.token in SERVER_ONLY:
        yield Failure("", f"{subject.token} {SERVER_ONLY[subject.token]}")
    elif subject.kind == f"{manifest['kind']}Patch":
        yield Failure("", f"{subject.token} changes an object on a server; there is none, declare the object")
    elif subject.kind.endswith("List") and scopes.is_namespaced(subject.api_version, subject.kind) is not None:
        yield Failure("", f"{subject.token} cannot be created: declare its items")


def plain_secrets(manifest: Mapping[str, Any]) -> Iterator[Failure]:
    """Yield what would put a secret into a plain file."""
    for path in wire.secrets_in(dict(manifest)):
        yield Failure(path, "is secret and would be written to a plain file: refer to it, do not carry it")
    if manifest["kind"] == "Secret" and scopes.group_of(manifest["apiVersion"]) == "":
        for key in ("data", "stringData"):
            if manifest.get(key):
                why = "a Secret's content would be written to a plain file: let the cluster fetch it, for example by"
                yield Failure(key, f"{why} the Secrets Store CSI driver or an ExternalSecret")


def namespaced(manifest: dict[str, Any], default: str | None) -> Iterator[Failure]:
    """Give the object its namespace; yields why it cannot have one."""
    metadata = manifest["metadata"]
    scope = scopes.is_namespaced(manifest["apiVersion"], manifest["kind"])
    if scope is False:
        metadata.pop("namespace", None)  # as the official provider does; the server would refuse it
    elif not metadata.get("namespace"):
        if default:
            metadata["namespace"] = default
        elif scope:
            why = "must be set: an object without it can lose its file when it is replaced"
            yield Failure("metadata.namespace", f"{why}; set it here or as `namespace` of the provider")


def named(manifest: dict[str, Any], subject: Subject, olds: Mapping[str, Any], naming: Naming) -> Iterator[Failure]:
    """Give the object its name; yields why it cannot have one."""
    metadata = manifest["metadata"]
    name = metadata.get("name")
    if name:
        if not wire.is_unknown(name) and (name in {".", ".."} or "/" in name or "%" in name):
            yield Failure("metadata.name", f"{name!r} is no name for an object: it may not contain / or %")
    elif metadata.get("generateName"):
        yield Failure("metadata.generateName", "is resolved by a server, and there is none: give a name or nothing")
    elif not naming.allowed:
        yield Failure("metadata.name", "must be set: automatic names are switched off")
    else:
        metadata["name"] = kept_name(olds) or naming.proposed or f"{subject.name}-{random_part(naming.seed)}"
        metadata["annotations"] = {**metadata.get("annotations", {}), AUTONAMED: "true"}


def kept_name(olds: Mapping[str, Any]) -> str | None:
    """Return the name made for an earlier version of the object."""
    metadata = olds.get("metadata") or {}
    return metadata.get("name") if is_autonamed(olds) else None


def is_autonamed(manifest: Mapping[str, Any]) -> bool:
    """Whether the object's name was made here."""
    annotations = (manifest.get("metadata") or {}).get("annotations") or {}
    return bool(annotations.get(AUTONAMED) == "true")


def random_part(seed: bytes) -> str:
    """Return eight hexadecimal digits, the same ones for the same seed."""
    return hashlib.sha256(seed).hexdigest()[:8] if seed else secrets.token_hex(4)


def check(
    subject: Subject, news: Mapping[str, Any], olds: Mapping[str, Any], default: str | None, naming: Naming
) -> tuple[dict[str, Any], list[Failure]]:
    """Return the object as it will be rendered, and every rule it breaks."""
    manifest = normalized(subject, news)
    found = [*refused_type(subject, manifest), *plain_secrets(manifest)]
    if not isinstance(manifest["metadata"], dict):
        if not wire.is_unknown(manifest["metadata"]):
            found.append(Failure("metadata", "must be a map"))
        return manifest, found
    found += namespaced(manifest, default)
    found += named(manifest, subject, olds, naming)
    return manifest, found


def identity(manifest: Mapping[str, Any]) -> str:
    """Return the object's id: `namespace/name`, or its name alone outside of namespaces."""
    metadata = manifest["metadata"]
    return f"{metadata['namespace']}/{metadata['name']}" if metadata.get("namespace") else str(metadata["name"])
