"""An HTTP API with a VPC link to a load balancer, as tests of these patches make it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.sandbox.emulator.traffic.behind import ask

if TYPE_CHECKING:
    from sandbox.emulator import client
    from tests.sandbox.emulator.conftest import Aws, Client
    from tests.sandbox.emulator.traffic.behind import Front, Said

DOMAIN = "api.shop.example"


@dataclass
class Site:
    """A VPC with subnets and a group."""

    aws: Aws
    region: str = "us-east-1"

    @property
    def ec2(self) -> Client:
        return self.aws("ec2", self.region)

    def vpc(self) -> str:
        return str(self.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"])

    def subnet(self, vpc: str, zone: str = "a", third: int = 1) -> str:
        made = self.ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.9.{third}.0/24", AvailabilityZone=f"{self.region}{zone}"
        )
        return str(made["Subnet"]["SubnetId"])

    def group(self, vpc: str) -> str:
        return str(self.ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"])

    def link(self) -> dict[str, Any]:
        """Make a link."""
        vpc = self.vpc()
        made = self.aws("apigatewayv2", self.region).create_vpc_link(
            Name="link", SubnetIds=[self.subnet(vpc)], SecurityGroupIds=[self.group(vpc)], Tags={"Owner": "shop"}
        )
        return dict(made)


@dataclass
class Gateway:
    """An HTTP API in front of a load balancer."""

    emulator: client.Emulator
    aws: Aws
    front: Front
    tls: dict[str, str] | None = None
    stage: dict[str, Any] = field(default_factory=dict)
    domain: str = DOMAIN

    def __post_init__(self) -> None:
        api = self.api
        self.id = api.create_api(Name="api", ProtocolType="HTTP", DisableExecuteApiEndpoint=True)["ApiId"]
        self.link = Site(self.aws).link()["VpcLinkId"]
        self.integration = api.create_integration(**self.private(), **self.secured())["IntegrationId"]
        for key in ("ANY /v1/{proxy+}", "GET /v1/few"):
            api.create_route(ApiId=self.id, RouteKey=key, Target=f"integrations/{self.integration}")
        api.create_stage(ApiId=self.id, StageName="$default", AutoDeploy=True, **self.stage)
        configuration = {"EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2", "CertificateArn": "arn:aws:acm:x"}
        api.create_domain_name(DomainName=self.domain, DomainNameConfigurations=[configuration])
        api.create_api_mapping(DomainName=self.domain, ApiId=self.id, Stage="$default")

    @property
    def api(self) -> Client:
        return self.aws("apigatewayv2")

    def private(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - arguments of the API
        """Return what a private integration is made from."""
        return {
            "ApiId": self.id,
            "IntegrationType": "HTTP_PROXY",
            "IntegrationMethod": "ANY",
            "IntegrationUri": self.front.arns["listener"],
            "ConnectionType": "VPC_LINK",
            "ConnectionId": self.link,
            "PayloadFormatVersion": "1.0",
            "RequestParameters": {"overwrite:header.x-api-service": "web"},
            **changes,
        }

    def secured(self) -> dict[str, Any]:
        return {"TlsConfig": {"ServerNameToVerify": self.tls["name"]}} if self.tls else {}

    def ask(self, target: str = "/v1/bids", method: str = "GET", body: bytes | None = None, **headers: str) -> Said:
        """Ask as a caller does, who has no credentials of AWS."""
        place = ("127.0.0.1", self.emulator.port)
        return ask(place, target, method, body, Host=headers.pop("Host", self.domain), **headers)
