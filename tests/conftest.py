"""What holds for every test."""

import gc
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import reaper
from tests.budgets import Budgets, budget

# a busy machine is no failure of an example; pytest's own time limit still holds
settings.register_profile("platform", deadline=None, print_blob=True)
settings.register_profile("quick", settings.get_profile("platform"), max_examples=10)
settings.load_profile("platform")

HERE = Path(__file__).parent
ENGINE = HERE / "engine"
"""Tests that share deployed worlds, most of whose time is the provider's waiting."""
OWN_WORLDS = {
    "test_agents.py": "agents",
    "test_auctions.py": "auctions",
    "test_auctions_moves.py": "auctions",
    "test_chaos.py": "chaos",
    "test_chaos_runbooks.py": "taken",
    "test_future.py": "future",
    "test_instances.py": "scenes",
    "test_nodes.py": "nodes",
    "test_realestate.py": "realestate",
    "test_records.py": "records",
    "test_remediation.py": "remediation",
    "test_small.py": "small",
    "test_streaming.py": "feed",
    "test_watch.py": "watch",
}
"""File below `ENGINE` -> the world that it has; every other one has that of prod and dr."""
DRILL = HERE / "sandbox" / "drill"
PLANS = frozenset(HERE / "preflight" / f"test_{name}.py" for name in ("checks", "rows"))
"""Files whose tests share the recordings of prod and dr."""
PARTS = {HERE / "components" / "test_settings_count.py": 6, HERE / "components" / "test_optional.py": 3}
"""Files of hundreds of tests that share little -> into how many parts they are divided among the processes."""
ORDER = (
    DRILL / "test_standin.py",
    None,
    DRILL / "test_engine.py",
    DRILL / "test_crippled.py",
    HERE / "sandbox" / "run" / "test_interrupts.py",
)
"""What takes a quarter of an hour; all else that needs the engine, until the world stands; copies of it; the rest."""


class ByFile(LoadScopeScheduling):
    """A file in one process, those that share something in the same. (Groups by mark do nothing under pytest 9.)"""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.partition("::")[0]
        file = HERE.parent / name
        if file.is_relative_to(ENGINE):
            return OWN_WORLDS.get(file.name, "world")
        if file in PARTS:
            return f"{name} {crc32(nodeid.encode()) % PARTS[file]}"
        return "plans" if file in PLANS else name


def pytest_configure(config: pytest.Config) -> None:
    """Let nothing outlive the run, and add up what it takes."""
    reaper.watch()
    gc.disable()  # until the tests are collected: what modules leave is little, and looking for it takes a second
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Budgets(), "budgets")


def pytest_unconfigure() -> None:
    """Spare the interpreter a last look for garbage among all that tests have left."""
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Distribute tests by what they share."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what waits begin first; what computes fills the gaps, the slowest first."""
    items.sort(key=lambda item: (rank(item), -budget(item.nodeid.partition("::")[0], item.keywords)))


def pytest_collection_finish() -> None:
    """Look for no garbage in modules and tests, which live to the end, and seldom in what recordings leave."""
    gc.freeze()
    gc.set_threshold(5_000_000, 10, 100)
    gc.enable()


@cache
def place(file: Path) -> int | None:
    """Place of a file that has one whatever is marked in it; asked for thousands of tests, so it is kept."""
    if file.is_relative_to(ENGINE):
        return 0 if file.name not in OWN_WORLDS else 1
    return 1 + ORDER.index(file) if file in ORDER else None


def rank(item: pytest.Item) -> int:
    """Place of a test: the shared world is the first, then `ORDER`, then what needs no engine."""
    found = place(item.path)
    if found is not None:
        return found
    return 1 + (ORDER.index(None) if item.get_closest_marker("engine") else len(ORDER))
