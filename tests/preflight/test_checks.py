"""What an account says that the embedded AWS never does; and what a stack takes of quotas."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from config.facts.instances import table as instance_types
from preflight import quota_needs
from preflight.finding import Finding, Level
from preflight.quota_table import QUOTAS
from preflight.run import ask
from preflight.table import BY_DNS, CHECKS
from tests.preflight.fakes import FakeAccount
from tests.preflight.plans import OWN, added, edited, recorded

pytestmark = pytest.mark.slow  # whole stacks are recorded
LAMBDA = "aws:lambda/function:Function"


def said(name: str, answers: dict[str, Any], plan: Any = None) -> list[Finding]:  # noqa: ANN401  a plan
    check = next(one for one in (*CHECKS, BY_DNS) if one.name == name)
    return ask(check, FakeAccount(answers), plan or recorded("prod"))


def test_a_region_that_is_not_opted_in_stops() -> None:
    regions = [{"RegionName": region, "OptInStatus": "opted-in"} for region in recorded("prod").regions]
    regions[0]["OptInStatus"] = "not-opted-in"
    (found,) = said("regions", {"ec2:DescribeRegions": {"Regions": regions}})
    assert (found.level, found.found) == (Level.STOPS, "not-opted-in")
    assert "aws account enable-region --region-name us-east-1" in found.fix


@pytest.mark.parametrize(
    ("organization", "stops"),
    [
        (None, False),
        ({"Organization": {"MasterAccountId": OWN}}, False),
        ({"Organization": {"MasterAccountId": "1"}}, True),
    ],
    ids=["alone", "payer", "member"],
)
def test_only_the_payer_activates_tag_keys(organization: dict[str, Any] | None, *, stops: bool) -> None:
    plan = added(recorded("prod"), "aws:costexplorer/costAllocationTag:CostAllocationTag", tagKey="Project")
    found = said("payer", {"organizations:DescribeOrganization": organization}, plan)
    assert [one.level for one in found] == [Level.STOPS] * stops


@pytest.mark.parametrize(
    ("arn", "level"),
    [("PendingConfirmation", [Level.SPOILS, Level.BY_HAND]), ("arn:aws:sns:us-east-1:1:t:s", [Level.BY_HAND])],
    ids=["waits", "confirmed"],
)
def test_mail_that_waits_was_forgotten(arn: str, level: list[Level]) -> None:
    topic = "arn:aws:sns:us-east-1:1:older"
    there = {"Endpoint": "platform@phoenix.example", "SubscriptionArn": arn, "TopicArn": topic}
    assert [one.level for one in said("mail", {"sns:ListSubscriptions": {"Subscriptions": [there]}})] == level


@pytest.mark.parametrize(
    ("type_", "check", "call", "there", "absent", "level"),
    [
        (
            "aws:inspector2/enabler:Enabler",
            "once-inspector",
            "inspector2:BatchGetAccountStatus",
            {"accounts": [{"accountId": OWN, "state": {"status": "ENABLED"}}]},
            {"accounts": [{"accountId": OWN, "state": {"status": "DISABLED"}}]},
            Level.SPOILS,
        ),
        (
            "aws:macie2/account:Account",
            "once-macie",
            "macie2:GetMacieSession",
            {"status": "ENABLED"},
            None,
            Level.STOPS,
        ),
    ],
)
def test_a_service_that_is_on_is_found(  # noqa: PLR0913, PLR0917  columns of a table
    type_: str, check: str, call: str, there: dict[str, Any], absent: dict[str, Any] | None, level: Level
) -> None:
    plan = added(recorded("prod"), type_)
    assert [one.level for one in said(check, {call: there}, plan)] == [level]
    assert said(check, {call: absent}, plan) == []


def test_replication_rules_of_others_are_reported_before_they_are_overwritten() -> None:
    rules = {"replicationConfiguration": {"rules": [{"destinations": [{"region": "eu-west-1"}]}]}}
    found = said("once-replication-rules-of-the-image-registry", {"ecr:DescribeRegistry": rules}, recorded("dr"))
    assert {(one.level, one.found) for one in found} == {(Level.SPOILS, "eu-west-1")}


def test_a_domain_in_use_is_reported_only_by_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", ("192.0.2.1", 443))])
    (found,) = said("public-dns", {})
    assert (found.level, found.found) == (Level.SPOILS, "resolves to 192.0.2.1")


def test_a_domain_that_does_not_resolve_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert said("public-dns", {}) == []


def need(code: str, region: str = "us-east-1", plan: Any = None) -> tuple[float, float]:  # noqa: ANN401  a plan
    found = next(quota for quota in QUOTAS if quota.code == code).needs(plan or recorded("prod"), region)
    return found.least, max(found.least, found.most)


def test_needs_are_what_the_stack_file_sizes() -> None:
    redis = recorded("prod").settings.data.redis
    groups = recorded("prod").node_groups
    vcpus = {group.name: instance_types()[group.types[0]].vcpus for group in groups}
    standard = [group for group in groups if group.name != "gpu"]
    zones = len(recorded("prod").settings.network.zones)
    assert need("L-DFE45DF3") == (redis.shards * (1 + redis.replicas_per_shard),) * 2
    assert need("L-0263D0A3") == (zones + 1,) * 2, "a gateway in each zone, and the one of management"
    assert need("L-F678F1CE") == (2, 2)
    assert need("L-FE5A380F") == (2, 2), "two in zone a"
    assert need("L-1216C47A") == (
        sum(group.least * vcpus[group.name] for group in standard),
        sum(group.most * vcpus[group.name] for group in standard),
    )
    assert need("L-DB2E81BA") == (2 * vcpus["gpu"], 10 * vcpus["gpu"])
    assert need("L-5BC124EF") == (len(recorded("prod").settings.data.postgres.replicas),) * 2
    assert need("L-7ADDB58A") == (3 * 1024, 3 * 4096)
    assert need("L-417A185B") == (0, 0), "no P instances"


def test_a_standby_takes_of_both_regions() -> None:
    assert set(recorded("dr").regions) == {"us-west-2", "us-east-1"}
    assert need("L-1194D53C", "us-west-2", recorded("dr")) == (1, 1)
    assert need("L-1194D53C", "us-east-1", recorded("dr")) == (0, 0)
    assert need("L-DFE45DF3", "us-west-2", recorded("dr"))[0] == 3 * 2, "shards of the datastore"


def test_functions_that_reserve_leave_what_lambda_keeps() -> None:
    assert need("L-B99A9384")[0] == len(recorded("prod").of(LAMBDA))
    plan = edited(recorded("prod"), LAMBDA, lambda _one: {"reservedConcurrentExecutions": 5})
    assert need("L-B99A9384", plan=plan)[0] == 5 * len(recorded("prod").of(LAMBDA)) + 100


@pytest.mark.parametrize(
    ("instance_type", "code"),
    [
        ("c5.large", "L-1216C47A"),
        ("g6.2xlarge", "L-DB2E81BA"),
        ("vt1.3xlarge", "L-DB2E81BA"),
        ("p5.48xlarge", "L-417A185B"),
        ("inf2.xlarge", "L-1945791B"),
        ("trn1.2xlarge", "L-2C3B7624"),
        ("u-6tb1.metal", "L-43DA4232"),
        ("im4gn.large", "L-1216C47A"),
        ("x2idn.large", "L-7295265B"),
        ("hpc7g.4xlarge", "L-F7808C92"),
        ("t4g.micro", "L-1216C47A"),
        ("u7i-12tb.224xlarge", "L-43DA4232"),
        ("is4gen.large", "L-1216C47A"),
        ("dl1.24xlarge", "L-6E869C2A"),
        ("f2.6xlarge", "L-74FC7D96"),
        ("mac2.metal", ""),
    ],
)
def test_each_type_counts_for_the_quota_of_its_family(instance_type: str, code: str) -> None:
    assert quota_needs.family_code(instance_type) == code
