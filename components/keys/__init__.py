"""Customer-managed encryption keys, one per data domain."""

from components.keys.elsewhere import Elsewhere, global_region
from components.keys.keys import Keys, KeysArgs
from components.keys.outputs import KeysOutputs

__all__ = ["Elsewhere", "Keys", "KeysArgs", "KeysOutputs", "global_region"]
