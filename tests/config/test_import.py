"""The configuration loads little, and alone. How long that takes is the bench's to say."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest

from config.files import ROOT

PROBE = """
import json, sys
import {module}
names = {{name.partition(".")[0] for name in sys.modules}}
print(json.dumps(sorted(names)))
"""
PACKAGES = {"annotated_types", "config", "pydantic", "pydantic_core", "typing_extensions", "typing_inspection", "yaml"}
"""What the settings stand on: models, and YAML."""
SLOW = {"asyncio", "http", "logging", "multiprocessing", "sqlite3", "ssl", "unittest", "xml"}
"""Parts of the standard library that take long to import and serve nothing here."""


@cache
def imported(module: str) -> frozenset[str]:
    """Return the top-level names that a new interpreter has after importing a module, and no `.pth` file's."""
    command = [sys.executable, "-c", PROBE.format(module=module)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - ours
    return frozenset(json.loads(done.stdout))


@pytest.mark.slow
@pytest.mark.parametrize("module", ["config.files", "config.check"])
def test_the_configuration_imports_nothing_but_models_and_yaml(module: str) -> None:
    names = imported(module)
    assert names >= PACKAGES, "the probe sees what is imported"
    foreign = {name for name in names - sys.stdlib_module_names - PACKAGES if not name.startswith("_")}
    assert foreign - imported("sys") - {"cython_runtime"} == set(), "neither the engine nor the network"


@pytest.mark.slow
@pytest.mark.parametrize("module", ["config.files", "config.check"])
def test_the_configuration_leaves_the_slow_parts_of_the_standard_library_out(module: str) -> None:
    assert imported(module) & SLOW == set()


@pytest.mark.slow
@pytest.mark.parametrize("module", ["config", "config.facts.offers", "config.trace_parser"])
def test_facts_load_no_models(module: str) -> None:
    assert not imported(module) & {"pydantic", "yaml"}, "the sandbox's AWS needs facts, and no stack file"
