"""Which stacks a command is about, and in which order."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from config.files import stack_file
from config.load import load_file
from sandbox.emulator import client
from sandbox.paths import CHECKOUT, RunDirectory, run_directory
from sandbox.run import stacks, state
from sandbox.run.commands import down, shell
from sandbox.run.failure import RefusedError
from sandbox.run.progress import Progress
from sandbox.run.session import Session
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: platform\nruntime: python\n")
    return tmp_path


def deployed(run: RunDirectory, stack: str, *follows: str) -> None:
    """Write the state of a stack that reads the outputs of others."""
    references = [{"type": "pulumi:pulumi:StackReference", "id": f"organization/platform/{one}"} for one in follows]
    place = state.folder(run, "platform")
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{stack}.json").write_text(json.dumps({"checkpoint": {"latest": {"resources": references}}}))


def test_without_names_the_default_stacks_are_meant_as_far_as_they_are_there(project: Path) -> None:
    assert stacks.meant(CHECKOUT, []) == ["prod", "dr"]
    (project / "Pulumi.prod.yaml").touch()
    assert stacks.meant(project, []) == ["prod"]
    assert stacks.meant(project, ["other"]) == ["other"], "whoever names one means it"


def test_a_standby_comes_after_its_primary_however_they_are_named() -> None:
    assert [file.name for file in stacks.ordered(CHECKOUT, ["dr", "prod", "dr"])] == ["prod", "dr"]


def test_a_standby_is_destroyed_before_its_primary(project: Path) -> None:
    run = run_directory(project)
    deployed(run, "alpha")
    deployed(run, "omega", "alpha")
    with Progress(io.StringIO()) as progress:
        assert down.doomed(Session(project, progress, "down"), []) == ["omega", "alpha"]


def test_a_primary_is_not_destroyed_under_a_standby_that_stays(project: Path) -> None:
    run = run_directory(project)
    deployed(run, "alpha")
    deployed(run, "omega", "alpha", "omega")
    with (
        Progress(io.StringIO()) as progress,
        pytest.raises(RefusedError, match=r"down: alpha: stack omega follows it and stays"),
    ):
        down.doomed(Session(project, progress, "down"), ["alpha"])


@pytest.mark.parametrize("named", [[], ["alpha", "omega"], ["omega", "alpha", "never-deployed"]])
def test_all_stacks_can_be_thrown_away_at_once(named: list[str]) -> None:
    down.whole(named, ["alpha", "omega"])


def test_a_stack_cannot_be_thrown_away_beside_others() -> None:
    with pytest.raises(RefusedError, match=r"down: omega(.|\n)*alpha would go with it(.|\n)*DESTROY=1 STACKS='omega'"):
        down.whole(["omega"], ["alpha", "omega"])


@pytest.mark.parametrize(("named", "region"), [([], "us-east-1"), (["dr"], "us-west-2"), (["dr", "prod"], "us-east-1")])
def test_the_shell_asks_the_region_of_its_first_stack(named: list[str], region: str) -> None:
    assert shell.typed_in(stacks.ordered(CHECKOUT, named)[0])["AWS_DEFAULT_REGION"] == region


def test_the_shell_of_another_project_has_no_region_to_guess(project: Path) -> None:
    (project / "Pulumi.prod.yaml").touch()
    assert "AWS_DEFAULT_REGION" not in shell.typed_in(stacks.ordered(project, ["prod"])[0])


@pytest.mark.parametrize("billed", [True, False])
def test_what_a_person_does_in_an_account_is_read_from_the_stack_file(*, billed: bool) -> None:
    settings = load_file(stack_file("prod"))
    assert settings.cost is not None
    cost = settings.cost.model_copy(update={"billed": billed})
    found = stacks.by_hand(settings.model_copy(update={"cost": cost}))
    assert found.slack_workspace == "T0PHOENIX01"
    assert found.tag_keys == (settings.cost.allocation_tags if billed else ()), "before, the stack activates none"
    assert stacks.by_hand(settings.model_copy(update={"cost": None, "observability": None})) == stacks.ByHand()


@pytest.mark.emulator
def test_it_is_done_in_the_embedded_aws_and_may_be_done_again() -> None:
    emulator = client.start(None)
    try:
        for _ in range(2):
            stacks.ByHand("T0PHOENIX01", ("Project",)).done(emulator.port, "111122223333")
        aws = session(emulator)
        (workspace,) = aws("chatbot", "us-west-2").describe_slack_workspaces()["SlackWorkspaces"]
        (tag,) = aws("ce").list_cost_allocation_tags()["CostAllocationTags"]
    finally:
        emulator.stop()
    assert (workspace["SlackTeamId"], tag["TagKey"], tag["Status"]) == ("T0PHOENIX01", "Project", "Inactive")
