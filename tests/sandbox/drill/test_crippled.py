"""Four things taken out of the real program: the drill misses each by its name, and nobody fails over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.drill.standin import Copy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.paths import RunDirectory

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.slow, pytest.mark.timeout(4500)]

MUTATIONS = {
    "replica": (
        "components/recovery/area.py",
        "follow=not standby.active,",
        "follow=False,",
        "postgres-follows: expected arn:aws:rds:us-east-1:",
    ),
    "record": (
        "components/edge/regional.py",
        "        half, routing = self._args.failover, self._args.settings.routing\n",
        (
            "        half, routing = self._args.failover, self._args.settings.routing\n"
            '        if half == "SECONDARY":\n            return\n'
        ),
        "records: expected ['PRIMARY', 'SECONDARY'], found ['PRIMARY']",
    ),
    "fence": (
        "components/recovery/fence.py",
        "        self._word()\n",
        "",
        "fence-rule: expected 404 by a rule of its own on /standby-active, found no rule",
    ),
    "rule": (
        "components/recovery/bucket_direction.py",
        "    for short in source.names:\n",
        '    for short in source.names:\n        if short == "app-data":\n            continue\n',
        "bucket-rule app-data from us-east-1: expected a rule to",
    ),
}
"""What is taken out -> file, its text, what stands there instead, and how the drill tells."""


@pytest.fixture(scope="module")
def crippled(pair: RunDirectory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Copy, str, int]]:
    """A copy whose standby lacks all of them, as the engine made it so; and what its drill says, with its status."""
    own = Copy.made(tmp_path_factory.mktemp("crippled") / "copy", world=pair)
    for name, original, mutated, _ in MUTATIONS.values():
        file = own.root / name
        text = file.read_text(encoding="utf-8")
        assert text.count(original) == 1, f"the mutation of {name} hits once"
        file.write_text(text.replace(original, mutated), encoding="utf-8")
    changed = own.sandbox("up", "dr")
    assert changed.returncode == 0, f"the engine takes it for a good program\n{changed.stdout}"
    ended = own.sandbox("drill")
    yield own, ended.stdout, ended.returncode
    own.sandbox("down")


@pytest.mark.parametrize("what", MUTATIONS)
def test_what_is_taken_out_of_the_program_is_missed_by_name(crippled: tuple[Copy, str, int], what: str) -> None:
    *_, reported = MUTATIONS[what]
    _, said, status = crippled
    assert status == 1, said
    assert reported in said, f"what is missing is named\n{said}"


def test_nobody_takes_the_primary_away_from_a_standby_that_lacks_something(crippled: tuple[Copy, str, int]) -> None:
    copy, said, _ = crippled
    assert "region lost" not in said
    assert not copy.evidence()["ok"]
