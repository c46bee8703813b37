"""The drill on the real program, as `make drill` holds it; and four things taken out of that program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.published import published
from tests.sandbox.drill.standin import Copy
from tests.sandbox.run.trial import marked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.paths import RunDirectory

PATIENCE_SECONDS = 2400

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(2700)]

MUTATIONS = {
    "replica": (
        "components/stack.py",
        "follow=not standby.active,",
        "follow=False,",
        "postgres-follows: expected arn:aws:rds:us-east-1:",
    ),
    "record": (
        "components/edge/regional.py",
        "        half = self._args.failover\n",
        '        half = self._args.failover\n        if half == "SECONDARY":\n            return\n',
        "records: expected ['PRIMARY', 'SECONDARY'], found ['PRIMARY']",
    ),
    "fence": (
        "components/recovery/fence.py",
        "        self._word()\n",
        "",
        "fence-rule: expected 404 by a rule of its own on /standby-active, found no rule",
    ),
    "rule": (
        "components/recovery/bucket_replication.py",
        "        for short in source.names:\n",
        '        for short in source.names:\n            if short == "app-data":\n                continue\n',
        "bucket-rule app-data from us-east-1: expected a rule to",
    ),
}
"""What is taken out -> file, its text, what stands there instead, and how the drill tells."""

STAY = ("users stay", "users stay until the standby lets go")
"""Steps in which the primary is back and gets nobody."""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunDirectory]:
    """Both stacks, deployed from nothing, by who runs beside us if there is somebody; tests take copies."""
    beside = published(tmp_path_factory, PATIENCE_SECONDS)
    if beside is not None:
        yield beside
        return
    copy = Copy.made(tmp_path_factory.mktemp("drill") / "deployed")
    copy.up()
    yield copy.run
    copy.sandbox("down", "--force")


@pytest.fixture
def copy(deployed: RunDirectory, tmp_path: Path) -> Iterator[Copy]:
    """A copy of the deployed pair; its world rests."""
    own = Copy.made(tmp_path / "copy", world=deployed)
    yield own
    own.sandbox("down", "--force")
    assert not marked(own.mark), "a drill leaves nothing running"


def test_the_standby_takes_over_and_the_data_comes_home(copy: Copy) -> None:
    files = {name: (copy.root / name).read_text() for name in ("Pulumi.prod.yaml", "Pulumi.dr.yaml")}
    ended = copy.sandbox("drill")
    assert ended.returncode == 0, ended.stdout
    assert {name: (copy.root / name).read_text() for name in files} == files, "stack files stay as typed"
    said = copy.evidence()
    assert said["ok"]
    assert set(said["measured"]) == {"detection", "traffic", "failover", "recovery"}
    steps = {step["step"]: step for step in said["steps"]}
    lost = {"replace", "delete", "create-replacement"}
    for name in ("failover: plan", "failback, follow: plan", "failback, cut-over: plan", "failback, standby: plan"):
        kept = [check for check in steps[name]["checks"] if check["name"].startswith("plan-keeps-data")]
        assert [check["ok"] for check in kept] == [True], f"{name}: nothing that holds data is lost"
    assert not lost & set(steps["failover: plan"]["plan"]), "a failover makes nothing anew, with data or without"
    kept = [check for name in STAY for check in steps[name]["checks"] if check["name"].startswith("traffic-")]
    assert [check["ok"] for check in kept] == [True] * 4, "users stay, although the primary answers"
    served = {call["service"] for call in steps["failover: update"]["calls"] if call["region"] == "us-west-2"}
    assert {"rds", "eks", "ssm", "lambda", "elasticloadbalancing"} <= served, "it works in its own region"
    assert {bound["service"] for bound in said["bounds"]} >= {"postgres", "redis", "buckets", "cluster", "system"}
    assert "the world stands as before the drill" in ended.stdout


@pytest.fixture(scope="module")
def crippled(deployed: RunDirectory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Copy, str, int]]:
    """A copy whose standby lacks all of them, as the engine made it so; and what its drill says, with its status."""
    own = Copy.made(tmp_path_factory.mktemp("crippled") / "copy", world=deployed)
    for name, original, mutated, _ in MUTATIONS.values():
        file = own.root / name
        text = file.read_text(encoding="utf-8")
        assert text.count(original) == 1, f"the mutation of {name} hits once"
        file.write_text(text.replace(original, mutated), encoding="utf-8")
    changed = own.sandbox("up", "dr")
    assert changed.returncode == 0, f"the engine takes it for a good program\n{changed.stdout}"
    ended = own.sandbox("drill")
    yield own, ended.stdout, ended.returncode
    own.sandbox("down", "--force")


@pytest.mark.parametrize("what", MUTATIONS)
def test_what_is_taken_out_of_the_program_is_missed_by_name(crippled: tuple[Copy, str, int], what: str) -> None:
    *_, told = MUTATIONS[what]
    _, said, status = crippled
    assert status == 1, said
    assert told in said, f"what is missing is named\n{said}"


def test_nobody_takes_the_primary_away_from_a_standby_that_lacks_something(crippled: tuple[Copy, str, int]) -> None:
    copy, said, _ = crippled
    assert "region lost" not in said
    assert not copy.evidence()["ok"]
