"""A state is reported by area, with endpoints, with what was held back and with what was left out."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sandbox.run import inventory
from sandbox.run.gate import Plan
from sandbox.run.report import Report, StackReport, kinds

ROOT = "urn:pulumi:prod::platform::"
PROVIDER = f"{ROOT}pulumi:providers:aws::aws"


def entry(types: str, name: str, **more: object) -> dict[str, Any]:
    common = {"urn": f"{ROOT}{types}::{name}", "type": types.rpartition("$")[2], "custom": True}
    return common | {"provider": f"{PROVIDER}::id"} | more


STATE = {
    "deployment": {
        "resources": [
            entry("pulumi:providers:aws", "aws",
                  inputs={"region": "us-east-1", "allowedAccountIds": '["123456789012"]'}),
            entry("platform:network:Network", "network", custom=False),
            entry("platform:network:Network$aws:ec2/vpc:Vpc", "network-vpc", id="vpc-1"),
            entry(
                "platform:data:Postgres$aws:rds/instance:Instance", "data-postgres", id="db-ABC",
                outputs={"identifier": "phoenix", "endpoint": "localhost:5432"},
            ),
            entry("platform:data:Postgres$aws:rds/eventSubscription:EventSubscription", "events", id="held-1",
                  outputs={"__held": "the emulator has no such call"}),
            entry("platform:network:Network$aws:ec2/vpc:Vpc", "replaced", id="vpc-0", delete=True),
            entry("aws:s3/bucket:Bucket", "loose", id="loose-1"),
        ]
    }
}  # fmt: skip


@pytest.fixture
def resources() -> list[inventory.Resource]:
    return inventory.resources(STATE)


def named(resources: list[inventory.Resource], name: str) -> inventory.Resource:
    return next(resource for resource in resources if resource.name == name)


def test_resources_are_counted_by_the_area_of_their_component(resources: list[inventory.Resource]) -> None:
    found = {area: sum(types.values()) for area, types in inventory.by_area(resources).items()}
    assert found == {"network": 1, "data": 2, "program": 1}, (
        "components, providers and what waits for deletion do not count"
    )


def test_a_database_is_listed_by_its_identifier_and_reached_at_its_endpoint(
    resources: list[inventory.Resource],
) -> None:
    database = named(resources, "data-postgres")
    assert (database.listed, database.endpoint) == ("phoenix", "localhost:5432"), "its id is another one"


def test_a_resource_is_in_the_region_of_its_provider(resources: list[inventory.Resource]) -> None:
    assert named(resources, "network-vpc").region == "us-east-1", "where AWS has to be asked for it"


def test_the_account_is_the_one_the_provider_may_touch() -> None:
    assert inventory.account(STATE) == "123456789012", "known without the stack file"
    assert inventory.account({"deployment": {}}) is None, "an empty state knows none"


def test_what_was_held_back_is_named_with_its_reason(resources: list[inventory.Resource]) -> None:
    report = StackReport("prod", resources=resources)
    assert report.document()["held"] == [
        {
            "urn": f"{ROOT}platform:data:Postgres$aws:rds/eventSubscription:EventSubscription::events",
            "type": "aws:rds/eventSubscription:EventSubscription",
            "name": "events",
            "reason": "the emulator has no such call",
        }
    ], "never in silence"


def test_a_property_left_out_is_reported_once_and_only_for_what_is_there(
    resources: list[inventory.Resource], tmp_path: Path
) -> None:
    vpc = named(resources, "network-vpc").urn
    lines = [
        {"urn": urn, "property": "x", "reason": "unknown", "time": time} for time, urn in enumerate([vpc, vpc, "gone"])
    ]
    path = tmp_path / "dropped.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + "{half a li")
    assert inventory.dropped(path, resources) == [inventory.Dropped("network-vpc", "x", "unknown")], "by name"
    assert inventory.dropped(tmp_path / "none", resources) == [], "there may be no such file"


def test_a_document_holds_all_that_the_table_shows(resources: list[inventory.Resource]) -> None:
    plan = Plan("prod", {"create": 4, "same": 2}, {}, ("advice",), ("pending",), 7, 9)
    document = StackReport("prod", plan, deployed=True, resources=resources).document()
    assert (document["changes"], document["unchanged"]) == ({"create": 4}, 2), "what the engine planned"
    assert document["policy"] == {
        "rules": 7, "of": 9, "refused": 0, "advice": ["advice"], "pending": ["pending"],
    }, "the verdict"  # fmt: skip
    assert json.loads(json.dumps(document)) == document, "plain data"


def test_the_most_frequent_kinds_are_named_and_the_rest_counted() -> None:
    counted = Counter({f"aws:ec2/x:Kind{number}": 9 - number for number in range(8)})
    assert kinds(counted).endswith("4 Kind5, and 2 other types"), "a table has room for six"


def test_a_table_says_what_it_counts_and_what_it_does_not(resources: list[inventory.Resource]) -> None:
    plan = Plan("prod", {"create": len(resources)}, {}, (), (), 7, 9)
    written = StringIO()
    Report("up", [StackReport("prod", plan, resources=resources)]).show(Console(file=written, width=200))
    made = sum(sum(kinds.values()) for kinds in inventory.by_area(resources).values())
    rest = len(resources) - made
    assert rest, "the stack itself, at least"
    assert (
        f"stack prod: {made} resources; components, providers and the stack itself are {rest} more"
        in written.getvalue()
    )
    assert "policy: passed 7 of 9 rules; 2 find nothing to judge in this stack (0 advisory)" in written.getvalue()
