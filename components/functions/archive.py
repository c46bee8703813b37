"""The archive of a function: the same bytes for the same content, whoever builds it, when and where.

Files are sorted, of one time and one mode, and stored as they are: what deflate makes of them differs between versions
of zlib. The file is named by its hash and lies below the project, so that the state holds no path of a machine.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Final

from components.functions.distributions import LOCK, Target, closure, files_of, locked, tops
from components.functions.modules import needed

DIRECTORY: Final = ".archives"
"""Directory of archives, below the project."""
DIRECT_BYTES: Final = 50 * 2**20
"""Most bytes of an archive that is handed to Lambda directly ("Lambda quotas", 2026-11-30). Its files, stored as they
are, are fewer, and so below the 250 MiB that they may have unpacked."""
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100644
_UNIX: Final = 3


def build(root: Path, handler: str, distributions: tuple[str, ...], target: Target) -> Path:
    """Write the archive of a function, where it is not there yet.

    Args:
        root: Directory of the project, which holds `services`.
        handler: Python path of the function that Lambda calls.
        distributions: Packages of others.
        target: What it runs on.

    Returns:
        Its path below the project.

    Raises:
        ValueError: Something that it needs is not there, or it is larger than Lambda takes.
    """
    content = zipped(contents(root, handler, distributions, target))
    if len(content) > DIRECT_BYTES:
        size = f"{len(content) / 2**20:.1f} MiB"
        raise ValueError(f"handler {handler}: its archive has {size}, and Lambda takes {DIRECT_BYTES >> 20} MiB")
    path = Path(DIRECTORY) / f"{hashlib.sha256(content).hexdigest()}.zip"
    if not (root / path).is_file():
        (root / DIRECTORY).mkdir(exist_ok=True)
        draft = (root / path).with_suffix(f".{os.getpid()}.draft")
        draft.write_bytes(content)
        draft.replace(root / path)
    return path


def contents(root: Path, handler: str, distributions: tuple[str, ...], target: Target) -> dict[str, bytes]:
    """Return the files of an archive by name.

    Raises:
        ValueError: Something that it needs is not there.
    """
    own = needed(root, handler)
    others = _others(root, distributions, target)
    if missing := {name: file for name, file in own.others.items() if name not in tops(others)}:
        name, file = next(iter(sorted(missing.items())))
        raise ValueError(
            f"handler {handler}: {file.relative_to(root)} imports {name}, which is neither in the runtime nor in the "
            "archive; name its package in `distributions`"
        )
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in own.files} | others


def zipped(files: dict[str, bytes]) -> bytes:
    """Return an archive of files, sorted."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _TIME)
            info.create_system, info.external_attr, info.compress_type = _UNIX, _MODE << 16, zipfile.ZIP_STORED
            packed.writestr(info, files[name])
    return buffer.getvalue()


@lru_cache(maxsize=16)
def _others(root: Path, distributions: tuple[str, ...], target: Target) -> dict[str, bytes]:
    """Return the files of packages of others; functions share them, and each is read once."""
    if not distributions:
        return {}
    lock = locked((root / LOCK).read_text(encoding="utf-8"))
    found: dict[str, bytes] = {}
    for name in closure(distributions, lock):
        found |= files_of(name, lock[name], target, root)
    return found
