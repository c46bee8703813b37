"""A stack like prod in every commercial region: valid as it is, or refused by the lines that the region cannot have."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from config.check import check
from config.facts.regions import regions
from config.files import load_file, stack_files
from config.new import settle
from config.new.draft import Draft
from config.new.shared import alone
from config.problems import dotted
from tests.config.new.made import copied, made, project, said
from tests.config.stackfile import PROD, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    from config.problems import Problem

WITHOUT = {"ap-southeast-1", "us-west-1"}
"""Regions that every account has, and that sell no GPU as large as prod's."""


@cache
@cache
def against(code: str) -> list[Problem]:
    draft = Draft(SETTINGS)
    alone(draft)
    return settle.moved(draft, code)[1]


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(regions()))
def test_nothing_but_what_a_region_lacks_stands_against_it(code: str) -> None:
    """A type, a certificate or a delivery; never an address, a zone or a threshold that could have been chosen."""
    for problem in against(code):
        path = dotted(problem.path)
        assert path.startswith(("cluster.node_groups", "kubernetes.pgbouncer", "observability.alarms")), path
        assert code in problem.what, f"{path}: {problem.what}: the reason names the region"


def test_regions_that_every_account_has_take_prod() -> None:
    enabled = {code for code, region in regions().items() if not region.opt_in}
    assert {code for code in enabled if against(code)} == WITHOUT


def judged(path: Path | None, region: str, lines: list[str]) -> None:
    """Judge what the command wrote, or said."""
    if path is not None:
        assert not check(str(path)).problems
        assert not lines
        return
    assert lines.pop().startswith("nothing was written")
    assert lines
    for line in lines:
        place, _, what = line.partition(": ")
        name, _, number = place.rpartition(":")
        assert name.endswith("Pulumi.prod.yaml"), line
        assert 0 < int(number) <= PROD.count("\n")
        assert region in what, "the reason names the region"


@pytest.mark.parametrize("region", ["sa-east-1", "af-south-1"])
def test_the_file_is_valid_or_the_lines_of_the_other_say_why(
    region: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made(project(tmp_path), "shop", region=region)
    assert (path is None) == bool(against(region))
    judged(path, region, said(capsys))


def test_the_projects_own_prod_is_a_model(tmp_path: Path) -> None:
    """With the bases that it extends."""
    path = made(copied(tmp_path), "shop", region="eu-central-1")
    assert path is not None
    assert not check(str(path)).problems


@pytest.mark.slow
@pytest.mark.parametrize("region", sorted(regions()))
@pytest.mark.parametrize("account", ["123456789012", "100000000004"])
def test_so_it_is_in_every_region(
    region: str, account: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In an account of its own and in prod's, where other stacks are in some regions already."""
    path = made(project(tmp_path), "shop", region=region, account=account)
    lines = said(capsys)
    there = [load_file(path).identity for path in stack_files().values()]
    if (account, region) in {(one.account_id, one.region) for one in there}:
        assert [line for line in lines if line.startswith("--region: ")]
        assert path is None
    else:
        judged(path, region, lines)
