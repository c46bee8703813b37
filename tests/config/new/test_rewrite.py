"""The text of a new stack file: it holds the new values, and every comment of what stays."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.document import Document
from config.new.draft import Change, Draft
from config.new.layout import Layout
from config.new.names import Who, renamed
from config.new.own import own_values
from config.new.rewrite import literal, rewritten
from config.problems import NOTHING
from tests.config.stackfile import PROD, SETTINGS

pytestmark = pytest.mark.slow

PATHS = [path for path, _ in Draft(SETTINGS).leaves()]
SECTIONS = sorted(
    {path[:length] for path in PATHS for length in range(1, len(path)) if isinstance(path[length - 1], str)}
)
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=("Cc",)), max_size=12)
SCALARS = (
    TEXT
    | st.integers(-(2**40), 2**40)
    | st.booleans()
    | st.sampled_from(["on", "1e3", "2026-11-21", "~", "a: b", "# x", "[", "a,b"])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXT.filter(bool), SCALARS, max_size=2)


def settings_of(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    document = Document(text, "")
    assert not document.problems, [str(problem) for problem in document.problems]
    values: Any = document.values
    return values["config"]["platform:settings"]


@given(value=VALUES)
def test_a_value_is_written_as_it_is_read(value: object) -> None:
    text = f"config:\n  platform:settings: {{it: {literal(value)}}}\n"
    assert settings_of(text)["it"] == value


@given(
    swaps=st.dictionaries(st.sampled_from(PATHS), VALUES, max_size=5),
    gone=st.sets(st.sampled_from(SECTIONS), max_size=3),
    more=st.dictionaries(st.sampled_from(SECTIONS), VALUES, max_size=3),
    why=st.sampled_from(["", "for a reason: here"]),
)
def test_the_text_holds_whatever_the_values_become(
    swaps: dict[Any, object], gone: set[Any], more: dict[Any, object], why: str
) -> None:
    """Any leaf changed, any section left out, any key added, with a reason or none."""
    draft = Draft(SETTINGS)
    for path, value in swaps.items():
        draft.set(path, value, why)
    for path in sorted(gone):
        draft.drop(path, "gone")
    for path, value in more.items():
        if isinstance(draft.get(*path), dict):
            draft.set((*path, "a-new-key"), value, why)
    if not draft.values:
        return
    text = rewritten(PROD, (SETTINGS, draft.values), draft.changes, lambda comment: comment)
    assert settings_of(text) == draft.values


TREES = st.recursive(SCALARS, lambda inner: st.dictionaries(st.sampled_from("abcde"), inner, max_size=4), max_leaves=10)


@st.composite
def texts(draw: st.DrawFn, depth: int = 4) -> str:
    """Draw settings as they may be written: mappings in blocks and in braces, with comments here and there."""

    def block(values: dict[str, Any], indent: int) -> list[str]:
        lines = []
        for key, value in values.items():
            lines += [f"{' ' * indent}# above {key}"] * draw(st.integers(0, 1))
            note = " # note" * draw(st.integers(0, 1))
            if isinstance(value, dict) and value and draw(st.booleans()):
                lines += [f"{' ' * indent}{key}:{note}", *block(value, indent + 2)]
            else:
                lines.append(f"{' ' * indent}{key}: {literal(value)}{note}")
        return lines

    tree = draw(st.dictionaries(st.sampled_from("abcde"), TREES, min_size=1))
    return "\n".join(["config:", "  platform:settings:", *block({"first": 1, **tree}, depth), ""])


@given(text=texts(), new=st.dictionaries(st.sampled_from("abcde"), TREES), why=st.sampled_from(["", "why"]))
def test_any_text_comes_to_hold_any_values(text: str, new: dict[str, Any], why: str) -> None:
    old, new = settings_of(text), {"first": 1, **new}
    changes = {path: Change(path=path, why=why, value=value) for path, value in Draft(new).leaves()}
    assert settings_of(rewritten(text, (old, new), changes, lambda comment: comment)) == new


@given(path=st.sampled_from(PATHS))
def test_what_stays_keeps_its_comments(path: Any) -> None:  # noqa: ANN401 - one of ours
    values = copy.deepcopy(SETTINGS)
    draft = Draft(values)
    draft.set(path, "other")
    text = rewritten(PROD, (SETTINGS, draft.values), draft.changes, lambda comment: comment)
    assert [one.text for one in Layout(text).comments()] == [one.text for one in Layout(PROD).comments()]


def test_a_comment_is_not_what_stands_in_quotes() -> None:
    text = 'a: "b # c" # d\n# e\nf: g#h\n'
    assert [(one.at, one.text, one.alone) for one in Layout(text).comments()] == [
        ((0, 11), "d", False),
        ((1, 0), "e", True),
    ]


def test_a_block_that_becomes_a_word_stands_behind_its_key() -> None:
    text = "config:\n  platform:settings:\n    a: # said\n      # more\n      b: 1 # one\n    c:\n      - 1\n    d: 2\n"
    changes = {("a",): Change(path=("a",), why="gone", value=NOTHING)}
    new = rewritten(text, ({"a": {"b": 1}, "c": [1], "d": 2}, {"a": None, "c": [], "d": 2}), changes, lambda said: said)
    assert new == "config:\n  platform:settings:\n    a: null # gone\n    c: []\n    d: 2\n"


def test_a_reason_takes_the_place_of_what_was_said() -> None:
    text = "config:\n  platform:settings:\n    a: 1 # one\n    b: # two\n      {c: 2}\n"
    changes = {
        (key): Change(path=key, why=why, value=NOTHING) for key, why in {("a",): "new", ("b", "c"): "newer"}.items()
    }
    new = rewritten(text, ({"a": 1, "b": {"c": 2}}, {"a": 3, "b": {"c": 4}}), changes, lambda comment: comment)
    assert new == "config:\n  platform:settings:\n    a: 3 # new\n    b: # newer\n      {c: 4}\n"


OLD = Who(
    system="data", environment="prod", account_id="1" * 12, region="us-east-1", owner="a@b.example", domain="b.example"
)
NEW = Who(
    system="my-shop",
    environment="test",
    account_id="2" * 12,
    region="eu-west-1",
    owner="c@d.example",
    domain="d.example",
)


@pytest.mark.parametrize("system", ["true", "null", "1e3", "on", "my-shop"])
def test_a_name_is_text_whatever_it_looks_like(system: str) -> None:
    text = 'config:\n  platform:settings:\n    data: {buckets: {data: {name: data}, x: {name: "data-x"}}}\n'
    found = settings_of(renamed(text, OLD, dataclasses.replace(NEW, system=system)))
    assert found["data"]["buckets"] == {system: {"name": system}, "x": {"name": f"{system}-x"}}


def test_a_name_that_would_be_too_long_has_the_beginning_of_the_system() -> None:
    text = "config:\n  platform:settings:\n    data: {postgres: {master_username: data_admin}}\n"
    found = settings_of(renamed(text, OLD, dataclasses.replace(NEW, system="real-estate-platform")))
    assert found["data"]["postgres"] == {"master_username": "real_estat_admin"}


def test_names_follow_the_system_and_words_of_the_schema_stay() -> None:
    """The system is called like a section, and a key of a mapping whose keys are free is its own."""
    text = """config:
  platform:settings:
    identity: {system: data}
    edge: {domain: b.example}
    data: # data
      postgres: {database_name: data, master_username: data_admin, instance_class: db.data.small}
      buckets: {data: {name: data-files-prod-x}}
    cluster:
      access: {data: {principal_arn: "arn:aws:iam::111111111111:role/data"}}
    kubernetes: {application: {selector: {app: data-app}}}
    observability:
      channels: {mail: {a@b.example: [critical], x@b.example: [info]}, pagerduty: {secret_name: data/prod/pager}}
      custom_metrics: {data: {namespace: Data/Blocks}}
"""
    found = settings_of(renamed(text, OLD, NEW))
    assert set(found) == {"identity", "edge", "data", "cluster", "kubernetes", "observability"}
    assert found["data"]["postgres"] == {
        "database_name": "my_shop",
        "master_username": "my_shop_admin",
        "instance_class": "db.data.small",
    }
    assert found["data"]["buckets"] == {"my-shop": {"name": "my-shop-files-test-x"}}
    assert found["cluster"]["access"] == {"my-shop": {"principal_arn": "arn:aws:iam::222222222222:role/data"}}
    assert found["kubernetes"]["application"]["selector"] == {"app": "my-shop-app"}
    channels = found["observability"]["channels"]
    assert channels["mail"] == {"c@d.example": ["critical"], "x@d.example": ["info"]}
    assert channels["pagerduty"] == {"secret_name": "my-shop/test/pager"}
    assert found["observability"]["custom_metrics"] == {"my-shop": {"namespace": "MyShop/Blocks"}}
    assert found["edge"] == {"domain": "d.example"}


BASES = st.recursive(
    st.integers(0, 3), lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4), max_leaves=8
).filter(lambda value: isinstance(value, dict))


def over(lower: Any, upper: Any) -> Any:  # noqa: ANN401 - settings of two layers
    """Return what a base and a stack file say together."""
    if not (isinstance(lower, dict) and isinstance(upper, dict)):
        return upper
    both = dict(lower)
    for key, value in upper.items():
        both[key] = over(lower[key], value) if key in lower else value
    return {key: value for key, value in both.items() if value is not None}


@given(bases=BASES, old=BASES, new=BASES)
def test_a_file_beside_its_bases_says_what_they_do_not(bases: Any, old: Any, new: Any) -> None:  # noqa: ANN401 - same
    own = own_values(bases, old, new)
    assert over(bases, own) == new
    extra = [key for key in own if key not in old and key in new and key in bases and bases[key] == new[key]]
    assert not extra, "what a base says is not repeated"
