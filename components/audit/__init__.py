"""Audit: records of calls and configuration, detection, posture, the account's own settings."""

from components.audit.area import build
from components.audit.audit import Audit, AuditArgs
from components.audit.outputs import AuditOutputs

__all__ = ["Audit", "AuditArgs", "AuditOutputs", "build"]
