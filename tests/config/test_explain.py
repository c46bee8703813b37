"""`python -m config.explain`: each setting that holds, its file and line, and what it means."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from config import explain
from config.bases import EXTENDS
from config.document import SETTINGS, Document, find, value_at
from config.files import ROOT, read_file, stack_files
from config.problems import NOTHING, dotted
from tests.config.layered import HOUSE, SYSTEM, divided, write
from tests.config.leaves import leaves
from tests.config.stackfile import NAME, PROD, changed, line_of

if TYPE_CHECKING:
    from pathlib import Path

    from config.explain import Explained
    from config.files import StackFile

STACKS = stack_files()


@cache
def file(name: str) -> StackFile:
    return read_file(STACKS[name])


@cache
def said(name: str) -> tuple[Explained, ...]:
    return tuple(explain.explain(file(name)))


@cache
def read_anew(name: str) -> tuple[Any, list[str]]:
    """Return the settings that a file of the project holds, and its lines."""
    text = (ROOT / name).read_text(encoding="utf-8")
    values = Document(text, name).values
    return value_at(values, SETTINGS) if name.startswith("Pulumi.") else values, text.splitlines()


@pytest.mark.parametrize("name", STACKS)
def test_every_value_of_a_stack_has_an_origin_that_really_holds_it(name: str) -> None:
    files = [STACKS[name].name, *read_anew(STACKS[name].name)[0].get(EXTENDS, ())]
    counted = dict.fromkeys((*files, explain.DEFAULT), 0)
    for one in said(name):
        origin = one.file.removeprefix(f"{ROOT}/")
        counted[origin] += 1
        if one.line is None:
            assert origin == explain.DEFAULT, one
            own = find(read_anew(files[0])[0], one.path)
            others = [] if own is None else files  # `null` takes away what bases have
            assert [other for other in others if find(read_anew(other)[0], one.path) not in (NOTHING, None)] == [], one
            continue
        values, lines = read_anew(origin)
        assert find(values, one.path) == one.value, one
        key, text = one.path[-1], lines[one.line - 1]
        assert f"{key}:" in text or (isinstance(key, int) and str(one.value) in text), one
    assert min(counted.values()) > 4, "each file says something"


@pytest.mark.parametrize("name", STACKS)
def test_no_setting_is_left_out(name: str) -> None:
    paths = [leaf.path for kind in leaves(file(name).settings).values() for leaf in kind]
    known = {one.path for one in said(name)}
    assert len(paths) > 50
    assert [path for path in paths if path not in known and path[:-1] not in known] == [], "of a list its entries"


@pytest.mark.parametrize("name", STACKS)
def test_every_setting_is_explained(name: str) -> None:
    assert [one.path for one in said(name) if not one.meaning] == []


def test_a_value_is_of_the_stack_file_of_a_base_or_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = divided()
    stack = write(tmp_path, files)
    for path, origin in {
        "network.nat": f"{NAME}:{line_of(files[NAME], 'nat: per_zone')}",
        "keys.rotation_days": f"{HOUSE}:{line_of(files[HOUSE], 'rotation_days: 365')}",
        "kubernetes.application.port": f"{SYSTEM}:{line_of(files[SYSTEM], 'port: 443')}",
        "data.postgres.generation": "default",
    }.items():
        assert explain.main([str(stack), path]) == 0
        first, meaning = capsys.readouterr().out.splitlines()
        assert first.startswith(f"{path}: ")
        assert first.endswith(f"  ({origin})")
        assert meaning.startswith("    ")


def test_a_section_is_all_settings_in_it_and_no_others(tmp_path: Path) -> None:
    stack = write(tmp_path, {NAME: PROD})
    found = [one.path for one in explain.explained(str(stack), "network.flow_logs")]
    assert found == [("network", "flow_logs", name) for name in ("traffic", "aggregation_seconds", "retention_days")]


def test_a_wrong_file_is_answered_as_the_check_answers_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stack = write(tmp_path, divided(("shards: 3", "shards: -3")))
    assert explain.main([str(stack)]) == 1
    text = capsys.readouterr().out
    assert ": data.redis.shards: below the minimum; got: -3" in text
    assert explain.main([str(stack), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["valid"], [one["path"] for one in document["problems"]]) == (False, ["data.redis.shards"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("netwrok", "did you mean `network`?"),
        ("data.postgres.instance", "did you mean `data.postgres.instance_class`?"),
        ("%", "name a section, or nothing for all settings"),
    ],
)
def test_a_path_that_no_setting_has_is_refused(path: str, fix: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["prod", path]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert f"no setting has the path {json.dumps(path)}" in line
    assert line.endswith(f"do: {fix}")


@pytest.mark.slow
@pytest.mark.parametrize("name", STACKS)
def test_every_path_that_a_message_or_a_reader_may_write_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    some = said(name)[:: max(1, len(said(name)) // 25)]
    monkeypatch.setattr(explain, "valid_file", lambda _: file(name))
    monkeypatch.setattr(explain, "explain", lambda _: said(name))
    for one in some:
        for written in (dotted(one.path), ".".join(map(str, one.path))):
            assert one in explain.explained(name, written)
    lists = [one for one in said(name) if isinstance(one.value, list)]
    for one in lists[:: max(1, len(lists) // 10)]:
        for at, value in enumerate(one.value):
            for written in (f"{dotted(one.path)}[{at}]", ".".join(map(str, (*one.path, at)))):
                (found,) = explain.explained(name, written)
                assert (found.path, found.value, found.meaning) == ((*one.path, at), value, one.meaning)
                assert (found.line is None) == (one.line is None)
    assert lists


def test_an_entry_of_a_list_has_a_line_of_its_own(tmp_path: Path) -> None:
    text = PROD.replace("      zones: [a, b, c]\n", "      zones:\n        - a\n        - b\n        - c\n")
    (found,) = explain.explained(str(write(tmp_path, {NAME: text})), "network.zones[1]")
    assert (found.value, found.line) == ("b", line_of(text, "        - b"))


def test_a_key_that_begins_like_another_is_another_setting(tmp_path: Path) -> None:
    tags = '      data_class: confidential\n      extra_tags: {Team: a, "Team.Lead": b, "Team/x": c}\n'
    stack = write(tmp_path, {NAME: changed(("      data_class: confidential\n", tags))})
    for key, value in {"Team": "a", "Team.Lead": "b", "Team/x": "c"}.items():
        (found,) = explain.explained(str(stack), f"identity.extra_tags.{key}")
        assert found.value == value


def test_below_a_section_that_is_left_out_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["small", "observability.alarms"]) == 1
    line = capsys.readouterr().out
    assert 'no setting has the path "observability.alarms", since `observability` is left out;' in line


def test_the_document_is_what_the_text_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["prod", "identity", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert explain.main(["prod", "identity"]) == 0
    text = capsys.readouterr().out.splitlines()
    assert len(document["settings"]) * 2 == len(text)
    assert text[0].startswith(f"{document['settings'][0]['path']}: ")
    values = {one["path"]: one["value"] for one in document["settings"]}
    written = yaml.safe_load(PROD)["config"]["platform:settings"]["identity"]
    assert {path: values[path] for path in values if path.partition(".")[2] in written} == {
        f"identity.{key}": value for key, value in written.items()
    }


@pytest.mark.slow
def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = f"{sys.executable} -m config.explain prod | head -n 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)  # noqa: S602 - a pipe is what is tried
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")
