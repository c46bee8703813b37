"""Assets and archives: files the provider reads, where the program gives a Pulumi archive (`lambda.Function` code).

Terraform takes the path of a zip file and its hash. The archive is written once under the run directory, named by
content, with fixed timestamps so that the same input is the same file.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from standins.awsproxy import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standins.awsproxy.overrides import FileInput
    from standins.awsproxy.values import Properties, Value

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Oldest timestamp a zip file can hold."""


class AssetError(ValueError):
    """An asset cannot be read."""


def _asset_bytes(asset: Value) -> bytes:
    if asset.get("text") is not None and asset.get("path") is None:
        return str(asset["text"]).encode()
    if asset.get("path"):
        return Path(asset["path"]).read_bytes()
    raise AssetError("an asset needs a text or a path; remote assets are not fetched here")


def _members(archive: Value, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    if archive.get(values.SIGNATURE) == values.ASSET:
        yield prefix, _asset_bytes(archive)
        return
    if archive.get("path"):
        yield from _members_of_path(Path(archive["path"]), prefix)
        return
    if archive.get("assets") is None:
        raise AssetError("an archive needs a path or assets; remote archives are not fetched here")
    for name, item in archive["assets"].items():
        yield from _members(item, f"{prefix}/{name}" if prefix else name)


def _members_of_path(path: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in path.rglob("*"):
            if file.is_file():
                name = file.relative_to(path).as_posix()
                yield (f"{prefix}/{name}" if prefix else name), file.read_bytes()
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for info in packed.infolist():
                if not info.is_dir():
                    yield (f"{prefix}/{info.filename}" if prefix else info.filename), packed.read(info)
    else:
        raise AssetError(f"{path}: neither a directory nor a zip file")


def zip_bytes(archive: Value) -> bytes:
    """Zip file of an archive, the same bytes for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(_members(archive)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return buffer.getvalue()


def file_path(asset: Value, folder: Path) -> Path:
    """File of an asset or archive; named by the hash the engine computed, so it is known without reading the asset."""
    suffix = ".zip" if asset[values.SIGNATURE] == values.ARCHIVE else ""
    return folder / f"{asset['hash'][:32]}{suffix}"


def materialize(asset: Value, target: FileInput, folder: Path) -> Properties:
    """Bridge properties for an asset or archive: the path of a file with its content, and the hash where wanted.

    Raises:
        AssetError: It cannot be read here.
    """
    content = zip_bytes(asset) if asset[values.SIGNATURE] == values.ARCHIVE else _asset_bytes(asset)
    file = file_path(asset, folder)
    folder.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_bytes(content)
    draft.replace(file)
    done: Properties = {target.file: str(file)}
    if target.hash:
        done[target.hash] = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return done
