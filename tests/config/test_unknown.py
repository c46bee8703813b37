"""What the data does not know is reported by name: never refused, never taken for offered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from config.document import Document
from config.facts import offers as facts
from config.facts.regions import regions
from config.layers import alone
from config.notes import notes
from config.rules.offers import Catalogue
from tests.config.stackfile import NAME, PROD, accepted, line_of, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.notes import Note
    from config.stack import StackConfig


def of(stack: StackConfig) -> dict[str, Note]:
    return {".".join(str(step) for step in note.path): note for note in notes(stack, alone(Document(PROD, NAME)))}


def test_where_letters_differ_by_account_zones_that_lack_something_are_named_by_id() -> None:
    note = of(accepted())["network.zones"]
    assert "use1-az3 has no EKS" in note.what
    assert "c5.large" in note.what, "the same zone sells no node of prod's"
    assert note.ask.startswith("aws ec2 describe-availability-zones --region us-east-1")
    assert note.line == line_of(PROD, "      zones: [a, b, c]")
    assert str(note).startswith(f"{NAME}:{note.line}: note: network.zones: ")


def test_a_zone_without_eks_is_refused_where_its_letter_is_the_same_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    canada = regions()["ca-central-1"]
    older = replace(canada, letters="abcd", ids={**canada.ids, "c": "3"})
    monkeypatch.setattr("config.rules.addresses.regions", lambda: {**regions(), "ca-central-1": older})
    problem = refused(("region: us-east-1", "region: ca-central-1"))["network.zones[2]"]
    assert problem.what == "EKS takes no subnet in cac1-az3"
    assert problem.allowed == "a, b, d"


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[facts.Offers], None]]:
    """Let us-east-1 have other offers."""

    def use(other: facts.Offers) -> None:
        monkeypatch.setattr(
            "config.rules.offers.offers", lambda code: other if code == "us-east-1" else facts.offers(code)
        )

    Catalogue.everywhere.cache_clear()
    yield use
    Catalogue.everywhere.cache_clear()


def test_a_type_whose_zones_nobody_lists_is_reported_and_not_refused(listed: Callable[[facts.Offers], None]) -> None:
    home = facts.offers("us-east-1")
    listed(replace(home, ec2={**home.ec2, "t3.medium": facts.UNKNOWN_ZONES}))
    note = of(accepted())["cluster.node_groups.monitoring.instance_types.0"]
    assert note.what == "in which zones of us-east-1 t3.medium is offered is unknown"


@pytest.mark.parametrize(("iops", "noted"), [(12000, False), (12001, True), (16000, True)])
def test_iops_that_a_class_does_in_bursts_only_are_named(iops: int, *, noted: bool) -> None:
    given = accepted(
        ("storage: {type: gp3, allocated_gib: 1024", f"storage: {{type: gp3, iops: {iops}, allocated_gib: 1024")
    )
    found = of(given).get("data.postgres.storage.iops")
    assert (found is not None) == noted
    if found is not None:
        assert found.what == (
            f"db.r5.2xlarge does 12000 at length, and {iops} for half an hour a day: whether that is enough is unknown"
        )


def test_a_region_of_which_nothing_is_listed_is_reported_by_name(listed: Callable[[facts.Offers], None]) -> None:
    listed(replace(facts.offers("us-east-1"), rds=None, cache=None))
    found = of(accepted())
    assert found["data.postgres.instance_class"].what == "which classes RDS has in us-east-1 is unknown"
    assert found["data.redis.node_type"].what == "which node types ElastiCache has in us-east-1 is unknown"


def test_a_region_that_an_account_must_opt_in_to_says_so() -> None:
    swaps = [
        ("region: us-east-1", "region: eu-south-2"),
        ("[g6.2xlarge, g5.2xlarge]", "[g6.2xlarge]"),
    ]
    found = refused(*swaps)
    assert not [path for path in found if path.startswith(("identity", "network", "cluster"))]
    assert "identity.region" not in of(accepted()), "every account has us-east-1"


@pytest.mark.parametrize("region", sorted(regions()))
def test_each_region_has_what_the_rules_ask_for(region: str) -> None:
    row, offered = regions()[region], facts.offers(region)
    assert len(row.letters) >= 2
    assert row.country
    assert row.ids or row.own_letters or not row.numbers
    assert offered.ec2
    assert offered.rds is not None
    assert offered.cache is not None
    assert offered.brokers is None, "no package lists them; a test that fails here has found one"
    assert offered.has_service("eks") is True
    assert offered.has_service("no such service") is None
    assert offered.has_resource_type("AWS::EKS::Cluster") is not False
