"""The review says in one line what is lost because data stays in one region, and who stands behind each exception."""

from __future__ import annotations

from config import load_file, stack_file
from config.residency import Residency
from review import recovery
from tests.config.outletcases import CASES, excused

REALESTATE = load_file(stack_file("realestate"))
PROD = load_file(stack_file("prod"))


def test_what_is_lost_with_the_region_stands_in_one_line() -> None:
    lines = [str(line) for line in recovery.residency(REALESTATE)]
    (lost,) = [line for line in lines if "lost for good" in line]
    assert lost.startswith("residency: with me-central-1, or two of its zones, nothing serves until AWS restores it")
    assert "data.postgres, data.buckets, backup" in lost
    assert REALESTATE.residency is not None
    assert lost.endswith(f"chosen, because: {REALESTATE.residency.prevails}")
    assert "\n" not in lost


def test_each_exception_has_its_places_its_last_day_its_basis_and_its_owner() -> None:
    lines = [str(line) for line in recovery.residency(REALESTATE)]
    (cdn,) = [line for line in lines if "edge.cdn" in line]
    assert "leaves for edge, us-east-1 until 2027-11-20, by contract (Art. 23(1)(a)), says dpo@estates.example" in cdn
    assert recovery.as_json(REALESTATE)["residency"] == lines


def test_a_stack_without_the_section_says_nothing_of_it() -> None:
    assert list(recovery.residency(PROD)) == []


def test_where_data_may_be_elsewhere_nothing_is_lost_by_choice() -> None:
    section = excused(CASES["edge.cdn"])
    section["classes"]["personal"]["places"] = ["us-west-2"]
    del section["prevails"]
    config = PROD.model_copy(update={"residency": Residency.model_validate(section)})
    assert [str(line).partition(" until")[0] for line in recovery.residency(config)] == [
        "residency: edge.cdn leaves for edge"
    ]
