"""Customer-managed encryption keys, one per data domain."""

from components.keys.area import build
from components.keys.elsewhere import Elsewhere, ReplicaRegion, ReplicaRegions, TableKeys, global_region
from components.keys.keys import Keys, KeysArgs
from components.keys.outputs import KeysOutputs
from components.keys.primary import PrimaryKeys

__all__ = [
    "Elsewhere",
    "Keys",
    "KeysArgs",
    "KeysOutputs",
    "PrimaryKeys",
    "ReplicaRegion",
    "ReplicaRegions",
    "TableKeys",
    "build",
    "global_region",
]
