"""The table of ways out is whole: whatever a stack file can say of another place stands in it, or stays."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final, get_args

import pytest
from pydantic import BaseModel

from config.outlets import OUTLETS, STAYS, matches
from config.stack import StackConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES: Final = re.compile(
    r"region|replica|standby|global|peer|slack|pagerduty|mail|provider_keys|^cdn$|^image$|external|shield|copy_from|copies"
    r"|^to$|destination|replicat|federat|mirror|remote|abroad|elsewhere"
)
"""Names of settings that say that something is elsewhere."""


def _settings(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    """Yield each setting that there is, sections among them, with what it is."""
    for name, field in model.model_fields.items():
        yield from _of(field.annotation, (*path, name))


def _of(annotation: object, path: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    yield ".".join(path), annotation
    for below, step in _sections(annotation):
        yield from _settings(below, (*path, *step))


def _sections(annotation: object) -> Iterator[tuple[type[BaseModel], tuple[str, ...]]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, ()
        return
    named = getattr(annotation, "__origin__", None) is dict
    for part in get_args(annotation):
        yield from ((below, ("*", *step) if named else step) for below, step in _sections(part))


def _names_a_place(path: str, annotation: object) -> bool:
    return NAMES.search(path.rpartition(".")[2]) is not None or "'us-east-1', " in str(annotation)


ELSEWHERE: Final = sorted({path for path, annotation in _settings(StackConfig) if _names_a_place(path, annotation)})
KNOWN: Final = (*(outlet.pattern for outlet in OUTLETS), *STAYS)


FIXED: Final = {outlet.pattern for outlet in OUTLETS if outlet.places.__qualname__.startswith("_at.")}
"""Rows that lead to the same places whatever stands below them: a region below one needs a row of its own."""
REGIONS: Final = {path for path, annotation in _settings(StackConfig) if "'us-east-1', " in str(annotation)}


def _covered(path: str) -> bool:
    """Tell whether a setting is in the table, is part of what is, or holds nothing else."""
    above = (one for one in KNOWN if not (one in FIXED and path in REGIONS and path != one))
    return any(matches(path, one) for one in above) or any(matches(one, path) for one in KNOWN)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_setting_that_names_another_place_is_a_way_out_or_stays(path: str) -> None:
    assert _covered(path), (
        "add a row to OUTLETS in config/outlets.py, or to STAYS with the reason why no data goes there"
    )


def test_settings_that_name_places_are_found() -> None:
    found = set(ELSEWHERE)
    assert {"data.buckets.*.replica.region", "data.tables.*.replica_regions", "inference.models.*.regions"} <= found
    assert {"edge.cdn.origin_shield", "edge.cdn.buckets.*.standby.region", "identity.region"} <= found


def test_a_new_setting_that_names_a_region_would_be_found() -> None:
    assert _names_a_place("data.streams.*.target_region", str)
    assert not _covered("data.streams.*.target_region")


def test_a_region_below_a_row_that_leads_to_fixed_places_needs_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _covered("edge.cdn.origin_shield")
    monkeypatch.setattr(sys.modules[__name__], "KNOWN", tuple(one for one in KNOWN if "origin_shield" not in one))
    assert not _covered("edge.cdn.origin_shield")


def test_every_row_is_of_a_setting_that_there_is() -> None:
    there = {path for path, _ in _settings(StackConfig)}
    for pattern in KNOWN:
        assert any(re.match(_expression(pattern), path) for path in there), pattern


def _expression(pattern: str) -> str:
    """Return a row as a pattern over the schema's paths; a name that a file chooses is `*` there."""
    return (
        r"\.".join("[^.]+" if step in {"*", "standby"} else re.escape(step) for step in pattern.split(".")) + r"(\.|$)"
    )


def test_no_row_stands_twice() -> None:
    assert len(KNOWN) == len(set(KNOWN))
    assert not {outlet.pattern for outlet in OUTLETS} & set(STAYS)
