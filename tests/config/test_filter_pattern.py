"""Filter patterns of CloudWatch Logs: what its guide shows is taken, what it refuses is refused with its character."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import stack_files
from config.filter_pattern import PatternError, check
from config.load import load_file
from tests.components.recording import recorded_patterns
from tests.config.stackfile import refused

GOOD = [
    "ERROR",
    "ERROR ARGUMENTS",
    '"ERROR EXCEPTION"',
    "?ERROR ?ARGUMENTS",
    "ERROR -INFO",
    '"-EXCLUDED" "a [phrase]"',
    "%AUTHORIZED%",
    '%\\d{3}-[a-z]+% -"debug"',
    '{ $.eventType = "UpdateTrail" }',
    "{ $.bandwidth > 75 }",
    "{ $.latency <= 1.5e3 }",
    "{ $.sourceIPAddress != 123.123.* }",
    "{ $.users[0].email = * }",
    '{ $.cluster.name = "c*" && ($.level = error || $.level = fatal) }',
    "{ $.someObject IS NULL }",
    "{ $.flag IS TRUE }",
    "{ $.someOtherObject NOT EXISTS }",
    "{($.eventName=CreateTrail)||($.eventName=UpdateTrail)}",
    "{ $.eventType = %Trail% }",
    "{ $.['a.b'] = \"x\" }",
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "[ip, user, username, timestamp, request, status_code, bytes]",
    "[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes > 1000]",
    "[..., status_code = 4* || status_code = 5*, bytes]",
    '[w1=ERROR, w2!="%x%", ...]',
]
BAD = [
    ("a.b.c", 1, "double quotes"),
    ("ERROR user@host", 7, "double quotes"),
    ('"never ends', 1, "double quotes"),
    ("?ERROR WARN", 1, "ignored beside others"),
    ("{ $.level = error", 18, "} is expected"),
    ("{ level = error }", 3, "selector"),
    ("{ $.level error }", 11, "operator"),
    ("{ $.level == error }", 12, "value"),
    ("{ $.level = }", 13, "value"),
    ("{ $.level = two words }", 17, "} is expected"),
    ("{ $.level > high }", 13, "compares numbers"),
    ("{ $.a = 1 & $.b = 2 }", 11, "} is expected"),
    ("{ $.a = 1 && }", 14, "selector"),
    ("{ ($.a = 1 }", 12, ") is expected"),
    ("{ $.a IS NONE }", 7, "operator"),
    ("{ $.a EXISTS }", 7, "operator"),
    ("{ $.a = 1 } or more", 13, "behind the closing"),
    ("{ $ = 1 }", 3, "selector"),
    ("[ip, user", 10, "comma"),
    ("[ip, 4user]", 5, "name of a column"),
    ("[status > many]", 11, "compares numbers"),
    ("[a = 1 && b = 2]", 11, "further test of the column a"),
    ("[a, a]", 1, "two columns"),
    ("%(a|b)%", 2, "not supported"),
    ("%a% %b% %c%", 9, "2 regular expressions"),
]


@pytest.mark.parametrize("pattern", GOOD)
def test_what_the_guide_shows_is_taken(pattern: str) -> None:
    check(pattern)
    check(f"  {pattern} ")


@pytest.mark.parametrize(("pattern", "at", "what"), BAD)
def test_what_is_none_is_refused_with_its_character(pattern: str, at: int, what: str) -> None:
    with pytest.raises(PatternError) as error:
        check(pattern)
    assert str(error.value).startswith(f"character {at}:"), str(error.value)
    assert what in str(error.value)


@pytest.mark.parametrize("cut", [1, 3])
@pytest.mark.parametrize("pattern", [one for one in GOOD if one[0] in "{["])
def test_a_pattern_that_was_cut_off_is_refused(pattern: str, cut: int) -> None:
    with pytest.raises(PatternError):
        check(pattern[:-cut])


@given(st.text(max_size=60) | st.text(alphabet='{}[]$.="%&|()?-*<>! aA1_,', max_size=40))
def test_whatever_is_written_ends_in_a_verdict(pattern: str) -> None:
    said = "character 0: nothing"
    try:
        check(pattern)
    except PatternError as error:
        said = str(error)
    assert re.match(r"character \d+: .", said), "and nothing else is raised"


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_the_program_s_own_patterns_are_patterns(stack: str) -> None:
    patterns = recorded_patterns(stack)
    assert patterns, "the file's own among them"
    for pattern in patterns:
        check(pattern)


def test_a_wrong_pattern_of_a_file_is_refused_with_its_line() -> None:
    given_pattern = load_file(stack_files()["prod"]).observability
    assert given_pattern is not None
    assert given_pattern.logs is not None
    old = given_pattern.logs.application_error_pattern
    problem = refused((old, old.replace("=", "=>", 1)))["observability.logs.application_error_pattern"]
    assert problem.line is not None
    assert "character" in problem.what
