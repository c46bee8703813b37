"""A standby and its primary: what it reads of it, how it follows it, how it takes its place."""

from components.recovery.area import build, follow

__all__ = ["build", "follow"]
