"""Bring the engine, the bridge and a Terraform provider together, saying for each part what was chosen and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.toolchain import gobuild, official, terraform
from sandbox.toolchain.errors import ToolchainError
from sandbox.toolchain.versions import BRIDGE, PULUMI

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NO_PROVIDER = (
    "terraform-provider-aws: none found on this machine. Name one in PLATFORM_TF_PROVIDER, or put one where "
    "Terraform keeps its plugins (~/.terraform.d/plugins/registry.terraform.io/hashicorp/aws/<version>/<os>_<arch>/). "
    "`make review` works without it"
)


@dataclass(frozen=True)
class Choice:
    """One line for the user: a part, what was chosen, and why."""

    part: str
    chosen: str
    why: str


@dataclass(frozen=True)
class Toolchain:
    """Everything an engine command needs.

    Attributes:
        cli: The engine.
        language_host: The official Python host beside the engine; None where ours has to serve.
        bridge: The dynamic Terraform bridge.
        tf_provider: The Terraform AWS provider behind it.
        choices: What was chosen for each part, and why.
    """

    cli: Path
    language_host: Path | None
    bridge: Path | None
    tf_provider: Path | None
    choices: tuple[Choice, ...]


def provide(progress: Callable[[str], None]) -> Toolchain:
    """Find, download or build every part; `progress` gets a line at least twice a second while something is built.

    Raises:
        ToolchainError: A part cannot be had on this machine; nothing is faked for it.
    """
    try:
        provider = terraform.find()
    except ValueError as error:
        raise ToolchainError(str(error)) from None
    if provider is None:
        raise ToolchainError(NO_PROVIDER)
    cli, why = engine(progress)
    gobuild.build([*([] if cli else [gobuild.CLI]), gobuild.BRIDGE_PROGRAM], progress)
    chosen = cli or gobuild.CLI.binary
    beside = chosen.parent / "pulumi-language-python"
    host = beside if cli and beside.exists() else None
    return Toolchain(
        cli=chosen,
        language_host=host,
        bridge=gobuild.BRIDGE_PROGRAM.binary,
        tf_provider=provider,
        choices=(
            Choice("engine", "official" if cli else f"pulumi v{PULUMI}, built from its Go module", why),
            Choice("python host", "official" if host else "sandbox.language", "beside the engine" if host else why),
            Choice("aws plugin", f"Terraform bridge v{BRIDGE}, built", "the held list stands in front of it"),
            Choice("aws provider", str(provider.name), str(provider.parent)),
        ),
    )


def engine(progress: Callable[[str], None]) -> tuple[Path | None, str]:
    """Return the official engine, if it can be had, and the reason either way."""
    found, on_path = official.on_path()
    if found:
        return found, on_path
    if gobuild.CLI.binary.exists():
        return None, f"{on_path}; built before"
    downloaded, outcome = official.download(progress)
    return downloaded, outcome if downloaded else f"{on_path}; {outcome}"
