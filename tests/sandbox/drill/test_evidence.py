"""Evidence says what happened, what failed, and what is only the sandbox's time; the page needs nothing but itself."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from sandbox.drill import page
from sandbox.drill.checks import holds, same
from sandbox.drill.evidence import Evidence, Step

BOUND = {
    "service": "postgres", "mechanism": "read replica", "declared": {"rto_minutes": 10, "rpo_minutes": 2},
    "bound": {"rto_seconds": 540.0, "rpo_seconds": None}, "evidence": "typical",
}  # fmt: skip


def _evidence(*, ok: bool = True) -> Evidence:
    lost = Step("region lost", begun=10.0, seconds=1.0)
    lost.checks = [same("traffic origin", "200 from us-west-2", "200 from us-west-2", "fix")]
    over = Step("failover: update", begun=40.0, seconds=60.0, calls=Counter({("rds", "us-west-2"): 7}))
    over.plan = {"update": 12}
    over.checks = [holds("nodes <general>", "9", "1", "scale it", ok=ok)]
    return Evidence(
        "prod (us-east-1)", "dr (us-west-2)", begun=datetime(2026, 11, 21, 3, 0, tzinfo=UTC), steps=[lost, over],
        marks={"lost": 10.0, "detected": 38.0, "traffic": 38.5, "decided": 40.0, "serving": 100.0},
        refused=[{"service": "sts", "action": "GetCallerIdentity", "region": "us-east-1", "count": 2}],
        bounds=[BOUND], world="the world stands as before the drill", ended=True,
    )  # fmt: skip


class _Tags(HTMLParser):
    """Collects what a page asks others for, and tags that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.foreign += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "data"}]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes what it opened"


def test_the_document_can_be_read_by_a_program() -> None:
    said = json.loads(page.text(_evidence()))
    assert said["ok"]
    assert said["measured"] == {"detection": 28.0, "traffic": 28.5, "failover": 60.0, "recovery": 90.0}
    assert said["steps"][1]["calls"] == [{"service": "rds", "region": "us-west-2", "count": 7}]
    assert "not AWS's" in said["note"], "nobody takes a sandbox's seconds for AWS's"


@pytest.mark.parametrize("ended", [True, False])
def test_a_failed_check_or_an_early_end_is_no_success(ended: bool) -> None:  # noqa: FBT001 parametrized
    evidence = _evidence(ok=not ended)
    evidence.ended = ended
    assert not evidence.ok


def test_spans_the_drill_did_not_reach_are_not_measured() -> None:
    evidence = _evidence()
    del evidence.marks["serving"]
    assert set(evidence.measured()) == {"detection", "traffic"}


def test_the_page_stands_alone_and_is_well_formed() -> None:
    tags = _Tags()
    tags.feed(page.html(_evidence(ok=False)))
    assert tags.foreign == [], "evidence must be readable years later, without a network"
    assert tags.open == [], "every tag is closed"


def test_the_page_says_what_failed_and_what_to_do() -> None:
    text = page.html(_evidence(ok=False))
    for word in ("failed", "nodes &lt;general&gt;", "scale it", "10 min", "9 min", "none", "GetCallerIdentity"):
        assert word in text, f"the page says {word}"


def test_every_step_has_a_bar_within_the_picture() -> None:
    evidence = _evidence()
    bars = re.findall(r'<rect class="(\w+)" x="([\d.]+)" y="\d+" width="([\d.]+)"', page.svg(evidence))
    assert [kind for kind, _, _ in bars] == ["good", "good"]
    assert all(float(x) + float(width) <= 1000 for _, x, width in bars)
    assert page.svg(evidence).count('class="mark"') == len(evidence.marks), "every moment is marked"
