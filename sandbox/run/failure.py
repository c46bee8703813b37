"""What ends a command early: something to tell the user, or the user's own interruption."""

from __future__ import annotations


class SandboxError(Exception):
    """A command cannot go on. Shown without a traceback; exit status 1.

    Attributes:
        where: The thing that is wrong: a file, a stack, a part.
        what: What is wrong with it, value got and allowed where there are any.
        fix: What to do about it.
    """

    def __init__(self, where: str, what: str, fix: str) -> None:
        super().__init__(where, what, fix)
        self.where = where
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n  do: {self.fix}"

    def add(self, consequence: str) -> None:
        """Say what follows from it, after what is wrong."""
        self.what = f"{self.what.strip()}; {consequence}" if self.what.strip() else consequence


class RefusedError(SandboxError):
    """Something was refused before anything was changed: a broken stack file, a policy that is violated."""


class NoToolchainError(SandboxError):
    """Engine or plugins cannot be had on this machine. What can be said without them is said instead, as a failure."""


class DeployError(SandboxError):
    """The engine failed after changing things; the world is put back to what it was before."""


class DestroyError(SandboxError):
    """The engine failed to destroy everything; what it did destroy stays destroyed, and the next run goes on there."""


class Interrupted(BaseException):
    """The user (or the end of `make`) wants us to stop. Exit status 130."""
