"""Archives: the same bytes wherever and whenever they are built, with what the handler needs and nothing else."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from components.functions import archive
from components.functions.archive import DIRECTORY, build, contents, zipped
from components.functions.distributions import LOCK, WHEELS, Target, closure, files_of, locked
from config.files import ROOT

if TYPE_CHECKING:
    from pathlib import Path

ARM, INTEL = Target("python3.13", "arm64"), Target("python3.13", "x86_64")
HANDLER = "services.shop.http.handler"
FILES = {
    "services/__init__.py": "",
    "services/shop/__init__.py": "",
    "services/shop/http.py": """
        from __future__ import annotations
        import json
        from typing import TYPE_CHECKING
        import boto3
        from services.shop import words
        from services.common.log import said
        from .names import name
        if TYPE_CHECKING:
            from services.shop.types import Event
            import pandas
        try:
            import orjson
        except ImportError:
            orjson = None
        def handler(event, context):
            from services.shop.late import late
            return late(event)
    """,
    "services/shop/words.py": "WORDS = ()\n",
    "services/shop/names.py": "name = 'shop'\n",
    "services/shop/late.py": "late = dict\n",
    "services/shop/types.py": "class Event: ...\n",
    "services/shop/worker.py": "import psycopg\n",
    "services/shop/openapi.json": "{}\n",
    "services/common/__init__.py": "",
    "services/common/log.py": "from ..shop import words\nsaid = print\n",
    "services/common/unused.py": "",
    "services/other/__init__.py": "",
}
NEEDED = {
    *("services/__init__.py", "services/shop/__init__.py", "services/shop/http.py", "services/shop/words.py"),
    *("services/shop/names.py", "services/shop/late.py", "services/shop/openapi.json"),
    *("services/common/__init__.py", "services/common/log.py"),
}


def written(root: Path, files: dict[str, str] | None = None, order: int = 1) -> Path:
    """Write a project, in an order and with times and modes that differ."""
    for at, (name, text) in enumerate(list((FILES | (files or {})).items())[::order]):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [line.removeprefix("        ") for line in text.splitlines()]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        file.chmod(0o600 if order > 0 else 0o755)
        os.utime(file, (10_000 * at * order + 2_000_000, 1_000_000 * (at + 1)))
    return root


def wheel(directory: Path, name: str, files: dict[str, bytes], tag: str = "py3-none-any") -> tuple[Path, str]:
    """Write a wheel; returns it and its hash."""
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / f"{name}-1.0-{tag}.whl"
    whole = {
        **files,
        f"{name}-1.0.dist-info/METADATA": f"Name: {name}\nVersion: 1.0\n".encode(),
        f"{name}-1.0.dist-info/WHEEL": f"Wheel-Version: 1.0\nTag: {tag}\n".encode(),
        f"{name}-1.0.dist-info/RECORD": b"",
    }
    with zipfile.ZipFile(file, "w") as packed:
        for path, content in whole.items():
            packed.writestr(path, content)
    return file, hashlib.sha256(file.read_bytes()).hexdigest()


def lock(root: Path, **pins: tuple[str, str]) -> None:
    """Write a lock: distribution -> hash, who asks for it."""
    text = "".join(
        f"{name}==1.0 \\\n    --hash=sha256:{hashed}\n    # via {via}\n" for name, (hashed, via) in pins.items()
    )
    (root / LOCK).write_text(text, encoding="utf-8")


def test_two_builds_from_two_directories_are_the_same_bytes(tmp_path: Path) -> None:
    built = []
    for name, order in (("here", 1), ("elsewhere", -1)):
        root = written(tmp_path / name, order=order)
        _, hashed = wheel(
            root / WHEELS, "stamps", {"stamps/__init__.py": b"x = 1\n", "stamps/data.bin": bytes(range(256))}
        )
        lock(root, stamps=(hashed, "pyproject.toml"))
        path = build(root, HANDLER, ("stamps",), ARM)
        assert not path.is_absolute()
        assert str(tmp_path) not in str(path)
        built.append((path, (root / path).read_bytes()))
    assert built[0] == built[1]
    assert built[0][0].stem == hashlib.sha256(built[0][1]).hexdigest(), "another content has another name"
    assert built[0][0].parent.name == DIRECTORY


def test_entries_are_sorted_stored_and_of_one_time_and_mode(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(contents(written(tmp_path), HANDLER, (), ARM)))) as packed:
        entries = packed.infolist()
    assert [one.filename for one in entries] == sorted(NEEDED)
    assert {(one.date_time, one.external_attr >> 16, one.create_system, one.compress_type) for one in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0o100644, 3, zipfile.ZIP_STORED)
    }


def test_another_content_makes_another_archive_and_what_is_not_needed_does_not(tmp_path: Path) -> None:
    first = build(written(tmp_path / "a"), HANDLER, (), ARM)
    unused = {"services/common/unused.py": "X = 1", "services/shop/worker.py": "import redis", "README.md": "x"}
    assert build(written(tmp_path / "b", unused), HANDLER, (), ARM) == first
    for at, name in enumerate(sorted(NEEDED)):
        changes = {name: FILES[name] + "\n# another\n" if name.endswith(".py") else "{ }"}
        assert build(written(tmp_path / f"c{at}", changes), HANDLER, (), ARM) != first, name


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        ("services.shop.nothing.handler", "there is no module services.shop.nothing"),
        ("services.shop.http.handle", "services.shop.http has no handle"),
        ("services.shop.worker.psycopg", "services/shop/worker.py imports psycopg"),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_made(tmp_path: Path, handler: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build(written(tmp_path), handler, (), ARM)
    assert not (tmp_path / DIRECTORY).exists()


def test_an_archive_that_lambda_does_not_take_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(zipped(contents(written(tmp_path), HANDLER, (), ARM)))
    monkeypatch.setattr(archive, "DIRECT_BYTES", size)
    build(tmp_path, HANDLER, (), ARM)
    monkeypatch.setattr(archive, "DIRECT_BYTES", size - 1)
    with pytest.raises(ValueError, match="Lambda takes"):
        build(tmp_path, HANDLER, (), ARM)


def test_a_distribution_comes_with_what_it_needs_and_for_the_architecture(tmp_path: Path) -> None:
    root = written(tmp_path, {"services/shop/worker.py": "import fast"})
    hashes = {}
    for tag in ("cp313-cp313-manylinux_2_28_aarch64", "cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64"):
        _, hashes[tag] = wheel(root / WHEELS, "fast", {"fast/_c.so": tag.encode()}, tag)
    _, plain = wheel(root / WHEELS, "plain", {"plain.py": b""})
    text = "".join(f" --hash=sha256:{one}" for one in hashes.values())
    (root / LOCK).write_text(
        f"fast==1.0 \\\n{text}\n    # via pyproject.toml\n"
        f"plain==1.0 \\\n --hash=sha256:{plain}\n    # via -c x, fast\n",
        encoding="utf-8",
    )
    for target, tag in zip((ARM, INTEL), hashes, strict=True):
        made = contents(root, "services.shop.worker.fast", ("fast",), target)
        assert made["fast/_c.so"].decode() == tag
        assert "plain.py" in made
        assert not [one for one in made if one.endswith(("RECORD", "INSTALLER"))]
    with pytest.raises(ValueError, match=r"no wheel of fast==1\.0 for python3\.12 on arm64"):
        contents(root, "services.shop.worker.fast", ("fast",), Target("python3.12", "arm64"))


def test_a_wheel_that_the_lock_does_not_know_is_refused(tmp_path: Path) -> None:
    root = written(tmp_path)
    wheel(root / WHEELS, "stamps", {"stamps.py": b""})
    lock(root, stamps=("0" * 64, "pyproject.toml"))
    with pytest.raises(ValueError, match=r"not a file of stamps 1\.0"):
        contents(root, HANDLER, ("stamps",), ARM)
    with pytest.raises(ValueError, match="letters is not in"):
        contents(root, HANDLER, ("letters",), ARM)


def test_wheels_fit_by_runtime_machine_and_c_library() -> None:
    fits = {
        "a-1-py3-none-any.whl": (True, True),
        "a-1-py2.py3-none-any.whl": (True, True),
        "a-1-py2-none-any.whl": (False, False),
        "a-1-cp313-cp313-manylinux2014_aarch64.whl": (True, False),
        "a-1-cp39-abi3-manylinux_2_34_aarch64.whl": (True, False),
        "a-1-cp39-abi3-manylinux_2_35_aarch64.whl": (False, False),
        "a-1-cp312-cp312-manylinux2014_x86_64.whl": (False, False),
        "a-1-cp313-cp313-musllinux_1_2_x86_64.whl": (False, False),
        "a-1-cp313-cp313-macosx_11_0_arm64.whl": (False, False),
        "a-1-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl": (False, True),
    }
    assert {name: (ARM.takes(name), INTEL.takes(name)) for name in fits} == fits


def test_an_installed_distribution_is_what_its_wheel_is(tmp_path: Path) -> None:
    """h11 is Python alone, and the machine that tests has it in the version of the lock."""
    pins = locked((ROOT / LOCK).read_text(encoding="utf-8"))
    assert closure(["h2"], pins) == ["h2", "hpack", "hyperframe"]
    assert closure(["boto3"], pins) == ["boto3"], "the runtime has what it needs, and itself where it is not named"
    installed = files_of("h11", pins["h11"], ARM, tmp_path)
    file = tmp_path / WHEELS / f"h11-{pins['h11'].version}-py3-none-any.whl"
    file.parent.mkdir(parents=True)
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in {**installed, f"h11-{pins['h11'].version}.dist-info/RECORD": b"x"}.items():
            packed.writestr(name, content)
    pin = type(pins["h11"])(
        pins["h11"].version, frozenset({hashlib.sha256(file.read_bytes()).hexdigest()}), frozenset()
    )
    assert files_of("h11", pin, ARM, tmp_path) == installed
    assert {"h11/__init__.py", f"h11-{pin.version}.dist-info/METADATA"} <= installed.keys()


def test_what_was_changed_after_its_installation_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, info = tmp_path / "site", tmp_path / "site" / "stamps-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "stamps.py").write_bytes(b"x = 1\n")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"x = 1\n").digest()).rstrip(b"=").decode()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stamps\nVersion: 1.0\n", encoding="utf-8")
    (info / "WHEEL").write_text("Wheel-Version: 1.0\nTag: py3-none-any\n", encoding="utf-8")
    (info / "RECORD").write_text(f"stamps.py,sha256={digest},6\n../../bin/stamps,sha256=x,1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    pin = locked("stamps==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n    # via x\n")["stamps"]
    assert files_of("stamps", pin, ARM, tmp_path) == {"stamps.py": b"x = 1\n"}
    (site / "stamps.py").write_bytes(b"x = 2\n")
    with pytest.raises(ValueError, match="was changed"):
        files_of("stamps", pin, ARM, tmp_path)


def test_the_archive_can_be_imported_by_itself(tmp_path: Path) -> None:
    root = written(tmp_path / "project")
    made = root / build(root, HANDLER, (), ARM)
    place = tmp_path / "task"
    shutil.unpack_archive(made, place)
    names = {one.relative_to(place).as_posix() for one in place.rglob("*") if one.is_file()}
    assert names == NEEDED
