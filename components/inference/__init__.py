"""Models of Bedrock: the guardrail before them, the records of their calls, and what lets a role call them."""

from components.inference.area import build
from components.inference.guardrail import digest
from components.inference.outputs import InferenceOutputs

__all__ = ["InferenceOutputs", "build", "digest"]
