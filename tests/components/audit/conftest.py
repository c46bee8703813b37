from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from components.audit import Audit, AuditArgs
from review.record import record
from tests.components.cluster.surroundings import keys, options

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.audit import Audit as AuditSettings
    from config.stack import StackConfig
    from review.graph import Graph


@pytest.fixture(scope="session")
def audit_settings(settings: StackConfig) -> AuditSettings:
    """Prod's `audit`."""
    assert settings.audit is not None
    return settings.audit


@pytest.fixture(scope="session")
def record_audit(settings: StackConfig) -> Callable[[AuditSettings], Graph]:
    """Records the audit of prod with other settings."""

    def recorded(audit: AuditSettings) -> Graph:
        def program() -> None:
            access_logs = pulumi.Output.from_input("access-logs")
            args = AuditArgs(settings=audit, identity=settings.identity, keys=keys(), access_logs=access_logs)
            Audit("audit", args, options(settings))

        return record(program, "test")

    return recorded


@pytest.fixture(scope="session")
def audit(record_audit: Callable[[AuditSettings], Graph], audit_settings: AuditSettings) -> Graph:
    """The audit of prod, as it was registered."""
    return record_audit(audit_settings)


@pytest.fixture(scope="session")
def regional(record_audit: Callable[[AuditSettings], Graph], audit_settings: AuditSettings) -> Graph:
    """The audit of a further region of the same account, as it was registered."""
    configuration = audit_settings.configuration.model_copy(update={"global_resources": False})
    changes = {"trail": None, "account": None, "configuration": configuration}
    return record_audit(audit_settings.model_copy(update=changes))
