"""RDS takes a snapshot of a database as soon as it has automated backups, and deletes it with the database.

Those of the nights after are not taken: no night passes here.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_OK = 200
_MAKING = ("CreateDBInstance", "CreateDBInstanceReadReplica", "ModifyDBInstance", "PromoteReadReplica")
"""Actions after which a database may have backups for the first time."""


def _automated(name: str) -> list[str]:
    return [
        key
        for key, snapshot in rds._snapshots.items()
        if (snapshot["DBInstanceIdentifier"], snapshot["SnapshotType"]) == (name, "automated")
    ]


def _taken(instance: dict[str, Any]) -> None:
    name = instance["DBInstanceIdentifier"]
    if int(instance.get("BackupRetentionPeriod") or 0) and not _automated(name):
        at = datetime.now(UTC).strftime("%Y-%m-%d-%H-%M")
        rds._create_snapshot_internal(f"rds:{name}-{at}", instance)["SnapshotType"] = "automated"


def _makes(original: Handler) -> Handler:
    def act(params: Params) -> Response:
        answer: Response = original(params)
        instance = rds._resolve_instance(rds._p(params, "DBInstanceIdentifier"))
        if answer[0] == _OK and instance:
            _taken(instance)
        return answer

    return act


def _deletes(original: Handler) -> Handler:
    def delete(params: Params) -> Response:
        going = rds._resolve_instance(rds._p(params, "DBInstanceIdentifier"))
        answer: Response = original(params)
        if answer[0] == _OK and going and rds._p(params, "DeleteAutomatedBackups") != "false":
            for key in _automated(going["DBInstanceIdentifier"]):
                del rds._snapshots[key]
        return answer

    return delete


def _apply() -> None:
    for action in _MAKING:
        wrap_action(rds._ACTION_MAP, action, _makes)
    wrap_action(rds._ACTION_MAP, "DeleteDBInstance", _deletes)


PATCH = Patch("rds-automated-snapshots", "a database with backups has no snapshot to restore from", _apply)
