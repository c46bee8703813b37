"""RDS reports as events what became of a database: created, changed, promoted, deleted.

Messages and categories are those of the user guide; a promotion shows as the end of its replication.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import time
from functools import partial
from typing import Final

from ministack.core.responses import new_uuid
from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_OK = 200
_EVENTS: Final = {
    "CreateDBInstance": ("creation", "DB instance created"),
    "CreateDBInstanceReadReplica": ("creation", "DB instance created"),
    "RestoreDBInstanceFromDBSnapshot": ("restoration", "Restored from snapshot"),
    "ModifyDBInstance": ("configuration change", "Finished applying modification to the DB instance"),
    "PromoteReadReplica": ("read replica", "Replication streaming has been terminated."),
    "DeleteDBInstance": ("deletion", "DB instance deleted"),
}
"""Action -> category and message of its event."""


def _reports(category: str, message: str, original: Handler) -> Handler:
    def act(params: Params) -> Response:
        name = rds._p(params, "DBInstanceIdentifier")
        before = rds._resolve_instance(name)
        answer: Response = original(params)
        about = rds._resolve_instance(name) or before
        if answer[0] == _OK and about:
            rds._events[new_uuid()] = {
                "SourceIdentifier": about["DBInstanceIdentifier"],
                "SourceType": "db-instance",
                "SourceArn": about.get("DBInstanceArn", ""),
                "Message": message,
                "Date": time.time(),
                "EventCategories": [category],
            }
        return answer

    return act


def _apply() -> None:
    for action, (category, message) in _EVENTS.items():
        wrap_action(rds._ACTION_MAP, action, partial(_reports, category, message))


PATCH = Patch("rds-events", "a database that was made or promoted has no event", _apply)
