"""The grammar of X-Ray's filter expressions.

Source: X-Ray Developer Guide, "Using filter expressions"; read 2026-11-30.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NoReturn

from config.trace_filter import (
    ANNOTATION,
    BOOLEANS,
    CAUSES,
    JSON,
    NUMBERS,
    STRINGS,
    Combined,
    Compared,
    FilterError,
    Within,
)

if TYPE_CHECKING:
    from config.trace_filter import Named, Node, Value

_EQUAL: Final = ("=", "!=")
_ORDER: Final = ("<", "<=", ">", ">=")
_TEXT: Final = ("contains", "beginswith", "endswith")
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>!=|<=|>=|[=<>!(){},:])"""
    r"""|(?P<word>annotation\[[^\]\s]+\]|[A-Za-z_][A-Za-z0-9_.]*)|(?P<json>\#(?=\[|\{)))""",
    re.IGNORECASE,
)
_BLANK: Final = re.compile(r"\s*")
_MOST_DEEP: Final = 20
"""Brackets and `!` in one another that are read."""


def parse(text: str) -> Node:
    """Return what a filter expression says.

    Raises:
        FilterError: It is none; with the first character that does not fit.
    """
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text, self._at, self._deep, self._inside = text, 0, 0, False

    def parse(self) -> Node:
        found = self._either()
        if self._peek()[0]:
            self._fail("AND, OR or the end is expected")
        return found

    def _fail(self, what: str) -> NoReturn:
        blank = _BLANK.match(self._text, self._at)
        raise FilterError((blank.end() if blank else self._at) + 1, what)

    def _peek(self) -> tuple[str, str]:
        """Return kind and text of what comes next; two empty texts at the end."""
        found = _TOKEN.match(self._text, self._at)
        if found is not None and found.lastgroup is not None:
            return found.lastgroup, found[found.lastgroup]
        if self._text[self._at :].strip():
            self._fail("nothing that a filter expression consists of")
        return "", ""

    def _next(self) -> tuple[str, str]:
        kind, text = self._peek()
        found = _TOKEN.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return kind, text

    def _take(self, sign: str) -> None:
        if self._peek() != ("sign", sign):
            self._fail(f"{sign} is expected")
        self._next()

    def _is(self, *words: str) -> bool:
        return self._peek()[1].lower() in words

    def _either(self) -> Node:
        parts = [self._all()]
        while self._peek()[0] == "word" and self._is("or"):
            self._next()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Combined("or", tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while True:
            kind, text = self._peek()
            if kind == "word" and text.lower() == "and":
                self._next()
            elif text.lower() == "or" or (kind != "word" and text not in ("!", "(")):
                break  # otherwise side by side, which is as good as AND
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Combined("and", tuple(parts))

    def _one(self) -> Node:
        self._deep += 1
        if self._deep > _MOST_DEEP:
            self._fail(f"more than {_MOST_DEEP} brackets and ! in one another")
        found = self._unit()
        self._deep -= 1
        return found

    def _unit(self) -> Node:
        kind, text = self._peek()
        if text == "!":
            self._next()
            return Combined("not", (self._one(),))
        if text == "(":
            self._next()
            found = self._either()
            self._take(")")
            return found
        if kind != "word" or text.lower() in ("and", "or"):
            self._fail("a keyword is expected, such as fault, responsetime, http.url or service()")
        return self._keyword(text)

    def _keyword(self, text: str) -> Node:
        keyword = _named(text)
        if keyword in ("service", "edge") or keyword in CAUSES:
            return self._within(keyword)
        if keyword == JSON:
            return self._json()
        if keyword.startswith(ANNOTATION) and self._inside:
            self._fail("an annotation stands outside of service, edge and rootcause")
        allowed = _operators(keyword)
        if not allowed:
            self._fail(f"no keyword of X-Ray: {text}")
        self._next()
        kind, operator = self._peek()
        operator = operator.lower()
        if operator not in (*_EQUAL, *_ORDER, *_TEXT) or kind not in ("sign", "word"):
            return Compared(keyword)
        if operator not in allowed:
            self._fail(f"{keyword} is compared by {', '.join(allowed)}")
        self._next()
        return Compared(keyword, operator, self._value(keyword, operator))

    def _value(self, keyword: str, operator: str) -> Value:
        kind, text = self._peek()
        free = keyword.startswith(ANNOTATION)
        found: Value | None = None
        if kind == "string" and (keyword in STRINGS or (free and operator not in _ORDER)):
            found = re.sub(r"\\(.)", r"\1", text[1:-1])
        elif kind == "number" and (keyword in NUMBERS or (free and operator not in _TEXT)):
            found = float(text)
        elif kind == "word" and text.lower() in ("true", "false") and (keyword in BOOLEANS or free):
            found = text.lower() == "true" if operator in _EQUAL else None
        if found is None:
            self._fail(f"what {keyword} {operator} takes is expected: {_wanted(keyword, operator)}")
        self._next()
        return found

    def _json(self) -> Node:
        self._next()
        operator = self._peek()[1]
        if operator not in _EQUAL:
            self._fail("= or != is expected")
        self._next()
        if self._peek()[0] != "json":
            self._fail("# and a JSON array or object are expected")
        self._next()
        try:
            _, self._at = json.JSONDecoder().raw_decode(self._text, self._at)
        except ValueError:
            self._fail("no JSON")
        return Compared(JSON, operator, "")

    def _within(self, keyword: str) -> Node:
        self._next()
        names: tuple[Named, ...] = ()
        if keyword in ("service", "edge"):
            self._take("(")
            if keyword == "edge":
                source = self._service()
                self._take(",")
                names = (source, self._service())
            elif not self._is(")"):
                names = (self._service(),)
            self._take(")")
        elif not self._is("{"):
            return Within(keyword, names, None)
        if not self._is("{"):
            return Within(keyword, names, None)
        self._next()
        outer, self._inside = self._inside, True
        part = self._either()
        self._inside = outer
        self._take("}")
        return Within(keyword, names, part)

    def _service(self) -> Named:
        """Return a service: `"name"`, or `id(name: "name", type: "type", account.id: "account")`."""
        if not self._is("id"):
            return self._string("the name of a service in double quotes"), "", ""
        self._next()
        self._take("(")
        found = {"name": "", "type": "", "account.id": ""}
        while True:
            kind, text = self._peek()
            if kind != "word" or text.lower() not in found or found[text.lower()]:
                self._fail(f"one of {', '.join(found)} is expected, each once")
            self._next()
            self._take(":")
            found[text.lower()] = self._string("text in double quotes")
            if not self._is(","):
                break
            self._next()
        self._take(")")
        return found["name"], found["type"], found["account.id"]

    def _string(self, what: str) -> str:
        kind, text = self._peek()
        if kind != "string":
            self._fail(f"{what} is expected")
        self._next()
        return re.sub(r"\\(.)", r"\1", text[1:-1])


def _named(word: str) -> str:
    """Return a keyword as the tree has it; `annotation[key]` is `annotation.key`."""
    head, _, key = word.partition(".") if not word.endswith("]") else word[:-1].partition("[")
    return f"{ANNOTATION}{key}" if head.lower() == "annotation" and key else word.lower()


def _operators(keyword: str) -> tuple[str, ...]:
    """Return what a keyword is compared by; none = it is no keyword."""
    if keyword.startswith(ANNOTATION) and keyword != ANNOTATION:
        return (*_EQUAL, *_ORDER, *_TEXT)
    if keyword in NUMBERS:
        return (*_EQUAL, *_ORDER)
    if keyword in STRINGS:
        return (*_EQUAL, *_TEXT)
    return _EQUAL if keyword in BOOLEANS else ()


def _wanted(keyword: str, operator: str) -> str:
    if keyword in BOOLEANS:
        return "true or false"
    if keyword in NUMBERS or operator in _ORDER:
        return "a number"
    return "text in double quotes"
