"""What a new stack cannot have as the other one has it: what a standby needs, and what AWS gives an account once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.load import load_file
from config.new import shared
from config.new.draft import Draft
from config.new.neighbours import Neighbour
from config.new.region import SHIELD, TYPES
from tests.config.new.made import made, project
from tests.config.stackfile import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

PROD = Neighbour(stack="prod", file="Pulumi.prod.yaml", settings=SETTINGS)
NAMED = [*shared.STANDBYS, *shared.PER_ACCOUNT, *shared.PER_REGION, *TYPES, ".".join(SHIELD)]


@pytest.mark.parametrize("pattern", NAMED)
def test_every_setting_that_is_named_is_one_of_prods(pattern: str) -> None:
    """A key that gets another name must get it here, too."""
    assert Draft(SETTINGS).matching(pattern)


@pytest.mark.parametrize("pattern", shared.STANDBYS)
def test_what_a_standby_needs_is_left_out(pattern: str) -> None:
    draft = Draft(SETTINGS)
    shared.alone(draft)
    assert not draft.matching(pattern)


def test_a_database_begins_its_own_history() -> None:
    draft = Draft(SETTINGS)
    draft.get("data", "postgres").update(generation=3, previous_generations=[2], source_arn="arn:aws:rds:x")
    draft.get("cost").update(billed=True)
    shared.alone(draft)
    assert not {"generation", "previous_generations", "source_arn"} & draft.get("data", "postgres").keys()
    assert draft.get("cost", "billed") is False


@pytest.mark.parametrize("pattern", shared.PER_ACCOUNT)
@pytest.mark.parametrize("same", [True, False])
def test_what_an_account_has_is_left_out_in_the_same_account_only(pattern: str, *, same: bool) -> None:
    draft = Draft(SETTINGS)
    draft.set(("identity", "account_id"), SETTINGS["identity"]["account_id"] if same else "1" * 12)
    shared.in_shared_account(draft, [PROD])
    assert bool(draft.matching(pattern)) is not same


def test_in_the_same_account_somebody_hears_of_everything(tmp_path: Path) -> None:
    path = made(project(tmp_path), "shop", region="eu-north-1", account=SETTINGS["identity"]["account_id"])
    assert path is not None
    settings = load_file(path)
    assert settings.observability is not None
    assert settings.observability.channels.slack is None
    assert set(settings.observability.channels.mail["ops@shop.example"]) == {"critical", "warning", "info"}
    assert settings.audit is not None
    assert not settings.audit.configuration.global_resources
    assert settings.cost is not None
    assert {budget.scope for budget in settings.cost.budgets.values()} == {"stack"}


def test_buckets_of_one_account_have_names_of_their_own() -> None:
    draft = Draft(SETTINGS)
    shared.own_buckets(draft, [PROD], "Twin")
    theirs = {bucket["name"] for bucket in SETTINGS["data"]["buckets"].values()}
    ours = {bucket["name"] for bucket in draft.get("data", "buckets").values()}
    assert ours == {f"{name}-twin" for name in theirs}
