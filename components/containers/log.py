"""Where containers of a service write what they print. Pure: no resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.naming import physical

if TYPE_CHECKING:
    from config.identity import Identity

LOG_BUFFER: Final = "25m"
"""Log lines that wait in memory where CloudWatch Logs is slow; beyond, the oldest are dropped and the task goes on."""
Definition = dict[str, object]


def log_group_name(identity: Identity, service: str) -> str:
    """Return the name of the log group of a service."""
    return physical("log-group", identity.system, identity.environment, "containers", service)


def log_configuration(service: str, identity: Identity, stream: str) -> Definition:
    """Return how a container writes to the log of its service, in streams whose names begin with `stream`."""
    options = {
        "awslogs-group": log_group_name(identity, service),
        "awslogs-region": identity.region,
        "awslogs-stream-prefix": stream,
        "mode": "non-blocking",
        "max-buffer-size": LOG_BUFFER,
    }
    return {"logDriver": "awslogs", "options": options}
