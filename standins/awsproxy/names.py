"""Auto-naming as the official plugin does it: `<logical name>-<7 hex>`, for `name` or the type's own property.

The bridge behind us names `name` only, knows no length limit, and does not see that `namePrefix` excludes `name`.
A name once given is kept: it is read from the old inputs.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi.runtime.proto import provider_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standins.awsproxy.overrides import AutoName
    from standins.awsproxy.values import Properties

HEX_DIGITS = 7
SEPARATOR = "-"


class NamingError(ValueError):
    """No name can be made within the limits of the type."""


def suffix(seed: bytes) -> str:
    """Seven hex digits, the same for the same seed (so that a preview shows what `up` does); random without one."""
    return hashlib.sha256(seed).hexdigest()[:HEX_DIGITS] if seed else secrets.token_hex(4)[:HEX_DIGITS]


def make(logical: str, rule: AutoName, seed: bytes, flags: Properties) -> str:
    """Name for a resource.

    Args:
        logical: The resource's logical name.
        rule: Limits of the type.
        seed: Random seed the engine gave, empty for a random name.
        flags: Inputs of the resource, for names that depend on one (`.fifo`).

    Raises:
        NamingError: The logical name leaves no room for the suffix.
    """
    base = logical.lower() if rule.lower else logical
    end = "".join(ending for flag, ending in rule.suffix_if.items() if flags.get(flag) is True)
    prefix = "" if base.startswith(rule.prefix) else rule.prefix
    name = f"{base}{SEPARATOR}{suffix(seed + base.encode() if seed else b'')}"
    if len(name) > rule.max_length:
        raise NamingError(
            f"the name made from {logical!r} has {len(name)} characters, {rule.max_length} are allowed:"
            " shorten the logical name or set the name"
        )
    return f"{prefix}{name}{end}"


@dataclass(frozen=True)
class Naming:
    """What the engine says about naming one resource: its logical name, the random seed, the project's own scheme."""

    logical: str
    seed: bytes = b""
    proposed: str | None = None
    disabled: bool = False

    @classmethod
    def of(cls, logical: str, request: provider_pb2.CheckRequest) -> Naming:
        """Read it from a check request."""
        if not request.HasField("autonaming"):
            return cls(logical, request.randomSeed)
        disabled = request.autonaming.mode == provider_pb2.CheckRequest.AutonamingOptions.DISABLE
        return cls(logical, request.randomSeed, request.autonaming.proposed_name, disabled)


def fill(rules: Mapping[str, AutoName], naming: Naming, news: Properties, olds: Properties) -> set[str]:
    """Fill missing names into `news`; returns the properties that stay empty because a prefix takes their place.

    Raises:
        NamingError: See `make`, and when automatic naming is switched off for the project.
    """
    prefixed = set()
    for prop, rule in rules.items():
        if news.get(prop) is not None:
            continue
        old = olds.get(prop)
        if news.get(f"{prop}Prefix") is not None:
            prefixed.add(prop)
        elif isinstance(old, str):
            news[prop] = old
        elif naming.disabled:
            raise NamingError(f"automatic naming is disabled, but {prop} is not set")
        else:
            news[prop] = naming.proposed or make(naming.logical, rule, naming.seed, news)
    return prefixed
