"""One program for any system: no noun of a single one stands in the code, in its comments or in what it says.

What a system is about is said in its stack file, and in what describes that one: decisions, runbooks, tests of prod.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from config.files import stack_files
from config.load import load_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
READ: Final = ("config", "components", "policy", "review", "preflight")
NOUNS: Final = frozenset(
    {"blockchain", "blockchains", "chain", "chains", "validator", "validators", "seed", "seeds"}
    | {"auction", "auctions", "auctioneer", "bid", "bids", "bidder", "bidders", "realestate", "microservice"}
)
"""Words of the systems that the program is written for. Names of two of them, agents and records, are words of AWS."""
AWS: Final = frozenset({"ledger"})
"""Names of systems that AWS has things called by, too (`aws:qldb/ledger:Ledger`)."""
OTHERS: Final = re.compile(r"(?:field|model|wrap)_validator\b")
"""Names of libraries in which a word means something else."""


def words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word of a text with its line: parts of names, of either spelling, too."""
    for number, line in enumerate(OTHERS.sub("", text).splitlines(), 1):
        apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", line)
        for word in re.findall(r"[A-Za-z]+", apart):
            yield number, word.lower()


def files() -> list[Path]:
    """Return every module of the program, and the schema that is made of their docstrings; AWS's data is AWS's."""
    modules = (one for part in READ for one in (ROOT / part).rglob("*.py"))
    return sorted([*modules, *(ROOT / "config").glob("schema*.json")])


def systems() -> frozenset[str]:
    """Return the names of the systems that have a stack file."""
    return frozenset(load_file(path).identity.system.lower() for path in stack_files().values()) - AWS


def found_in(text: str, nouns: frozenset[str]) -> list[str]:
    """Return the nouns of a text, each with its line."""
    return [f"{number}: {word}" for number, word in words(text) if word in nouns]


def test_no_noun_of_a_system_stands_in_the_program() -> None:
    nouns, read = NOUNS | systems(), files()
    assert len(read) > 250, "the whole program is read"
    said = [f"{one.relative_to(ROOT)}:{hit}" for one in read for hit in found_in(one.read_text("utf-8"), nouns)]
    assert said == [], "say it in the stack file, or in words that fit any system"


def test_the_names_of_stacks_are_among_the_nouns() -> None:
    assert "phoenix" in systems()


@pytest.mark.parametrize(
    "text",
    [
        "chain: Chain | None = None",
        '"""Publishes what validators count."""',
        'named(name, "blockchain")',
        "PublishChainMetrics",
        "chain_namespace",
        "# seed 004 section 4.2",
        "HTTPValidator",
        "alias/phoenix-prod-data",
    ],
)
def test_a_noun_is_found_in_names_texts_and_comments(text: str) -> None:
    assert found_in(text, NOUNS | systems()) != []


@pytest.mark.parametrize(
    "text", ["@field_validator('*')", "restored from a seeded copy", "unchained", "model_validator"]
)
def test_a_word_that_only_contains_one_is_none(text: str) -> None:
    assert found_in(text, NOUNS | systems()) == []
