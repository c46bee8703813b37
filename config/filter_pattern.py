"""The grammar of CloudWatch Logs' filter patterns: terms, JSON expressions, columns of a line.

Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters, subscription filters, filter log events,
and Live Tail", with its page on regular expressions; read 2026-11-30.
"""

from __future__ import annotations

import re
from typing import Final

_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_REGEX: Final = r"%(?:[^%\\]|\\.)+%"
_NUMBER: Final = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_WORD: Final = r"[A-Za-z0-9_*.:/@#-]+"
_STEP: Final = r"""(?:\.(?:[A-Za-z0-9_*-]+)|\[(?:\d+|\*)\]|\.?\[(?:'[^']+'|"[^"]+")\])"""
_TERM: Final = re.compile(rf"(?P<sign>[-?]?)(?P<body>{_STRING}|{_REGEX}|[A-Za-z0-9_]+)(?=\s|$)")
_SELECTOR: Final = re.compile(rf"\${_STEP}+")
_JSON_VALUE: Final = re.compile(rf"{_STRING}|{_REGEX}|{_WORD}")
_COLUMN: Final = re.compile(r"\s*(?:\.\.\.|(?P<name>[A-Za-z_][A-Za-z0-9_-]*))\s*")
_COMPARED: Final = re.compile(rf"(?P<operator>!=|<=|>=|=|<|>)\s*(?P<value>{_STRING}|{_REGEX}|[^\s&|,\]\)]+)")
_OPERATOR: Final = re.compile(r"!=|<=|>=|=|<|>")
_STATE: Final = re.compile(r"(?:IS\s+(?:NULL|TRUE|FALSE)|NOT\s+EXISTS)\b")
_SPACE: Final = re.compile(r"\s*")
_MOST_REGEX: Final = 2
"""Regular expressions in a pattern."""
_ORDERED: Final = frozenset({"<", ">", "<=", ">="})
_REGEX_PART: Final = re.compile(
    r"\\[dDsSwW.*+?^$|\[\]{}()\\/%#=@;,:-]|\\x[0-9A-Fa-f]{2}|[A-Za-z0-9_:#=@/;,.^$?\[\]{}|*+ -]"
)
"""What a regular expression may consist of; groups are not supported."""


class PatternError(ValueError):
    """A filter pattern that CloudWatch Logs refuses, or that matches otherwise than it reads.

    Args:
        at: Character, from 1.
        what: What is wrong there.
    """

    def __init__(self, at: int, what: str) -> None:
        super().__init__(f"character {at}: {what}")


def check(pattern: str) -> None:
    """Refuse a pattern that is none.

    Raises:
        PatternError: With the first character that does not fit.
    """
    stripped = pattern.strip()
    if not stripped:
        raise PatternError(1, "a blank pattern matches every line; leave the filter out")
    if stripped.startswith("{"):
        _Json(pattern).parse()
    elif stripped.startswith("["):
        _Columns(pattern).parse()
    else:
        _terms(pattern)
    _expressions(pattern)


def _terms(pattern: str) -> None:
    """Words and quoted phrases, each wanted, unwanted (-), or one of several (?)."""
    at, signs = _skip(pattern, 0), set[str]()
    while at < len(pattern):
        found = _TERM.match(pattern, at)
        if found is None:
            raise PatternError(at + 1, "a term of more than letters, digits and _ stands in double quotes")
        signs.add(found["sign"])
        at = _skip(pattern, found.end())
    if "?" in signs and len(signs) > 1:
        raise PatternError(1, "terms with ? are ignored beside others; write all with ?, or none")


class _Json:
    """`{ $.selector operator value && ... }`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def parse(self) -> None:
        self._take("{")
        self._either()
        self._take("}")
        if self._at < len(self._text):
            raise PatternError(self._at + 1, "nothing stands behind the closing }")

    def _either(self) -> None:
        self._condition()
        while self._text[self._at : self._at + 2] in ("&&", "||"):
            self._skip(2)
            self._condition()

    def _condition(self) -> None:
        self._skip()
        if self._text[self._at : self._at + 1] == "(":
            self._skip(1)
            self._either()
            self._take(")")
            return
        self._match(_SELECTOR, "a selector such as $.level is expected")
        if _STATE.match(self._text, self._at):
            self._match(_STATE, "")
            return
        operator = self._match(_OPERATOR, "an operator is expected: = != < > <= >=, IS NULL, IS TRUE, NOT EXISTS")
        at = self._at
        value = self._match(_JSON_VALUE, "a value is expected; text with blanks stands in double quotes")
        if operator in _ORDERED and not re.fullmatch(_NUMBER, value):
            raise PatternError(at + 1, f"{operator} compares numbers")

    def _take(self, sign: str) -> None:
        self._skip()
        if not self._text.startswith(sign, self._at):
            raise PatternError(self._at + 1, f"{sign} is expected")
        self._skip(len(sign))

    def _match(self, wanted: re.Pattern[str], otherwise: str) -> str:
        found = wanted.match(self._text, self._at)
        if found is None:
            raise PatternError(self._at + 1, otherwise)
        self._at = found.end()
        self._skip()
        return found[0]

    def _skip(self, characters: int = 0) -> None:
        self._at = _skip(self._text, self._at + characters)


class _Columns:
    """`[name, status = 4*, ...]`: columns of a line, divided by blanks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = _skip(text, 0) + 1

    def parse(self) -> None:
        names: list[str] = []
        while True:
            found = _COLUMN.match(self._text, self._at)
            if found is None:
                raise PatternError(self._at + 1, "the name of a column is expected, or ...")
            self._at = found.end()
            if found["name"]:
                names.append(found["name"])
                self._tests(found["name"])
            sign = self._text[self._at : self._at + 1]
            if sign not in (",", "]"):
                raise PatternError(self._at + 1, "a comma or the closing ] is expected")
            self._at += 1
            if sign == "]":
                break
        if len(set(names)) < len(names):
            raise PatternError(1, "two columns have one name")
        if self._text[self._at :].strip():
            raise PatternError(self._at + 1, "nothing stands behind the closing ]")

    def _tests(self, name: str) -> None:
        """Read what a column is compared with: the first test may leave its name out, others repeat it."""
        while True:
            self._at = _skip(self._text, self._at)
            found = _COMPARED.match(self._text, self._at)
            if found is None:
                return
            if found["operator"] in _ORDERED and not re.fullmatch(_NUMBER, found["value"]):
                raise PatternError(found.start("value") + 1, f"{found['operator']} compares numbers")
            self._at = _skip(self._text, found.end())
            if self._text[self._at : self._at + 2] not in ("&&", "||"):
                return
            self._at = _skip(self._text, self._at + 2)
            if not self._text.startswith(name, self._at):
                raise PatternError(self._at + 1, f"a further test of the column {name} is expected")
            self._at += len(name)


def _expressions(pattern: str) -> None:
    """Judge regular expressions, where they are no part of a quoted text."""
    outside = re.sub(_STRING, lambda found: " " * len(found[0]), pattern)
    found = list(re.finditer(_REGEX, outside))
    if len(found) > _MOST_REGEX:
        raise PatternError(found[_MOST_REGEX].start() + 1, f"a pattern has {_MOST_REGEX} regular expressions at most")
    for one in found:
        at, end = one.start() + 1, one.end() - 1
        while at < end:
            part = _REGEX_PART.match(outside, at, end)
            if part is None:
                raise PatternError(at + 1, f"{outside[at]} is not supported in an expression, or wants a backslash")
            at = part.end()


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
