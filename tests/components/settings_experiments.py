"""Settings of experiments that need others beside them (`test_settings_count.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.config.containersfile import STACK as SHOP
from tests.config.leaves import GONE

if TYPE_CHECKING:
    from collections.abc import Mapping

_TASK: Final = "experiments.templates.lost-task"
EXPERIMENTS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "experiments.templates.*.action": (
        SHOP,
        {
            f"{_TASK}.action": "fail_over_database",
            f"{_TASK}.target": {"of": "data.postgres"},
        },
    ),
    "experiments.templates.*.target.of": (SHOP, {f"{_TASK}.target.of": "containers.services.live"}),
    "experiments.templates.*.target.count": (SHOP, {f"{_TASK}.target.count": 2}),
    "experiments.templates.*.target.percent": (
        SHOP,
        {f"{_TASK}.target.percent": 50, f"{_TASK}.target.count": GONE},
    ),
    "experiments.templates.*.target.zones.*": (SHOP, {"experiments.templates.lost-nat.target.zones": ["b"]}),
    "experiments.templates.*.stop_alarms.*": (SHOP, {f"{_TASK}.stop_alarms": ["no-targets"]}),
    "experiments.templates.*.objective": (SHOP, {f"{_TASK}.objective": "cluster"}),
}
"""Kind of setting -> the stack, and what is changed there, the setting first."""
