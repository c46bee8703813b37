"""Both regions in one small stack: real engine, real provider, embedded AWS. What is written crosses and comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from sandbox.emulator import client, outage
from sandbox.paths import CHECKOUT
from standins.trial import Project
from tests.sandbox.emulator.conftest import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(600)]

Client: TypeAlias = Any
ACCOUNT = "123456789012"
EAST, WEST = "us-east-1", "us-west-2"
PATIENCE_S = 10.0

PROGRAM = '''
import os
import pulumi, pulumi_aws as aws
from components.data.bucket import Bucket, BucketArgs
from components.keys import Keys, KeysArgs
from components.providers import provider_elsewhere, stack_providers
from components.recovery.bucket_replication import BucketReplication, BucketReplicationArgs, Place
from components.recovery.promotion import Promotion, PromotionArgs
from components.recovery.registry_replication import RegistryReplication, RegistryReplicationArgs
from components.recovery.secret_replication import SecretReplicationArgs, secrets_task
from components.recovery.writers import Writers, WritersArgs
from components.registry import Registry, RegistryArgs
from config.load import load_file, stack_file


class Half(pulumi.ComponentResource):
    """What a stack has of its own."""

    def __init__(self, stack, primary_keys, options):
        super().__init__("trial:index:Half", stack, None, options)
        settings = load_file(stack_file(stack))
        self.identity = settings.identity.model_copy(update={"account_id": "123456789012"})
        self.settings = settings
        inside = pulumi.ResourceOptions(parent=self)
        arns = {domain: primary_keys.arn(domain) for domain in settings.keys.domains} if primary_keys else {}
        keys = KeysArgs(settings=settings.keys, identity=self.identity, primary_arns=arns)
        self.keys = Keys(f"{stack}-keys", keys, inside).outputs
        logs = aws.s3.Bucket(f"{stack}-access-logs", opts=inside)
        self.buckets = {
            short: Bucket(
                f"{stack}-{short}",
                BucketArgs(
                    short_name=short, settings=settings.data.buckets[short], identity=self.identity,
                    key_arn=self.keys.arn("storage"), access_logs=logs.id,
                ),
                inside,
            ).outputs
            for short in ("app-data", "logs")
        }
        registry = RegistryArgs(settings=settings.registry, identity=self.identity, keys=self.keys)
        self.registry = Registry(f"{stack}-registry", registry, inside)
        self.place = Place(
            region=self.identity.region, key_arn=self.keys.arn("storage"),
            names={short: bucket.name for short, bucket in self.buckets.items()},
        )


active = os.environ["ACTIVE"] == "yes"
identity = load_file(stack_file("dr")).identity.model_copy(update={"account_id": "123456789012"})
west = pulumi.ResourceOptions(providers=stack_providers(identity))
primary = provider_elsewhere("aws-primary", identity, "us-east-1")
prod = Half("prod", None, pulumi.ResourceOptions(providers=[primary]))
dr = Half("dr", prod.keys, west)
in_prod = pulumi.ResourceOptions(parent=prod)
secret = aws.secretsmanager.Secret("postgres", kms_key_id=prod.keys.arn("secrets"), opts=in_prod)
aws.secretsmanager.SecretVersion("postgres", secret_id=secret.id, secret_string="first", opts=in_prod)
task = secrets_task(SecretReplicationArgs(
    identity=identity, key_arn=dr.keys.arn("secrets"), primary_region=pulumi.Output.from_input("us-east-1"),
    primary_key_arn=prod.keys.arn("secrets"), secret_arns={"postgres": secret.arn},
))
Promotion("promotion", PromotionArgs(
    identity=identity, keys=dr.keys, log_retention_days=1, active=active, tasks=[task], after=[],
), west)
standby = dr.settings.recovery.standby
BucketReplication("buckets", BucketReplicationArgs(
    settings=standby.buckets, here=dr.place, primary=prod.place, primary_provider=primary,
), west)
RegistryReplication("images", RegistryReplicationArgs(
    identity=identity, primary_region="us-east-1", primary_provider=primary,
    repositories=dr.registry.outputs.repositories,
), west)
writers = dr if active else prod
Writers("writers", WritersArgs(
    identity=identity, endpoints={f"bucket-{short}": bucket.name for short, bucket in writers.buckets.items()},
), west)
pulumi.export("prod", prod.buckets["app-data"].name)
pulumi.export("dr", dr.buckets["app-data"].name)
pulumi.export("secret", secret.arn)
'''


@dataclass(frozen=True)
class World:
    """The project, its embedded AWS, and what it exported."""

    project: Project
    emulator: client.Emulator

    def aws(self, service: str, region: str) -> Client:
        """A client of the stack's account."""
        return session(self.emulator, ACCOUNT)(service, region)

    def output(self, name: str) -> str:
        """An output of the stack."""
        return self.project.succeed("stack", "output", name).strip()

    def engine(self, command: str, active: str, *words: str) -> str:
        """Run `up` or `preview`, with the standby serving or not."""
        variables = {"ACTIVE": active, "PYTHONPATH": str(CHECKOUT)}
        return self.project.succeed(command, *words, **variables)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The stack, deployed, with a standby that follows."""
    place: Path = tmp_path_factory.mktemp("replication")
    emulator = client.start(None, account=ACCOUNT)
    made = World(Project(place, PROGRAM, emulator.port), emulator)
    made.engine("up", "no", "--yes", "--skip-preview")
    yield made
    emulator.stop()


def _until(wanted: object, ask: Callable[[], object]) -> object:
    deadline = time.monotonic() + PATIENCE_S
    while (found := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _status(s3: Client, bucket: str, key: str) -> str | None:
    try:
        found: str | None = s3.head_object(Bucket=bucket, Key=key).get("ReplicationStatus")
    except s3.exceptions.ClientError:
        return None
    return found


def test_a_second_run_finds_nothing_to_do(world: World) -> None:
    world.engine("preview", "no", "--expect-no-changes")


def test_an_object_crosses_both_ways_under_the_keys_of_both_regions(world: World) -> None:
    east, west = world.aws("s3", EAST), world.aws("s3", WEST)
    prod, dr = world.output("prod"), world.output("dr")
    east.put_object(Bucket=prod, Key="from-prod", Body=b"1", Tagging="a=b")
    west.put_object(Bucket=dr, Key="from-dr", Body=b"2")
    statuses = [
        _until("COMPLETED", lambda: _status(east, prod, "from-prod")),
        _until("COMPLETED", lambda: _status(west, dr, "from-dr")),
    ]
    assert statuses == ["COMPLETED", "COMPLETED"], "the roles may do all it takes"
    keys = {
        east.head_object(Bucket=prod, Key="from-dr")["SSEKMSKeyId"].split(":")[3],
        west.head_object(Bucket=dr, Key="from-prod")["SSEKMSKeyId"].split(":")[3],
    }
    assert keys == {EAST, WEST}, "each copy under the key of its own region"


def test_an_image_reaches_the_standbys_repository_with_its_settings(world: World) -> None:
    name = "phoenix/prod/application"
    world.aws("ecr", EAST).put_image(repositoryName=name, imageManifest="{}", imageTag="1.0")
    west = world.aws("ecr", WEST)
    assert [image["imageTag"] for image in west.list_images(repositoryName=name)["imageIds"]] == ["1.0"]
    (kept,) = west.describe_repositories(repositoryNames=[name])["repositories"]
    assert (kept["imageTagMutability"], kept["encryptionConfiguration"]["encryptionType"]) == ("IMMUTABLE", "KMS"), (
        "not the settings ECR gives to repositories that it makes"
    )


def test_the_standby_takes_over_while_the_primarys_region_is_lost(world: World) -> None:
    secret = world.output("secret").replace(EAST, WEST)
    outage.cut(world.emulator.url, EAST)
    world.engine("up", "yes", "--yes", "--skip-preview")
    refused = outage.heal(world.emulator.url, EAST).refused
    copy = world.aws("secretsmanager", WEST).describe_secret(SecretId=secret)
    writer = world.aws("ssm", WEST).get_parameter(Name="/phoenix/prod/writers/bucket-app-data")["Parameter"]["Value"]
    assert refused == (), "the update asked nothing of us-east-1, and nothing of the global control planes"
    assert "PrimaryRegion" not in copy, "the copy of the secret stands alone"
    assert writer == world.output("dr"), "writers write here"


def test_a_standby_that_follows_again_has_the_primarys_secret(world: World) -> None:
    world.engine("up", "yes", "--yes", "--skip-preview")
    world.engine("up", "no", "--yes", "--skip-preview")
    secret = world.output("secret").replace(EAST, WEST)
    copy = world.aws("secretsmanager", WEST).describe_secret(SecretId=secret)
    assert copy["PrimaryRegion"] == EAST, "it follows"
    world.engine("preview", "no", "--expect-no-changes")
