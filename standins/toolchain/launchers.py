"""The commands of a run directory and the environment every engine command runs in."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standins.paths import (
    BRIDGE_VARIABLE,
    CACHE_VARIABLE,
    PROVIDER_VARIABLE,
    RUN_VARIABLE,
    cache_directory,
    module_path,
)
from standins.toolchain import cli

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from standins.paths import RunDirectory
    from standins.toolchain.chain import Toolchain

PLUGINS = {
    "pulumi-language-python": "standins.language",
    "pulumi-resource-aws": "standins.awsproxy",
    "pulumi-resource-eks": "standins.ekscomponent",
    "pulumi-resource-kubernetes": "standins.kuberender",
}
"""Executable that the engine looks for on PATH -> module of ours that serves it."""

AWS_CLI = "awscli"
"""The package behind the launcher `aws`, which is written where it is installed."""

FOREIGN = ("AWS_", "PULUMI_", "TF_", "PYTHONPATH", "PYTHONHOME")
"""Prefixes of variables that must not reach an engine command: accounts, back ends and packages of elsewhere."""


@dataclass(frozen=True)
class World:
    """What an engine command has to know of the running emulator.

    Attributes:
        port: Port of the emulator on the loopback interface.
        account_id: Twelve digits; as access key it makes the emulator answer for this account.
    """

    port: int
    account_id: str


def write(run: RunDirectory, toolchain: Toolchain) -> None:
    """Write the launchers; each is replaced in one step, so that a running engine never sees half of one."""
    run.bin.mkdir(parents=True, exist_ok=True)
    for name, module in PLUGINS.items():
        target = run.bin / name
        if name == "pulumi-language-python" and toolchain.language_host is not None:
            target.unlink(missing_ok=True)
            continue
        official = {"pulumi-resource-aws": toolchain.aws_plugin, "pulumi-resource-eks": toolchain.eks_plugin}.get(name)
        replace(target, f'#!/bin/sh\nexec {shlex.quote(str(official))} "$@"\n' if official else launcher(module))
    replace(run.bin / "pulumi", engine_launcher(toolchain.cli))
    if importlib.util.find_spec(AWS_CLI):
        # said outright: it forgets AWS_ENDPOINT_URL for services that it gives old names, `rds` in us-east-1 among them
        replace(run.bin / "aws", launcher(AWS_CLI, '--endpoint-url "$AWS_ENDPOINT_URL"'))


def launcher(module: str, words: str = "") -> str:
    """Return the shell script that starts a module with the interpreter we run on; `words` come before the caller's."""
    path, python = shlex.quote(module_path()), shlex.quote(sys.executable)
    return f'#!/bin/sh\nPYTHONPATH={path} exec {python} -P -m {module} {words} "$@"\n'


def engine_launcher(engine: Path) -> str:
    """Return the shell script that starts the engine through `standins.toolchain.cli`."""
    words = shlex.join([sys.executable, "-I", "-S", cli.__file__, str(engine)])
    return f'{cli.HEAD}exec {words} "$@"\n'


def replace(target: Path, text: str) -> None:
    """Write an executable file by rename."""
    new = target.with_name(f".{target.name}.new")
    new.write_text(text, encoding="utf-8")
    new.chmod(0o755)
    new.replace(target)


def passphrase(run: RunDirectory) -> Path:
    """Return the file with the passphrase of the engine's secrets provider; made once, at random, mode 0600."""
    if not run.passphrase.exists():
        run.root.mkdir(parents=True, exist_ok=True)
        new = run.passphrase.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        new.replace(run.passphrase)
    return run.passphrase


def environment(
    run: RunDirectory, toolchain: Toolchain, world: World | None, caller: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return the whole environment of an engine command.

    Args:
        run: The run directory; its launchers must have been written.
        toolchain: Engine, bridge and provider.
        world: The running emulator; None for commands that need no provider (`stack init`, `stack export`).
        caller: The environment to start from; what belongs to other accounts or back ends is left out.
    """
    env = {name: value for name, value in caller.items() if not name.startswith(FOREIGN)}
    path = [str(run.bin), *([str(toolchain.language_host.parent)] if toolchain.language_host else []), caller["PATH"]]
    env |= {
        "PATH": os.pathsep.join(path),
        "PULUMI_HOME": str(run.home),
        "PULUMI_BACKEND_URL": run.state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(passphrase(run)),
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "NO_PROXY": ",".join(filter(None, [caller.get("NO_PROXY"), "127.0.0.1", "localhost"])),
        RUN_VARIABLE: str(run.root),
        CACHE_VARIABLE: str(cache_directory()),
    }
    for name, tool in ((BRIDGE_VARIABLE, toolchain.bridge), (PROVIDER_VARIABLE, toolchain.tf_provider)):
        if tool is not None:
            env[name] = str(tool)
    if world is not None:
        env |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{world.port}",
            "AWS_ACCESS_KEY_ID": world.account_id,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
    return env
