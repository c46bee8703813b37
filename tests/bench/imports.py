"""The packages that the offline review uses, and nothing else: what any program on the same SDKs waits for."""

from __future__ import annotations

import json

from tests.bench.timing import Job, run

STACK = "prod"
OURS = ("config", "components", "policy", "review", "sandbox", "tests")

REVIEW = Job("offline review", ["-m", "review", STACK, "--json"])

LIST = f"""
import contextlib, io, json, sys
before = set(sys.modules)
from review.__main__ import main
with contextlib.redirect_stdout(io.StringIO()):
    main([{STACK!r}, "--json"])
print(json.dumps([name for name in sys.modules if name not in before]))
"""

IMPORT = """
import gc, importlib, sys
if sys.argv[2:]:
    gc.disable()
for name in sys.argv[1].split():
    importlib.import_module(name)
"""


def foreign_modules() -> list[str]:
    """Names of the modules that a review loads and that are not ours, in the order it loads them."""
    _, _, said = run(Job("list of modules", ["-c", LIST]))
    names: list[str] = json.loads(said)
    return [name for name in names if name.partition(".")[0] not in OURS]


def bare_imports() -> tuple[Job, Job]:
    """A process that imports the same packages and does nothing with them: as anybody's does, and as the review does.

    The review looks for no garbage, which makes its imports faster than anybody's.
    """
    names = " ".join(foreign_modules())
    return Job("bare import", ["-c", IMPORT, names]), Job("the same, uncollected", ["-c", IMPORT, names, "uncollected"])
