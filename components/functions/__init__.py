"""Lambda functions of the stack file."""

from components.functions.area import build
from components.functions.outputs import ALIAS, FunctionOutputs, FunctionsOutputs

__all__ = ["ALIAS", "FunctionOutputs", "FunctionsOutputs", "build"]
