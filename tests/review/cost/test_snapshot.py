"""Prices in the project are those of a snapshot that pricers use, each with where and when it was found."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from review.cost import snapshot
from review.cost.prices import Price, standing
from review.cost.snapshot import KEPT, SnapshotError, made_of

if TYPE_CHECKING:
    from pathlib import Path

CELL = {"usd": 0.1, "unit": "hour", "source": "a page", "date": "2026-11-01"}
WHOLE: dict[str, Any] = {
    "_meta": {"collected": "2026-11-02", "sources": {"PAGE": "a page", "FILE": "public file store ids 12, 34 (two)"}},
    "vpc": {
        "nat_gateway_hour": {
            "us-east-1": CELL,
            "eu-west-1": CELL | {"usd": None, "source": None, "date": None},
            "us-west-2": CELL
            | {"derived": True, "basis": "as us-east-1", "source": "public file store ids 12, 34 (two)"},
        },
        "nat_gateway_data": {"us-east-1": CELL | {"unit": "GB"}},
    },
    "kms": {
        "customer_key": {
            one: CELL | {"usd": 1, "unit": "key-month", "scope": "global"} for one in ("us-east-1", "eu-west-1")
        }
    },
    "ec2_linux_on_demand": {"p3.2xlarge": {"us-east-1": CELL | {"retired": True}}},
    "sqs": {"standard": {"us-east-1": CELL}},
}


def test_the_files_have_what_pricers_use_and_no_cell_without_a_figure() -> None:
    made = made_of(WHOLE)
    assert made["prices.csv"].splitlines() == [
        "service,sku,region,usd,unit,date,source,derived,confidence",
        "kms,customer_key,*,1,key-month,2026-11-01,PAGE,,",
        "vpc,nat_gateway_hour,us-east-1,0.1,hour,2026-11-01,PAGE,,",
        "vpc,nat_gateway_hour,us-west-2,0.1,hour,2026-11-01,FILE,as us-east-1,",
    ]
    assert '"FILE": "public text kept without its address (12, 34) (two)"' in made["sources.json"]
    assert '"collected": "2026-11-02"' in made["sources.json"]


def broken(path: str, value: object) -> dict[str, Any]:
    made = copy.deepcopy(WHOLE)
    *parents, last = path.split("/")
    at: Any = made
    for key in parents:
        at = at[key]
    at[last] = value
    return made


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("vpc/nat_gateway_hour/us-east-1/usd", "cheap", "vpc.nat_gateway_hour.us-east-1.usd: not a number"),
        (
            "vpc/nat_gateway_hour/us-east-1/usd",
            -1,
            "vpc.nat_gateway_hour.us-east-1: unit, source, date, a price from 0",
        ),
        ("vpc/nat_gateway_hour/us-east-1/unit", "", "vpc.nat_gateway_hour.us-east-1: unit, source, date"),
        ("vpc/nat_gateway_hour/us-west-2/basis", "", "vpc.nat_gateway_hour.us-west-2: unit, source, date"),
        ("vpc/nat_gateway_hour/us-east-1/source", "a friend", "vpc.nat_gateway_hour.us-east-1.source: not in _meta"),
        ("kms/customer_key/us-east-1/usd", 2, "kms.customer_key: scope is global, and what its cells say differs"),
        ("_meta", {}, "not in _meta.sources"),
    ],
)
def test_a_snapshot_that_is_not_whole_is_refused(path: str, value: object, message: str) -> None:
    with pytest.raises(SnapshotError, match=message):
        made_of(broken(path, value))


def test_the_command_writes_once_and_says_what_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "DATA", tmp_path)
    file = tmp_path / "snapshot.yaml"
    file.write_text(yaml.safe_dump(WHOLE), encoding="utf-8")
    assert snapshot.main([str(file), "--check"]) == 1
    assert not (tmp_path / "prices.csv").exists()
    assert snapshot.main([str(file)]) == 0
    assert snapshot.main([str(file), "--check"]) == 0
    assert snapshot.main([str(tmp_path / "none.yaml")]) == 2


def test_every_price_of_the_project_is_one_of_time_with_unit_source_and_region() -> None:
    table = standing()
    assert len(table.table) > 300
    for price in table.table.values():
        assert price.monthly >= 0
        assert price.source in table.sources
        assert price.date
        assert price.service in KEPT


def test_a_month_has_730_hours_and_a_price_by_the_month_is_taken_as_it_is() -> None:
    table = standing()
    nat, key = table.find("vpc", "nat_gateway_hour", "us-east-1"), table.find("kms", "customer_key", "us-east-1")
    assert isinstance(nat, Price)
    assert isinstance(key, Price)
    assert (nat.monthly, key.monthly) == (Decimal("32.85"), 1)
    assert table.find("vpc", "nat_gateway_hour", "sa-east-1") is None, "no other region's"
    zone = table.find("route53", "hosted_zone_first_25", "sa-east-1")
    assert isinstance(zone, Price)
    assert zone.usd == Decimal("0.5"), "one that holds everywhere"
