"""Customer-managed encryption keys, one per data domain."""

from components.keys.outputs import KeysOutputs

__all__ = ["KeysOutputs"]
