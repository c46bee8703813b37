"""What the settings of a stack can promise when a zone or a region is lost: pure functions, no clock, no network."""

from config.objectives.availability import Availability, availability
from config.objectives.bound import Bound
from config.objectives.calls import Call
from config.objectives.derive import Advice, binding, bound, bounds, cheapest, has, services
from config.objectives.step import Step, arithmetic, duration, longest, total
from config.objectives.unreckoned import unreckoned

__all__ = [
    "Advice",
    "Availability",
    "Bound",
    "Call",
    "Step",
    "arithmetic",
    "availability",
    "binding",
    "bound",
    "bounds",
    "cheapest",
    "duration",
    "has",
    "longest",
    "services",
    "total",
    "unreckoned",
]
