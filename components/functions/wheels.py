"""`python -m components.functions.wheels`: fetch what the archives of the stack files need and this machine lacks.

That is what is compiled for where the functions run; the rest is installed. Files are held by the hashes of
`services/requirements.lock`. Where nothing is missing, nothing is asked for.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from components.functions.distributions import LOCK, WHEELS, Pinned, Target, closure, locked, source_of
from config.files import ROOT, load_file, stack_files
from config.problems import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from config.functions import Function

_PLATFORMS: Final = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
"""C libraries that wheels are made for, and that runtimes have."""


def missing(functions: Iterable[Function], lock: Mapping[str, Pinned], root: Path) -> dict[Target, set[str]]:
    """Return the distributions that archives need and that are not at hand, by what they run on.

    Raises:
        ValueError: A distribution is not in the lock.
    """
    found: dict[Target, set[str]] = {}
    for function in functions:
        target = Target(function.runtime, function.architecture)
        for name in closure(function.distributions, lock):
            if source_of(name, lock[name], target, root) is None:
                found.setdefault(target, set()).add(name)
    return found


def fetch(target: Target, names: Iterable[str], lock: Mapping[str, Pinned], root: Path) -> None:
    """Fetch distributions for what they run on.

    Raises:
        ValueError: The index has none for it, or cannot be reached.
    """
    pins = [
        " ".join((f"{name}=={lock[name].version}", *(f"--hash=sha256:{one}" for one in sorted(lock[name].hashes))))
        for name in sorted(names)
    ]
    number = target.runtime.removeprefix("python")
    platforms = [word for one in _PLATFORMS for word in ("--platform", f"{one}_{target.machine}")]
    with tempfile.TemporaryDirectory() as directory:
        wanted = Path(directory) / "requirements.txt"
        wanted.write_text("\n".join(pins) + "\n", encoding="utf-8")
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes")
        held = ("--no-deps", "--only-binary=:all:", "--python-version", number, *platforms)
        done = subprocess.run(  # noqa: S603 - our own interpreter, names of the lock
            (*pip, *held, "--dest", str(root / WHEELS), "-r", str(wanted)), check=False
        )
    if done.returncode:
        raise ValueError(f"{', '.join(sorted(names))}: not fetched for {target.runtime} on {target.architecture}")


def main(root: Path = ROOT) -> int:
    """Fetch what is missing for the stack files of a project; return 0 if archives can be built."""
    (root / WHEELS).mkdir(exist_ok=True)
    lock = locked((root / LOCK).read_text(encoding="utf-8"))
    try:
        for target, names in missing(_functions(root), lock, root).items():
            sys.stdout.write(f"wheels: fetching {', '.join(sorted(names))} for {target.runtime}, {target.machine}\n")
            fetch(target, names, lock, root)
    except ValueError as error:
        sys.stderr.write(f"wheels: {error}\n")
        return 1
    return 0


def _functions(root: Path) -> Iterator[Function]:
    """Yield the functions of every stack file that is valid; the program says what is wrong with the others."""
    for path in stack_files(root).values():
        with suppress(ConfigError):
            yield from load_file(path).functions.values()


if __name__ == "__main__":
    sys.exit(main())
