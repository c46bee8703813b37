"""Rendered manifests on disk: `0-crd` and `1-manifest`, one file per object."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFINITIONS, MANIFESTS = "0-crd", "1-manifest"
"""Applied in this order: definitions first."""


def path_of(manifest: Mapping[str, Any]) -> Path:
    """Return the file of an object, relative to the directory rendered into, as the official provider names it."""
    metadata, kind = manifest["metadata"], manifest["kind"]
    version = manifest["apiVersion"].replace("/", "_").replace(":", "_")
    name = f"{version}-{kind.lower()}-{metadata.get('namespace') or 'default'}-{metadata['name']}.yaml"
    return Path(DEFINITIONS if kind == "CustomResourceDefinition" else MANIFESTS) / name


def text_of(manifest: Mapping[str, Any]) -> str:
    """Return an object as YAML, keys in order, no line folded."""
    text: str = yaml.safe_dump(dict(manifest), default_flow_style=False, allow_unicode=True, width=2**16)
    return text


def save(directory: Path, manifest: Mapping[str, Any]) -> Path:
    """Write an object's file, whole or not at all, for its owner only; returns its path."""
    path = directory / path_of(manifest)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text_of(manifest))
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise
    return path


def load(directory: Path, manifest: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what an object's file says now, or None when it is gone.

    Raises:
        ValueError: The file is no YAML map any more.
    """
    path = directory / path_of(manifest)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"{path} is no YAML: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path} holds no manifest: expected a map")  # noqa: TRY004 the file's content is at fault
    return found


def remove(directory: Path, manifest: Mapping[str, Any]) -> None:
    """Remove an object's file; one that is gone already is as good."""
    (directory / path_of(manifest)).unlink(missing_ok=True)
