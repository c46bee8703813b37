from __future__ import annotations

from dataclasses import fields

import pulumi
import pytest

from components.exports import Exports
from review.record import record


def _exports(**changes: object) -> Exports:
    values = {field.name: pulumi.Output.from_input(f"value of {field.name}") for field in fields(Exports)}
    return Exports(**{**values, **changes})


def test_every_field_becomes_an_output_of_its_own_name() -> None:
    graph = record(lambda: _exports().publish(), "test")
    published = graph.of_type("pulumi:pulumi:Stack")[0].outputs
    assert published == {field.name: f"value of {field.name}" for field in fields(Exports)}, "a reader finds all of it"


@pytest.mark.parametrize("field", [field.name for field in fields(Exports)])
def test_an_outputs_name_is_plain(field: str) -> None:
    assert field.replace("_", "").isalpha(), "names are typed by hand in `pulumi stack output`"
