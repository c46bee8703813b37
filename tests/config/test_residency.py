"""Residency of a stack file: each way out is refused with its place, an exception holds until its day and no longer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from config.outlets import OUTLETS, departures
from config.pairs import Pair, judge_pair
from config.pairs.residency import RESIDENCY
from config.problems import dotted
from config.residency import BASES, LONGEST_DAYS, Basis, Residency
from config.rules.residency import excuse, unexcused
from tests.config.containersfile import accepted, as_written
from tests.config.outletcases import AS_OF, CASES, FOLLOWED, STRICT, Case, excused, pair, refused
from tests.config.pairfiles import FOLLOWS, PRIMARY, STANDBY, problems, write

if TYPE_CHECKING:
    from pathlib import Path

    from config.problems import Problem

EACH: Final = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
LAST: Final = "2027-11-20"
CLASSES: Final = {
    "personal": {"what": "names and addresses of people"},
    "operational": {"what": "texts of alarms", "places": ["slack", "us-west-2"], "at": ["observability"]},
}


@EACH
def test_a_way_out_is_refused_with_where_it_leads(case: Case) -> None:
    problem = refused(STRICT)[case.path]
    assert f"leaves us-east-1 for {', '.join(case.places)}" in problem.what
    assert "no class of its own" in problem.what


@EACH
def test_an_exception_passes_until_its_day_and_fails_after_it(case: Case) -> None:
    assert case.path not in refused(excused(case, LAST))
    assert case.path not in refused(excused(case, LAST), as_of=LAST)
    late = refused(excused(case, LAST), as_of="2027-11-21")
    assert {case.path, "residency.exceptions.known.until"} <= set(late)
    assert "has ended" in late["residency.exceptions.known.until"].what


@EACH
def test_an_exception_for_another_place_excuses_nothing(case: Case) -> None:
    found = refused(excused(case, to=("sa-east-1",)))
    assert case.path in found
    assert "nothing goes there" in found["residency.exceptions.known.to[0]"].what


def test_no_way_of_the_table_is_without_a_case() -> None:
    ours = {outlet.pattern for outlet in OUTLETS if not outlet.data}
    assert ours == set(CASES) - {"*"}
    assert {outlet.pattern for outlet in OUTLETS if outlet.data} == set(FOLLOWED)
    assert len(CASES) + len(FOLLOWED) >= 15


def test_a_file_is_refused_with_its_line_and_every_way_at_once() -> None:
    text, found = as_written({"residency": STRICT, "data.buckets.logs.replica": {"region": "eu-west-1"}})
    leaving = {dotted(one.path): one for one in found if "leaves us-east-1" in one.what}
    assert {"edge.cdn", "keys.domains.data.multi_region", "data.buckets.logs.replica"} <= set(leaving)
    assert text.splitlines()[(leaving["data.buckets.logs.replica"].line or 0) - 1].strip() == "replica:"
    assert [dotted(one.path) for one in found if "leaves us-east-1" not in one.what] == []


def test_a_stack_without_the_section_sends_what_it_likes() -> None:
    assert {dotted(one.path) for one in departures(accepted())} >= {"edge.cdn", "network.peers.standby"}


def _clashes(section: dict[str, Any]) -> dict[str, Problem]:
    standby, primary = pair(section)
    both = Pair(standby=standby, primary=primary, follows=FOLLOWS)
    return {one.path: one.problem for check in RESIDENCY for one in check(both)}


@pytest.mark.parametrize("path", FOLLOWED)
def test_a_standby_abroad_is_refused_beside_its_primary(path: str) -> None:
    problem = _clashes(STRICT)[path]
    assert "leaves us-east-1 for us-west-2" in problem.what
    assert problem.beside is not None
    assert problem.beside.path == ("residency",)


@pytest.mark.parametrize("path", FOLLOWED)
def test_an_exception_lets_one_thing_follow(path: str) -> None:
    section = excused(Case(path, ("us-west-2",)))
    below = {one for one in FOLLOWED if one == path or one.startswith(f"{path}.")}
    assert set(FOLLOWED) - set(_clashes(section)) == below
    ended = excused(Case(path, ("us-west-2",)), until="2026-11-20")
    assert set(FOLLOWED) <= set(_clashes(ended))


def test_a_standby_where_every_class_may_be_is_none_abroad() -> None:
    classes = {"personal": {"what": "names of people", "places": ["us-west-2", "us-east-1"]}}
    assert not set(FOLLOWED) & set(_clashes({"classes": classes}))


def test_both_files_of_a_pair_say_the_same() -> None:
    residency = Residency.model_validate(STRICT)
    for here, there in ((STANDBY, PRIMARY.model_copy(update={"residency": residency})),
                        (STANDBY.model_copy(update={"residency": residency}), PRIMARY)):  # fmt: skip
        (found,) = [one for one in judge_pair(here, there) if one.path == ("residency",)]
        assert "decided once" in found.what


def test_a_standby_abroad_is_refused_with_the_lines_of_both_files(tmp_path: Path) -> None:
    section = "residency: {classes: {personal: {what: names of people}}, prevails: the owner of the data decided so}\n"
    texts = write(tmp_path, prod=(("    keys:\n", f"    {section}    keys:\n"),))
    (found,) = [one for one in problems(tmp_path) if dotted(one.path) == "recovery.standby.postgres"]
    assert found.file.endswith("Pulumi.dr.yaml")
    assert found.line is not None
    assert found.beside is not None
    assert texts[0].splitlines()[(found.beside.line or 0) - 1].strip().startswith("residency:")


def test_the_longest_path_decides_the_class() -> None:
    classes = {**CLASSES, "chat": {"what": "texts", "at": ["observability.channels.slack"]}}
    residency = Residency.model_validate({"classes": classes})
    assert residency.class_of("observability.channels.pagerduty") == "operational"
    assert residency.class_of("observability.channels.slack.channels") == "chat"
    assert residency.class_of("observability_more") is None


def test_what_no_class_names_may_be_where_every_class_may() -> None:
    both = {"personal": {"what": "names of people", "places": ["us-west-2"]}, "operational": CLASSES["operational"]}
    assert Residency.model_validate({"classes": both}).places("data.buckets.logs") == {"us-west-2"}
    assert Residency.model_validate({"classes": CLASSES}).places("data.buckets.logs") == frozenset()


def test_data_goes_where_its_class_may_be() -> None:
    section = {**STRICT, "classes": CLASSES}
    assert "observability.channels.slack" not in refused(section)
    found = refused(section)["observability.channels.pagerduty"]
    assert "class operational" in found.what
    assert found.allowed == "us-east-1, slack, us-west-2"


WRONG: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "an exception of what does not leave": ({"of": "data.buckets.app-data"}, "of", "nothing leaves"),
    "an exception for more than a year": ({"until": "2027-11-23"}, "until", "more than 366 days"),
    "an exception that has ended": ({"until": "2026-11-20"}, "until", "has ended"),
}


@pytest.mark.parametrize(("change", "path", "what"), WRONG.values(), ids=WRONG.keys())
def test_refused(change: dict[str, Any], path: str, what: str) -> None:
    case = CASES["edge.cdn"]
    section = excused(case)
    section["exceptions"]["known"] |= change
    found = refused(section)
    assert what in found[f"residency.exceptions.known.{path}"].what


@pytest.mark.parametrize(
    ("section", "path", "what"),
    [
        ({"classes": CLASSES}, "residency.prevails", "nobody says why"),
        ({"classes": {"a-class": {"what": "names", "places": ["eu-west-1"]}}, "prevails": STRICT["prevails"]},
         "residency.prevails", "where a standby can stand"),
        ({**STRICT, "classes": {"one": {"what": "names", "at": ["data.postgres"]},
                                "two": {"what": "texts", "at": ["data.postgres"]}}},
         "residency.classes.two.at[0]", "of class one already"),
        ({**STRICT, "classes": {"one": {"what": "names", "at": ["data.buckets.nothing"]}}},
         "residency.classes.one.at[0]", "no such setting"),
        ({**STRICT, "classes": {"one": {"what": "names", "at": ["data.bukkets"]}}},
         "residency.classes.one.at[0]", "no such setting"),
    ],
)  # fmt: skip
def test_a_section_is_refused(section: dict[str, Any], path: str, what: str) -> None:
    assert what in refused(section)[path].what


@pytest.mark.parametrize(
    "change", [{"basis": "convenience"}, {"owner": "nobody"}, {"until": "soon"}, {"to": []}, {"to": ["us-east-9"]}]
)
def test_an_exception_has_a_basis_an_owner_a_day_and_places_that_there_are(change: dict[str, Any]) -> None:
    section = excused(CASES["edge.cdn"])
    section["exceptions"]["known"] |= change
    with pytest.raises(ValidationError, match=rf"known\.{next(iter(change))}"):
        Residency.model_validate(section)


def test_every_basis_says_its_article() -> None:
    assert set(BASES) == set(Basis.__args__)
    assert all(text.startswith(("Art. 22(", "Art. 23(1)(")) for text in BASES.values())


DAYS: Final = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(until=DAYS, day=DAYS, places=st.sets(st.sampled_from(["edge", "us-east-1", "slack"]), min_size=1))
def test_an_exception_excuses_its_places_on_its_days_and_nothing_else(until: date, day: date, places: set[str]) -> None:
    one = excused(Case("edge.cdn", tuple(sorted(places))), until=until.isoformat())
    residency = Residency.model_validate(one)
    every = ("edge", "us-east-1", "slack", "eu-west-1")
    left = set(unexcused(residency, "edge.cdn", "edge.cdn", every, day))
    assert left == set(every) - (places if day <= until else set())
    assert excuse(residency, "edge.cdnx", min(places), day) is None


@settings(max_examples=20)
@given(ahead=st.integers(-400, 800))
def test_an_exception_is_granted_for_a_year_at_most(ahead: int) -> None:
    until = date.fromisoformat(AS_OF) + timedelta(days=ahead)
    path = "residency.exceptions.known.until"
    assert (path not in refused(excused(CASES["edge.cdn"], until=until.isoformat()))) == (0 <= ahead <= LONGEST_DAYS)
