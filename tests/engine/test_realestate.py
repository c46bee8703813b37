"""Stack `realestate`: deployed from nothing, what its record and its stack file say, at rest in one country, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from tests.engine.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [
    pytest.mark.engine,
    pytest.mark.rehearsal,
    pytest.mark.soak,
    pytest.mark.slow,
    pytest.mark.timeout(1800),
]

STACK: Final = "realestate"
HOME: Final = "me-central-1"
ACCOUNT: Final = "100000000005"
HOLDS_DATA: Final = ("dynamodb", "ecr", "elasticache", "lambda", "msk", "rds", "s3", "secretsmanager", "sqs")
"""Services in which data of users would be; CloudFront, its firewall, their logs and alarms are what `edge.cdn` of
the stack file's `residency.exceptions` lets into us-east-1."""


@pytest.fixture(scope="module")
def estates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The stack, deployed in a checkout of its own; nothing of it outlives the tests."""
    world = World.copied(tmp_path_factory.mktemp("estates"))
    up = world.sandbox("up", STACK, "--json", limit_seconds=1200)
    assert up.status == 0, up.text[-8000:]
    yield world
    world.sandbox("down")


@pytest.fixture(scope="module")
def asked(estates: World) -> Callable[..., Any]:
    """A function that makes a client of a service, in a region."""
    endpoint = estates.sandbox("status", "--json").document()["emulator"]

    def client(service: str, region: str = HOME) -> Any:  # noqa: ANN401 boto3 makes its clients at run time
        session = boto3.Session(ACCOUNT, "secret", region_name=region)
        return session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload] # any service

    return client


def test_a_second_run_changes_nothing(estates: World) -> None:
    again = estates.sandbox("preview", STACK, "--json")
    assert again.status == 0, again.text[-4000:]
    (planned,) = again.document()["stacks"]
    assert (planned["changes"], planned["policy"]["refused"]) == ({}, 0)


def test_models_run_on_gpus_in_the_zones_that_have_them(asked: Callable[..., Any]) -> None:
    eks, ec2 = asked("eks"), asked("ec2")
    (cluster,) = eks.list_clusters()["clusters"]
    found = {}
    for name in eks.list_nodegroups(clusterName=cluster)["nodegroups"]:
        group = eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        subnets = ec2.describe_subnets(SubnetIds=group["subnets"])["Subnets"]
        zones = sorted(one["AvailabilityZone"].removeprefix(HOME) for one in subnets)
        counts = tuple(group["scalingConfig"][f"{which}Size"] for which in ("min", "desired", "max"))
        found[group["labels"]["workload"]] = (group["instanceTypes"], zones, counts)
    assert found == {
        "general": (["m6i.2xlarge", "m5.2xlarge"], ["a", "b", "c"], (3, 3, 30)),
        "inference": (["g6.2xlarge", "g5.2xlarge"], ["a", "b"], (2, 2, 8)),
    }


def test_the_database_stands_in_two_zones_and_is_copied_nowhere(asked: Callable[..., Any]) -> None:
    (one,) = asked("rds").describe_db_instances()["DBInstances"]
    assert (one["DBInstanceClass"], one["AllocatedStorage"], one["MaxAllocatedStorage"], one["StorageType"]) == (
        "db.m6g.2xlarge", 500, 2048, "gp3",
    )  # fmt: skip
    assert (one["MultiAZ"], one["StorageEncrypted"], one["PubliclyAccessible"]) == (True, True, False)
    assert one["ReadReplicaDBInstanceIdentifiers"] == []


def test_buckets_are_in_the_country_and_copied_nowhere(asked: Callable[..., Any]) -> None:
    s3 = asked("s3")
    names = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    assert {f"estates-{short}-{ACCOUNT}" for short in ("documents", "models", "pages")} <= set(names)
    for name in names:
        assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == HOME
        block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        assert set(block.values()) == {True}
        with pytest.raises(s3.exceptions.ClientError, match="ReplicationConfigurationNotFound"):
            s3.get_bucket_replication(Bucket=name)


def test_nothing_is_abroad_but_what_cloudfront_wants_there(estates: World) -> None:
    abroad = {
        (one["outputs"]["region"], one["type"])
        for one in estates.state(STACK)["deployment"]["resources"]
        if one.get("outputs", {}).get("region", HOME) != HOME
    }
    assert {region for region, _ in abroad} == {"us-east-1"}, "as the exception says"
    assert not {kind for _, kind in abroad if kind.split(":")[1].split("/")[0] in HOLDS_DATA}
    assert ("us-east-1", "aws:wafv2/webAcl:WebAcl") in abroad


def test_cloudfront_serves_public_pages_and_keeps_no_other(asked: Callable[..., Any]) -> None:
    (one,) = asked("cloudfront").list_distributions()["DistributionList"]["Items"]
    assert (one["Aliases"]["Items"], one["PriceClass"]) == (["estates.example"], "PriceClass_200")
    kept = [behaviour["PathPattern"] for behaviour in one["CacheBehaviors"]["Items"]]
    assert kept == ["/public/*"]


def test_it_goes_and_leaves_nothing(estates: World) -> None:
    down = estates.sandbox("down", "--destroy", STACK, "--json", limit_seconds=900)
    assert down.status == 0, down.text[-4000:]
    assert down.document()["notes"][-1] == "nothing runs"
