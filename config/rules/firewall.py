"""Rules of one's own in the web ACLs: each says what it is about, under a name that no other rule has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.problems import NOTHING, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Path, Problem
    from config.stack import StackConfig

RULES_AT: Final[Path] = ("edge", "firewall", "rules")
DERIVED: Final = frozenset(
    {"country", "country-of-viewer", "rate", "rate-of-viewer", "reputation", "common", "known-bad"}
)
"""Names of the rules that every web ACL has; metrics have them too."""
_OF_VIEWER: Final = "-of-viewer"


def names(config: StackConfig) -> Iterator[Problem]:
    """No rule has the name of one that the program makes: metrics, and logs, would be of both."""
    for name in config.edge.firewall.rules if config.edge else ():
        if name in DERIVED or name.endswith(_OF_VIEWER):
            what = "a name of rules that every web ACL has"
            allowed = f"neither one of {', '.join(sorted(DERIVED))}, nor one that ends in {_OF_VIEWER}"
            yield refuse((*RULES_AT, name), what, got=name, allowed=allowed, fix="give it another name")


def conditions(config: StackConfig) -> Iterator[Problem]:
    """A rule without a condition would block everybody, or be the rate limit once more."""
    for name, rule in config.edge.firewall.rules.items() if config.edge else ():
        if rule.conditions == 0:
            what = "meets every request" if rule.rate_limit is None else "is edge.firewall.rate_limit once more"
            allowed = "path_begins, methods, header, without_header, body_above_bytes, one at least"
            yield refuse((*RULES_AT, name), what, got=NOTHING, allowed=allowed, fix="say which requests it is about")


RULES: Final = (names, conditions)
