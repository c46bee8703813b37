"""Build a Go program from the module proxy: reproducible (locked sums), interruptible, with progress.

Sources and objects of an unfinished build stay in the cache's `build` folder, so that the next attempt goes on where an
interrupted one stopped; a finished one removes them. Who has the modules in Go's own cache already builds from there.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standins.paths import cache_directory
from standins.toolchain import cache, process
from standins.toolchain.errors import ToolchainError
from standins.toolchain.versions import BRIDGE, ENGINE, GO_MINIMUM, SDK

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str], None]

MODULES = Path(__file__).parent / "go"

BUILD_MEMORY_GIB = 2
"""Memory to allow for each compiler at work; the engine's link step is the largest."""

FLAGS = ("-mod=readonly", "-modcacherw", "-trimpath", "-buildvcs=false")


@dataclass(frozen=True)
class Program:
    """A main package of a locked module.

    Attributes:
        part: What it is to the user, and its folder below `go/`.
        package: Import path of the main package.
        version: Version of the module it comes from.
        name: File name of the binary.
        linker: Flags of the linker.
    """

    part: str
    package: str
    version: str
    name: str
    linker: str = "-s -w"

    @property
    def source(self) -> Path:
        """Folder with go.mod and go.sum."""
        return MODULES / self.part

    @property
    def binary(self) -> Path:
        """Where the built binary is kept."""
        locked = b"".join((self.source / name).read_bytes() for name in ("go.mod", "go.sum"))
        return cache.binary(self.part, self.version, hashlib.sha256(locked).hexdigest(), self.name)


CLI = Program(
    part="cli",
    package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    version=ENGINE,
    name="pulumi",
    linker=f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{ENGINE}",
)
"""The engine. Without the version in the binary the Automation API rejects it."""

BRIDGE_PROGRAM = Program(
    part="bridge",
    package="github.com/pulumi/pulumi-terraform-bridge/v3/dynamic",
    version=BRIDGE,
    name="pulumi-terraform-bridge-dynamic",
)
"""Speaks Pulumi's provider protocol in front of any Terraform provider."""


def build(programs: list[Program], progress: Progress) -> None:
    """Build what is missing of `programs`, one after the other; sources of the next are fetched meanwhile.

    Raises:
        ToolchainError: No usable Go, or a build failed; the text ends with the compiler's last lines.
    """
    if all(program.binary.exists() for program in programs):
        return  # whoever builds meanwhile, builds something else
    go = find_go()
    with cache.exclusive(lambda: progress("another run is building; waiting for it")):
        missing = [program for program in programs if not program.binary.exists()]
        if not missing:
            return
        env = environment(go, missing)
        fetches = [Fetch(go, program, env) for program in missing]
        try:
            fetches[0].start()
            for program, fetch, following in zip(missing, fetches, [*fetches[1:], None], strict=True):
                total = fetch.packages(progress)
                if following:
                    following.start()
                compile_program(go, program, env, total, progress)
        finally:
            for fetch in fetches:
                fetch.kill()
        shutil.rmtree(cache_directory() / "build", ignore_errors=True)


def find_go() -> str:
    """Return the Go command.

    Raises:
        ToolchainError: There is none, or it is too old.
    """
    wanted = ".".join(map(str, GO_MINIMUM))
    go = shutil.which("go")
    remedy = f"install Go {wanted} or newer, or put pulumi {SDK} or newer on PATH"
    if go is None:
        raise ToolchainError(f"go: not found on PATH, and the engine has to be built; {remedy}")
    shown = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    version = re.match(r"go(\d+)\.(\d+)", shown.stdout)
    if version is None or (int(version[1]), int(version[2])) < GO_MINIMUM:
        raise ToolchainError(f"go: {shown.stdout.strip() or shown.stderr.strip()} is too old; {remedy}")
    return go


def environment(go: str, programs: list[Program]) -> dict[str, str]:
    """Return the environment of a build: the user's module cache if it has the sources, one of our own if not."""
    env = dict(os.environ) | {"GOWORK": "off", "CGO_ENABLED": "0", "GOFLAGS": ""}
    shown = subprocess.run(  # noqa: S603 the Go command found on PATH
        [go, "env", "GOMODCACHE"], capture_output=True, text=True, env=env, timeout=60, check=False
    )
    modules = Path(shown.stdout.strip() or "/nonexistent")
    if not all(holds(modules, program) for program in programs):
        own = cache_directory() / "build"
        env |= {"GOMODCACHE": str(own / "modules"), "GOCACHE": str(own / "objects"), "GOTMPDIR": str(own / "work")}
        (own / "work").mkdir(parents=True, exist_ok=True)
    return env


def holds(modules: Path, program: Program) -> bool:
    """Whether a module cache holds the program's own module already."""
    return bool(list(modules.glob(f"{program.package.split('/v3/')[0]}/v3@v{program.version}")))


class Fetch:
    """Download of a program's sources, in the background; tells how many packages a build has to compile."""

    def __init__(self, go: str, program: Program, env: dict[str, str]) -> None:
        self._program = program
        self._command = [go, "list", *FLAGS, "-deps", program.package]
        self._env = env
        self._lines: list[str] = []
        self._running: process.Guarded | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start; the main thread has to call it, and `packages` or `kill` ends it."""
        self._running = process.start(self._command, env=self._env, cwd=self._program.source, output=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, args=(self._running,), daemon=True)
        self._reader.start()

    def _read(self, running: process.Guarded) -> None:
        self._lines.extend(running.stdout)

    def packages(self, progress: Progress) -> int:
        """Wait for the end; returns the number of packages."""
        if self._running is None or self._reader is None:
            raise ValueError("packages() before start()")
        status = self._running.wait(lambda: progress(f"{self._program.part}: {self._downloaded()} modules fetched"))
        self._reader.join()
        if status:
            raise failed(self._program, "fetching its sources", self._lines)
        return sum(1 for line in self._lines if not line.startswith("go: "))

    def _downloaded(self) -> int:
        return sum(1 for line in list(self._lines) if line.startswith("go: downloading"))

    def kill(self) -> None:
        """End it, finished or not."""
        if self._running is not None:
            self._running.kill()


def compile_program(go: str, program: Program, env: dict[str, str], total: int, progress: Progress) -> None:
    """Compile and put the binary in its place by rename; an interrupted build leaves no binary."""
    target = program.binary
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.new")
    command = [
        go,
        "build",
        *FLAGS,
        "-p",
        str(jobs()),
        "-v",
        "-ldflags",
        program.linker,
        "-o",
        str(new),
        program.package,
    ]
    lines: list[str] = []
    with process.start(command, env=env, cwd=program.source, output=subprocess.PIPE) as running:
        reader = threading.Thread(target=lambda: lines.extend(running.stdout), daemon=True)
        reader.start()
        status = running.wait(lambda: progress(f"{program.part}: {len(lines)} of {total} packages compiled"))
        reader.join()
    if status:
        new.unlink(missing_ok=True)
        raise failed(program, "compiling", lines)
    new.replace(target)


def jobs() -> int:
    """Return how many compilers may work at a time: one per core, and one per `BUILD_MEMORY_GIB` of memory."""
    gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return max(1, min(os.cpu_count() or 1, int(gib / BUILD_MEMORY_GIB)))


def failed(program: Program, doing: str, lines: list[str]) -> ToolchainError:
    """Return the error of a failed step, with the last words of Go."""
    last = "".join(line for line in lines if not line.startswith("go: downloading"))[-2000:].strip()
    return ToolchainError(
        f"{program.package} v{program.version}: {doing} failed. Go says:\n{last}\n"
        "It needs the Go module proxy (GOPROXY) and nothing else"
    )
