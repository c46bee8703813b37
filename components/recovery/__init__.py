"""A standby and its primary: what it reads of it, how it follows it, how it takes its place."""

from components.recovery.primary import Primary, follow

__all__ = ["Primary", "follow"]
