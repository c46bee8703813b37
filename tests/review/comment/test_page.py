"""The comment says first what stops a change, and shows exactly that change."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from config.examine import examine
from config.files import read_file, stack_file
from review.comment import gather, page
from review.comment.fit import LIMIT, fit
from review.difference.compare import compare
from review.places import Places
from review.recording import record_stack
from review.recovery import as_json
from tests.components.recording import recorded, settings_of
from tests.config.leaves import GONE, changed

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.comment.gather import Reviewed, Side
    from review.graph import Graph

pytestmark = pytest.mark.slow  # whole stacks are recorded and judged, again and again
TODAY: Final = date(2026, 12, 1)
STACK: Final = "records"


def side(graph: Graph, settings: StackConfig) -> Side:
    environment, services = settings.identity.environment, as_json(settings)["services"]
    return gather.Side(graph=graph, environment=environment, services=services)


def review(changes: dict[str, Any]) -> Reviewed:
    """Return what other values in the stack file change."""
    before = settings_of(STACK)
    paths: dict[tuple[str | int, ...], Any] = {tuple(path.split(".")): value for path, value in changes.items()}
    document = before.model_dump(mode="json", by_alias=True, exclude_none=True)
    after = examine(changed(document, paths), None, f"Pulumi.{STACK}.yaml", stack=STACK) if changes else before
    graph = record_stack(STACK, after) if changes else recorded(STACK)
    at = Places(read_file(stack_file(STACK)), graph).at
    sides = side(recorded(STACK), before), side(graph, after)
    return gather.gathered(compare(recorded(STACK), graph), *sides, today=TODAY, at=at)


def comment(*reviews: Reviewed, **errors: str) -> str:
    return fit(page.sections(reviews, errors))


def test_no_change_is_one_line() -> None:
    assert comment(review({})) == "✅ no resource changes; 0 of 1 stacks change\n"


def test_a_replica_that_goes_is_the_first_line_and_the_money_below() -> None:
    text = comment(review({"data.postgres.replicas.reader-c": GONE}))
    first = text.splitlines()[0]
    assert first.startswith("❌ **data would be lost**: `data-postgres-reader-c`")
    assert "- **data** `records` `data-postgres-reader-c`: delete" in text
    assert "### Money" in text
    assert "-" in text.split("### Money")[1].splitlines()[2].partition("data: ")[2]
    assert "D data-postgres-reader-c<br/>Instance" in text
    assert len(text) <= LIMIT


def test_a_promise_that_changes_is_recoverys_and_nothing_else() -> None:
    text = comment(review({"recovery.objectives.streaming.rto_minutes": 20}))
    assert "no resource changes" in text
    assert "### Recovery" in text
    assert "`records` streaming, zone lost: promised 15/5 min" in text
    assert "→ promised 20/5 min" in text


def test_another_node_type_is_a_replacement_in_the_table_and_the_picture() -> None:
    text = comment(review({"cluster.node_groups.compute.instance_types": ["m5.2xlarge"]}))
    (row,) = [line for line in text.splitlines() if line.startswith("| records |")]
    assert re.match(r"\| records \| [1-9]\d* \|", row)
    assert ":::replace" in text


def test_a_stack_that_cannot_be_compared_is_said_first() -> None:
    text = comment(review({}), auctions="cannot be recorded as it stands: <script>")
    assert text.startswith("❌ **auctions cannot be compared**: cannot be recorded as it stands: &lt;script>")
    assert "0 of 2 stacks change" in text


def test_what_stops_a_change_is_what_the_command_s_status_says() -> None:
    assert list(page.stops([review({})], {})) == []
    assert list(page.stops([review({"data.postgres.replicas.reader-c": GONE})], {}))
