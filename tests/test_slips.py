"""Texts that the rehearsal changes in the program stand there once, or it takes half an hour to hear of it."""

from __future__ import annotations

import pytest

from config.files import ROOT
from tests.engine.test_flips import FLIPS
from tests.sandbox.drill.test_crippled import MUTATIONS

SLIPS = [(flip.file, flip.before) for flip in FLIPS.values()] + [(file, text) for file, text, *_ in MUTATIONS.values()]


@pytest.mark.parametrize(("file", "text"), SLIPS, ids=[file for file, _ in SLIPS])
def test_what_the_rehearsal_changes_stands_in_the_program_once(file: str, text: str) -> None:
    assert (ROOT / file).read_text(encoding="utf-8").count(text) == 1
