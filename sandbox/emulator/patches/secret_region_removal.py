"""Regions can be taken out of a secret's replication.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RemoveRegionsFromReplication.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from ministack.services import secretsmanager

from sandbox.emulator.patches import secret_actions
from sandbox.emulator.patches.base import Patch

if TYPE_CHECKING:
    from sandbox.emulator.patches.secret_actions import Request


def _remove_regions(secret: dict[str, Any], data: Request) -> Request:
    removed = set(data.get("RemoveReplicaRegions", []))
    going = copy.copy(secret)
    going["ReplicationStatus"] = [s for s in secret["ReplicationStatus"] if s["Region"] in removed]
    secretsmanager._delete_replicas(going)
    secret["ReplicationStatus"] = [s for s in secret["ReplicationStatus"] if s["Region"] not in removed]
    return {"ARN": secret["ARN"], "ReplicationStatus": secret["ReplicationStatus"]}


PATCH = Patch(
    "secretsmanager-region-removal",
    "a replica cannot be taken away: an unknown action",
    lambda: secret_actions.add("RemoveRegionsFromReplication", _remove_regions),
)
