"""Stack `auctions` deploys from nothing, is what reference 003 says, changes nothing a second time, and goes whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.files import ROOT
from tests.engine import verdicts
from tests.engine.auctions_asked import Asked
from tests.engine.auctions_table import ROWS
from tests.engine.auctions_world import STACK

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.auctions_table import Row
    from tests.engine.auctions_world import Auctions
    from tests.engine.world import Ended

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def asked(auctions: Auctions) -> Asked:
    """The embedded AWS with the stack in it."""
    return Asked(auctions)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
def test_each_line_of_the_document_is_found_or_was_decided_otherwise(asked: Asked, row: Row) -> None:
    assert row.ask(asked) == row.value


@pytest.mark.parametrize("row", [row for row in ROWS if row.instead], ids=lambda row: row.says)
def test_what_is_otherwise_than_the_document_is_decided(row: Row) -> None:
    decision = (ROOT / "docs" / "adr" / "0039-auctions.md").read_text(encoding="utf-8")
    rows = [line for line in decision.splitlines() if line.startswith("| ") and row.instead in line]
    assert len(rows) == 1, "a row of the table of decision 0039"


def test_an_application_on_beanstalk_stands_beside_the_services_where_the_file_has_one(asked: Asked) -> None:
    status, options = asked.beanstalk()
    assert status == "Ready"
    assert options["SystemType"] == "enhanced"
    assert options["ManagedActionsEnabled"] == "true"
    assert options["SharedLoadBalancer"] == asked.balancers["internet-facing"]["LoadBalancerArn"], "one way in"
    private = {asked.subnets[block]["SubnetId"] for block in ("10.0.2.0/24", "10.0.4.0/24")}
    assert set(options["Subnets"].split(",")) == private


def test_a_second_run_changes_nothing(auctions: Auctions) -> None:
    again = auctions.world.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-4000:]
    (planned,) = again.document()["stacks"]
    assert planned["changes"] == {}, "everything stands"
    assert planned["policy"]["refused"] == 0


def test_the_verdict_on_the_state_is_that_of_the_recording(auctions: Auctions, tmp_path: Path) -> None:
    found = verdicts.typed(auctions.world, STACK, tmp_path, verdicts.ANALYZE).by_source
    assert len(found["recording"]) > 10, "without waivers, and under the strictest profile"
    assert {source: said ^ found["recording"] for source, said in found.items()} == dict.fromkeys(found, frozenset())


def test_down_leaves_nothing(auctions_ended: Ended) -> None:
    assert auctions_ended.status == 0, auctions_ended.text[-4000:]
    notes = auctions_ended.document()["notes"]
    assert any("asked the embedded AWS with boto3: none of" in note for note in notes), notes
    assert notes[-1] == "nothing runs"
