"""A stack like small, which is what a new one is made after where nothing is said: in every commercial region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.check import check
from config.facts.regions import regions
from config.load import load_file
from config.new.__main__ import main
from tests.config.new.made import copied, flags, said

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("region", sorted(regions()))
def test_every_region_takes_it(region: str, tmp_path: Path) -> None:
    assert main(["shop", *flags(domain=None, region=region)], copied(tmp_path)) == 0
    path = tmp_path / "Pulumi.shop.yaml"
    assert not check(str(path)).problems
    settings, small = load_file(path), load_file(tmp_path / "Pulumi.small.yaml")
    assert settings.model_fields_set == small.model_fields_set
    assert settings.identity.region == region


def test_where_small_is_gone_a_model_must_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied(tmp_path) / "Pulumi.small.yaml").unlink()
    assert main(["shop", *flags(domain=None)], tmp_path) == 1
    assert said(capsys)[0].startswith("Pulumi.small.yaml: stack file is missing")
