"""A standby's file beside its primary's: every contradiction is reported with line, path and value of both files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.check import main
from config.files import ROOT
from config.pairs import CHECKS, Pair
from config.pairs.compare import compared
from config.problems import dotted
from config.recovery import StreamingReplication
from config.residency import Residency
from tests.config.outletcases import STRICT
from tests.config.paircases import CASES, DR_POSTGRES, Case
from tests.config.pairfiles import FOLLOWS, PRIMARY, STANDBY, Swap, exchanged, problems, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from config.pairs.clash import Clash
    from config.recovery import Standby


def line(text: str, part: str) -> int:
    """Return the line that a part begins on, after its own line break; the part stands once in the text."""
    assert text.count(part) == 1, f"{part!r} stands {text.count(part)} times"
    return text[: text.index(part)].count("\n") + 1 + part.startswith("\n")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_pair_is_refused_with_the_line_of_both_files_for(case: Case, tmp_path: Path) -> None:
    prod, dr, here, path, there, beside = case
    texts = write(tmp_path, prod=prod, dr=dr)
    reported = [one for one in problems(tmp_path) if one.beside and dotted(one.path) == path]
    (problem,) = [one for one in reported if one.beside and dotted(one.beside.path) == beside]
    assert problem.beside is not None
    assert problem.file.endswith("Pulumi.dr.yaml")
    assert problem.line == line(texts[1], here)
    assert problem.beside.file.endswith("Pulumi.prod.yaml")
    assert problem.beside.line == line(texts[0], there)


def test_a_message_has_both_places_both_values_and_what_to_do(tmp_path: Path) -> None:
    prod, dr = write(tmp_path, dr=((DR_POSTGRES, 'engine_version: "16.9"'),))
    (problem,) = [one for one in problems(tmp_path) if one.beside]
    assert str(problem).replace(f"{tmp_path}/", "") == (
        f"Pulumi.dr.yaml:{line(dr, '16.9')}: data.postgres.engine_version: not the primary's: no database follows one "
        f'of another major version; got: "16.9"; primary: Pulumi.prod.yaml:{line(prod, "17.10")}: '
        'data.postgres.engine_version: "17.10"; allowed: "17.10"; do: write the primary\'s value, or change both files'
    )


def test_all_contradictions_are_reported_at_once_and_beside_errors_of_either_file(tmp_path: Path) -> None:
    dr = (
        (DR_POSTGRES, 'engine_version: "16.9"'),
        ("source_retention_days: 7", "source_retention_days: 1"),
        ("database_name: phoenix", "database_name: phoenix_dr"),
        ("per: group, min: 0", "per: grupp, min: 0"),
    )
    write(tmp_path, prod=(("threshold_usd: 100", "threshold_usd: many"),), dr=dr)
    assert {
        "data.postgres.engine_version",
        "backup.copy_from_primary.source_retention_days",
        "data.postgres.database_name",
        "cluster.node_groups.gpu.scaling.per",
    } <= {dotted(one.path) for one in problems(tmp_path)}


@pytest.mark.parametrize(
    "swap",
    [
        ("    network:\n", "    network: 1\n    netwrk:\n"),
        ("        aggregation_seconds: 60", "        aggregation_seconds: 61"),
    ],
    ids=["a section", "a value"],
)
@pytest.mark.parametrize("wrong", ["prod", "dr"])
def test_what_cannot_be_read_in_one_file_makes_nothing_wrong_in_the_other(
    wrong: str, swap: Swap, tmp_path: Path
) -> None:
    text = (ROOT / f"Pulumi.{wrong}.yaml").read_text(encoding="utf-8")
    write(tmp_path)
    (tmp_path / f"Pulumi.{wrong}.yaml").write_text(text.replace(*swap), encoding="utf-8")
    assert [one for one in problems(tmp_path) if one.beside] == []


CHANGES: dict[str, tuple[str, str, object]] = {
    "is_a_primary": ("prod", "observability", None),
    "follows_nobody": ("prod", "data.postgres.source_arn", "arn:aws:rds:us-west-2:100000000004:db:phoenix"),
    "in_another_region": ("dr", "identity.region", "us-east-1"),
    "detection": ("prod", "edge.health_check.failure_threshold", 5),
    "cache_in_global_datastore": ("dr", "recovery.standby.redis", None),
    "topics": ("dr", "recovery.standby.streaming", StreamingReplication()),
    "buckets": ("prod", "data.buckets", {}),
    "tables": ("dr", "data.tables", {"tasks": None}),
    "spare_buckets": ("prod", "edge.cdn.buckets.static-assets.standby.region", "eu-west-1"),
    "vault_lock": ("prod", "backup.lock.least_days", 8),
    "behind_one_cdn": ("prod", "edge.cdn.origin_keepalive_seconds", 75),
    "pooled_user": ("prod", "kubernetes", None),
    "no_address_twice": ("dr", "network.cidr", PRIMARY.network.cidr),
    "peers_are_there": ("prod", "management", None),
    "stays": ("prod", "residency", Residency.model_validate(STRICT)),
    "alike": ("prod", "residency", Residency.model_validate(STRICT)),
    "nodes": ("prod", "cluster.node_groups.gpu.scaling.max", 11),
    "objectives": ("dr", "data.postgres.multi_az", False),
    "availability_kept": ("prod", "recovery.availability_percent", 99.9),
}
"""Check of a pair -> the stack in which a value is changed, its path, and the value that the check refuses."""


@pytest.mark.parametrize("check", [one for one in CHECKS if one is not compared], ids=lambda one: one.__name__)
def test_every_check_of_a_pair_refuses_something(check: Callable[[Pair], Iterator[Clash]]) -> None:
    stack, path, value = CHANGES[check.__name__]
    settings = {"prod": PRIMARY, "dr": STANDBY}
    settings[stack] = exchanged(settings[stack], tuple(path.split(".")), value)
    follows: Standby = exchanged(settings["dr"], (), settings["dr"].recovery).standby
    before = list(check(Pair(standby=STANDBY, primary=PRIMARY, follows=FOLLOWS)))
    after = list(check(Pair(standby=settings["dr"], primary=settings["prod"], follows=follows)))
    assert len(after) > len(before)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Returns what `config.check` prints, notes left out, its status last."""

    def run_(*arguments: str) -> list[str]:
        status = main(arguments)
        printed = capsys.readouterr()
        said = [line_ for line_ in printed.out.splitlines() if ": note: " not in line_]
        return [*said, *printed.err.splitlines(), f"status {status}"]

    return run_


def test_a_primary_that_is_changed_alone_is_judged_beside_its_standby(
    run: Callable[..., list[str]], tmp_path: Path
) -> None:
    write(tmp_path, prod=(("shards: 3", "shards: 4"),))
    *_, problem, verdict, status = run(str(tmp_path / "Pulumi.prod.yaml"))
    assert "Pulumi.dr.yaml:" in problem
    assert "data.redis.shards" in problem
    assert verdict.endswith("Pulumi.prod.yaml: 1 problem")
    assert status == "status 1"


def test_a_pair_is_reported_once_where_both_files_are_judged(run: Callable[..., list[str]], tmp_path: Path) -> None:
    write(tmp_path, prod=(("shards: 3", "shards: 4"),))
    said = run(str(tmp_path / "Pulumi.prod.yaml"), str(tmp_path / "Pulumi.dr.yaml"))
    assert [line_.endswith(": valid") for line_ in said[:1]] == [True]
    assert sum("data.redis.shards" in line_ for line_ in said) == 1


def test_a_standby_without_its_primary_s_file_says_so_in_one_line(
    run: Callable[..., list[str]], tmp_path: Path
) -> None:
    write(tmp_path)
    (tmp_path / "Pulumi.prod.yaml").unlink()
    path = tmp_path / "Pulumi.dr.yaml"
    assert run(str(path)) == [
        f"{path}: valid by itself; not judged beside Pulumi.prod.yaml, which is not here",
        "status 0",
    ]


@pytest.mark.parametrize(
    ("swap", "what", "fix"),
    [
        (("primary: prod\n", "primary: prd\n"), "no stack of this name has a file here", "did you mean `prod`?"),
        (("primary: prod\n", "primary: dr\n"), "a standby follows another stack", "name the stack whose region"),
        (("primary: prod\n", "primary: other\n"), "is a standby itself", "name the primary that both follow"),
    ],
    ids=["missing", "itself", "a standby"],
)
def test_a_primary_that_nobody_can_follow_is_refused_at_once(swap: Swap, what: str, fix: str, tmp_path: Path) -> None:
    _, dr = write(tmp_path, dr=(swap,))
    (tmp_path / "Pulumi.other.yaml").write_text(dr.replace(swap[1], "primary: prod\n"), encoding="utf-8")
    reported = [one for one in problems(tmp_path) if dotted(one.path) == "recovery.standby.primary"]
    assert [what in one.what and one.fix.startswith(fix) for one in reported] == [True]
    assert reported[0].line == line(dr, swap[1])


@pytest.mark.parametrize("written", ["", "primary: [prod]", "primary: 5", "primary:", "primry: prod"])
def test_a_standby_that_names_no_primary_is_refused_by_itself(tmp_path: Path, written: str) -> None:
    write(tmp_path, dr=(("        primary: prod\n", f"        {written}\n"),))
    found = problems(tmp_path)
    assert found, "and there is no traceback"
    assert all(one.beside is None for one in found), "it has no file to be judged beside"
    assert any(one.path[:2] == ("recovery", "standby") for one in found)
