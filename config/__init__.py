"""The typed stack file: pure pydantic, no Pulumi resource, no network, no clock."""

from config.stack import StackConfig

__all__ = ["StackConfig"]
