"""A stack that extends bases as a model: the new one extends the same, and has what one without bases would have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from config.bases import EXTENDS
from config.check import check
from config.document import Document
from config.files import read_file
from config.new.__main__ import main
from tests.config.layered import HOUSE, SECTIONS, SYSTEM, divided, write
from tests.config.new.made import flags, said
from tests.config.stackfile import PROD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DIVISIONS: list[Mapping[str, Sequence[str]]] = [
    SECTIONS,
    {HOUSE: ("identity", "keys"), SYSTEM: ("network", "management", "data", "edge", "observability", "audit", "cost")},
    {SYSTEM: ("as_of", "network", "kubernetes", "cluster", "data", "recovery", "backup")},
]
"""Which sections stand in which base: those that stay, and those in which a new stack has other values."""


def settings_of(path: Path) -> Any:  # noqa: ANN401 - plain values
    return read_file(path).layers.settings


@pytest.mark.parametrize(
    ("bases", "region"),
    [
        (DIVISIONS[1], "sa-east-1"),
        *(
            pytest.param(bases, region, marks=pytest.mark.slow)
            for bases in DIVISIONS
            for region in ("us-east-2", "sa-east-1")
        ),
    ],
)
def test_it_extends_the_same_bases_and_is_the_same_stack(
    bases: Mapping[str, Sequence[str]], region: str, tmp_path: Path
) -> None:
    layered, flat = tmp_path / "layered", tmp_path / "flat"
    write(layered, divided(bases=bases))
    write(flat, {"Pulumi.prod.yaml": PROD})
    for directory in (layered, flat):
        assert main(["shop", "--like", "prod", *flags(region=region)], directory) == 0
    new = layered / "Pulumi.shop.yaml"
    assert not check(str(new)).problems
    assert settings_of(new) == settings_of(flat / new.name)
    values: Any = Document(new.read_text(encoding="utf-8"), "").values
    own = values["config"]["platform:settings"]
    assert own[EXTENDS] == list(bases)
    untouched = {section for names in bases.values() for section in names} & {"keys", "registry", "backup", "recovery"}
    assert not untouched & own.keys(), "what a base says is not said again"


def test_what_a_region_lacks_is_placed_in_the_base(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, divided())
    assert main(["shop", "--like", "prod", *flags(region="ap-southeast-1")], tmp_path) == 1
    lines = said(capsys)[:-1]
    text = (tmp_path / SYSTEM).read_text(encoding="utf-8").splitlines()
    assert lines
    for line in lines:
        place = line.partition(": ")[0]
        name, _, number = place.rpartition(":")
        assert name.endswith(SYSTEM)
        assert "g6.2xlarge" in text[int(number) - 1]


def test_bases_are_left_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, divided(bases=DIVISIONS[1]))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(["shop", "--like", "prod", *flags(region="sa-east-1")], tmp_path) == 0
    (tmp_path / "Pulumi.shop.yaml").unlink()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
