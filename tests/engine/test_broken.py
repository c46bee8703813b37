"""A broken stack file is refused before anything is touched. (What is said of each mistake is tested with config.)"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.config.stackfile import changed, line_of
from tests.engine.processes import command_line, marked, of_the_emulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.world import Ended, World

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]

FILE = "Pulumi.prod.yaml"
THREE = changed(
    ("10.0.22.0/24", "10.0.12.128/25"),
    ('version: "1.35"', 'version: "1.28"'),
    ("{type: gp3, allocated_gib: 1024,", "{type: gp3, iops: 3000, allocated_gib: 1024,"),
)
SECRET = changed(("master_username: phoenix_admin", "master_username: phoenix_admin\n        password: Tr0ub4dor&3"))
SYNTAX = changed(("nat: per_zone", 'nat: "per_zone'))
BROKEN = {
    "three mistakes in three sections": (
        THREE,
        [
            (line_of(THREE, "10.0.12.128/25"), "network.tiers.database.cidrs[1]"),
            (line_of(THREE, 'version: "1.28"'), "cluster.version"),
            (line_of(THREE, "iops: 3000"), "data.postgres.storage.iops"),
        ],
    ),
    "a secret in plain text": (SECRET, [(line_of(SECRET, "password:"), "data.postgres.password")]),
    "no YAML": (SYNTAX, [(0, "not valid YAML")]),
    "an empty file": ("", [(1, "empty file")]),
}
"""What is wrong -> text of the stack file, and line and begin of what must be reported; line 0 is any."""


@pytest.fixture(scope="module", params=BROKEN)
def refused(request: pytest.FixtureRequest, world: World) -> Iterator[tuple[str, Ended, dict[str, int]]]:
    """An `up` with a broken stack file, while prod stands: what is wrong, how it ended, what it wrote."""
    path = world.directory / FILE
    kept, before = path.read_text(encoding="utf-8"), written(world)
    path.write_text(BROKEN[request.param][0], encoding="utf-8")
    try:
        ended = world.sandbox("up", "prod")
    finally:
        path.write_text(kept, encoding="utf-8")
    after = written(world)
    yield request.param, ended, {name: time for name, time in after.items() if before.get(name) != time}
    assert set(before) == set(after), "nothing is removed either"


def written(world: World) -> dict[str, int]:
    """When each file of the sandbox was last written, in nanoseconds."""
    found = (path for path in world.run_directory.rglob("*") if path.is_file())
    return {str(path.relative_to(world.directory)): path.stat().st_mtime_ns for path in found}


Refused = tuple[str, "Ended", dict[str, int]]


def test_a_broken_stack_file_is_refused_with_every_error_and_its_line(refused: Refused) -> None:
    kind, ended, _ = refused
    lines = ended.text.splitlines()
    for line, begin in BROKEN[kind][1]:
        place = f"{FILE}:{line}: {begin}" if line else begin
        assert any(place in said for said in lines), f"{place} is not reported in:\n{ended.text}"
    assert ended.status == 1


def test_a_refusal_is_no_traceback(refused: Refused) -> None:
    assert "Traceback" not in refused[1].text
    assert "internal error" not in refused[1].text


def test_a_refusal_shows_no_secret(refused: Refused) -> None:
    assert "Tr0ub4dor" not in refused[1].text


def test_a_refusal_writes_nothing(refused: Refused) -> None:
    assert refused[2] == {}, "neither state nor emulator nor log"


def test_a_refusal_starts_nothing(refused: Refused) -> None:
    started = [command for command in refused[1].watch.commands if not of_the_emulator(command)]
    assert [command for command in started if "-m sandbox up" not in command] == []


def test_what_stands_stays_standing(refused: Refused, world: World) -> None:
    assert refused[1].status == 1
    standing = [of_the_emulator(command_line(pid)) for pid in marked(world.mark)]
    assert standing, "the embedded AWS"
    assert all(standing), "and nothing else"


def test_a_stack_without_a_file_is_refused_by_the_names_there_are(world: World) -> None:
    before = written(world)
    ended = world.sandbox("up", "prd")
    assert ended.status == 1
    assert "Pulumi.prd.yaml: stack file is missing" in ended.text
    assert "did you mean prod?" in ended.text
    assert written(world) == before
