"""Backup: a locked vault, a plan with tiers, restores on trial, copies of another region's backups."""

from components.backup.area import build
from components.backup.backup import Backup, BackupArgs
from components.backup.copy_plan import CopyPlan, CopyPlanArgs
from components.backup.outputs import BackupOutputs

__all__ = ["Backup", "BackupArgs", "BackupOutputs", "CopyPlan", "CopyPlanArgs", "build"]
