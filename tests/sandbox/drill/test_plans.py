"""A failover's plan may do anything but lose what holds data."""

from __future__ import annotations

import pytest

from review.engine_json import LOSES
from sandbox.drill.plans import empty, holding, keeps_data

DATABASE = "urn:pulumi:dr::platform::platform:data:Data$aws:rds/instance:Instance::data-postgres"
GROUP = "urn:pulumi:dr::platform::platform:data:Data$aws:eks/nodeGroup:NodeGroup::cluster-general"
STATE = {
    "deployment": {
        "resources": [
            {"urn": DATABASE, "type": "aws:rds/instance:Instance", "protect": True},
            {"urn": GROUP, "type": "aws:eks/nodeGroup:NodeGroup"},
            {"urn": "urn:bucket", "type": "aws:s3/bucket:Bucket", "retainOnDelete": True},
        ]
    }
}


def test_what_is_protected_or_retained_holds_data() -> None:
    assert holding(STATE) == {DATABASE, "urn:bucket"}


@pytest.mark.parametrize("operation", sorted(LOSES))
def test_losing_what_holds_data_is_refused_by_name(operation: str) -> None:
    check = keeps_data("dr", {DATABASE: operation, GROUP: "update"}, {DATABASE})
    assert not check.ok
    assert check.found == f"{operation} rds Instance data-postgres"


@pytest.mark.parametrize(
    ("urn", "operation"), [(DATABASE, "update"), (GROUP, "replace"), (GROUP, "delete"), (DATABASE, "discard")]
)
def test_anything_else_may_happen(urn: str, operation: str) -> None:
    assert keeps_data("dr", {urn: operation}, {DATABASE}).ok


def test_a_plan_with_something_to_do_is_not_empty() -> None:
    assert empty("dr", {"urn:pulumi:dr::platform::pulumi:pulumi:StackReference::primary": "read"}).ok
    assert empty("dr", {GROUP: "update"}).found == "update eks NodeGroup cluster-general"
