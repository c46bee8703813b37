"""The list of bases of a stack file: what is no list, no base, or no key of this name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config import ConfigError, load_file
from config.files import read_file
from config.problems import dotted
from config.stack import StackConfig
from tests.config.layered import HOUSE, SYSTEM, WHOLE, edited, problems, write
from tests.config.stackfile import NAME, PROD, changed, line_of


@pytest.fixture(autouse=True)
def _beside_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where a person stands who reads messages with the names of files below the project."""
    monkeypatch.chdir(tmp_path)


EXTENDED = f"extends: [{HOUSE}, {SYSTEM}]"
LISTS = {
    "no list": ("extends: bases/house.yaml", "extends", "not a list"),
    "null": ("extends:", "extends", "not a list"),
    "an empty list": ("extends: []", "extends", "too few entries"),
    "a number": (f"extends: [{HOUSE}, {SYSTEM}, 5]", "extends[2]", "not text"),
    "an empty entry": (f"extends: [{HOUSE}, {SYSTEM}, ~]", "extends[2]", "empty"),
    "an absolute path": (f"extends: [{HOUSE}, {SYSTEM}, /etc/passwd]", "extends[2]", "not the name of a base"),
    "a path out of the project": (f"extends: [{HOUSE}, {SYSTEM}, ../x.yaml]", "extends[2]", "not the name of a base"),
    "a path out of the folder": (
        f"extends: [{HOUSE}, {SYSTEM}, bases/../x.yaml]", "extends[2]", "not the name of a base",
    ),
    "another stack file": (f"extends: [{HOUSE}, {SYSTEM}, {NAME}]", "extends[2]", "not the name of a base"),
    "an address": (f'extends: [{HOUSE}, {SYSTEM}, "https://x/y.yaml"]', "extends[2]", "not the name of a base"),
    "a name in capitals": (f"extends: [{HOUSE}, bases/System.yaml]", "extends[1]", "not the name of a base"),
    "a base that is not there": (f"extends: [{HOUSE}, bases/sistem.yaml]", "extends[1]", "base is missing"),
    "a base twice": (f"extends: [{HOUSE}, {SYSTEM}, {HOUSE}]", "extends[2]", "stands in the list already, as entry 1"),
    "a folder": (f"extends: [{HOUSE}, {SYSTEM}, bases/folder.yaml]", "extends[2]", "neither a file, nor a link to one"),
    "a pipe": (f"extends: [{HOUSE}, {SYSTEM}, bases/pipe.yaml]", "extends[2]", "neither a file, nor a link to one"),
    "a link to itself": (
        f"extends: [{HOUSE}, {SYSTEM}, bases/loop.yaml]", "extends[2]", "neither a file, nor a link to one",
    ),
    "a link to nothing": (
        f"extends: [{HOUSE}, {SYSTEM}, bases/gone.yaml]", "extends[2]", "neither a file, nor a link to one",
    ),
    "a link to a device": (
        f"extends: [{HOUSE}, {SYSTEM}, bases/zero.yaml]", "extends[2]", "neither a file, nor a link to one",
    ),
    "a link that leads away": (
        f"extends: [{HOUSE}, {SYSTEM}, bases/link.yaml]", "extends[2]", "a link that leads out of the project",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_name_that_means_no_base_is_refused_and_nothing_is_missed_that_it_may_hold(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, path, what = LISTS[name]
    (tmp_path / "bases" / "folder.yaml").mkdir(parents=True)
    outside = tmp_path_factory.mktemp("outside") / "x.yaml"
    outside.write_text("{}", encoding="utf-8")
    (tmp_path / "bases" / "link.yaml").symlink_to(outside)
    (tmp_path / "bases" / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "bases" / "gone.yaml").symlink_to("nothing.yaml")
    (tmp_path / "bases" / "zero.yaml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "bases" / "pipe.yaml")
    files = edited(NAME, (EXTENDED, text))
    (found,) = problems(tmp_path, files)
    assert (found.file, found.line) == (NAME, line_of(files[NAME], "extends:"))
    assert (dotted(found.path), found.what) == (path, what)
    assert found.got.strip('"') not in found.allowed or found.what.startswith("stands in the list already")
    assert f"`{found.got.strip(chr(34))}`" not in found.fix, "what is refused is not advised"


def test_a_file_that_never_ends_is_too_large() -> None:
    with pytest.raises(ConfigError, match="larger than 1000000 bytes"):
        read_file(Path("/dev/zero"))


def test_a_base_that_cannot_be_read_is_named_beside_the_other_mistakes(tmp_path: Path) -> None:
    file = write(tmp_path, edited(NAME, ("shards: 3", "shards: -3")))
    (tmp_path / HOUSE).write_bytes("keys: {}\n".encode("utf-16"))
    with pytest.raises(ConfigError) as caught:
        load_file(file)
    said = [(one.file, one.what) for one in caught.value.problems]
    assert said == [(NAME, "below the minimum"), (HOUSE, "in UTF-16")]


def test_a_misspelt_base_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, edited(NAME, (EXTENDED, f"extends: [{HOUSE}, bases/sistem.yaml]")))
    assert (found.allowed, found.fix) == (f"{HOUSE}, {SYSTEM}", f"did you mean `{SYSTEM}`?")


@pytest.mark.parametrize("key", ["extend", "Extends", "extnds", "extends-"])
@pytest.mark.parametrize("text", [WHOLE[NAME], PROD], ids=["with bases", "without"])
def test_extends_is_offered_to_a_stack_file_that_misspells_it(key: str, text: str, tmp_path: Path) -> None:
    line = f"    {key}: [{HOUSE}]\n    identity:\n"
    files = {**WHOLE, NAME: changed(("    identity:\n", line), text=text)}
    (found,) = problems(tmp_path, files)
    assert (found.file, found.line) == (NAME, line_of(files[NAME], f"    {key}:"))
    assert (found.what, found.fix) == ("unknown key", "did you mean `extends`?")
    assert found.allowed.startswith("extends, ")


def test_a_base_is_not_offered_to_extend_anything(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {**WHOLE, HOUSE: f"extend: [{SYSTEM}]\n{WHOLE[HOUSE]}"})
    assert (found.file, found.line, found.what) == (HOUSE, 1, "unknown key")
    assert "extends" not in f"{found.allowed} {found.fix}"


@pytest.mark.slow
@pytest.mark.parametrize("key", ["extends", *StackConfig.model_fields])
def test_a_key_of_the_settings_outside_of_them_is_sent_to_its_place(key: str, tmp_path: Path) -> None:
    files = {NAME: f"{key}: {{}}\n" + changed(("\nconfig:\n", f"\nconfig:\n  {key}: {{}}\n"))}
    found = problems(tmp_path, files)
    assert [dotted(one.path) for one in found] == [key, f"config.{key}"]
    assert {one.fix for one in found} == {"move it below `config:` and `platform:settings:`"}


def test_a_misspelt_list_of_bases_is_answered_with_its_name(tmp_path: Path) -> None:
    found = problems(tmp_path, edited(NAME, ("    extends: [", "    extend: [")))
    (said,) = [one for one in found if one.path == ("extend",)]
    assert (said.what, said.fix) == ("unknown key", "did you mean `extends`?")
