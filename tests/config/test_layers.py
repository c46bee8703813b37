"""Stack files that extend bases: what they say together, and the file and line of every error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from config import check, load_file
from config.bases import Bases
from config.document import SETTINGS as ROOT_OF_SETTINGS
from config.document import Document
from config.examine import examined
from config.layers import Layers
from config.problems import dotted
from tests.config.layered import HOUSE, SYSTEM, WHOLE, divided, edited, problems, write
from tests.config.stackfile import NAME, PROD, SETTINGS, changed, line_of
from tests.config.standbyfile import DR
from tests.config.test_partial import paths

if TYPE_CHECKING:
    from pathlib import Path

SHARDS = ("shards: 3", "shards: -3")
CIDR = ("cidr: 10.0.0.0/16\n", "cidr: 10.0.0.1/16\n")


@pytest.fixture(autouse=True)
def _beside_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where a person stands who reads messages with the names of files below the project."""
    monkeypatch.chdir(tmp_path)


def layers(*texts: str) -> Layers:
    """Return layers from the text of settings, the weakest first."""
    *bases, stack = (Document(text, f"{number}.yaml") for number, text in enumerate(texts))
    return Layers(stack.values, None, "stack", Bases(documents=tuple(bases)))


def reported(directory: Path, files: dict[str, str]) -> list[str]:
    return [str(one) for one in problems(directory, files)]


@pytest.mark.parametrize(
    ("texts", "together"),
    [
        (("{a: {x: 1, y: 2}}", "{a: {y: 3}}"), {"a": {"x": 1, "y": 3}}),
        (("{a: 1}", "{a: 2}", "{a: 3}"), {"a": 3}),
        (("{a: [1, 2, 3]}", "{a: [4]}"), {"a": [4]}),
        (("{a: [{x: 1, y: 2}]}", "{a: [{x: 3}]}"), {"a": [{"x": 3}]}),
        (("{a: {x: 1}, b: 2}", "{a: null}"), {"b": 2}),
        (("{a: {x: 1, y: 2}}", "{a: {x: ~}}"), {"a": {"y": 2}}),
        (("{a: {x: 1}}", "{a: null}", "{a: {y: 2}}"), {"a": {"y": 2}}),
        (("{a: {x: 1}}", "{a: {}}"), {"a": {"x": 1}}),
        (("{a: {x: 1}}", "{a: 5}"), {"a": 5}),
        (("{a: 5}", "{a: {x: 1}}"), {"a": {"x": 1}}),
        (("{b: 1}", "{a: null}"), {"b": 1, "a": None}),
        (("{a: null}", "{a: 1}"), {"a": 1}),
        (("{a: &x {k: 1}, b: {<<: *x, l: 2}}", "{b: {k: ~}}"), {"a": {"k": 1}, "b": {"l": 2}}),
    ],
)
def test_mappings_merge_lists_replace_and_null_takes_away(texts: tuple[str, ...], together: object) -> None:
    assert layers(*texts).settings == together


def test_layers_are_not_changed_by_what_lies_over_them() -> None:
    made = layers("{a: {x: {k: 1}}}", "{a: {x: {l: 2}}}", "{a: {x: {k: 3}}}")
    assert [one.values for one in made.bases] == [{"a": {"x": {"k": 1}}}, {"a": {"x": {"l": 2}}}]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        (("a", "x"), "1.yaml"),
        (("a", "y"), "0.yaml"),
        (("a",), "1.yaml"),
        (("a", "gone"), "1.yaml"),
        (("list", 1), "1.yaml"),
        (("b", "k"), "stack"),
        ((), "stack"),
    ],
)
def test_what_several_files_say_comes_from_the_last_of_them(path: tuple[str | int, ...], file: str) -> None:
    made = layers("{a: {x: 1, y: 1, gone: 1}, list: [1, 2, 3]}", "{a: {x: 2, gone: ~}, list: [4]}", "{b: {k: 1}}")
    assert made.place(path)[0] == file


LEAVES = [path for path in paths(SETTINGS) if all(isinstance(step, str) for step in path)]
LEAVES = [path for path in LEAVES if not any(other[: len(path)] == path and other != path for other in LEAVES)]


@pytest.mark.slow
@hypothesis.settings(max_examples=8)
@given(st.lists(st.integers(0, 2), min_size=len(LEAVES), max_size=len(LEAVES)))
def test_wherever_values_are_moved_they_mean_the_same_and_are_found_in_their_file(places: list[int]) -> None:
    parts: list[dict[str, Any]] = [{}, {}, {}]
    for path, place in zip(LEAVES, places, strict=True):
        section, value = parts[place], SETTINGS
        for step in path[:-1]:
            section, value = section.setdefault(step, {}), value[step]
        section[path[-1]] = value[path[-1]]
    *bases, stack = (yaml.safe_dump(part, sort_keys=False) for part in parts)
    documents = tuple(Document(text, f"{number}.yaml") for number, text in enumerate(bases))
    text = yaml.safe_dump({"config": {ROOT_OF_SETTINGS[1]: yaml.safe_load(stack)}}, sort_keys=False)
    document = Document(text, "2.yaml")
    made = Layers(parts[2], document, "2.yaml", Bases(documents=documents))
    assert made.settings == SETTINGS
    assert examined(made)[1] == []
    lines = [one.splitlines() for one in (*bases, text)]
    for path, place in zip(LEAVES, places, strict=True):
        file, line = made.place(path)
        assert (file, line is not None) == (f"{place}.yaml", True), dotted(path)
        assert line is not None
        assert f"{path[-1]}:" in lines[place][line - 1].replace("'", "").replace('"', ""), dotted(path)


def test_a_divided_stack_file_means_what_the_whole_one_means(tmp_path: Path) -> None:
    (tmp_path / "whole.yaml").write_text(PROD, encoding="utf-8")
    whole = load_file(tmp_path / "whole.yaml")
    assert load_file(write(tmp_path, WHOLE)) == whole
    assert all(len(text) > 1000 for text in WHOLE.values()), "each file has a part of it"


GENERAL = "  log_retention_days: 90\n  node_groups:\n"
BROKEN: dict[str, tuple[dict[str, str], str, str, str, str]] = {
    "a value of the wrong type in a base": (
        edited(SYSTEM, ("port: 443", 'port: "443"')),
        SYSTEM, 'port: "443"', "kubernetes.application.port", "not one of the allowed values",
    ),
    "a misspelt key in a base": (
        edited(SYSTEM, ("retain: true", "retian: true")),
        SYSTEM, "retian: true", "kubernetes.storage_classes.validator.retian", "unknown key",
    ),
    "a rule that a base breaks": (
        edited(SYSTEM, ("datapoints: 3", "datapoints: 6")),
        SYSTEM, "datapoints: 6", "observability.alarms.errors.datapoints", "more than",
    ),
    "a key given twice in a base": (
        edited(HOUSE, ("  rotation_days: 365\n", "  rotation_days: 365\n  rotation_days: 90\n")),
        HOUSE, "rotation_days: 90", "keys.rotation_days", "key given twice",
    ),
    "no YAML in a base": (
        edited(HOUSE, ("keys:\n", "keys: [\n")), HOUSE, "keys: [", "", "not valid YAML: a list in brackets ",
    ),
    "a secret in a base": (
        edited(HOUSE, ("keys:\n", "keys:\n  password: hunter22\n")),
        HOUSE, "password:", "keys.password", "secret in plain text",
    ),
    "a value of the stack file over a base's": (
        edited(NAME, ("    network:\n", "    keys: {rotation_days: 3}\n    network:\n")),
        NAME, "    keys: {rot", "keys.rotation_days", "below the minimum",
    ),
    "a required key that no file has": (
        edited(SYSTEM, ('  version: "1.35"', '  # version: "1.35"')),
        NAME, "platform:settings:", "cluster.version", "required key is missing, here and in bases/house.yaml, ",
    ),
    "null in the stack file for what no base has": (
        edited(NAME, ("    network:\n", "    keys: {rotation: null}\n    network:\n")),
        NAME, "    keys: {rot", "keys.rotation", "unknown key",
    ),
    "null in the stack file for a known key that no base has": (
        edited(NAME, ("      nat: per_zone\n", "      nat: null\n")),
        NAME, "nat: null", "network.nat", "empty, and no earlier file has a value that null could take away",
    ),
    "null in a base for what no earlier base has": (
        edited(SYSTEM, ("  network_policies: true", "  network_policies:")),
        SYSTEM, "  network_policies:", "cluster.network_policies", "empty, and no earlier file has a value that",
    ),
    "a base that extends": (
        edited(HOUSE, ("keys:\n", f"extends: [{SYSTEM}]\nkeys:\n")), HOUSE, "extends:", "extends", "a base extends",
    ),
    "a base that extends itself": (
        edited(HOUSE, ("keys:\n", f"extends: [{HOUSE}]\nkeys:\n")), HOUSE, "extends:", "extends", "a base extends",
    ),
    "a base with what is no setting": (
        {**WHOLE, HOUSE: f"config:\n  aws:region: us-east-1\n{WHOLE[HOUSE]}"},
        HOUSE, "config:\n  aws"[:7], "config", "unknown key",
    ),
    "a base that is a list": ({**WHOLE, HOUSE: "- keys\n"}, HOUSE, "- keys", "", "not a mapping"),
    "an error that the stack file's value hides": (
        {**edited(NAME, ("    network:\n", "    keys: {rotation_days: 90}\n    network:\n")),
         HOUSE: changed(("rotation_days: 365", "rotation_days: 3"), text=WHOLE[HOUSE])},
        HOUSE, "rotation_days: 3", "keys.rotation_days", "below the minimum",
    ),
    "a secret that the stack file's value hides": (
        {**edited(NAME, ("    network:\n", "    keys: {password: ~}\n    network:\n")),
         HOUSE: changed(("keys:\n", "keys:\n  password: hunter22\n"), text=WHOLE[HOUSE])},
        HOUSE, "password:", "keys.password", "secret in plain text",
    ),
}  # fmt: skip
"""Files; then of the only error: its file, a part of its line, its path, and what is wrong."""


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_names_the_file_and_line_that_it_stands_on(name: str, tmp_path: Path) -> None:
    files, file, part, path, what = BROKEN[name]
    (found,) = problems(tmp_path, files)
    assert found.file == file
    lines = [number for number, line in enumerate(files[file].splitlines(), 1) if part in line]
    assert found.line in lines
    assert (dotted(found.path), found.what[: len(what)]) == (path, what)
    assert "hunter22" not in str(found)
    (document,) = json.loads(json.dumps([found.document()]))
    assert (document["file"], document["line"], document["path"]) == (found.file, found.line, path)


def test_a_missing_key_names_the_line_of_its_section_in_each_base_that_has_it(tmp_path: Path) -> None:
    files = edited(SYSTEM, ("  domain: phoenix.example", "  # domain: phoenix.example"))
    (found,) = reported(tmp_path, files)
    place = f"{NAME}:{line_of(files[NAME], 'platform:settings:')}"
    assert found.startswith(
        f"{place}: edge.domain: required key is missing, here and in {HOUSE}, "
        f"{SYSTEM}:{line_of(files[SYSTEM], 'edge:')}; got: nothing"
    )


def test_all_errors_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    files = {
        **edited(NAME, SHARDS, CIDR),
        HOUSE: changed(("rotation_days: 365", "rotation_days: 3"), text=WHOLE[HOUSE]),
    }
    said = [(one.file, dotted(one.path)) for one in problems(tmp_path, files)]
    assert said == [(NAME, "network.cidr"), (NAME, "data.redis.shards"), (HOUSE, "keys.rotation_days")]


def test_the_check_says_the_base_in_its_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = edited(SYSTEM, ("port: 443", "port: 0"))
    assert check.main([str(write(tmp_path, files)), "--json"]) == 1
    (judged,) = json.loads(capsys.readouterr().out)["files"]
    (found,) = judged["problems"]
    place = (SYSTEM, line_of(files[SYSTEM], "port: 0"))
    assert (found["file"], found["line"], found["path"]) == (*place, "kubernetes.application.port")


def test_a_change_of_a_base_is_seen_by_every_stack_that_extends_it(tmp_path: Path) -> None:
    other = "Pulumi.other.yaml"
    files = {**WHOLE, other: changed((SHARDS[0], "shards: 2"), text=WHOLE[NAME])}
    write(tmp_path, files)
    before = [load_file(tmp_path / name).keys.rotation_days for name in (NAME, other)]
    write(tmp_path, {**files, HOUSE: changed(("rotation_days: 365", "rotation_days: 90"), text=WHOLE[HOUSE])})
    after = [load_file(tmp_path / name).keys.rotation_days for name in (NAME, other)]
    assert (before, after) == ([365, 365], [90, 90])
    write(tmp_path, {**files, HOUSE: changed(("rotation_days: 365", "rotation_days: 3"), text=WHOLE[HOUSE])})
    places = {(one.file, one.line) for name in (NAME, other) for one in check.check(str(tmp_path / name)).problems}
    assert places == {(HOUSE, line_of(WHOLE[HOUSE], "rotation_days: 365"))}


STANDBY = "bases/standby.yaml"
DR_NAME = "Pulumi.dr.yaml"
DR_BASES = {STANDBY: ("edge", "recovery")}


def pair(*dr: tuple[str, str]) -> dict[str, str]:
    """Return prod and its standby, each with bases; dr's after texts are exchanged that stand in it once."""
    return {**WHOLE, **divided(*dr, text=DR, name=DR_NAME, bases=DR_BASES)}


def test_a_pair_is_judged_by_what_its_bases_say_and_both_places_are_named(tmp_path: Path) -> None:
    files = pair(("rate_limit: 2000", "rate_limit: 2001"))
    write(tmp_path, files)
    for judged in (NAME, DR_NAME):  # prod's file is judged beside a standby that only a base of dr names
        (found,) = check.check(judged).problems
        assert (found.file, found.line) == (STANDBY, line_of(files[STANDBY], "rate_limit: 2001"))
        assert found.beside is not None
        assert (found.beside.file, found.beside.line) == (SYSTEM, line_of(files[SYSTEM], "rate_limit: 2000"))


def test_a_pair_is_not_judged_by_what_a_missing_base_would_say(tmp_path: Path) -> None:
    write(tmp_path, pair())
    assert check.check(DR_NAME).problems == ()
    (tmp_path / SYSTEM).unlink()
    assert check.check(DR_NAME).problems == (), "of prod, whose own check says it"
    assert [one.what for one in check.check(NAME).problems] == ["base is missing"]


def test_bases_are_those_of_the_project_of_the_stack_file(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)
    below = tmp_path / ".sandbox" / "drill"
    below.mkdir(parents=True)
    (below / NAME).write_text(WHOLE[NAME], encoding="utf-8")
    assert load_file(below / NAME) == load_file(tmp_path / NAME)


def test_a_note_names_the_line_of_a_base(tmp_path: Path) -> None:
    base = "bases/vpc.yaml"
    files = divided(bases={base: ("network",)})
    (note,) = (one for one in check.check(str(write(tmp_path, files))).notes if dotted(one.path) == "network.zones")
    assert (note.file, note.line) == (base, line_of(files[base], "zones: [a, b, c]"))


def test_a_base_by_itself_is_no_stack_file(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)
    (found,) = check.check(HOUSE).problems
    assert str(found) == (
        f"{HOUSE}: a base, which is judged with each stack file that extends it; got: nothing; allowed: {NAME}; "
        "do: name a stack file, or nothing for all"
    )
