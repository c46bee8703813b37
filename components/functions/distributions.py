"""Packages of others in an archive: the files of locked distributions, as their wheels have them. Pure.

A distribution is taken from a wheel in `services/wheels`, whose hash the lock knows, or, if it is Python alone, as it
is installed here in the version of the lock. Both give the same files.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Final

from config.facts.functions import RUNTIME_DISTRIBUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

LOCK: Final = "services/requirements.lock"
WHEELS: Final = "services/wheels"
"""Wheels of compiled distributions; not part of the repository, as the lock has their hashes."""
_PINNED: Final = re.compile(r"^([a-z0-9-]+)==(\S+)")
_NEWEST_GLIBC: Final = 34
"""Minor of glibc 2 in the runtimes, which run on Amazon Linux 2023."""
_MACHINE: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
_OF_INSTALLERS: Final = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")
"""Files beside a distribution that say how it was installed."""


@dataclass(frozen=True)
class Pinned:
    """A distribution of the lock."""

    version: str
    """Its version."""
    hashes: frozenset[str]
    """SHA-256 of its files on the index."""
    asked_by: frozenset[str]
    """Distributions that need it."""


@dataclass(frozen=True)
class Target:
    """What an archive runs on."""

    runtime: str
    """Runtime, such as `python3.13`."""
    architecture: str
    """`arm64` or `x86_64`."""

    def takes(self, wheel: str) -> bool:
        """Tell whether a wheel is one for it, by its name (PEP 425, PEP 600)."""
        python, abi, platform = wheel.removesuffix(".whl").split("-")[-3:]
        mine = self.runtime.removeprefix("python").replace(".", "")
        if platform == "any":
            return "py3" in python.split(".")
        fits = abi == "abi3" or python == f"cp{mine}"
        return fits and any(self._runs(one) for one in platform.split("."))

    @property
    def machine(self) -> str:
        """Architecture, as wheels name it."""
        return _MACHINE[self.architecture]

    def _runs(self, platform: str) -> bool:
        if not platform.endswith(f"_{self.machine}"):
            return False
        glibc = re.match(r"manylinux_2_(\d+)_", platform)
        return platform.startswith("manylinux2014_") if glibc is None else int(glibc[1]) <= _NEWEST_GLIBC


def locked(text: str) -> dict[str, Pinned]:
    """Return the distributions of a lock by name."""
    found: dict[str, Pinned] = {}
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE):
        if pin := _PINNED.match(entry):
            via = re.search(r"# via (.*)", entry)
            asked = {one.strip() for one in via[1].split(",")} if via else set()
            hashes = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))
            found[pin[1]] = Pinned(pin[2], hashes, frozenset(asked))
    return found


def closure(names: Iterable[str], lock: Mapping[str, Pinned]) -> list[str]:
    """Return distributions with all that they need beyond what the runtime brings, sorted.

    Raises:
        ValueError: One of them is not in the lock.
    """
    todo, found = list(names), set[str]()
    while todo:
        name = todo.pop()
        if name not in lock:
            raise ValueError(
                f"distributions: {name} is not in {LOCK}; add it to the group `services` of pyproject.toml, `make lock`"
            )
        if name not in found:
            found.add(name)
            asked = {other for other, pin in lock.items() if name in pin.asked_by}
            todo += asked - RUNTIME_DISTRIBUTIONS
    return sorted(found)


def files_of(name: str, pin: Pinned, target: Target, root: Path) -> dict[str, bytes]:
    """Return the files of a distribution by their names in an archive.

    Raises:
        ValueError: Neither a wheel for the target nor an installed distribution of Python alone is at hand, or it is
            not what the lock or its own record says.
    """
    source = source_of(name, pin, target, root)
    if source is None:
        raise ValueError(
            f"distributions: no wheel of {name}=={pin.version} for {target.runtime} on {target.architecture} in "
            f"{WHEELS}; fetch it: make wheels"
        )
    if isinstance(source, metadata.Distribution):
        return dict(_of_installed(name, source))
    if hashlib.sha256(source.read_bytes()).hexdigest() not in pin.hashes:
        raise ValueError(f"{WHEELS}/{source.name}: not a file of {name} {pin.version} in {LOCK}; fetch it anew")
    return _of_wheel(source)


def source_of(name: str, pin: Pinned, target: Target, root: Path) -> Path | metadata.Distribution | None:
    """Return where a distribution is taken from: a wheel, or what is installed; None = it is not at hand."""
    stem = f"{name.replace('-', '_')}-{pin.version}-"
    wheels = sorted((root / WHEELS).glob(f"{stem}*.whl"))
    if found := next((one for one in wheels if target.takes(one.name)), None):
        return found
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    plain = re.search(r"^Tag: \S+-none-any$", installed.read_text("WHEEL") or "", re.MULTILINE)
    return installed if plain and installed.version == pin.version else None


def _of_wheel(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as packed:
        names = [one for one in packed.namelist() if not one.endswith("/") and _is_shipped(one)]
        return {one: packed.read(one) for one in names}


def _of_installed(name: str, installed: metadata.Distribution) -> Iterator[tuple[str, bytes]]:
    for file in installed.files or ():
        path = file.as_posix()
        if file.hash is None or not _is_shipped(path):
            continue
        content = file.read_binary()
        digest = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, content).digest()).rstrip(b"=").decode()
        if digest != file.hash.value:
            raise ValueError(f"distributions: {path} of {name} was changed after its installation; `make clean setup`")
        yield path, content


def _is_shipped(path: str) -> bool:
    """Tell whether a file is part of a package: no script, nothing compiled here, nothing of an installer."""
    parts = path.split("/")
    outside = path.startswith("..") or parts[0].endswith(".data")
    by_installer = parts[0].endswith(".dist-info") and parts[-1] in _OF_INSTALLERS
    return not (outside or by_installer or path.endswith(".pyc"))


def tops(files: Iterable[str]) -> set[str]:
    """Return the modules that files of distributions make importable."""
    return {one.partition("/")[0].partition(".")[0] for one in files if ".dist-info/" not in one}
