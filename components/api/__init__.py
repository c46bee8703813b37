"""An HTTP API in front of services and functions."""

from components.api.api import Api, ApiArgs
from components.api.area import build, build_sockets
from components.api.outputs import ApiOutputs
from components.api.plan import THROTTLED

__all__ = ["THROTTLED", "Api", "ApiArgs", "ApiOutputs", "build", "build_sockets"]
