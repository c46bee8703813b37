"""What the settings of a stack can promise when a zone or a region is lost: pure functions, no clock, no network."""

from config.objectives.availability import Availability, availability
from config.objectives.bound import Bound
from config.objectives.calls import Call
from config.objectives.derive import Advice, binding, bound, bounds, cheapest, has, services
from config.objectives.step import Step, arithmetic, duration, longest, total
from config.objectives.tiers import TIERS, Demand, cheapest_tier, lacking, standing
from config.objectives.unreckoned import unreckoned

__all__ = [
    "TIERS",
    "Advice",
    "Availability",
    "Bound",
    "Call",
    "Demand",
    "Step",
    "arithmetic",
    "availability",
    "binding",
    "bound",
    "bounds",
    "cheapest",
    "cheapest_tier",
    "duration",
    "has",
    "lacking",
    "longest",
    "services",
    "standing",
    "total",
    "unreckoned",
]
