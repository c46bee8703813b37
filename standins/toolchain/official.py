"""The official parts: an engine that is installed, or one from the download site, tried once and briefly."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from standins.paths import cache_directory, machine
from standins.toolchain import cache, cli, process
from standins.toolchain.versions import ENGINE, PLUGINS, SDK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SITE = "get.pulumi.com"

CONNECT_SECONDS = 2.0
"""Patience with a download site: a network that drops packets must not cost more."""

INSTALL_SECONDS = 180.0

INSTALL = (
    "import semver, sys; from pulumi.automation import PulumiCommand; "
    "PulumiCommand.install(root=sys.argv[1], version=semver.VersionInfo.parse(sys.argv[2]))"
)
"""The Automation API's own installer, in a process that can be ended."""


def on_path() -> tuple[Path | None, str]:
    """Return the installed engine that fits the pinned SDK, if there is one, and what was found in one phrase."""
    candidates = (shutil.which("pulumi", path=directory) for directory in os.get_exec_path())
    found = next((each for each in candidates if each and not cli.is_launcher(Path(each))), None)
    if found is None:
        return None, "not on PATH"
    version = version_of(Path(found))
    if version is not None and fits(version):
        return Path(found).resolve(), f"v{'.'.join(map(str, version))} on PATH"
    shown = "of unknown version" if version is None else f"v{'.'.join(map(str, version))}"
    return None, f"the one on PATH is {shown}, wanted is v{SDK} or newer"


def version_of(command: Path) -> tuple[int, ...] | None:
    """Return what `pulumi version` says; None when it does not answer."""
    env = dict(os.environ) | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        shown = subprocess.run(  # noqa: S603 the engine itself
            [command, "version"], capture_output=True, text=True, env=env, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", shown.stdout.strip())
    return tuple(map(int, match.groups())) if match else None


def fits(version: tuple[int, ...]) -> bool:
    """Whether an engine serves the pinned SDK: same major line, not older."""
    pinned = tuple(map(int, SDK.split(".")))
    return version[0] == pinned[0] and version >= pinned


def installed() -> Path:
    """Return where a downloaded engine is kept."""
    return cache_directory() / f"official-{ENGINE}-{machine()}" / "bin" / "pulumi"


def download(progress: Callable[[str], None]) -> tuple[Path | None, str]:
    """Download the engine, unless that was found impossible lately; returns it, and the outcome in one phrase."""
    target = installed()
    if target.exists():
        return target, f"v{ENGINE} from {SITE}, cached"
    reason = cache.remembered(SITE) or unreachable(SITE)
    if reason is None:
        progress(f"downloading from {SITE}")
        reason = install(target, progress)
    if reason is None:
        return target, f"v{ENGINE} from {SITE}"
    cache.remember(SITE, reason)
    return None, f"{SITE}: {reason}"


def install(target: Path, progress: Callable[[str], None]) -> str | None:
    """Run the installer into the cache; returns None, or why it failed."""
    new = target.parent.parent.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    command = [sys.executable, "-c", INSTALL, str(new), ENGINE]
    with process.start(command, output=subprocess.DEVNULL) as running:
        try:
            status = running.wait(lambda: progress(f"downloading from {SITE}"), INSTALL_SECONDS)
        except TimeoutError as error:
            return f"the download was {error}"
    if status or version_of(new / "bin" / "pulumi") is None:
        shutil.rmtree(new, ignore_errors=True)
        return f"the installer ended with status {status}"
    new.replace(target.parent.parent)
    return None


def own_home() -> Path:
    """Return the PULUMI_HOME that we let an engine download plugins into."""
    return cache_directory() / "official-plugins"


def plugin_file(home: Path, name: str) -> Path:
    """Return where an engine keeps a plugin of ours: `name` is `aws` or `eks`."""
    return home / "plugins" / f"resource-{name}-v{PLUGINS[name]}" / f"pulumi-resource-{name}"


def installed_plugin(name: str, env: Mapping[str, str] = os.environ) -> tuple[Path | None, str]:
    """Return a plugin that is on this machine, the user's own first; else None and why, in one phrase."""
    theirs = Path(env.get("PULUMI_HOME") or Path(env.get("HOME", "~")) / ".pulumi").expanduser()
    for home in (theirs, own_home()):
        file = plugin_file(home, name)
        if file.is_file() and os.access(file, os.X_OK):
            return file, f"v{PLUGINS[name]} in {home}"
    return None, f"no official plugin v{PLUGINS[name]} in {theirs}"


def out_of_reach() -> str | None:
    """Return why no plugin can be downloaded, or None when it is worth a try."""
    reason = cache.remembered(SITE) or unreachable(SITE)
    if reason is not None:
        cache.remember(SITE, reason)
    return reason and f"{SITE}: {reason}"


def plugin(name: str, engine: Path, progress: Callable[[str], None]) -> tuple[Path | None, str]:
    """Return a plugin that is there, or let the engine download it; with the outcome in one phrase."""
    found, where = installed_plugin(name)
    if found:
        return found, where
    reason = cache.remembered(SITE) or unreachable(SITE)
    if reason is None:
        env = dict(os.environ) | {"PULUMI_HOME": str(own_home()), "PULUMI_SKIP_UPDATE_CHECK": "true"}
        command = [str(engine), "plugin", "install", "resource", name, f"v{PLUGINS[name]}"]
        with process.start(command, env=env, output=subprocess.DEVNULL) as running:
            try:
                status = running.wait(lambda: progress(f"downloading the {name} plugin"), INSTALL_SECONDS)
                found, where = installed_plugin(name)
                reason = None if found else f"the installer ended with status {status}"
            except TimeoutError as error:
                reason = f"the download was {error}"
    if reason is None:
        return found, f"v{PLUGINS[name]} from {SITE}"
    cache.remember(SITE, reason)
    return None, f"{SITE}: {reason}"


def unreachable(site: str) -> str | None:
    """Return why a site does not answer within `CONNECT_SECONDS`, or None when it does.

    Asked in a thread of its own: looking up a name has no time-out.
    """
    answers: list[str | None] = []
    asking = threading.Thread(target=lambda: answers.append(ask(site)), daemon=True)
    asking.start()
    asking.join(CONNECT_SECONDS)
    return answers[0] if answers else f"no answer in {CONNECT_SECONDS:.0f} s"


def ask(site: str) -> str | None:
    """Return what stands between us and a site, or None when it answers at all."""
    request = urllib.request.Request(f"https://{site}/", method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=CONNECT_SECONDS):  # noqa: S310 the scheme is in the line above
            return None
    except urllib.error.HTTPError:
        return None
    except OSError as error:
        return f"not reachable ({getattr(error, 'reason', error)})"
