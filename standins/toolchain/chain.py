"""Bring the engine, the bridge and a Terraform provider together, saying for each part what was chosen and why."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standins.paths import PROVIDER_VARIABLE
from standins.toolchain import gobuild, official, terraform
from standins.toolchain.errors import ToolchainError
from standins.toolchain.versions import BRIDGE, ENGINE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NO_PROVIDER = (
    "aws plugin: no Terraform AWS provider that fits on this machine{others}, and no official plugin ({outcome}). Name "
    "a provider in STANDINS_TF_PROVIDER, or put one of version 5 where Terraform keeps its plugins "
    "(~/.terraform.d/plugins/registry.terraform.io/hashicorp/aws/<version>/<os>_<arch>/)"
)

RENDERED = "always: the official plugin asks an API server, and none stands behind the embedded AWS"


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
        eks_plugin: The official EKS plugin; None where ours serves.
        bridge: The dynamic Terraform bridge; None where the official plugin serves.
        tf_provider: The Terraform AWS provider behind the bridge; None as the bridge.
        choices: What was chosen for each part, and why.
    """

    cli: Path
    language_host: Path | None = None
    aws_plugin: Path | None = None
    eks_plugin: Path | None = None
    bridge: Path | None = None
    tf_provider: Path | None = None
    choices: tuple[Choice, ...] = ()


def provide(progress: Callable[[str], None]) -> Toolchain:
    """Find, download or build every part; `progress` gets a line at least twice a second while something is built.

    Official parts come first: what is installed, else a download where the site answers; what was built here before is
    used without asking. A provider named in `STANDINS_TF_PROVIDER` is a choice already.

    Raises:
        ToolchainError: A part cannot be had on this machine; nothing is faked for it.
    """
    if sys.platform != "linux":
        raise ToolchainError(f"toolchain: needs Linux (/proc and prctl hold its processes); this is {sys.platform}")
    provider = bridged()
    found, why = engine(progress)
    wanted = [*([] if found else [gobuild.CLI]), *([gobuild.BRIDGE_PROGRAM] if provider else [])]
    gobuild.build(wanted, progress)
    cli = found or gobuild.CLI.binary
    beside = cli.parent / "pulumi-language-python"
    host = beside if found and beside.exists() else None
    aws, outcome = (None, "") if provider else official.plugin("aws", cli, progress)
    if aws is None and provider is None:
        provider = terraform.find()
        if provider is None:
            raise ToolchainError(no_provider(outcome))
        gobuild.build([gobuild.BRIDGE_PROGRAM], progress)
    eks, eks_outcome = official.plugin("eks", cli, progress) if aws else official.installed_plugin("eks")
    choices = (
        Choice("engine", "official" if found else f"pulumi v{ENGINE}, built from its Go module", why),
        Choice("python host", "official" if host else "standins.language", "beside the engine" if host else why),
        *(behind_the_bridge(provider, outcome) if provider else [Choice("aws plugin", "official", outcome)]),
        Choice("eks plugin", "official" if eks else "standins.ekscomponent", eks_outcome),
        Choice("kubernetes plugin", "standins.kuberender", RENDERED),
    )
    return Toolchain(
        cli,
        host,
        aws_plugin=aws,
        eks_plugin=eks,
        bridge=gobuild.BRIDGE_PROGRAM.binary if provider else None,
        tf_provider=provider,
        choices=choices,
    )


def bridged() -> Path | None:
    """Return the Terraform provider, where no official AWS plugin is worth a try.

    Raises:
        ToolchainError: The provider that the user names cannot be used, or neither can be had; said before anything
            is built.
    """
    try:
        provider = terraform.find()
    except ValueError as error:
        raise ToolchainError(str(error)) from None
    if provider and os.environ.get(PROVIDER_VARIABLE):
        return provider
    if official.installed_plugin("aws")[0]:
        return None
    if provider and gobuild.BRIDGE_PROGRAM.binary.exists():
        return provider
    reason = official.out_of_reach()
    if reason and provider is None:
        raise ToolchainError(no_provider(reason))
    return provider if reason else None


def no_provider(outcome: str) -> str:
    """Return what is missing, with each provider that is there and does not fit."""
    others = "".join(f"; {each}" for each in terraform.passed_over())
    return NO_PROVIDER.format(others=others, outcome=outcome)


def behind_the_bridge(provider: Path, outcome: str) -> list[Choice]:
    """Return what stands in for the official AWS plugin, and why; `outcome` of a download that failed, if any."""
    why = outcome or (
        f"named in {PROVIDER_VARIABLE}" if os.environ.get(PROVIDER_VARIABLE) else official.installed_plugin("aws")[1]
    )
    chosen = f"standins.awsproxy on Terraform bridge v{BRIDGE}"
    where = "; passed over: ".join([str(provider.parent), *terraform.passed_over()])
    return [Choice("aws plugin", chosen, why), Choice("aws provider", provider.name, where)]


def engine(progress: Callable[[str], None]) -> tuple[Path | None, str]:
    """Return the official engine, if it can be had, and the reason either way."""
    found, on_path = official.on_path()
    if found:
        return found, on_path
    if gobuild.CLI.binary.exists():
        return None, f"{on_path}; built before"
    downloaded, outcome = official.download(progress)
    return downloaded, outcome if downloaded else f"{on_path}; {outcome}"
