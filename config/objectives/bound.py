"""What can be promised of a service, derived from the settings."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from config.facts.recovery import Evidence
from config.objectives.step import MINUTE, Steps, arithmetic, total

if TYPE_CHECKING:
    from config.objectives.calls import Call
    from config.objectives.step import Step
    from config.recovery import Objective, ServiceName

Scope = Literal["zone", "region"]
Side = Literal["rto", "rpo"]
SIDES: Final[tuple[Side, ...]] = ("rto", "rpo")


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The tightest objective that the settings can keep for one service, with every step of the reckoning."""

    service: ServiceName
    """The service."""
    scope: Scope
    """What is lost."""
    mechanism: str
    """How it recovers, in a few words."""
    rto: Steps
    """From the loss to an answering service: the longest way."""
    rpo: Steps
    """What is lost of its data, as time before the loss."""
    calls: tuple[Call, ...] = ()
    """Every control plane that the recovery needs, those of shorter ways included."""
    declared: Objective | None = field(default=None, compare=False)
    """What the stack file promises."""

    def seconds(self, side: Side) -> float:
        """Return the bound of one side."""
        return total(self.rto if side == "rto" else self.rpo)

    def arithmetic(self, side: Side) -> str:
        """Return the reckoning of one side in one line."""
        return arithmetic(self.rto if side == "rto" else self.rpo)

    @property
    def evidence(self) -> Evidence:
        """The weakest evidence of all steps."""
        return max((step.evidence for step in (*self.rto, *self.rpo)), default=Evidence.SETTING)

    def breaks(self, objective: Objective) -> tuple[Side, ...]:
        """Return the sides on which an objective is tighter than the bound."""
        minutes: dict[Side, int] = {"rto": objective.rto_minutes, "rpo": objective.rpo_minutes}
        return tuple(side for side in SIDES if minutes[side] * MINUTE < self.seconds(side))

    def document(self) -> dict[str, Any]:
        """Return the bound as plain values; a missing bound is null."""
        declared = self.declared
        return {
            "service": self.service,
            "scope": self.scope,
            "mechanism": self.mechanism,
            "declared": declared and {"rto_minutes": declared.rto_minutes, "rpo_minutes": declared.rpo_minutes},
            "bound": {f"{side}_seconds": _finite(self.seconds(side)) for side in SIDES},
            "holds": declared and not self.breaks(declared),
            "evidence": self.evidence.name.lower(),
            "steps": {side: [_step(step) for step in (self.rto if side == "rto" else self.rpo)] for side in SIDES},
            "control_planes": [asdict(call) | {"at_risk": call.at_risk} for call in self.calls],
        }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "seconds": _finite(step.seconds),
        "evidence": step.evidence.name.lower(),
        "source": step.source,
    }


def _finite(seconds: float) -> float | None:
    return None if math.isinf(seconds) else seconds
