"""What an URN says about the object behind it."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """Stack, type token and logical name of a resource."""

    stack: str
    token: str
    name: str

    @property
    def kind(self) -> str:
        """Last part of the token, such as `Deployment`."""
        return self.token.rpartition(":")[2]

    @property
    def api_version(self) -> str:
        """API version by the token: `core/v1` is the unnamed group `v1`."""
        return self.token.split(":")[1].removeprefix("core/")


def parse(urn: str) -> Subject:
    """Return what an URN says: `urn:pulumi:<stack>::<project>::<parents>$<token>::<name>`."""
    stack, _, types, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    return Subject(stack, types.rpartition("$")[2], name)
