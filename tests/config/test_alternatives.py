"""The three options of reference 000 for one workload: what is asked, kept and promised is the same in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from config.check import main
from config.files import alternatives, load_file, read_file, stack_file, stack_files

if TYPE_CHECKING:
    from config.stack import StackConfig

OPTIONS: Final = ("estates-eks", "estates-instances", "estates-serverless")
COMMON: Final = ("as_of", "identity", "claims", "residency", "network", "keys", "data", "audit", "cost")
"""Sections that are the workload's."""
WAYS: Final = {"estates-eks": "cluster", "estates-instances": "instances", "estates-serverless": "containers"}
"""Option -> the part of it that computes, of which it promises something."""


def settings(stack: str) -> StackConfig:
    return load_file(stack_file(stack))


def test_they_are_found_by_name_and_stand_nowhere() -> None:
    assert tuple(alternatives()) == OPTIONS
    assert set(alternatives()).isdisjoint(stack_files()), "no command means them that is given none"


def test_they_are_checked_where_all_files_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert [stack for stack in OPTIONS if f"{stack}: valid" not in printed] == []


@pytest.mark.parametrize("section", COMMON)
def test_the_three_ask_for_the_same(section: str) -> None:
    first, *others = (getattr(settings(stack), section) for stack in OPTIONS)
    if section == "audit":  # GuardDuty's agents are those of what computes
        first, *others = (one.model_copy(update={"threats": None}) for one in (first, *others))
    assert [one == first for one in others] == [True, True]


@pytest.mark.parametrize("stack", OPTIONS)
def test_each_promises_what_it_keeps_alike_and_of_what_computes_by_itself(stack: str) -> None:
    objectives = dict(settings(stack).recovery.objectives)  # type: ignore[union-attr] - each has promises
    own = objectives.pop(WAYS[stack])
    assert (own.scope, own.rpo_minutes) == ("zone", 0)
    assert objectives == {
        name: one
        for name, one in settings("realestate").recovery.objectives.items()  # type: ignore[union-attr] - it has some
        if name != "cluster"
    }


def test_each_keeps_what_a_backup_of_databases_and_buckets_needs() -> None:
    for stack in OPTIONS:
        backup = settings(stack).backup
        assert backup is not None
        assert {"postgres", "buckets"} <= set(backup.resources), stack


def test_the_chosen_option_is_the_standing_stack_but_for_its_claims() -> None:
    chosen, standing = settings("estates-eks"), settings("realestate")
    same = [name for name in type(chosen).model_fields if name not in ("claims", "recovery")]
    assert [name for name in same if getattr(chosen, name) != getattr(standing, name)] == []


def test_the_workload_is_a_base_and_no_stack() -> None:
    file = read_file(stack_file("estates-instances"))
    assert file.problems == []
    assert "bases/estates-workload.yaml" in {layer.origin for layer in file.layers.bases}
