"""The API in a small stack of its own: real engine, real provider, embedded AWS; made, changed, asked and destroyed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from sandbox.emulator import client
from sandbox.paths import CHECKOUT
from standins.trial import Project
from tests.sandbox.emulator.conftest import session
from tests.sandbox.emulator.traffic.behind import ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.emulator.traffic.behind import Said

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(600)]

Client: TypeAlias = Any
ACCOUNT = "123456789012"
DOMAIN = "api.phoenix.example"

PROGRAM = '''
import json, os
import pulumi, pulumi_aws as aws
from components.api import Api, ApiArgs
from components.data import BucketOutputs
from components.keys import Keys, KeysArgs
from components.network.outputs import NetworkOutputs
from components.providers import stack_providers
from config.placement import Placed
from tests.config.containersfile import GONE, accepted

changes = {path: GONE if value is None else value for path, value in json.loads(os.environ["CHANGES"]).items()}
settings = accepted(changes)
identity = settings.identity.model_copy(update={"account_id": "123456789012"})
options = pulumi.ResourceOptions(providers=stack_providers(identity))


class Around(pulumi.ComponentResource):
    """What the API stands in."""

    def __init__(self, options):
        super().__init__("trial:index:Around", "around", None, options)
        inside = pulumi.ResourceOptions(parent=self)
        self.keys = Keys("keys", KeysArgs(settings=settings.keys, identity=identity), inside).outputs
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=inside)
        aws.ec2.InternetGateway("internet", vpc_id=vpc.id, opts=inside)
        group = aws.ec2.SecurityGroup("api", vpc_id=vpc.id, opts=inside)
        subnets = {
            zone: aws.ec2.Subnet(f"tasks-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24",
                                 availability_zone=f"{identity.region}{zone}", opts=inside).id
            for number, zone in enumerate(settings.network.zones)
        }
        self.network = NetworkOutputs(
            vpc_id=vpc.id, cidr=settings.network.cidr, zones=settings.network.zones, zone_names={},
            subnet_ids={"tasks": subnets}, security_group_ids={"api": group.id},
            members=(Placed(member=settings.api.serves, tier="tasks"),),
        )
        self.zone_id = aws.route53.Zone("zone", name=settings.edge.domain, opts=inside).id
        self.check = aws.route53.HealthCheck("check", type="HTTPS", fqdn="origin.phoenix.example", port=443,
                                             resource_path="/", request_interval=30, failure_threshold=3,
                                             opts=inside).id
        bucket = aws.s3.Bucket("logs", opts=inside)
        self.logs = BucketOutputs(name=bucket.bucket, arn=bucket.arn)


around = Around(options)
routes = {name: route for name, route in settings.api.routes.items() if route.function is None}
api = Api("api", ApiArgs(
    settings=settings.api.model_copy(update={"routes": routes}), functions={}, identity=identity,
    network=around.network, keys=around.keys, access_logs=around.logs,
    services=settings.services, domain="api.phoenix.example", zone_id=around.zone_id, failover="PRIMARY",
    health_check_id=around.check,
), options).outputs
pulumi.export("api_id", api.id)
'''


@dataclass(frozen=True)
class World:
    """The project and its embedded AWS."""

    project: Project
    emulator: client.Emulator

    def aws(self, service: str) -> Client:
        return session(self.emulator, ACCOUNT)(service, "us-east-1")

    def engine(self, command: str, *words: str, **changes: object) -> str:
        """Run `up`, `preview`, `refresh` or `destroy`."""
        paths = {path.replace("__", "."): value for path, value in changes.items()}
        return self.project.succeed(command, *words, CHANGES=json.dumps(paths), PYTHONPATH=str(CHECKOUT))

    @property
    def api_id(self) -> str:
        (found,) = self.aws("apigatewayv2").get_apis()["Items"]
        return str(found["ApiId"])

    def ask(self, target: str, method: str = "GET") -> Said:
        return ask(("127.0.0.1", self.emulator.port), target, method, Host=DOMAIN)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The stack, deployed."""
    place: Path = tmp_path_factory.mktemp("api")
    emulator = client.start(None, account=ACCOUNT)
    made = World(Project(place, PROGRAM, emulator.port), emulator)
    made.engine("up", "--yes", "--skip-preview")
    yield made
    emulator.stop()


def test_what_stands_is_what_the_file_says(world: World) -> None:
    api = world.aws("apigatewayv2")
    stage = api.get_stage(ApiId=world.api_id, StageName="$default")
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 50
    assert stage["RouteSettings"]["POST /v1/auctions/{id}/bids"]["ThrottlingBurstLimit"] == 40
    (link,) = api.get_vpc_links()["Items"]
    assert len(link["SubnetIds"]) == 3
    integrations = api.get_integrations(ApiId=world.api_id)["Items"]
    assert {one["ConnectionId"] for one in integrations} == {link["VpcLinkId"]}
    assert {one["TlsConfig"]["ServerNameToVerify"] for one in integrations} == {DOMAIN}
    (mapping,) = api.get_api_mappings(DomainName=DOMAIN)["Items"]
    assert (mapping["ApiId"], mapping["Stage"]) == (world.api_id, "$default")


def test_a_second_run_finds_nothing_to_do_after_a_refresh_too(world: World) -> None:
    world.engine("preview", "--expect-no-changes")
    world.engine("refresh", "--yes", "--skip-preview")
    world.engine("preview", "--expect-no-changes")


def test_a_caller_reaches_the_load_balancer_by_the_name(world: World) -> None:
    assert world.ask("/v1/videos").status == 503, "its rule for the service, which has no tasks here"
    assert world.ask("/v1/auctions/1/bids", "POST").status == 401, "nobody without a token"
    assert world.ask("/internal/reports").status == 403, "nobody whom IAM does not know"
    assert world.ask("/other").status == 404


def test_routes_and_what_belongs_to_them_change_in_place(world: World) -> None:
    link = world.aws("apigatewayv2").get_vpc_links()["Items"][0]["VpcLinkId"]
    changes = {
        "api__routes__bids__throttling": None,
        "api__routes__bids__timeout_milliseconds": 5000,
        "api__routes__catalogue__route_key": "GET /shop/{proxy+}",
        "api__cors": None,
        "api__routes__reports-preflight": None,
        "api__log_retention_days": 365,
    }
    before = world.api_id
    world.engine("up", "--yes", "--skip-preview", **changes)
    world.engine("preview", "--expect-no-changes", **changes)
    assert world.api_id == before, "nothing is replaced"
    assert [one["VpcLinkId"] for one in world.aws("apigatewayv2").get_vpc_links()["Items"]] == [link]
    stage = world.aws("apigatewayv2").get_stage(ApiId=before, StageName="$default")
    assert not stage.get("RouteSettings")
    assert world.ask("/shop/videos").status == 503


def test_nothing_is_left(world: World) -> None:
    """The load balancer is protected from deletion by AWS itself; that is taken off by hand, as the runbook says."""
    elb = world.aws("elbv2")
    (balancer,) = elb.describe_load_balancers()["LoadBalancers"]
    off = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=off)
    world.engine("state", "unprotect", "--all", "--yes")  # the keys
    world.engine("destroy", "--yes", "--skip-preview")
    assert world.aws("apigatewayv2").get_apis()["Items"] == []
    assert world.aws("apigatewayv2").get_vpc_links()["Items"] == []
    assert world.aws("apigatewayv2").get_domain_names()["Items"] == []
