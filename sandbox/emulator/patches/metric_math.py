"""Metric math of CloudWatch: an expression over series of datapoints, those that are missing included.

Arithmetic, comparisons, AND and OR; ABS, AVG, CEIL, FILL with a value or REPEAT, FLOOR, IF, MAX, METRICS, MIN, SUM.
A value that is missing makes what is computed from it missing; so does a division by 0. Anything else is refused.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (2026-11)
"""

from __future__ import annotations

import math
import operator
import re
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Series: TypeAlias = tuple[float | None, ...]
"""Datapoints of consecutive periods, the newest first; None where there is none. A number is one value throughout."""

Value: TypeAlias = Series | list[Series]
"""A series, or an array of series."""

_TOKEN: Final = re.compile(
    r"""\s*(\d+\.?\d*(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|"[^"]*"|\|\||&&|[<>=!]=|[-+*/^(),\[\]<>])""",
)
_LEVELS: Final = (("OR", "||"), ("AND", "&&"), ("<", ">", "<=", ">=", "==", "!="), ("+", "-"), ("*", "/"), ("^",))
"""Operators, those that bind least first."""
_OPERATORS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "AND": lambda a, b: bool(a) and bool(b),
    "&&": lambda a, b: bool(a) and bool(b),
    "OR": lambda a, b: bool(a) or bool(b),
    "||": lambda a, b: bool(a) or bool(b),
}
_EACH: Final[dict[str, Callable[[float], float]]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
_TOGETHER: Final[dict[str, Callable[[Sequence[float]], float]]] = {
    "AVG": lambda values: sum(values) / len(values),
    "MAX": max,
    "MIN": min,
    "SUM": sum,
}


class MathError(ValueError):
    """An expression that cannot be read, or that says what is not known here."""


def evaluate(expression: str, series: Mapping[str, Series]) -> Series:
    """Return what an expression makes of series, which are of one length.

    Args:
        expression: The expression.
        series: Id to series, of metrics and of other expressions.

    Raises:
        MathError: The expression cannot be read, names an id that is not there, or a function that is not known here.
    """
    reader = _Reader(_tokens(expression), series)
    value = _one(reader.level(0))
    if reader.rest:
        raise MathError(f"{expression!r}: cannot be read from {reader.rest[0]!r} on")
    return value


def names(expression: str) -> list[str]:
    """Return the words of an expression: ids, and functions.

    Raises:
        MathError: The expression cannot be read.
    """
    return [token for token in _tokens(expression) if token[0].isalpha() or token[0] == "_"]


def _tokens(expression: str) -> list[str]:
    found: list[str] = []
    text, at = expression.rstrip(), 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise MathError(f"{expression!r}: cannot be read from {text[at:]!r} on")
        found.append(match[1])
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[str], series: Mapping[str, Series]) -> None:
        self.rest = tokens
        self._series = series
        self._length = max((len(one) for one in series.values()), default=1)

    def level(self, at: int) -> Value:
        """Read the operands between operators of a level."""
        if at == len(_LEVELS):
            return self._operand()
        value = self.level(at + 1)
        while self._comes(*_LEVELS[at]):
            compute = _OPERATORS[self._next().upper()]
            value = _paired(compute, value, self.level(at + 1))
        return value

    def _comes(self, *tokens: str) -> bool:
        return bool(self.rest) and self.rest[0].upper() in tokens

    def _next(self, expected: str = "") -> str:
        if not self.rest or (expected and self.rest[0] != expected):
            found = repr(self.rest[0]) if self.rest else "the end"
            raise MathError(f"{expected or 'a value'} is expected, {found} was found")
        return self.rest.pop(0)

    def _operand(self) -> Value:
        word = self._next()
        if word == "-":
            return _paired(operator.mul, self._number(-1.0), self.level(len(_LEVELS) - 1))
        if word == "(":
            value = self.level(0)
            self._next(")")
            return value
        if word == "[":
            return [_one(value) for value in self._listed("]")]
        if word[0].isdigit():
            return self._number(float(word))
        if self._comes("("):
            self._next()
            return self._called(word.upper())
        if word in self._series:
            return self._series[word]
        raise MathError(f"{word!r} is neither a metric nor a number")

    def _number(self, value: float) -> Series:
        return (value,) * self._length

    def _listed(self, end: str) -> list[Value]:
        found: list[Value] = []
        while not self._comes(end):
            if found:
                self._next(",")
            found.append(self.level(0))
        self._next(end)
        return found

    def _called(self, function: str) -> Value:
        if function == "METRICS":
            part = "" if self._comes(")") else self._next().strip('"')
            self._next(")")
            return [one for name, one in self._series.items() if part in name]
        if function == "FILL":
            return self._fill()
        given = self._listed(")")
        if function == "IF" and len(given) in (2, 3):
            return _chosen([_one(each) for each in given])
        if function in _EACH and len(given) == 1:
            each = _EACH[function]
            return _paired(lambda value, _: each(value), given[0], self._number(0.0))
        if function in _TOGETHER and len(given) == 1:
            return self._together(_TOGETHER[function], given[0])
        raise MathError(f"{function} of {len(given)} values is not known here")

    def _fill(self) -> Series:
        series = _one(self.level(0))
        self._next(",")
        if self._comes("REPEAT"):
            self._next()
            filled = _repeated(series)
        else:
            other = _one(self.level(0))
            filled = tuple(by if value is None else value for value, by in zip(series, other, strict=True))
        self._next(")")
        return filled

    def _together(self, compute: Callable[[Sequence[float]], float], value: Value) -> Series:
        """Make one series of an array, period by period, or one number of a series."""
        if isinstance(value, list):
            return tuple(_of_present(compute, each) for each in zip(*value, strict=True))
        return (_of_present(compute, value),) * self._length


def _one(value: Value) -> Series:
    if isinstance(value, list):
        raise MathError("an array stands where one series is expected")
    return value


def _of_present(compute: Callable[[Sequence[float]], float], values: Series) -> float | None:
    present = [value for value in values if value is not None]
    return float(compute(present)) if present else None


def _paired(compute: Callable[[float, float], float], left: Value, right: Value) -> Value:
    if isinstance(left, list):
        return [_computed(compute, each, _one(right)) for each in left]
    if isinstance(right, list):
        return [_computed(compute, left, each) for each in right]
    return _computed(compute, left, right)


def _computed(compute: Callable[[float, float], float], left: Series, right: Series) -> Series:
    found: list[float | None] = []
    for one, other in zip(left, right, strict=True):
        try:
            found.append(None if one is None or other is None else float(compute(one, other)))
        except (ZeroDivisionError, OverflowError, TypeError):  # the last: a root of what is below 0
            found.append(None)
    return tuple(found)


def _chosen(given: list[Series]) -> Series:
    test, then, *rest = given
    otherwise = rest[0] if rest else (None,) * len(test)
    chosen = zip(test, then, otherwise, strict=True)
    return tuple(None if held is None else (yes if held else no) for held, yes, no in chosen)


def _repeated(series: Series) -> Series:
    found: list[float | None] = []
    for value in reversed(series):
        found.append(found[-1] if value is None and found else value)
    return tuple(reversed(found))
