"""The releases of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.functions import FunctionsOutputs
from components.observability import ObservabilityOutputs
from components.releases.release import Released, Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from components.outputs import Outputs
    from components.platform import Platform


def build(platform: Platform) -> Iterator[Outputs]:
    """Build what releases functions, where the stack file has it; alarms are made before."""
    settings = {name: one.release for name, one in platform.settings.functions.items() if one.release is not None}
    if not settings:
        return
    functions = platform.needed(FunctionsOutputs).functions
    alarms = platform.needed(ObservabilityOutputs).alarm_names
    args = {
        name: Released(settings=one, function=functions[name], alarms=[alarms[row][name] for row in one.alarms])
        for name, one in settings.items()
    }
    yield Releases("releases", args, platform.options).outputs
