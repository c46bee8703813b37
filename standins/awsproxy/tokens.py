"""Type tokens both ways: `aws:ec2/vpc:Vpc` of pulumi-aws is `aws:index/vpc:Vpc` of the bridge.

The bridge knows Terraform's names only, all in one module. The official plugin's names follow from them by a rule
(module as prefix) with exceptions, kept as data in `tokens.yaml`. A token nobody can place is an error, never a guess:
`rds/instance` must not become Terraform's `aws_instance`.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = Path(__file__).with_name("tokens.yaml")
LEGACY_MODULE, LEGACY_SUFFIX = "s3", "v2"
"""pulumi-aws 7 keeps `s3/bucketV2` and its satellites as old names of the same Terraform types."""


class UnknownTokenError(LookupError):
    """The Terraform provider behind the bridge has no counterpart of a pulumi-aws type."""


class TokenMap:
    """Translates tokens and URNs, given the names the bridge serves.

    Args:
        bridged: Every resource and function token of the bridge.
    """

    def __init__(self, bridged: Iterable[str]) -> None:
        self._bridged = {token.rpartition(":")[2].lower(): token for token in bridged}
        data = yaml.safe_load(DATA.read_text())
        self._prefixes: dict[str, list[str]] = data["prefixes"]
        self._types: dict[str, str] = data["types"]

    def to_bridge(self, token: str) -> str:
        """Token of the bridge for a pulumi-aws resource or function token.

        Raises:
            UnknownTokenError: No rule and no table entry leads to a name the bridge serves.
        """
        _, path, name = token.split(":")
        for candidate in self._candidates(path, name):
            found = self._bridged.get(candidate.lower())
            if found is not None:
                return found
        raise UnknownTokenError(
            f"{token}: not served by the Terraform AWS provider at hand"
            " (newer than the provider, or missing in standins/awsproxy/tokens.yaml)"
        )

    def _candidates(self, path: str, name: str) -> Iterable[str]:
        module, _, file = path.partition("/")
        verb = "get" if file.startswith("get") and name.startswith("get") else ""
        base = name[len(verb) :]
        key = f"{module}/{base[:1].lower()}{base[1:]}"
        if key in self._types:
            yield verb + self._types[key]
        names = [base]
        if module == LEGACY_MODULE and base.lower().endswith(LEGACY_SUFFIX):
            names.append(base[: -len(LEGACY_SUFFIX)])
        for candidate in names:
            for prefix in self._prefixes.get(module, [module]):
                yield f"{verb}{prefix}{candidate}"
            if candidate.lower().startswith(module):
                yield verb + candidate

    def urn_to_bridge(self, urn: str) -> str:
        """Return the URN with the resource's own type replaced; parent types stay, the bridge does not read them."""
        head, sep, rest = split_urn(urn)
        parents, dollar, own = head.rpartition("$")
        return f"{urn_prefix(urn)}{parents}{dollar}{self.to_bridge(own)}{sep}{rest}"

    @cached_property
    def served(self) -> int:
        """How many names the bridge serves."""
        return len(self._bridged)


def urn_prefix(urn: str) -> str:
    """Everything of a URN before the qualified type: `urn:pulumi:<stack>::<project>::`."""
    stack, project, _ = urn.split("::", 2)
    return f"{stack}::{project}::"


def split_urn(urn: str) -> tuple[str, str, str]:
    """Qualified type, separator and logical name of a URN (a name may itself hold `::`)."""
    return urn.split("::", 2)[2].partition("::")


def urn_type(urn: str) -> str:
    """Type token of the resource a URN names."""
    return split_urn(urn)[0].rpartition("$")[2]


def urn_name(urn: str) -> str:
    """Logical name of the resource a URN names."""
    return split_urn(urn)[2]
