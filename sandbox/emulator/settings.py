"""Settings of the emulator from its environment, which it reads once, while it is imported."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = "127.0.0.1"
"""The only address anything of the emulator listens on."""

DEFAULT_ACCOUNT = "000000000000"
"""The account of a caller whose access key is not a 12-digit account id; ministack's own default."""

RUNNING = "running.json"
"""File in the state directory that names the process serving it, {"port", "pid"}; gone after a clean end."""

LOG = "emulator.log"
"""File in the state directory that takes warnings and errors."""

_ACCOUNT = re.compile(r"\d{12}")

_FOREIGN = (
    "AUTH",  # IAM enforcement: the sandbox's callers have no users
    "DOCKER_",
    "ECS_",
    "EDGE_PORT",
    "EKS_",
    "ELASTICACHE_",
    "GATEWAY_PORT",
    "IOT_",
    "LAMBDA_",
    "LOCALSTACK_",
    "MINISTACK_",
    "RDS_",
    "S3_",
    "SERVICES",  # a subset of services
    "SFTP_",
    "USE_SSL",  # also binds port 443
)
"""Beginnings of settings a user may have exported for an emulator of their own; ours behaves alike on every machine."""


@dataclass(frozen=True)
class Settings:
    """How one emulator runs.

    Attributes:
        state: Directory of its state, created when absent; None keeps nothing.
        port: TCP port on loopback; 0 takes a free one.
        account: Account of callers without a 12-digit access key.
        patched: Whether the patches are applied; False shows which of them are still needed.
    """

    state: Path | None = None
    port: int = 0
    account: str = DEFAULT_ACCOUNT
    patched: bool = True

    def __post_init__(self) -> None:
        """Refuse what AWS would not accept as an account, and what is no port."""
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError(f"account: {self.account!r} is not a 12-digit AWS account id")
        if not 0 <= self.port <= 65535:  # noqa: PLR2004 - the range of a TCP port
            raise ValueError(f"port: {self.port} is not in 0..65535")


def export(settings: Settings, port: int, workspace: Path) -> None:
    """Put the settings into this process's environment, before ministack is imported.

    Args:
        settings: How the emulator runs.
        port: The port already bound, which ministack prints into the URLs it returns.
        workspace: Directory of what is needed only while it runs.
    """
    state = settings.state or workspace / "state"
    kept = "0" if settings.state is None else "1"
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        del os.environ[name]
    os.environ.update(
        BIND_HOST=LOOPBACK,
        GATEWAY_PORT=str(port),
        MINISTACK_ACCOUNT_ID=settings.account,
        IOT_MTLS_ENABLED="0",  # would listen on every interface
        SFTP_ENABLED="0",  # same
        SFTP_HOST=LOOPBACK,
        DOCKER_HOST="unix:///nonexistent",  # containers would publish ports, and differ from machine to machine
        LOG_LEVEL="WARNING",
        AWS_ENDPOINT_URL=f"http://{LOOPBACK}:{port}",  # for functions it runs
        PERSIST_STATE=kept,
        STATE_DIR=str(state),
        S3_PERSIST=kept,
        S3_DATA_DIR=str(state / "objects"),
        TMPDIR=str(workspace),
    )
