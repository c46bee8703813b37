"""What a YAML parser says, in words that a person can act on, and on the line where the slip is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import yaml

_LOOK: Final = "correct the text at or just above this line; look for tabs, quotes and indentation"
_INDENT: Final = "let the keys of a mapping, and the dashes of a list, begin in one column"
_COLON: Final = "let a space follow each colon; put text that holds `: ` in quotes"


_ESCAPES: Final = re.compile(
    r'\\(?:[0abtnvfre "/\\N_LP\t]|$|x[0-9a-fA-F]{2}|u(?=[0-9a-fA-F]{4})|U(?=[0-9a-fA-F]{8})|(?P<other>.))'
    r"(?P<code>(?<=u)[0-9a-fA-F]{4}|(?<=U)[0-9a-fA-F]{8})?"
)
"""A backslash and what it begins: one of YAML's escapes, which may be that of a character by its code, or another."""
_SURROGATES: Final = range(0xD800, 0xE000)
_CODES: Final = range(0x110000)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """Something in the text of a stack file that cannot be read."""

    line: int
    """Line of the slip, from 1."""
    what: str
    """What is wrong."""
    fix: str = _LOOK
    """What to do."""
    got: str = ""
    """What stands there, if that helps; never an excerpt, which may hold a secret."""
    allowed: str = "one YAML document in UTF-8"
    """What would do."""


ESCAPE: Final = "a backslash in double quotes that begins no escape"
_BEGUN: Final = (
    ("quoted scalar", "end of stream", "a quote that nothing closes", "close it on its line"),
    ("quoted scalar", "document indicator", "a quote that nothing closes", "close it on its line"),
    ("flow sequence", "", "a list in brackets without a comma or its `]`", "add what is missing"),
    ("flow mapping", "", "a mapping in braces without a comma or its `}`", "add what is missing"),
    ("simple key", "", "a line that is neither `key: value` nor an entry of a list", _COLON),
    (
        "block scalar",
        "indent",
        "indentation that YAML does not take in a block of text",
        "indent its lines alike, by spaces",
    ),
)
"""(part of the parser's context, part of its problem, what is wrong, fix): the slip is where the context begins."""
_MET: Final = (
    ("escape", ESCAPE, "write two backslashes, or use single quotes"),
    ("hexdecimal", ESCAPE, "write two backslashes, or use single quotes"),
    ("expected whitespace or line break", "text that begins with `!`", "put it in quotes"),
    ("unexpected ':'", "a key without a space behind its colon", _COLON),
    ("node content", "a comma, a bracket or the end, where a value belongs", "put the value there"),
    ("comment or line break", "text on the line of `|` or `>`", "begin it on the next line"),
    ("mapping values are not allowed", "a second `key: value` on one line, or wrong indentation", _COLON),
    ("block sequence entries", "an entry of a list where none can be", "put the first `-` on a line of its own"),
    ("expected key", "indentation that fits no mapping above", _INDENT),
    ("block end", "indentation that fits no mapping above", _INDENT),
    ("'-' indicator", "indentation that fits no list above", _INDENT),
    ("anchor", "`&` or `*` without a name", "put text that begins so in quotes"),
    ("alias", "`&` or `*` without a name", "put text that begins so in quotes"),
    ("directive", "a line that begins with `%`", "remove it, or indent it"),
    ("document start", "text after the end of the document", "remove the line `---` or `...`, or what follows it"),
)
"""(part of the parser's problem or context, what is wrong, fix): the slip is where the problem is."""


def explain(error: yaml.YAMLError, text: str, quote: tuple[int, int] | None) -> Mistake:
    """Return what a parser's error means.

    Args:
        error: From either of PyYAML's parsers.
        text: What was parsed.
        quote: First and last line of the last text in quotes that has more than one.
    """
    problem, context = str(getattr(error, "problem", "")), str(getattr(error, "context", None) or "")
    begun, met = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    last = text.rstrip().count("\n") + 1  # what is missing at the end is not missed on an empty line
    line, column = (min(met.line + 1, last), met.column) if met else (1, 0)
    if quote is not None and line <= quote[1] + 1:
        what = f"a quote that opens here and closes on line {quote[1]}, after which nothing fits"
        return _not_yaml(quote[0], what, "close it on its line, or put a line of its own before each new one", line)
    for part, also, what, fix in _BEGUN:
        if part in context and also in problem and begun is not None:
            return _not_yaml(begun.line + 1, what, fix, line)
    if "cannot start any token" in problem or "tab" in problem:
        lines = text.split("\n")
        character = lines[line - 1][column : column + 1] if line <= len(lines) else ""
        if character == "\t" or "tab" in problem:
            return _not_yaml(line, "a tab where YAML takes spaces only", "indent by spaces", line)
        what = f"text that begins with `{character}`" if character.isprintable() else "text that begins so"
        return _not_yaml(line, what, "put it in quotes", line)
    for part, what, fix in _MET:
        if part in problem or part in context:
            return _not_yaml(line, what, fix, line)
    return _not_yaml(line, "cannot be read", _LOOK, line)


def _not_yaml(line: int, what: str, fix: str, stopped: int) -> Mistake:
    got = f"the parser stopped on line {stopped}" if stopped != line else ""
    return Mistake(line=line, what=f"not valid YAML: {what}", fix=fix, got=got)


def without_bad_escapes(text: str, line: int) -> str:
    """Return a text in which each backslash of a line that begins no escape stands for itself."""
    lines = text.split("\n")
    lines[line - 1] = _ESCAPES.sub(_literally, lines[line - 1])
    return "\n".join(lines)


def _literally(found: re.Match[str]) -> str:
    code = int(found["code"] or "0", 16)
    good = found["other"] is None and code in _CODES and code not in _SURROGATES
    return found.group() if good else f"\\{found.group()}"
