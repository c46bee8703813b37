"""What stands is what the program says: doing it again changes nothing, by our commands and by plain pulumi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.conftest import STACKS

if TYPE_CHECKING:
    from tests.engine.conftest import Deployed, Typed
    from tests.engine.world import Ended, World

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def again(world: World) -> Ended:
    """A second `up` of the same."""
    return world.sandbox("up", "--json")


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def said_of(stack: str, ended: Ended) -> dict[str, Any]:
    """What a command says of a stack."""
    assert ended.status == 0, ended.text[-4000:]
    (said,) = [one for one in ended.document()["stacks"] if one["stack"] == stack]
    return dict(said)


def test_up_again_changes_nothing(deployed: Deployed, again: Ended, stack: str) -> None:
    first, second = said_of(stack, deployed.up), said_of(stack, again)
    number = sum(sum(types.values()) for types in first["areas"].values())
    assert (second["changes"], second["deployed"]) == ({}, False)
    assert second["unchanged"] >= number > 200, "every resource was looked at"
    assert second["areas"] == first["areas"]


def test_up_again_leaves_the_same_emulator_standing(deployed: Deployed, again: Ended) -> None:
    assert again.document()["emulator"] == deployed.up.document()["emulator"]


def test_a_preview_shows_no_changes_and_no_findings(preview: Ended, stack: str) -> None:
    said = said_of(stack, preview)
    assert said["changes"] == {}
    assert said["policy"]["rules"] > 25, "the pack judged"
    assert (said["policy"]["refused"], said["policy"]["pending"]) == (0, [])


def test_plain_pulumi_preview_with_the_pack_shows_no_changes(typed: Typed) -> None:
    assert typed.preview_status == 0, typed.preview_output[-4000:]
    _, _, summary = typed.preview_output.partition("\nResources:\n")
    assert [line.split()[1:] for line in summary.strip().splitlines()] == [["unchanged"]]


def test_plain_pulumi_preview_is_judged_by_the_pack(typed: Typed) -> None:
    assert "platform@v" in typed.preview_output.partition("Policies:")[2]


def test_nothing_that_a_person_has_checked_in_is_written(deployed: Deployed, again: Ended, typed: Typed) -> None:
    assert (again.status, typed.ended.status) == (0, 0)
    assert deployed.world.sources() == deployed.sources, "not even a salt in the stack file"
