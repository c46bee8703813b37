"""A deleted database is named by no source and by no replica any more.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
(a replica of a deleted source in its region is promoted)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_OK = 200
_ID = "DBInstanceIdentifier"


def _delete(original: Handler) -> Handler:
    """End the ties of a deleted instance: its source forgets it, its replicas stand alone."""

    def delete(params: Params) -> Response:
        answer: Response = original(params)
        if answer[0] == _OK:
            gone = rds._p(params, _ID)
            for other in rds._instances.values():
                names = other.get("ReadReplicaDBInstanceIdentifiers", [])
                other["ReadReplicaDBInstanceIdentifiers"] = [name for name in names if name != gone]
                if other.get("ReadReplicaSourceDBInstanceIdentifier") == gone:
                    other["ReadReplicaSourceDBInstanceIdentifier"] = ""
        return answer

    return delete


PATCH = Patch(
    "rds-replica-ties",
    "a source keeps naming replicas that are gone",
    lambda: wrap_action(rds._ACTION_MAP, "DeleteDBInstance", _delete),
)
