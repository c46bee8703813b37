"""The typed stack file: pure pydantic, no Pulumi resource, no network, no clock."""

from config.files import load_file, stack_file, stack_files
from config.problems import ConfigError, Problem
from config.stack import StackConfig

__all__ = ["ConfigError", "Problem", "StackConfig", "load_file", "stack_file", "stack_files"]
