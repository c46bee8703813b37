"""What is known of the experiments outside of the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from components.outputs import Outputs, gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi


@dataclass(frozen=True, kw_only=True)
class ExperimentsOutputs(Outputs):
    """Experiments as who starts them sees them."""

    template_ids: Mapping[str, pulumi.Output[str]]
    """Experiment -> id of its template."""
    steady_alarms: Mapping[str, Mapping[str, pulumi.Output[str]]]
    """Experiment -> subject of an alarm of its steady state, as `<row>` or `<row>-<subject>` -> name of the alarm."""

    def exports(self) -> Mapping[str, pulumi.Input[Any]]:
        """Return `experiments`: name -> id of its template, and `experiment_alarms`: name -> alarms that must hold."""
        return {
            "experiments": gathered(self.template_ids),
            "experiment_alarms": gathered({name: gathered(one) for name, one in self.steady_alarms.items()}),
        }
