"""Bring the engine, the bridge and a Terraform provider together, saying for each part what was chosen and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from standins.toolchain import gobuild, official, terraform
from standins.toolchain.errors import ToolchainError
from standins.toolchain.versions import BRIDGE, ENGINE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NO_PROVIDER = (
    "aws plugin: no Terraform AWS provider on this machine, and no official plugin ({outcome}). Name a provider in "
    "STANDINS_TF_PROVIDER, or put one where Terraform keeps its plugins "
    "(~/.terraform.d/plugins/registry.terraform.io/hashicorp/aws/<version>/<os>_<arch>/)"
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
        aws_plugin: The official AWS plugin; None where the bridge serves.
        bridge: The dynamic Terraform bridge; None where the official plugin serves.
        tf_provider: The Terraform AWS provider behind the bridge; None as the bridge.
        choices: What was chosen for each part, and why.
    """

    cli: Path
    language_host: Path | None = None
    aws_plugin: Path | None = None
    bridge: Path | None = None
    tf_provider: Path | None = None
    choices: tuple[Choice, ...] = ()


def provide(progress: Callable[[str], None]) -> Toolchain:
    """Find, download or build every part; `progress` gets a line at least twice a second while something is built.

    Raises:
        ToolchainError: A part cannot be had on this machine; nothing is faked for it.
    """
    try:
        provider = terraform.find()
    except ValueError as error:
        raise ToolchainError(str(error)) from None
    if provider is None and (reason := official.plugin_out_of_reach()):
        raise ToolchainError(NO_PROVIDER.format(outcome=reason))
    found, why = engine(progress)
    wanted = [*([] if found else [gobuild.CLI]), *([gobuild.BRIDGE_PROGRAM] if provider else [])]
    gobuild.build(wanted, progress)
    cli = found or gobuild.CLI.binary
    beside = cli.parent / "pulumi-language-python"
    host = beside if found and beside.exists() else None
    choices: tuple[Choice, ...] = (
        Choice("engine", "official" if found else f"pulumi v{ENGINE}, built from its Go module", why),
        Choice("python host", "official" if host else "standins.language", "beside the engine" if host else why),
    )
    if provider is None:
        plugin, outcome = official_plugin(cli, progress)
        choices += (Choice("aws plugin", "official", f"{outcome}; no Terraform AWS provider on this machine"),)
        return Toolchain(cli, host, aws_plugin=plugin, choices=choices)
    choices += (
        Choice("aws plugin", f"Terraform bridge v{BRIDGE}", "a Terraform AWS provider is on this machine"),
        Choice("aws provider", provider.name, str(provider.parent)),
    )
    return Toolchain(cli, host, bridge=gobuild.BRIDGE_PROGRAM.binary, tf_provider=provider, choices=choices)


def official_plugin(cli: Path, progress: Callable[[str], None]) -> tuple[Path, str]:
    """Return the official AWS plugin, and where it is from.

    Raises:
        ToolchainError: It cannot be had either.
    """
    plugin, outcome = official.aws_plugin(cli, progress)
    if plugin is None:
        raise ToolchainError(NO_PROVIDER.format(outcome=outcome))
    return plugin, outcome


def engine(progress: Callable[[str], None]) -> tuple[Path | None, str]:
    """Return the official engine, if it can be had, and the reason either way."""
    found, on_path = official.on_path()
    if found:
        return found, on_path
    if gobuild.CLI.binary.exists():
        return None, f"{on_path}; built before"
    downloaded, outcome = official.download(progress)
    return downloaded, outcome if downloaded else f"{on_path}; {outcome}"
