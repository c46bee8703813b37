"""Experiments of AWS FIS: templates of what is taken away, with a role each and alarms that stop them."""

from components.experiments.area import build
from components.experiments.outputs import ExperimentsOutputs

__all__ = ["ExperimentsOutputs", "build"]
