"""RDS moves the latest restorable time on every five minutes, and says none of a database without backups.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html (logs are uploaded every five minutes; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import re
import time
from typing import Any, Final

from ministack.services import rds

from sandbox.emulator.patches.base import Handler, Patch, wrap

_SHOWN: Final = re.compile(r"\s*<LatestRestorableTime>([^<]*)</LatestRestorableTime>")
_UPLOADED_SECONDS: Final = 300


def _xml(original: Handler) -> Handler:
    def render(instance: dict[str, Any]) -> str:
        text = str(original(instance))
        if not int(instance.get("BackupRetentionPeriod") or 0):
            return _SHOWN.sub("", text)
        uploaded = rds._format_time(time.time() // _UPLOADED_SECONDS * _UPLOADED_SECONDS)
        latest = max(uploaded, instance.get("LatestRestorableTime") or uploaded)
        return _SHOWN.sub(f"<LatestRestorableTime>{latest}</LatestRestorableTime>", text)

    return render


PATCH = Patch(
    "rds-restorable-time",
    "a database can be restored to the moment of its creation and to no later one",
    lambda: wrap(rds, "_instance_xml", _xml),
)
