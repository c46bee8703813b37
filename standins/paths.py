"""Where the stand-ins keep things: a run directory for one world, a cache for every world.

The run directory holds what belongs to one world (launchers, engine state, rendered manifests, records) and may be
deleted at any time. The cache holds what is expensive and the same everywhere (engine, bridge, shape tables), keyed by
version. Plugins are processes that the engine starts; they learn of both by the environment.
"""

from __future__ import annotations

import os
import platform
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CACHE_VARIABLE = "STANDINS_CACHE_DIR"
"""Names the cache directory; wins over the default."""

RUN_VARIABLE = "STANDINS_RUN_DIR"
"""Names the run directory to the plugins."""

BRIDGE_VARIABLE = "STANDINS_BRIDGE"
"""Names the Terraform bridge to the AWS plugin."""

PROVIDER_VARIABLE = "STANDINS_TF_PROVIDER"
"""Names a Terraform AWS provider outright, to whoever looks for one and to the AWS plugin."""

OUTPUTS_VARIABLE = "STANDINS_OUTPUTS_FILE"
"""Names to the language host the file for a stack's outputs."""

CACHE_NAME = "standins-for-pulumi"

IMPORT_ROOT = Path(__file__).resolve().parent.parent
"""The directory from which `standins` is imported: a checkout, or site-packages."""


@dataclass(frozen=True)
class RunDirectory:
    """The files of one world; nothing outside of `root` belongs to it."""

    root: Path

    @property
    def bin(self) -> Path:
        """Launchers, first on PATH of every engine command."""
        return self.root / "bin"

    @property
    def home(self) -> Path:
        """PULUMI_HOME: never the user's own, which may hold credentials."""
        return self.root / "home"

    @property
    def state(self) -> Path:
        """The engine's file backend."""
        return self.root / "state"

    @property
    def rendered(self) -> Path:
        """Kubernetes manifests, one folder per stack."""
        return self.root / "rendered"

    @property
    def held(self) -> Path:
        """Resources that the AWS proxy held back, one JSON-lines file per stack."""
        return self.root / "held"

    @property
    def dropped(self) -> Path:
        """Properties that the AWS proxy left out of its calls, as JSON lines."""
        return self.root / "dropped.jsonl"

    @property
    def logs(self) -> Path:
        """Output of the plugins."""
        return self.root / "logs"

    @property
    def passphrase(self) -> Path:
        """Random passphrase of the engine's secrets provider; mode 0600."""
        return self.root / "passphrase"


def cache_directory(env: Mapping[str, str] = os.environ) -> Path:
    """Return the cache; nothing is created.

    `STANDINS_CACHE_DIR` wins and is taken as it is; else `standins-for-pulumi` under `XDG_CACHE_HOME` or `~/.cache`.
    """
    own = env.get(CACHE_VARIABLE)
    if own:
        return Path(own).expanduser().resolve()
    base = env.get("XDG_CACHE_HOME") or "~/.cache"
    return (Path(base).expanduser() / CACHE_NAME).resolve()


def module_path() -> str:
    """Return the PYTHONPATH with which this interpreter finds `standins`: empty where it is installed."""
    installed = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    return "" if IMPORT_ROOT in installed else str(IMPORT_ROOT)


def machine() -> str:
    """Return operating system and architecture as Go and Terraform name them, such as `linux_amd64`."""
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{platform.system().lower()}_{arch}"
