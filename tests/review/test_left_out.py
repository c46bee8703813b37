"""The verdict names what a stack file leaves out."""

from __future__ import annotations

import pytest

from config import load_file, stack_file
from config.stack import StackConfig
from review.left_out import as_text, left_out


@pytest.mark.parametrize("section", ["registry", "edge", "audit", "cost", "backup", "management"])
def test_a_section_that_is_left_out_is_named(section: str) -> None:
    prod = load_file(stack_file("prod"))
    assert section not in left_out(prod)
    without = prod.model_copy(update={section: None})
    assert section in left_out(without)
    assert not any(name.startswith(f"{section}.") for name in left_out(without))
    (line,) = as_text(without)
    assert line.plain.startswith("left out of the stack file, and not judged: ")
    assert section in line.plain.partition(": ")[2].split(", ")


def test_sections_inside_of_sections_are_named_with_their_way() -> None:
    names = left_out(load_file(stack_file("dr")))
    assert {"audit.trail", "audit.account", "edge.cdn"} <= set(names)
    optional = [name for name, field in StackConfig.model_fields.items() if not field.is_required()]
    assert {name for name in names if "." not in name} <= set(optional)
