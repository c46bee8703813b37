"""Observability: alarms, channels, dashboards, logs."""

from components.observability.area import build
from components.observability.args import ObservabilityArgs
from components.observability.observability import Observability
from components.observability.outputs import ObservabilityOutputs

__all__ = ["Observability", "ObservabilityArgs", "ObservabilityOutputs", "build"]
