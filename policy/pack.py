"""All rules of the pack, by name and in order; a rule that is not named here does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rules import bucket, database
from policy.waivers import expiry_rule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from policy.rule import Rule
    from policy.waivers import Waiver

RULES: Final[tuple[Rule, ...]] = (
    *database.RULES,
    *bucket.RULES,
)


def all_rules(waivers: Sequence[Waiver], today: date) -> tuple[Rule, ...]:
    """Return every rule, with the one that watches over the waivers."""
    return (*RULES, expiry_rule(waivers, today))


RULE_NAMES: Final = frozenset(rule.name for rule in RULES)
"""Rules that can be waived."""
