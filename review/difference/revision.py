"""The stacks of a commit, as its own code would register them: taken out beside, recorded there, and gone again."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from review.difference.stored import loaded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.difference.stored import Stored

ROOT: Final = Path(__file__).resolve().parents[2]
RECORDED: Final = Path(__file__).with_name("recorded.py")
_FETCHED: Final = Path("services", "wheels")
"""What `make setup` fetches, which git does not have."""


class RevisionError(Exception):
    """A commit cannot be recorded; the text says why."""


def git(*arguments: str, root: Path = ROOT) -> bytes:
    """Return what git says.

    Raises:
        RevisionError: Git fails, or is not there.
    """
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)  # noqa: S603, S607 our own words
    except FileNotFoundError:
        raise RevisionError("git is not installed, or not on the path") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise RevisionError(f"git {' '.join(arguments)}: {said}") from None
    return done.stdout


def commit_of(revision: str, root: Path = ROOT) -> str:
    """Return the commit that a name means.

    Raises:
        RevisionError: There is none of that name.
    """
    name = f"{revision}^{{commit}}"
    return git("rev-parse", "--verify", "--end-of-options", name, root=root).decode().strip()


def recorded(commit: str, stacks: Sequence[str], root: Path = ROOT) -> Mapping[str, Stored | str]:
    """Return what the stacks of a commit register; for one that cannot be recorded, the sentence that says why.

    The commit's program runs with the packages that are installed now. A stack that the commit does not have is left
    out.

    Raises:
        RevisionError: The commit cannot be taken out, or its program cannot be run at all.
    """
    place = Path(tempfile.mkdtemp(prefix="revision-"))
    try:
        with tarfile.open(fileobj=io.BytesIO(git("archive", "--format=tar", commit, root=root))) as archive:
            archive.extractall(place, filter="data")
        if (root / _FETCHED).is_dir() and not (place / _FETCHED).exists():
            (place / _FETCHED).parent.mkdir(parents=True, exist_ok=True)
            (place / _FETCHED).symlink_to(root / _FETCHED)
        return _recorded_in(place, stacks)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _recorded_in(place: Path, stacks: Sequence[str]) -> Mapping[str, Stored | str]:
    there = [stack for stack in stacks if (place / f"Pulumi.{stack}.yaml").is_file()]
    environ = {**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S603 our own words
        [sys.executable, "-P", str(RECORDED), *there],
        cwd=place,
        env=environ,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise RevisionError(f"its program cannot be recorded with the packages installed now: {last}")
    found = json.loads(done.stdout)
    return {stack: one if isinstance(one, str) else loaded(one) for stack, one in found.items()}
