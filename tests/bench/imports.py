"""The packages that the offline review uses, and nothing else: what any program on the same SDKs waits for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.bench import commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.commands import Run

STACK = "prod"
OURS = ("config", "components", "policy", "review", "sandbox", "tests")

LIST = f"""
import contextlib, io, json, sys
before = set(sys.modules)
from review.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    main([{STACK!r}, "--json"])
print(json.dumps([name for name in sys.modules if name not in before]))
"""

IMPORT = """
import importlib, sys
for name in sys.argv[1].split():
    importlib.import_module(name)
"""


def foreign_modules() -> list[str]:
    """Names of the modules that a review loads and that are not ours, in the order it loads them."""
    names: list[str] = json.loads(commands.python("list of modules", "-c", LIST).output)
    return [name for name in names if name.partition(".")[0] not in OURS]


def bare_import() -> Callable[[], Run]:
    """Return a job that imports the same packages in a new process and does nothing with them."""
    names = " ".join(foreign_modules())
    return lambda: commands.python("bare import", "-c", IMPORT, names)
