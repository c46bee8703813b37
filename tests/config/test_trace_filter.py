"""Filter expressions of X-Ray: what its guide shows is read as it is meant, and what it does not know is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.trace_filter import BOOLEANS, CAUSES, NUMBERS, STRINGS, Combined, Compared, FilterError, Node, Within
from config.trace_parser import parse

FAULT, SLOW = Compared("fault"), Compared("responsetime", ">", 2.5)
READ: dict[str, Node] = {
    "ok": Compared("ok"),
    "OK = False": Compared("ok", "=", value=False),
    "!ok": Combined("not", (Compared("ok"),)),
    "responseTime>2.5": SLOW,
    "fault OR responsetime > 2.5": Combined("or", (FAULT, SLOW)),
    "fault or error and ok": Combined("or", (FAULT, Combined("and", (Compared("error"), Compared("ok"))))),
    "(fault or error) and ok": Combined("and", (Combined("or", (FAULT, Compared("error"))), Compared("ok"))),
    "ok !partial duration <3": Combined(
        "and", (Compared("ok"), Combined("not", (Compared("partial"),)), Compared("duration", "<", 3.0))
    ),
    'http.url BEGINSWITH "http://a/"': Compared("http.url", "beginswith", "http://a/"),
    r'user = "a \"b\""': Compared("user", "=", 'a "b"'),
    "service()": Within("service", (), None),
    'service("web") { fault }': Within("service", (("web", "", ""),), FAULT),
    'edge("web", id(name: "db", type: "AWS::RDS")) {fault}': Within(
        "edge", (("web", "", ""), ("db", "AWS::RDS", "")), FAULT
    ),
    'service(id(account.id: "123456789012"))': Within("service", (("", "", "123456789012"),), None),
    "rootcause.fault.service { index > 5 }": Within("rootcause.fault.service", (), Compared("index", ">", 5.0)),
    "annotation.Age > 29": Compared("annotation.Age", ">", 29.0),
    "annotation[a.b] = true": Compared("annotation.a.b", "=", value=True),
    'group.name = "slow"': Compared("group.name", "=", "slow"),
    'rootcause.json = #[{"Services": [{"Name": "a } b"}]}] AND ok': Combined(
        "and", (Compared("rootcause.json", "=", ""), Compared("ok"))
    ),
}


@pytest.mark.parametrize("text", list(READ))
def test_an_expression_is_read_as_it_is_meant(text: str) -> None:
    assert parse(text) == READ[text]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 1),
        ("   ", 4),
        ("fault AND", 10),
        ("fault OR OR error", 10),
        ("fault )", 7),
        ("(fault", 7),
        ("foo", 1),
        ("faults", 1),
        ("annotation.", 1),
        ('responsetime > "5"', 16),
        ("responsetime CONTAINS 5", 14),
        ("http.url > 3", 10),
        ("http.url = 'x'", 12),
        ("name = traces", 8),
        ("ok > 1", 4),
        ("ok = 1", 6),
        ('service("a"', 12),
        ("service(a)", 9),
        ("service() {}", 12),
        ('service("a") { annotation.b }', 16),
        ('edge("a")', 9),
        ('service(id(name: "a", name: "b"))', 23),
        ("annotation.age CONTAINS 3", 25),
        ("rootcause.json = 3", 18),
        ("rootcause.json = #[1", 19),
        ("!" * 900 + "ok", 21),
        ("(" * 900, 21),
    ],
)
def test_what_is_no_expression_is_refused_at_its_place(text: str, at: int) -> None:
    with pytest.raises(FilterError, match=f"^character {at}: "):
        parse(text)


def _written(node: Node) -> str:
    if isinstance(node, Compared):
        value = f'"{node.value}"' if isinstance(node.value, str) else f"{node.value:g}"
        value = str(node.value) if isinstance(node.value, bool) else value
        return f"{node.keyword} {node.operator.upper()} {value}" if node.operator else node.keyword
    if isinstance(node, Combined):
        parts = [f"({_written(part)})" for part in node.parts]
        return f"!{parts[0]}" if node.how == "not" else f" {node.how.upper()} ".join(parts)
    names = ", ".join(
        f'id(name: "{name}", type: "{kind}", account.id: "{account}")' for name, kind, account in node.names
    )
    head = f"{node.keyword}({names})" if node.keyword in ("service", "edge") else node.keyword
    return head if node.part is None else f"{head} {{ {_written(node.part)} }}"


_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), max_size=8)
_NUMBER = st.integers(-9999, 9999).map(float)
_COMPARED = st.one_of(
    st.builds(Compared, st.sampled_from(sorted(BOOLEANS | NUMBERS | STRINGS))),
    st.builds(Compared, st.sampled_from(sorted(BOOLEANS)), st.sampled_from(["=", "!="]), st.booleans()),
    st.builds(Compared, st.sampled_from(sorted(NUMBERS)), st.sampled_from(["=", "!=", "<", ">=", ">"]), _NUMBER),
    st.builds(Compared, st.sampled_from(sorted(STRINGS)), st.sampled_from(["=", "contains", "endswith"]), _TEXT),
)
_NAMES = st.tuples(_TEXT, _TEXT, _TEXT)
_NODES = st.recursive(
    _COMPARED,
    lambda part: st.one_of(
        st.builds(Combined, st.sampled_from(["and", "or"]), st.tuples(part, part)),
        st.builds(Combined, st.just("not"), st.tuples(part)),
        st.builds(Within, st.just("service"), st.one_of(st.just(()), st.tuples(_NAMES)), part),
        st.builds(Within, st.just("edge"), st.tuples(_NAMES, _NAMES), st.none()),
        st.builds(Within, st.sampled_from(sorted(CAUSES)), st.just(()), part),
    ),
    max_leaves=4,
)


@given(_NODES)
def test_what_is_written_is_read_again(node: Node) -> None:
    assert parse(_written(node)) == node


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    with suppress(FilterError):
        assert isinstance(parse(text), Compared | Combined | Within), "and no other error"
