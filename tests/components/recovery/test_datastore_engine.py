"""Caches of both regions in one small stack: real engine, real provider, embedded AWS; what a refresh finds of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from sandbox.emulator import client
from sandbox.paths import CHECKOUT
from standins.trial import Project
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(600)]

Client: TypeAlias = Any
ACCOUNT = "123456789012"
EAST, WEST = "us-east-1", "us-west-2"
GROUP = "phoenix-prod"

PROGRAM = '''
import os
import pulumi, pulumi_aws as aws
from components.data.redis import Redis, RedisArgs
from components.keys import Keys, KeysArgs
from components.network.outputs import NetworkOutputs
from config.data import Redis as RedisSettings
from config.placement import Placed
from components.providers import provider_elsewhere, stack_providers
from components.recovery.global_datastore import GlobalDatastore, GlobalDatastoreArgs
from config.load import load_file, stack_file


class Half(pulumi.ComponentResource):
    """What a stack has of its own."""

    def __init__(self, stack, changes, primary, options):
        super().__init__("trial:index:Half", stack, None, options)
        settings = load_file(stack_file(stack))
        identity = settings.identity.model_copy(update={"account_id": "123456789012"})
        inside = pulumi.ResourceOptions(parent=self)
        arns = {domain: primary.keys.arn(domain) for domain in settings.keys.domains} if primary else {}
        keys = Keys(f"{stack}-keys", KeysArgs(settings=settings.keys, identity=identity, primary_arns=arns), inside)
        self.keys = keys.outputs
        vpc = aws.ec2.Vpc(stack, cidr_block="10.0.0.0/16", opts=inside)
        group = aws.ec2.SecurityGroup(stack, vpc_id=vpc.id, opts=inside)
        zones = settings.network.zones
        subnets = {
            zone: aws.ec2.Subnet(f"{stack}-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24",
                                 availability_zone=f"{identity.region}{zone}", opts=inside).id
            for number, zone in enumerate(zones)
        }
        network = NetworkOutputs(
            vpc_id=vpc.id, cidr=settings.network.cidr, zones=zones, zone_names={},
            subnet_ids={"database": subnets}, security_group_ids={"redis": group.id},
            members=(Placed(member=RedisSettings.serves, tier="database"),),
        )
        self.args = dict(
            settings=settings.data.redis.model_copy(update=changes), identity=identity, network=network,
            keys=self.keys, log_retention_days=1,
        )


identity = load_file(stack_file("dr")).identity.model_copy(update={"account_id": "123456789012"})
west = pulumi.ResourceOptions(providers=stack_providers(identity))
east = provider_elsewhere("aws-primary", identity, "us-east-1")
member = os.environ["MEMBER"] == "yes"
prod = Half("prod", {"in_global_datastore": member}, None, pulumi.ResourceOptions(providers=[east]))
cache = Redis("prod-redis", RedisArgs(**prod.args), pulumi.ResourceOptions(parent=prod))
dr = Half("dr", {}, prod, west)
datastore = GlobalDatastore("datastore", GlobalDatastoreArgs(
    identity=identity, primary_region=pulumi.Output.from_input("us-east-1"),
    primary_group_id=cache.outputs.arn.apply(lambda arn: arn.rpartition(":")[2]), provider=east,
), west)
Redis("dr-redis", RedisArgs(**dr.args, global_id=datastore.id, secret_arn=cache.outputs.secret_arn),
      pulumi.ResourceOptions(parent=dr))
'''


@dataclass(frozen=True)
class World:
    """The project and its embedded AWS."""

    project: Project
    emulator: client.Emulator

    def group(self, region: str) -> dict[str, Any]:
        """The cache of a region, as AWS shows it."""
        there = session(self.emulator, ACCOUNT)("elasticache", region)
        return dict(there.describe_replication_groups(ReplicationGroupId=GROUP)["ReplicationGroups"][0])

    def engine(self, command: str, *words: str, member: bool = True) -> str:
        """Run `up` or `preview`."""
        variables = {"MEMBER": "yes" if member else "no", "PYTHONPATH": str(CHECKOUT)}
        return self.project.succeed(command, *words, **variables)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The stack, deployed."""
    place: Path = tmp_path_factory.mktemp("datastore")
    emulator = client.start(None, account=ACCOUNT)
    made = World(Project(place, PROGRAM, emulator.port), emulator)
    made.engine("up", "--yes", "--skip-preview")
    yield made
    emulator.stop()


def test_joining_takes_minor_upgrades_from_both_members(world: World) -> None:
    upgraded = [world.group(region)["AutoMinorVersionUpgrade"] for region in (EAST, WEST)]
    assert upgraded == [False, False], "as practitioners report of AWS; else the tests below show nothing"


def test_a_second_run_finds_nothing_to_do(world: World) -> None:
    world.engine("preview", "--expect-no-changes")


def test_after_a_refresh_only_a_primary_that_knows_it_is_followed_has_nothing_to_do(world: World) -> None:
    world.engine("refresh", "--yes", "--skip-preview")
    world.engine("preview", "--expect-no-changes")
    unaware = world.engine("preview", "--diff", member=False)
    assert "autoMinorVersionUpgrade: false => true" in unaware, "which ElastiCache refuses of a member"
