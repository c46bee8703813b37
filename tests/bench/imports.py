"""The packages that a module of ours loads, and nothing else: what any program on the same packages waits for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.bench import commands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.commands import Run

STACK = "prod"
OURS = ("config", "components", "policy", "review", "sandbox", "tests")

REVIEW = f"""
import contextlib, io
from review.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    main([{STACK!r}, "--json"])
"""
CONFIG = "import config.files"

LIST = """
import json, sys
before = set(sys.modules)
{code}
print(json.dumps([name for name in sys.modules if name not in before]))
"""
TIMED = """
import importlib, sys, time
before = time.process_time()
for name in sys.argv[1].split():
    importlib.import_module(name)
print(time.process_time() - before)
"""


def foreign_modules(code: str) -> list[str]:
    """Names of the modules that a piece of code loads and that are not ours, in the order it loads them."""
    names: list[str] = json.loads(commands.python("list of modules", "-c", LIST.format(code=code)).output)
    return [name for name in names if name.partition(".")[0] not in OURS]


def timed_import(names: Sequence[str]) -> Callable[[], Run]:
    """Return a job that imports modules in a new process, and prints the processor's seconds of just that."""
    return lambda: commands.python(f"import of {names[0]}", "-c", TIMED, " ".join(names))
