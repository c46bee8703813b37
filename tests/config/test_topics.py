"""Functions that work on topics: what Lambda would not read, or two would share, is refused at its place."""

from __future__ import annotations

from typing import Any, Final

import pytest

from config.facts.functions import POLLED_SECONDS
from tests.config.containersfile import GONE, accepted, refused

TALLY: Final = "functions.tally"
TOPIC: Final = f"{TALLY}.topic"
ENDPOINTS: Final = "network.endpoints.interface"
_OTHER: Final[dict[str, Any]] = {
    "functions.zeal": {},
    "functions.zeal.purpose": "Counts again",
    "functions.zeal.handler": "services.auctions.picture.png",
    "functions.zeal.runtime": "python3.13",
    "functions.zeal.memory_mib": 256,
    "functions.zeal.timeout_seconds": 60,
    "functions.zeal.failures": {},
    "functions.zeal.log_retention_days": 90,
    "functions.zeal.topic": {"name": "views", "group": "tally", "pollers": {"most": 2}},
}
CASES: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "a function that outlasts its pollers": (
        {f"{TALLY}.timeout_seconds": POLLED_SECONDS + 1},
        f"{TALLY}.timeout_seconds",
        "longer than pollers",
    ),
    "more at least than at most": (
        {f"{TOPIC}.pollers": {"least": 7, "most": 6}},
        f"{TOPIC}.pollers.least",
        "more than the most",
    ),
    "nothing that keeps what fails": ({f"{TALLY}.failures": GONE}, f"{TALLY}.failures", "is lost"),
    "a group of two": (_OTHER, "functions.zeal.topic.group", "functions.tally joins it"),
    "a pattern of no JSON": ({f"{TOPIC}.filters": ["{value"]}, f"{TOPIC}.filters[0]", "no JSON"),
    "a pattern on the key": ({f"{TOPIC}.filters": ['{"key": ["a"]}']}, f"{TOPIC}.filters[0]", "and nothing else"),
    "a pattern of a text": ({f"{TOPIC}.filters": ['{"value": "a"}']}, f"{TOPIC}.filters[0]", "and nothing else"),
    "brokers that let no poller in": ({"streaming.functions": False}, "streaming.functions", "no way to the brokers"),
    "pollers of nobody": ({f"{TALLY}.topic": GONE}, "streaming.functions", "that nobody has"),
    "no way to the queue of failures": ({ENDPOINTS: ["sts", "logs"]}, ENDPOINTS, "keep what failed in SQS"),
    "a topic of two": ({f"{TOPIC}.name": "bids*"}, f"{TOPIC}.name", ""),
    "a topic without Kafka": ({"streaming": GONE}, TOPIC, ""),
}


@pytest.mark.parametrize(("changes", "path", "words"), CASES.values(), ids=CASES)
def test_what_cannot_work_is_refused_where_it_stands(changes: dict[str, Any], path: str, words: str) -> None:
    found = refused(changes)
    assert path in found, found
    assert words in found[path].what


def test_the_longest_time_out_and_another_group_are_taken() -> None:
    assert accepted({f"{TALLY}.timeout_seconds": POLLED_SECONDS})
    assert accepted({**_OTHER, "functions.zeal.topic": {**_OTHER["functions.zeal.topic"], "group": "zeal"}})
