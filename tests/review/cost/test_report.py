"""A person reads the sum, the dearest areas and what has no price; a program gets every line."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from review.cost.report import as_json, as_text, dollars
from review.graph import Resource
from tests.review.cost.made import price, resource, rest

if TYPE_CHECKING:
    from review.cost.rest import Rest

KEY, ADDRESS = "aws:kms/key:Key", "aws:ec2/eip:Eip"
PRICES = (
    price("kms.customer_key", "1", "key-month"),
    price("vpc.public_ipv4", "0.1", derived="2 x half"),
)


def printed(found: Rest, *, every_line: bool = False) -> str:
    console = Console(file=StringIO(), width=160, soft_wrap=True)
    for part in as_text(found, every_line=every_line):
        console.print(part, markup=False)
    written = console.file
    assert isinstance(written, StringIO)
    return written.getvalue()


def in_areas(count: int) -> Rest:
    """Return a stack of a key in each of some areas."""
    areas = [
        Resource(urn=f"urn:pulumi:made::platform::a{at}", type="platform:x:X", name=f"area{at}", custom=False)
        for at in range(count)
    ]
    keys = [resource(KEY, f"key{at}") for at in range(count)]
    inside = [
        Resource(**{**{name: getattr(key, name) for name in key.__slots__}, "parent": area.urn})
        for key, area in zip(keys, areas, strict=True)
    ]
    return rest(*areas, *inside, prices=PRICES)


def test_the_sum_says_how_much_of_it_is_known_how_well_and_how_old_the_prices_are() -> None:
    found = rest(resource(KEY), resource(ADDRESS), resource("aws:cfg/rule:Rule"), prices=PRICES)
    said = printed(found)
    assert (
        "at rest: about $74 a month (2 parts priced, 1 of them ($73) by derived prices; 1 of unknown price); "
        "list prices of 2026-11-02, dated 2026-11-01 to 2026-11-01\n"
    ) in said
    assert "price unknown, and not in the sum: cfg Rule\n" in said


def test_no_more_than_six_areas_are_shown_and_the_others_are_added_up() -> None:
    few, many = printed(in_areas(6)), printed(in_areas(9))
    assert "others" not in few
    assert "4 others" in many
    assert "$4.00" in many
    assert "area0" in many
    every = printed(in_areas(9), every_line=True).partition("at rest: about")[0]
    assert every.count("$1.00") == 18, "a row for each of nine areas, with its amount and its one line"


def test_every_line_is_shown_where_that_is_asked_for_with_its_price_and_its_gap() -> None:
    found = rest(resource(KEY, "k"), resource(ADDRESS, "a"), resource("aws:cfg/rule:Rule", "r"), prices=PRICES)
    said = printed(found, every_line=True)
    assert "stack: k: $1.00: 1 x key at $1 a key-month (TEST, 2026-11-01)" in said
    assert "stack: a: $73.00: 1 x public IPv4 address at $0.1 a hour (derived: 2 x half)" in said
    assert "stack: r: unknown: 1 x cfg Rule: it is checked by the clock, and costs by what the account holds" in said
    assert "--costs" not in said
    assert "--costs shows every line" in printed(found)


def test_equal_things_without_a_price_are_one_with_their_number() -> None:
    tasks = [
        resource("aws:ecs/taskDefinition:TaskDefinition", f"t{cpu}", cpu=cpu, memory="512") for cpu in ("512", "1024")
    ]
    services = [
        resource("aws:ecs/service:Service", one.name, links={"taskDefinition": one.urn}, launchType="FARGATE")
        for one in tasks
    ]
    rules = [resource("aws:cfg/rule:Rule", f"r{at}") for at in range(3)]
    said = printed(rest(*tasks, *services, *rules, resource("aws:securityhub/account:Account")))
    assert (
        "not in the sum: 1.5 x vCPU of Fargate x86, GiB of memory of Fargate x86, 3 x cfg Rule, securityhub Account\n"
    ) in said


def test_a_program_gets_amounts_as_text_with_price_source_and_gaps() -> None:
    document = as_json(rest(resource(ADDRESS), resource("aws:cfg/rule:Rule"), prices=PRICES))
    assert (document["currency"], document["hours"], document["monthly"]) == ("USD", 730, "73")
    assert document["areas"] == {"stack": "73"}
    assert document["prices"] == {
        "collected": "2026-11-02", "dates": ["2026-11-01"], "undated": 0, "sources": {"TEST": "a test"},
    }  # fmt: skip
    (line,) = document["lines"]
    assert (line["quantity"], line["monthly"], line["price"]["derived"]) == ("1", "73", "2 x half")
    (gap,) = document["unknown"]
    assert gap["why"] == "it is checked by the clock, and costs by what the account holds"


def test_a_stack_without_anything_to_price_costs_nothing_and_says_so() -> None:
    assert printed(rest()).startswith("at rest: about $0 a month (0 parts priced; 0 of unknown price)")


@pytest.mark.parametrize(
    ("amount", "said"), [("0", "$0"), ("0.4", "$0.40"), ("9.994", "$9.99"), ("10", "$10"), ("1234.5", "$1,235")]
)
def test_small_amounts_are_said_in_cents(amount: str, said: str) -> None:
    assert dollars(Decimal(amount)) == said
