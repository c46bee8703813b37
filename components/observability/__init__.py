"""Observability: alarms, channels, dashboards, logs."""

from components.observability.observability import Observability, ObservabilityArgs
from components.observability.outputs import ObservabilityOutputs

__all__ = ["Observability", "ObservabilityArgs", "ObservabilityOutputs"]
