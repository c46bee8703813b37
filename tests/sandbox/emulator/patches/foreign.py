"""Archives of the builder for a machine that no test runs on: what is compiled in them can be loaded nowhere here."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING, Final

from components.functions.archive import build
from components.functions.distributions import LOCK, WHEELS, Target, closure, locked
from config.files import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ARM: Final = Target("python3.13", "arm64")
TAG: Final = "cp313-cp313-manylinux_2_17_aarch64"
FOREIGN: Final = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00" + bytes(64)
"""Beginning of a shared library for aarch64."""


def project(root: Path, *distributions: str) -> Path:
    """Write a project with the services of this one, and foreign wheels of what is compiled of distributions."""
    shutil.copytree(ROOT / "services", root / "services", ignore=shutil.ignore_patterns("wheels", "__pycache__"))
    text = (ROOT / LOCK).read_text(encoding="utf-8")
    for name in closure(distributions, locked(text)):
        if is_compiled(name):
            hashed = wheel(root, name)
            text = re.sub(rf"(?m)^({re.escape(name)}==[^\n]*\n)", rf"\1    --hash=sha256:{hashed} \\\n", text)
    (root / LOCK).write_text(text, encoding="utf-8")
    return root


def archive(root: Path, handler: str, *distributions: str) -> bytes:
    """Return the archive of a function of a project, for arm64."""
    return (root / build(root, handler, distributions, ARM)).read_bytes()


def is_compiled(name: str) -> bool:
    """Tell whether the installed distribution of a name has modules for this machine."""
    return "Root-Is-Purelib: false" in (metadata.distribution(name).read_text("WHEEL") or "")


def wheel(root: Path, name: str) -> str:
    """Write what is installed as a wheel for arm64; returns its hash."""
    own = metadata.distribution(name)
    file = root / WHEELS / f"{name.replace('-', '_')}-{own.version}-{TAG}.whl"
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as packed:
        for path in own.files or ():
            place = path.as_posix()
            if place.startswith("..") or place.endswith((".pyc", "RECORD")):
                continue
            if place.endswith("WHEEL"):
                packed.writestr(place, f"Wheel-Version: 1.0\nTag: {TAG}\n")
            elif place.endswith(".so"):
                packed.writestr(re.sub(r"\.cpython-\d+-[^.]+", ".cpython-313-aarch64-linux-gnu", place), FOREIGN)
            else:
                packed.writestr(place, path.read_binary())
    return hashlib.sha256(file.read_bytes()).hexdigest()
