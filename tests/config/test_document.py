"""The text of a stack file: read as the engine reads it, and every value found again on its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from config.document import SETTINGS, Document
from tests.config.stackfile import PROD

if TYPE_CHECKING:
    from collections.abc import Iterator

Steps = tuple[str | int, ...]
DATA = Path(__file__).with_name("data")

ANCHORS = """\
base: &base
  a: 1
  b: 2
alias: *base
merged:
  <<: *base
  b: 3
list:
  - x
  - {y: 1}
"""


def test_scalars_are_read_as_the_engine_reads_them() -> None:
    """`engine.json` is what `pulumi config --json` of Pulumi 3.276.0 made of `engine.yaml`."""
    document = Document((DATA / "engine.yaml").read_text(encoding="utf-8"), "engine.yaml")
    assert isinstance(document.values, dict)
    read = document.values["config"]["platform:settings"]
    assert json.dumps(read, sort_keys=True) == json.dumps(
        json.loads((DATA / "engine.json").read_text()), sort_keys=True
    )
    assert document.problems == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("base", "a"), 2),
        (("alias",), 4),
        (("alias", "b"), 3),
        (("merged", "a"), 2),
        (("merged", "b"), 7),
        (("merged", "missing"), 5),
        (("list", 1), 10),
        (("list", 1, "y"), 10),
        (("list", 7), 8),
        (("nowhere",), 1),
        ((), 1),
    ],
)
def test_a_value_stands_where_it_was_written_and_a_missing_one_at_its_parent(
    path: tuple[str | int, ...], line: int
) -> None:
    assert Document(ANCHORS, "f.yaml").line(path) == line


def test_merge_keys_give_way_to_keys_of_the_mapping_itself_wherever_they_stand() -> None:
    values = Document("a: &a {x: 1, y: 2}\nb: &b {x: 8, z: 9}\nc:\n  y: 3\n  <<: [*a, *b]\n", "f.yaml").values
    assert isinstance(values, dict)
    assert values["c"] == {"x": 1, "y": 3, "z": 9}


def test_a_key_given_twice_names_both_lines() -> None:
    """PyYAML would keep the last without a word; the engine refuses."""
    (problem,) = Document("config:\n  a: 1\n  b: 2\n  a: 3\n", "f.yaml").problems
    assert (problem.line, problem.what, problem.got) == (4, "key given twice", "first on line 2")


@pytest.mark.parametrize("text", ["a: &a [*a]\n", "a: &a {b: *a}\n"])
def test_an_alias_to_itself_is_refused_and_not_followed(text: str) -> None:
    (problem,) = Document(text, "f.yaml").problems
    assert problem.what == "refers to itself"


def test_an_alias_bomb_is_refused_before_it_fills_the_memory() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    (problem,) = Document(f"l0: &l0 [x]\n{levels}", "f.yaml").problems
    assert problem.what == "has more than 20000 values"


def test_a_key_that_is_a_list_is_refused() -> None:
    (problem,) = Document("? [a, b]\n: 1\n", "f.yaml").problems
    assert problem.what == "a key is not plain text"


def test_every_key_of_prod_is_found_on_the_line_that_it_begins() -> None:
    document, lines = Document(PROD, "f.yaml"), PROD.splitlines()

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        if path and isinstance(path[-1], str):
            line = document.line(path)
            assert line is not None
            assert f"{path[-1]}:" in lines[line - 1], path
        children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for step, child in children:
            walk(child, (*path, step))

    walk(document.values, ())
    assert document.line((*SETTINGS, "data", "redis", "shards")) == 1 + next(
        number for number, line in enumerate(lines) if "shards: 3" in line
    )


def test_text_nested_without_end_is_refused() -> None:
    (problem,) = Document("[" * 1500 + "]" * 1500, "f.yaml").problems
    assert problem.what == "nested too deeply"


@given(st.text(max_size=200) | st.text(alphabet="ab1é?:-[]{},&*#|>'\"%@~!< \n\t\r\x85\u2028", max_size=24))
@example("!,")
def test_what_one_parser_reads_the_faster_one_reads_alike(text: str) -> None:
    """libyaml is there for its speed: it may take more text, never other values."""
    fast = Document(text, "f.yaml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "__with_libyaml__", 0)
        slow = Document(text, "f.yaml")
    if unreadable(slow):
        assert slow.values is None
    elif unreadable(fast):
        assert slow.problems != [], "both refuse it, in other words"
    else:
        assert (repr(fast.values), fast.problems) == (repr(slow.values), slow.problems)


def unreadable(document: Document) -> bool:
    return any("not valid YAML" in problem.what for problem in document.problems)


def test_both_parsers_find_every_value_of_prod_on_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = Document(PROD, "f.yaml")
    monkeypatch.setattr(yaml, "__with_libyaml__", 0)
    slow = Document(PROD, "f.yaml")
    assert fast.values == slow.values
    paths = list(every_path(fast.values, ()))
    assert len(paths) > 500
    assert [fast.line(path) for path in paths] == [slow.line(path) for path in paths]


def every_path(value: object, path: Steps) -> Iterator[Steps]:
    """Yield the way to every value."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from every_path(child, (*path, step))


@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_becomes_plain_values_or_problems(text: str) -> None:
    """A user is never shown a traceback."""
    document = Document(text, "f.yaml")
    assert json.dumps(document.values) == "null" or not any("YAML" in one.what for one in document.problems)


@given(st.text(alphabet="0123456789.:-+_eExobntruefals~TZ", max_size=12))
def test_a_scalar_of_any_look_becomes_a_plain_value(text: str) -> None:
    document = Document(f"a: {text}\n", "f.yaml")
    assert document.problems or json.loads(json.dumps(document.values)) is not None
