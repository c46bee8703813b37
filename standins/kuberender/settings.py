"""Configuration of the provider: what the official one takes, of which rendering uses two."""

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
        *("cluster", "clusterIdentifier", "context", "deleteUnreachable", "enableConfigMapMutable"),
        *("enablePatchForce", "enableSecretMutable", "enableServerSideApply", "helmReleaseSettings"),
        *("kubeClientSettings", "kubeconfig", "skipUpdateUnreachable", "suppressDeprecationWarnings"),
        *("suppressHelmHookWarnings", "upsertExistingObjects"),
    }
)
"""Settings about talking to a server; taken, so that a program need not know where it runs."""

ENGINE = frozenset({"version", "pluginDownloadURL"})
"""Not settings: where the engine found the plugin."""


class Settings(NamedTuple):
    """What rendering needs to know."""

    directory: str | None = None
    """Directory rendered into, as configured; None for the run directory's own."""
    namespace: str | None = None
    """Namespace of objects that name none."""


def known(values: Mapping[str, Any], key: str) -> str | None:
    """Return a setting, or None when it is absent, empty, or not known yet."""
    value = wire.reveal(values.get(key))
    return None if not value or wire.is_unknown(value) else str(value)


def of(values: Mapping[str, Any]) -> Settings:
    """Return the settings of a configured provider."""
    return Settings(known(values, DIRECTORY), known(values, NAMESPACE))


def check(values: Mapping[str, Any]) -> list[Failure]:
    """Return what the configuration says that nobody here knows."""
    served = {DIRECTORY, NAMESPACE, *WITHOUT_EFFECT}
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
