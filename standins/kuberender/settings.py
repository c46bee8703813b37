"""Configuration of the provider: what the official one takes, and what rendering uses of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from standins.kuberender import wire
from standins.kuberender.manifest import Failure
from standins.paths import RUN_VARIABLE, RunDirectory

if TYPE_CHECKING:
    from collections.abc import Mapping

DIRECTORY, NAMESPACE = "renderYamlToDirectory", "namespace"

WITHOUT_EFFECT = frozenset(
    {
        *("cluster", "clusterIdentifier", "context", "deleteUnreachable", "enablePatchForce"),
        *("enableServerSideApply", "helmReleaseSettings", "kubeClientSettings", "kubeconfig"),
        *("skipUpdateUnreachable", "suppressDeprecationWarnings", "suppressHelmHookWarnings", "upsertExistingObjects"),
    }
)
"""Settings about talking to a server; taken, so that a program need not know where it runs."""

MUTABLE = {
    "ConfigMap": ("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE"),
    "Secret": ("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE"),
}
"""Kind -> setting, and variable where the setting says nothing, by which its content is updated, not replaced."""

ENGINE = frozenset({"version", "pluginDownloadURL"})
"""Not settings: where the engine found the plugin."""


class Settings(NamedTuple):
    """What rendering needs to know."""

    directory: str | None = None
    """Directory rendered into, as configured; None for the run directory's own."""
    namespace: str | None = None
    """Namespace of objects that name none."""
    mutable: frozenset[str] = frozenset()
    """Kinds of `MUTABLE` whose content is updated in place."""


def known(values: Mapping[str, Any], key: str) -> str | None:
    """Return a setting, or None when it is absent, empty, or not known yet."""
    value = wire.reveal(values.get(key))
    return None if not value or wire.is_unknown(value) else str(value)


def of(values: Mapping[str, Any]) -> Settings:
    """Return the settings of a configured provider."""
    said = {
        kind: wire.reveal(values[key]) if key in values else os.environ.get(variable)
        for kind, (key, variable) in MUTABLE.items()
    }
    mutable = frozenset(kind for kind, answer in said.items() if answer in (True, "true"))
    return Settings(known(values, DIRECTORY), known(values, NAMESPACE), mutable)


def check(values: Mapping[str, Any]) -> list[Failure]:
    """Return what the configuration says that nobody here knows."""
    served = {DIRECTORY, NAMESPACE, *WITHOUT_EFFECT, *(key for key, _ in MUTABLE.values())}
    return [
        Failure(key, "is not served by the rendering provider; it takes " + ", ".join(sorted(served)))
        for key in sorted(values)
        if key not in served and key not in ENGINE and not key.startswith("__")
    ]


def directory(settings: Settings, stack: str) -> Path:
    """Return the directory the stack's objects are rendered into.

    Raises:
        ValueError: Neither the provider nor the environment says where.
    """
    if settings.directory:
        return Path(settings.directory).expanduser()
    run = os.environ.get(RUN_VARIABLE)
    if not run:
        raise ValueError(f"no directory to render into: set {DIRECTORY} of the provider, or {RUN_VARIABLE}")
    return RunDirectory(Path(run)).rendered / stack
