"""A stack file like any other: whatever sections the other one has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.check import check
from config.document import Document, value_at
from config.files import load_file
from config.new.__main__ import main
from config.new.draft import Draft
from config.new.rewrite import rewritten
from config.problems import ConfigError
from tests.config.new.made import flags
from tests.config.stackfile import PROD, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # fifteen files, each made in several rounds

PARTS = [
    *("management", "cluster", "registry", "edge", "kubernetes", "observability", "audit", "cost", "backup"),
    *("recovery", "data.redis", "data.buckets", "data.postgres", "observability.channels.slack", "audit.trail"),
]
"""Parts that prod may be without."""


def without(*parts: str) -> str:
    """Return prod's stack file without some of its parts, and without what needs them."""
    draft = Draft(SETTINGS)
    for part in parts:
        draft.drop(tuple(part.split(".")), "not wanted")
    return rewritten(PROD, (SETTINGS, draft.values), {}, lambda comment: comment)


def settled(text: str, directory: Path) -> str:
    """Leave out what the rules refuse, until nothing is; each round takes what the last one left without its base."""
    path = directory / "Pulumi.part.yaml"
    for _ in range(12):
        path.write_text(text, encoding="utf-8")
        try:
            load_file(path)
        except ConfigError as error:
            values = value_at(Document(text, "").values, ("config", "platform:settings"))
            assert isinstance(values, dict)
            draft = Draft(values)
            for problem in error.problems:
                draft.drop(problem.path, "refused") or draft.drop(problem.path[:-1], "not without that")
            text = rewritten(text, (values, draft.values), {}, lambda comment: comment)
        else:
            return text
    raise AssertionError("no round left a valid file")


@pytest.mark.parametrize("part", PARTS)
def test_a_stack_without_a_part_is_a_model_too(part: str, tmp_path: Path) -> None:
    text = settled(without(part), tmp_path)
    assert text.count("\n") < PROD.count("\n")
    domain = "shop.example" if "\n    edge:" in text else None
    status = main(["shop", "--like", "part", *flags(domain=domain, region="eu-north-1")], tmp_path)
    assert status == 0
    new = tmp_path / "Pulumi.shop.yaml"
    assert not check(str(new)).problems
    assert set(load_file(new).model_fields_set) == set(load_file(tmp_path / "Pulumi.part.yaml").model_fields_set)
