"""Roles of the people who operate a stack."""

from components.operators.area import build
from components.operators.operators import Operators, OperatorsArgs
from components.operators.outputs import OperatorsOutputs

__all__ = ["Operators", "OperatorsArgs", "OperatorsOutputs", "build"]
