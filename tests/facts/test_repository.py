"""The data in the repository: whole, small, the same list for the model and for the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from config.facts.codes import Region
from config.facts.offers import versions
from config.facts.regions import DATA, GLOBAL_REGION, regions, sources
from config.files import ROOT
from facts import packages
from facts.write import differing, files

if TYPE_CHECKING:
    from pathlib import Path

INSTALLED = ROOT / ".venv" / "facts"
MEBIBYTE = 1 << 20


def locked_packages_are_here() -> bool:
    lines = (ROOT / "requirements-facts.lock").read_text(encoding="utf-8").splitlines()
    wanted = [line.split()[0] for line in lines if "==" in line]
    names = [one.partition("==")[0].replace("-", "_") + "-" + one.partition("==")[2] for one in wanted]
    return all((INSTALLED / f"{name}.dist-info").is_dir() for name in names)


def test_model_pack_and_data_have_one_list_of_regions() -> None:
    pack = (ROOT / "policy" / "regions.txt").read_text(encoding="utf-8").split()
    assert list(get_args(Region)) == pack == sorted(regions())
    assert {"us-east-1", "eu-central-1", "ap-southeast-2", "sa-east-1", "ca-central-1", "me-central-1"} <= set(pack)
    assert {path.stem for path in (DATA / "offers").glob("*.json")} == set(pack)


def test_the_data_says_where_it_comes_from() -> None:
    assert "cfn-lint 1." in sources()
    assert "moto 5." in sources()
    assert "day of release unknown" not in sources(), "facts/packages.py: add the day of the new version"


def test_the_data_stays_small() -> None:
    size = sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file())
    assert 0 < size < 2 * MEBIBYTE


def test_every_engine_of_a_stack_file_has_versions() -> None:
    assert {"postgres", "redis", "valkey"} <= versions().keys()
    assert versions()["postgres"]["17.10"] is True
    assert versions()["postgres"]["17.4"] is False, "RDS creates none at or below the minor that ended"


def test_zone_ids_begin_with_the_region_in_short() -> None:
    for code, region in regions().items():
        area, direction, number = code.split("-")
        words = direction.replace("south", "s ").replace("north", "n ").replace("east", "e ").replace("west", "w ")
        short = "".join(word[0] for word in words.replace("central", "c ").split())
        assert region.prefix == f"{area}{short}{number}", code
    assert regions()[GLOBAL_REGION].zone_id("3") == "use1-az3"


@pytest.mark.skipif(not locked_packages_are_here(), reason="`make facts` has not installed what the lock file names")
def test_the_data_is_what_the_locked_packages_give() -> None:
    assert differing(files(packages.gather(INSTALLED)), ROOT) == []


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        packages.gather(tmp_path)
