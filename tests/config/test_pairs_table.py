"""The table of what a standby must share with its primary: each row is broken once, and every setting is placed."""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

import pytest

from config.base import Section
from config.pairs import judge_pair
from config.pairs.table import FREE, READ, ROWS
from config.problems import HIDDEN, dotted
from config.stack import StackConfig
from config.walk import ANY, expand, value
from tests.config.pairfiles import FOLLOWS, GONE, WITH_CONTAINERS, exchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.pairs.row import Row
    from config.problems import Path, Problem

STANDBY, PRIMARY = WITH_CONTAINERS
DIFFERS = ("recovery", "standby", "differs")
PATHS = {row: list(expand(PRIMARY, row.pattern)) for row in ROWS}
EACH_ROW = pytest.mark.parametrize("row", ROWS, ids=[f"{row.kind} {row.pattern}" for row in ROWS])


def other(found: object) -> object:
    """Return a value that is not the one found."""
    if isinstance(found, bool):
        return not found
    if isinstance(found, int):
        return found + 1
    if isinstance(found, dict):
        return {**found, "another": "1"}
    return (*found, "another") if isinstance(found, tuple) else f"9{found}" if isinstance(found, str) else 7


def less(found: object) -> object:
    """Return a value that is less than the one found, in whatever it is measured."""
    if isinstance(found, bool):
        return False
    if isinstance(found, dict):
        return {}
    if isinstance(found, tuple):
        return found[1:]
    text = str(found)
    small = {"db.": "db.t3.micro", "cache.": "cache.t3.micro"}
    quantity = "1m" if text.removesuffix("m").isdigit() else "1Mi"
    version = text.replace(".10", ".9")
    return next(
        (new for start, new in small.items() if text.startswith(start)), quantity if version == text else version
    )


def broken(row: Row, path: Path) -> tuple[StackConfig, StackConfig]:
    """Return a standby and a primary of which one is changed so that a row is broken at a path."""
    here, there = value(STANDBY, path), value(PRIMARY, path)
    if row.kind == "there":
        return exchanged(STANDBY, path, GONE), PRIMARY
    if row.kind == "same":
        return exchanged(STANDBY, path, other(there)), PRIMARY
    if isinstance(here, int | None) and not isinstance(here, bool):  # none = 0, below which the standby cannot go
        return STANDBY, exchanged(PRIMARY, path, (here or 0) + 1)
    return exchanged(STANDBY, path, less(there)), PRIMARY


def found_at(path: Path, problems: list[Problem]) -> list[Problem]:
    return [one for one in problems if one.path == path]


def test_the_pair_as_it_stands_passes() -> None:
    assert judge_pair(STANDBY, PRIMARY) == []


def test_every_row_is_of_use_to_the_pair() -> None:
    idle = [row.pattern for row, paths in PATHS.items() if not paths]
    assert idle == [], "nothing in prod is held by it, so nothing below tries it"


@pytest.mark.slow
@EACH_ROW
def test_a_standby_that_breaks_a_row_is_refused_with_both_values(row: Row) -> None:
    for path in PATHS[row]:
        standby, primary = broken(row, path)
        (problem,) = found_at(path, judge_pair(exchanged(standby, DIFFERS, {}), primary))
        assert row.why in problem.what
        assert problem.beside is not None
        assert problem.beside.path == path
        assert problem.got != problem.beside.got or problem.got == HIDDEN
        assert problem.fix


@pytest.mark.slow
@EACH_ROW
def test_a_reason_excuses_what_a_standby_may_lack_and_nothing_that_ties_it(row: Row) -> None:
    for path in PATHS[row]:
        standby, primary = broken(row, path)
        bound = row.bound != "never"
        reported = judge_pair(exchanged(standby, DIFFERS, {dotted(path): "as this test says"}), primary)
        assert bool(found_at(path, reported)) is bound
        assert bool(found_at((*DIFFERS, dotted(path)), reported)) is bound, "a reason that excuses nothing is refused"


@pytest.mark.slow
@EACH_ROW
def test_a_standby_that_serves_is_held_to_its_ties_only(row: Row) -> None:
    for path in PATHS[row]:
        standby, primary = broken(row, path)
        serving = exchanged(standby, ("recovery", "standby", "active"), new=True)
        assert bool(found_at(path, judge_pair(serving, primary))) is (row.bound != "never")


def test_a_cache_of_its_own_may_be_another_with_a_reason() -> None:
    path = ("data", "redis", "node_type")
    apart = exchanged(STANDBY, ("recovery", "standby", "redis"), None)
    smaller = exchanged(apart, path, "cache.t4g.small")
    assert found_at(path, judge_pair(smaller, PRIMARY)) != []
    assert found_at(path, judge_pair(exchanged(smaller, DIFFERS, {dotted(path): "half the load"}), PRIMARY)) == []


@pytest.mark.parametrize("section", ["edge", "kubernetes", "registry", "backup", "kubernetes.pgbouncer"])
def test_a_section_that_only_the_primary_has_is_reported_once_and_may_have_a_reason(section: str) -> None:
    path = tuple(section.split("."))
    without = exchanged(STANDBY, path, None)
    (problem,) = found_at(path, judge_pair(without, PRIMARY))
    assert problem.what == "missing here, and the primary has one"
    reasons = {**FOLLOWS.differs, section: "as this test says"}
    reported = judge_pair(exchanged(without, DIFFERS, reasons), PRIMARY)
    assert [one for one in reported if one.path[: len(path)] == path] == []


def leaves(model: type[Section], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every setting, with `*` for the keys of a mapping of sections."""
    for name, field in model.model_fields.items():
        kind = _plain(field.annotation)
        entry = _plain(get_args(kind)[1]) if get_origin(kind) is dict else kind
        if isinstance(entry, type) and issubclass(entry, Section):
            yield from leaves(entry, (*path, name, *((ANY,) if entry is not kind else ())))
        else:
            yield (*path, name)


def _plain(annotation: Any) -> Any:  # noqa: ANN401 - an annotation is any object
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        real = [one for one in get_args(annotation) if one is not type(None)]
        return _plain(real[0]) if len(real) == 1 else annotation
    return annotation


def covers(pattern: str, leaf: tuple[str, ...]) -> bool:
    """Tell whether a pattern means a setting, or a part that it is in; `*` means any step."""
    steps = pattern.split(".")
    return len(steps) <= len(leaf) and all(step in (ANY, part) for step, part in zip(steps, leaf, strict=False))


LEAVES = list(leaves(StackConfig))


def test_every_setting_is_compared_or_said_not_to_be() -> None:
    placed = [*(row.pattern for row in ROWS if row.kind != "there"), *READ, *FREE]
    homeless = [".".join(leaf) for leaf in LEAVES if not any(covers(pattern, leaf) for pattern in placed)]
    assert homeless == [], "give it a row, or a reason in FREE"


def test_what_is_said_of_a_setting_is_said_of_one_that_exists() -> None:
    gone = [pattern for pattern in (*READ, *FREE) if not any(covers(pattern, leaf) for leaf in LEAVES)]
    assert gone == [], "no setting is called so any more"


def test_nothing_is_both_compared_and_free() -> None:
    compared = [row.pattern for row in ROWS if row.kind != "there"]
    apart = [leaf for leaf in LEAVES if not any(covers(row, leaf) for row in compared)]
    assert FREE, "else nothing is judged here"
    assert [pattern for pattern in FREE if not any(covers(pattern, leaf) for leaf in apart)] == [], (
        "a row holds all of it"
    )
