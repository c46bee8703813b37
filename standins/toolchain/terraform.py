"""Find a Terraform AWS provider where Terraform's users keep theirs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from standins.paths import PROVIDER_VARIABLE, machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PROVIDER = "terraform-provider-aws"

LAYOUT = "registry.terraform.io/hashicorp/aws"
"""Below a mirror: `<LAYOUT>/<version>/<os>_<arch>/terraform-provider-aws...`."""

SHARED = ("/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins")

USABLE = (5, 0, 0)
"""Oldest provider whose resource types pulumi-aws 7 describes."""

MIRROR_BLOCK = re.compile(r"filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*\"([^\"]+)\"", re.DOTALL)
CACHE_SETTING = re.compile(r"^\s*plugin_cache_dir\s*=\s*\"([^\"]+)\"", re.MULTILINE)


def find(env: Mapping[str, str] = os.environ, mirrors: Iterable[Path] | None = None) -> Path | None:
    """Return the newest provider's binary, or None.

    Args:
        env: The caller's environment.
        mirrors: Directories in Terraform's mirror layout; default is everywhere Terraform's users keep theirs.

    Raises:
        ValueError: `STANDINS_TF_PROVIDER` names something that is no executable file.
    """
    own = env.get(PROVIDER_VARIABLE)
    if own:
        path = Path(own).expanduser()
        if not (path.is_file() and os.access(path, os.X_OK)):
            raise ValueError(f"{PROVIDER_VARIABLE}: no executable file at {own}; unset it or name a {PROVIDER} binary")
        return path
    found = [entry for mirror in (places(env) if mirrors is None else mirrors) for entry in providers(mirror)]
    return max(found, key=lambda entry: entry[0])[1] if found else None


def places(env: Mapping[str, str]) -> Iterator[Path]:
    """Yield the directories Terraform itself would look into, and mirrors under /opt."""
    home = Path(env.get("HOME", "~")).expanduser()
    if env.get("TF_PLUGIN_CACHE_DIR"):
        yield Path(env["TF_PLUGIN_CACHE_DIR"]).expanduser()
    yield from configured(Path(env.get("TF_CLI_CONFIG_FILE") or home / ".terraformrc").expanduser())
    yield home / ".terraform.d" / "plugins"
    yield from map(Path, SHARED)
    yield from Path("/opt").glob("*/")


def configured(cli_config: Path) -> Iterator[Path]:
    """Yield the mirrors and the plugin cache of a Terraform CLI configuration file, if there is one."""
    try:
        text = cli_config.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for match in (*MIRROR_BLOCK.finditer(text), *CACHE_SETTING.finditer(text)):
        yield Path(match[1].replace("$HOME", str(Path.home()))).expanduser()


def providers(mirror: Path) -> Iterator[tuple[tuple[int, ...], Path]]:
    """Yield version and binary of every usable AWS provider for this machine in a mirror."""
    for folder in mirror.glob(f"{LAYOUT}/*/{machine()}"):
        version = tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())
        for binary in sorted(folder.glob(f"{PROVIDER}*")):
            if version >= USABLE and binary.is_file() and os.access(binary, os.X_OK):
                yield version, binary
