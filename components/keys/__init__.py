"""Customer-managed encryption keys, one per data domain."""

from components.keys.keys import Keys, KeysArgs
from components.keys.outputs import KeysOutputs

__all__ = ["Keys", "KeysArgs", "KeysOutputs"]
