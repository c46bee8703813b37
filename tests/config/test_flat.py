"""What other tests edit as the text of a stack is what the stack file and its bases say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.document import SETTINGS, Document, value_at
from config.files import read_file, stack_files
from tests.config.flat import flat
from tests.config.layered import HOUSE, divided, write
from tests.config.stackfile import NAME, PROD

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", stack_files())
def test_a_flat_text_says_what_the_layers_say(name: str) -> None:
    path = stack_files()[name]
    document = Document(flat(path), path.name)
    assert document.problems == []
    assert value_at(document.values, SETTINGS) == read_file(path).layers.settings


def test_a_text_without_bases_stays_as_it_is(tmp_path: Path) -> None:
    assert flat(write(tmp_path, {NAME: PROD})) == PROD


def test_comments_and_the_way_of_writing_stay(tmp_path: Path) -> None:
    files = divided()
    text = flat(write(tmp_path, files))
    assert sorted(text.splitlines()) == sorted(PROD.splitlines())


def test_values_over_values_are_written_as_those_below(tmp_path: Path) -> None:
    lower = """\
# of the file

# above a
a: # of a
  # of b
  b: {x: 1, y: [1, 2]} # of x
  c:
    {x: 1, y: 'a, b'}
  gone: 1
  d: {x: 1}
list: [1]
"""
    upper = """\
config:
  platform:settings:
    extends: [bases/house.yaml]
    a:
      b: {y: [3]}
      c: {x: 2}
      gone: null
      d:
        y: 2 # of y
    list: [2, 3]
    e: 'it # is' # of e
"""
    assert (
        flat(write(tmp_path, {HOUSE: lower, NAME: upper}))
        == """\
config:
  platform:settings:
    # above a
    a: # of a
      # of b
      b: {x: 1, y: [3]} # of x
      c:
        {x: 2, y: 'a, b'}
      d:
        x: 1
        y: 2 # of y
    list: [2, 3]
    e: 'it # is' # of e
"""
    )
