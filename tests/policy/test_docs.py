"""The printed list of rules is the pack's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from policy.catalog import main

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"


def test_the_page_of_policies_is_what_the_catalog_prints(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    table = capsys.readouterr().out
    assert PAGE.read_text(encoding="utf-8").endswith(table), "write it anew: see the head of docs/policies.md"
