"""What AWS offers and allows, with source and date: data for the rules, read by nobody else, looked up nowhere.

Facts are refreshed by hand: change the table, its source and date, and `COLLECTED`; then every stack file whose `as_of`
is older is refused until somebody has looked at it again.
"""

from __future__ import annotations

from datetime import date
from typing import Final

COLLECTED: Final = date(2026, 11, 21)
"""Day on which the facts of this package were last gathered."""
VALID_DAYS: Final = 180
"""Days after `COLLECTED` up to which a stack file may claim to have been checked against these facts."""
