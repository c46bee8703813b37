"""The settings as the running program gets them from the engine."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime import set_all_config

from config import files, load
from config.document import SETTINGS as DOCUMENT_SETTINGS
from config.document import Document, value_at
from config.problems import ConfigError
from tests.config import layered
from tests.config.stackfile import NAME, PROD, SETTINGS, changed, line_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stand in for the engine: a stack called prod, its configuration, and its file."""
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
    monkeypatch.setattr(load, "stack_file", lambda stack: files.stack_file(stack, tmp_path))
    monkeypatch.setattr(load, "stack_files", lambda: files.stack_files(tmp_path))
    monkeypatch.setattr(load, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)

    def start(values: object, text: str | None, *, secret: bool = False) -> None:
        given = {"platform:settings": json.dumps(values)} if values is not None else {}
        set_all_config(given, ["platform:settings"] if secret else [])
        if text is not None:
            (tmp_path / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")

    return start


def with_shards(value: object) -> dict[str, Any]:
    settings = copy.deepcopy(SETTINGS)
    settings["data"]["redis"]["shards"] = value
    return settings


def test_settings_come_from_the_engine(engine: Callable[..., None]) -> None:
    engine(SETTINGS, PROD)
    assert load.load() == files.load_file(files.stack_file("prod"))
    assert load.load_or_stop().identity.system == "phoenix"


def test_problems_stand_on_the_lines_of_the_stack_file(engine: Callable[..., None]) -> None:
    text = changed(("shards: 3", "shards: -3"))
    engine(with_shards(-3), text)
    with pytest.raises(ConfigError) as caught:
        load.load()
    assert str(caught.value).startswith(f"Pulumi.prod.yaml:{line_of(text, 'shards: -3')}: data.redis.shards: below")


def test_a_value_from_elsewhere_is_not_blamed_on_a_line_that_says_otherwise(engine: Callable[..., None]) -> None:
    """As with `--config` or `--config-file`, which override the stack file."""
    engine(with_shards(-3), PROD)
    with pytest.raises(ConfigError) as caught:
        load.load()
    assert str(caught.value).startswith("configuration of stack prod: data.redis.shards: below the minimum")


def test_without_a_stack_file_the_values_are_judged_all_the_same(engine: Callable[..., None]) -> None:
    engine(with_shards(-3), None)
    with pytest.raises(ConfigError, match=r"configuration of stack prod: data\.redis\.shards"):
        load.load()
    engine(SETTINGS, None)
    assert load.load().data.redis.shards == 3


def test_missing_settings_name_the_stack_files_that_have_them(engine: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dr.yaml").write_text(PROD, encoding="utf-8")
    engine(None, None)
    with pytest.raises(ConfigError) as caught:
        load.load()
    assert str(caught.value) == (
        "configuration of stack prod: `platform:settings` is missing; got: nothing; "
        "allowed: a mapping, as in Pulumi.dr.yaml; do: name a stack that has a stack file, or write one"
    )


def test_a_program_with_wrong_settings_ends_in_an_error_of_the_engine_that_holds_every_problem(
    engine: Callable[..., None],
) -> None:
    """The engine prints a RunError without a traceback, and exits with a status other than 0."""
    swaps = (("shards: 3", "shards: -3"), ("cache.r6g.large", "cache.r6g.huge"))
    settings = with_shards(-3)
    settings["data"]["redis"]["node_type"] = "cache.r6g.huge"
    engine(settings, changed(*swaps))
    with pytest.raises(pulumi.RunError) as caught:
        load.load_or_stop()
    lines = str(caught.value).splitlines()
    assert lines[0] == "2 problems in the stack file"
    assert [line.split(": ")[1] for line in lines[1:]] == ["data.redis.node_type", "data.redis.shards"]
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__, "no traceback of ours behind it"


def test_an_encrypted_secret_is_refused_though_the_engine_decrypts_it(engine: Callable[..., None]) -> None:
    """The engine hands the object over in plain text, and marks the whole key as a secret."""
    settings = copy.deepcopy(SETTINGS)
    settings["identity"]["extra_tags"] = {"note": "hunter2"}
    line = "      extra_tags: {note: {secure: v1:abc}}\n"
    text = changed(("      data_class: confidential\n", f"      data_class: confidential\n{line}"))
    engine(settings, text, secret=True)
    with pytest.raises(ConfigError) as caught:
        load.load()
    where = line_of(text, "extra_tags:")
    assert str(caught.value).startswith(f"Pulumi.prod.yaml:{where}: identity.extra_tags.note: encrypted secret")
    assert "hunter2" not in str(caught.value)
    engine(settings, PROD, secret=True)
    with pytest.raises(ConfigError, match="configuration of stack prod: holds an encrypted secret"):
        load.load()


def test_settings_that_are_no_json_are_refused_without_being_shown(engine: Callable[..., None]) -> None:
    engine(SETTINGS, None)
    set_all_config({"platform:settings": "{hunter2"}, [])
    with pytest.raises(ConfigError) as caught:
        load.load()
    assert "hunter2" not in str(caught.value)


def test_other_configuration_of_the_program_is_refused_there_too(engine: Callable[..., None]) -> None:
    text = changed(("config:\n", "config:\n  platform:region: x\n"))
    engine(SETTINGS, text)
    with pytest.raises(ConfigError, match="configuration that nobody reads"):
        load.load()


def values_of(text: str) -> Any:  # noqa: ANN401 - the settings as the engine has them
    return value_at(Document(text, NAME).values, DOCUMENT_SETTINGS)


def test_bases_are_read_from_the_project_and_lie_below_the_values_of_the_engine(
    engine: Callable[..., None], tmp_path: Path
) -> None:
    divided = layered.divided()
    layered.write(tmp_path, divided)
    engine(values_of(divided[NAME]), divided[NAME])
    assert load.load() == files.load_file(files.stack_file("prod"))
    engine(values_of(divided[NAME]) | {"keys": {"rotation_days": 91}}, divided[NAME])
    assert load.load().keys.rotation_days == 91, "as with `--config-file`"


def test_problems_of_a_base_stand_on_its_lines_and_those_of_the_engine_on_none(
    engine: Callable[..., None], tmp_path: Path
) -> None:
    divided = layered.divided(("rotation_days: 365", "rotation_days: 3"))
    layered.write(tmp_path, divided)
    values = values_of(divided[NAME])
    values["data"]["redis"]["shards"] = -3
    for text in (divided[NAME], None):
        engine(values, text)
        with pytest.raises(ConfigError) as caught:
            load.load()
        assert [str(one).partition(": below")[0] for one in caught.value.problems] == [
            f"{layered.HOUSE}:{line_of(divided[layered.HOUSE], 'rotation_days: 3')}: keys.rotation_days",
            "configuration of stack prod: data.redis.shards",
        ]


def test_a_base_that_is_missing_where_the_program_runs_is_refused(engine: Callable[..., None]) -> None:
    engine(SETTINGS | {"extends": ["bases/house.yaml"]}, None)
    with pytest.raises(
        ConfigError, match=r"^configuration of stack prod: extends\[0\]: base is missing; got: \"bases/h"
    ):
        load.load()
