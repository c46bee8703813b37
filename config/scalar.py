"""Scalars of a stack file as the Pulumi engine reads them (Go's yaml.v3, which follows YAML 1.2).

`yes` and `off` are text, a whole number may be written `1e3`, `0x` begins no number unless digits follow, what does not
fit 64 bits becomes a float or stays text, and a date outside quotes becomes `2026-11-21 00:00:00 +0000 UTC`.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Final

NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
TRUE: Final = frozenset({"true", "True", "TRUE"})
FALSE: Final = frozenset({"false", "False", "FALSE"})
_DECIMAL: Final = re.compile(r"[-+]?[0-9]+")
_PREFIXED: Final = re.compile(r"[-+]?0(?:[bB][01]+|[oO]?[0-7]+|[xX][0-9a-fA-F]+)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_FIRST: Final = frozenset("+-.0123456789")
_BITS: Final = 64
_DIGITS: Final = 20
"""Decimal digits of the largest whole number of 64 bits."""


def resolve(text: str) -> object:
    """Return what a scalar outside quotes stands for; text, where it stands for nothing else."""
    if text in NULL:
        return None
    if text in TRUE or text in FALSE:
        return text in TRUE
    if text[0] not in _FIRST:
        return text
    if _NOT_FINITE.fullmatch(text):
        return float(text.lower().replace(".", ""))
    number = _number(text.replace("_", "") if text[0] != "." else text)
    return _instant(text) if number is None else number


def _number(text: str) -> int | float | None:
    if _PREFIXED.fullmatch(text):
        whole = int(text, 0 if text.lstrip("+-")[1].isalpha() else 8)
        return whole if -(2 ** (_BITS - 1)) <= whole < 2**_BITS else _float(text)
    if _DECIMAL.fullmatch(text) and len(text.lstrip("+-0")) <= _DIGITS:
        return int(text)
    return _float(text)


def _float(text: str) -> int | float | None:
    """Return a number with a point, an exponent or too many digits; whole ones as such, as JSON has them."""
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    if math.isinf(number):
        return None
    return int(number) if number == int(number) else number


def _instant(text: str) -> str:
    """Return a date or time outside quotes as the engine hands it on, any other text as it is."""
    if not _INSTANT.fullmatch(text):
        return text
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return text
    offset = instant.strftime("%z") or "+0000"
    return f"{instant:%Y-%m-%d %H:%M:%S} {offset} {'UTC' if offset == '+0000' else offset}"
