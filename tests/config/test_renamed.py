"""Keys that had another name: a file with an old one is refused with the new one, old outputs are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from config.allowed import names
from config.renamed import RENAMED, new_name, with_new_names
from config.shape import settings_schema
from tests.config.stackfile import changed, problems_of

if TYPE_CHECKING:
    from pathlib import Path

    from config.problems import Path as Keys

OLD_LINES: Final = {
    "cost.budgets.*.alerts.*.on": ("[{percent: 80}, {percent: 100},", "[{percent: 80, on: actual}, {percent: 100},"),
    "data.postgres.former": ("    postgres:\n", "    postgres:\n        former: [1]\n"),
    "data.redis.followed": ("        in_global_datastore: true", "        followed: true"),
    "edge.cdn.assets": (
        "        buckets:\n          static-assets:\n            standby:",
        "        assets:\n          static-assets:\n            standby:",
    ),
    "edge.front": ("\n      cdn:\n", "\n      front:\n"),
    "management.peers.*.tables": (
        "production: {cidr: 10.0.0.0/16, ",
        "production: {tables: [private-a], cidr: 10.0.0.0/16, ",
    ),
    "network.peers.*.tables": (
        "management: {cidr: 10.1.0.0/16, ",
        "management: {tables: [private-a], cidr: 10.1.0.0/16, ",
    ),
}
"""Old path -> what a file has in its place, and what it had."""


def keys(old: str, name: str = "standby") -> Keys:
    parts = old.split(".")
    return tuple(
        part if part != "*" else 0 if before == "alerts" else name
        for before, part in zip(["", *parts], parts, strict=False)
    )


@pytest.mark.parametrize("old", RENAMED)
def test_an_old_key_is_refused_on_its_line_with_the_new_name(old: str, tmp_path: Path) -> None:
    before, after = OLD_LINES[old]
    text = changed((before, after))
    line = text.count("\n", 0, text.index(after) + after.index(f"{old.rpartition('.')[2]}:")) + 1
    (found,) = problems_of(text, tmp_path)  # what the key would say is not taken for left out
    assert found.what == "renamed key"
    assert (found.line, found.path[-1], found.allowed) == (line, old.rpartition(".")[2], RENAMED[old])
    assert found.fix == f"write `{RENAMED[old]}:` in its place"


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_new_name_is_a_key_and_the_old_one_is_none(old: str, new: str) -> None:
    known = names(settings_schema(), keys(old)[:-1])
    assert new in known
    assert keys(old)[-1] not in known, "a key that has come back must leave the table"


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_outputs_with_old_keys_are_read_with_the_new_ones(old: str, new: str) -> None:
    def nested(key: str) -> dict[str, Any]:
        values: Any = {key: ["kept"], "other": 1}
        for part in reversed(keys(old)[:-1]):
            values = [values] if part == 0 else {part: values}
        return dict(values)

    assert with_new_names(nested(keys(old)[-1])) == nested(new)
    assert with_new_names(nested(new)) == nested(new), "what has new names already stays"


def test_only_the_very_place_has_another_name() -> None:
    assert new_name(("network", "tables")) is None
    assert new_name(("cost", "front")) is None
    assert with_new_names({"edge": {"front": 1, "cdn": 2}}) == {"edge": {"cdn": 2}}, "the new name counts"


def test_outputs_with_one_bucket_of_assets_are_read_as_buckets() -> None:
    old = {"bucket": "static", "standby": {"name": "spare"}, "paths": {"all": {"path": "/static/*"}}}
    new = {"static": {"origin_id": "assets", "standby": {"name": "spare"}, "paths": {"all": {"path": "/static/*"}}}}
    assert with_new_names({"edge": {"cdn": {"assets": old}}}) == {"edge": {"cdn": {"buckets": new}}}
