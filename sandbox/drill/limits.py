"""How long each step of a drill may take, in seconds: several times what it takes on two slow cores."""

from __future__ import annotations

from typing import Final

WHOLE: Final = 2700.0
"""Everything but the first deployments."""

DEPLOY: Final = 1500.0
"""The first deployment of one stack."""

PLAN: Final = 420.0
"""A preview."""

UPDATE: Final = 900.0
"""An update of a stack that stands: the provider waits a minute or two for a database, and longer for a cache."""

LOOK: Final = 180.0
"""Looking with boto3."""

REPLICATION: Final = 90.0
"""Until the other region has what was written; the embedded AWS copies within a second."""

DETECTION_SLACK: Final = 10.0
"""Beyond what a health check's own interval and threshold take: the time of an answer, and a busy machine."""
