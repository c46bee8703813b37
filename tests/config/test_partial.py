"""A mistake in one place hides none in another, and no stack file ends in a traceback."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, partial
from config.base import IncompleteError
from config.examine import examine
from config.partial import salvage
from config.problems import dotted
from config.stack import StackConfig
from tests.config.stackfile import SETTINGS, judged


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value in prod's settings."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for step, child in children for found in paths(child, (*path, step))]


def with_value(path: tuple[str | int, ...], value: object, *, remove: bool = False) -> dict[str, Any]:
    """Return prod's settings with one value replaced or removed."""
    settings = copy.deepcopy(SETTINGS)
    parent: Any = settings
    for step in path[:-1]:
        parent = parent[step]
    if remove:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return settings


def problems(settings: dict[str, Any]) -> list[str]:
    try:
        examine(settings, None, "f.yaml")
    except ConfigError as error:
        return [str(problem) for problem in error.problems]
    return []


PATHS = st.sampled_from(paths(SETTINGS))
WRONG = st.sampled_from([None, True, 0, -1, 1.5, float("inf"), "", "x", [], ["x"], {}, {"x": 1}, 10**30])


@given(PATHS, WRONG)
def test_any_value_anywhere_gives_settings_or_problems(path: tuple[str | int, ...], value: object) -> None:
    """No combination of half-sound sections makes a rule fail, and no wrong value is taken for sound."""
    settings = with_value(path, value)
    found = problems(settings)
    assert all(line.startswith("f.yaml: ") for line in found)
    if not found:
        assert StackConfig.model_validate_json(json.dumps(settings), strict=True)


@given(PATHS, WRONG)
def test_a_valid_section_is_the_same_whether_it_is_taken_whole_or_field_by_field(
    path: tuple[str | int, ...], value: object
) -> None:
    settings = with_value(path, value)
    whole = salvage(StackConfig, settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partial, "_whole", lambda _model, _given: None)
        parts = salvage(StackConfig, settings)
    assert (repr(whole), whole.model_fields_set) == (repr(parts), parts.model_fields_set)


@given(PATHS)
def test_any_value_left_out_gives_settings_or_problems(path: tuple[str | int, ...]) -> None:
    settings = with_value(path, None, remove=True)
    if not problems(settings):
        assert StackConfig.model_validate_json(json.dumps(settings), strict=True)


@pytest.mark.parametrize("section", list(SETTINGS))
def test_a_section_that_is_no_mapping_hides_no_mistake_in_another(section: str) -> None:
    mistakes: dict[str, dict[str, object]] = {
        "identity": {"identity.account_id": "000000000000"},
        "network": {"network.nat": "none"},
        "keys": {"keys.domains": {}},
        "cluster": {"cluster.addons": {}},
        "data": {"data.postgres.master_username": "admin"},
    }
    others = {path: value for name, one in mistakes.items() if name != section for path, value in one.items()}
    found = judged({**others, section: 5})
    expected = {
        "identity.account_id",
        "network.nat",
        "keys.domains.data",
        "cluster.addons.coredns",
        "data.postgres.master_username",
    }
    assert {section} | {path for path in expected if not path.startswith(section)} <= found


def test_a_wrong_field_hides_no_mistake_in_its_own_section() -> None:
    found = judged({"data.redis.shards": "x", "data.redis.engine_version": "9.9", "data.redis.node_type": "cache.x.y"})
    assert found == {"data.redis.shards", "data.redis.engine_version", "data.redis.node_type"}


def test_a_wrong_node_group_hides_no_mistake_in_another() -> None:
    groups = "cluster.node_groups"
    wrong_type, wrong_tier = f"{groups}.monitoring.instance_types", f"{groups}.general.tier"
    found = judged({f"{groups}.gpu": 5, wrong_type: ["t9.large"], wrong_tier: "x"})
    assert found == {f"{groups}.gpu", f"{wrong_type}[0]", wrong_tier}


def test_a_name_out_of_form_is_reported_with_the_form_and_the_rest_still_judged() -> None:
    group = {**SETTINGS["cluster"]["node_groups"]["gpu"], "instance_types": ["p3.2xlarge"]}
    found = judged({"cluster.node_groups": {"GPU": group, "gpu": group}})
    assert "cluster.node_groups.GPU" in found
    assert "cluster.node_groups.gpu.instance_types[0]" in found


def test_what_is_unsound_cannot_be_read_and_what_is_sound_can() -> None:
    config = salvage(StackConfig, with_value(("data", "redis", "shards"), "x"))
    assert config.data.redis.replicas_per_shard == 2
    with pytest.raises(IncompleteError, match="shards"):
        _ = config.data.redis.shards
    assert salvage(StackConfig, SETTINGS) == StackConfig.model_validate(SETTINGS)


def test_an_optional_value_that_is_wrong_is_not_taken_for_its_default() -> None:
    config = salvage(StackConfig, with_value(("data", "postgres", "multi_az"), "yes"))
    with pytest.raises(IncompleteError):
        _ = config.data.postgres.multi_az


def test_a_fault_in_a_rule_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a missing part ends a rule quietly."""

    def broken(config: StackConfig) -> Any:  # noqa: ANN401 - never returns
        raise AttributeError(f"no such thing in {type(config).__name__}")

    monkeypatch.setattr("config.rules.RULES", (broken,))
    with pytest.raises(AttributeError):
        examine(SETTINGS, None, "f.yaml")


def test_paths_are_written_as_people_write_them() -> None:
    assert dotted(("network", "tiers", "private", "cidrs", 1)) == "network.tiers.private.cidrs[1]"
    assert dotted(("labels", "app.kubernetes.io/name")) == 'labels["app.kubernetes.io/name"]'
