"""Find a Terraform AWS provider that the proxy's tables fit, where Terraform's users keep theirs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from standins.paths import PROVIDER_VARIABLE, machine
from standins.toolchain.versions import PROVIDER_MAJOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PROVIDER = "terraform-provider-aws"

LAYOUT = "registry.terraform.io/hashicorp/aws"
"""Below a mirror: `<LAYOUT>/<version>/<os>_<arch>/terraform-provider-aws...`."""

SHARED = ("/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins")

IN_NAME = re.compile(rf"^{PROVIDER}_v(\d+)\.(\d+)\.(\d+)")
"""How a provider's file says its version."""

MIRROR_BLOCK = re.compile(r"filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*\"([^\"]+)\"", re.DOTALL)
CACHE_SETTING = re.compile(r"^\s*plugin_cache_dir\s*=\s*\"([^\"]+)\"", re.MULTILINE)


def find(env: Mapping[str, str] = os.environ, mirrors: Iterable[Path] | None = None) -> Path | None:
    """Return the newest fitting provider's binary, or None.

    Args:
        env: The caller's environment.
        mirrors: Directories in Terraform's mirror layout; default is everywhere Terraform's users keep theirs.

    Raises:
        ValueError: `STANDINS_TF_PROVIDER` names something that is no executable file, or of another version.
    """
    own = env.get(PROVIDER_VARIABLE)
    if own:
        return named(Path(own).expanduser())
    found = [(version, binary) for version, binary in everywhere(env, mirrors) if fits(version)]
    return max(found, key=lambda entry: entry[0])[1] if found else None


def named(path: Path) -> Path:
    """Return the provider that the user names.

    Raises:
        ValueError: It is no executable file, or its version is not one that the tables fit.
    """
    if not (path.is_file() and os.access(path, os.X_OK)):
        raise ValueError(f"{PROVIDER_VARIABLE}: no executable file at {path}; unset it or name a {PROVIDER} binary")
    version = version_of(path)
    if version is None:
        why = f"neither the file nor a folder above says its version; call it {PROVIDER}_v{PROVIDER_MAJOR}.…"
        raise ValueError(f"{PROVIDER_VARIABLE}: {path}: {why}")
    if not fits(version):
        raise ValueError(
            f"{PROVIDER_VARIABLE}: {unfit(version, path)}; unset it or name one of version {PROVIDER_MAJOR}"
        )
    return path


def passed_over(env: Mapping[str, str] = os.environ, mirrors: Iterable[Path] | None = None) -> list[str]:
    """Return what is said of each provider that is there and does not fit."""
    return [unfit(version, binary) for version, binary in sorted(everywhere(env, mirrors)) if not fits(version)]


def unfit(version: tuple[int, ...], binary: Path) -> str:
    """Return why a provider is not used."""
    shown = ".".join(map(str, version))
    return f"{binary} is version {shown}, and the bridge's tables are for version {PROVIDER_MAJOR}"


def fits(version: tuple[int, ...]) -> bool:
    """Whether the proxy's tables fit a version."""
    return version[0] == PROVIDER_MAJOR


def version_of(path: Path) -> tuple[int, ...] | None:
    """Return the version that a provider's file says, or its folder in Terraform's layout."""
    in_name = IN_NAME.match(path.name)
    if in_name:
        return tuple(map(int, in_name.groups()))
    return numbers(path.parent.parent.name)


def numbers(text: str) -> tuple[int, ...] | None:
    """Return the three numbers of a version; None where a text is none."""
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", text)
    return tuple(map(int, match.groups())) if match else None


def everywhere(env: Mapping[str, str], mirrors: Iterable[Path] | None) -> Iterator[tuple[tuple[int, ...], Path]]:
    """Yield version and binary of every provider for this machine, whatever its version."""
    for mirror in places(env) if mirrors is None else mirrors:
        yield from providers(mirror)


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
    """Yield version and binary of every AWS provider for this machine in a mirror."""
    for folder in mirror.glob(f"{LAYOUT}/*/{machine()}"):
        version = numbers(folder.parent.name)
        for binary in sorted(folder.glob(f"{PROVIDER}*")):
            if version and binary.is_file() and os.access(binary, os.X_OK):
                yield version, binary
