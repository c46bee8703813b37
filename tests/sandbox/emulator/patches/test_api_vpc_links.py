"""VPC links are kept, read back and refused as API Gateway does; integrations remember where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.patches.apis import Gateway, Site

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator import client
    from tests.sandbox.emulator.conftest import Aws, Client
    from tests.sandbox.emulator.traffic.behind import Front

pytestmark = pytest.mark.emulator


@pytest.fixture
def api(aws: Aws) -> Client:
    return aws("apigatewayv2")


def refused(call: Callable[..., Any], **given: Any) -> str:  # noqa: ANN401 - arguments of an API
    with pytest.raises(ClientError) as error:
        call(**given)
    said = error.value.response["Error"]
    return f"{said['Code']}: {said['Message']}"


def test_a_link_is_read_back_whole(aws: Aws, api: Client) -> None:
    made = Site(aws).link()
    found = api.get_vpc_link(VpcLinkId=made["VpcLinkId"])
    assert (found["Name"], found["VpcLinkStatus"], found["VpcLinkVersion"]) == ("link", "AVAILABLE", "V2")
    assert (found["SubnetIds"], found["SecurityGroupIds"]) == (made["SubnetIds"], made["SecurityGroupIds"])
    assert found["Tags"] == {"Owner": "shop"}
    assert [one["VpcLinkId"] for one in api.get_vpc_links()["Items"]] == [made["VpcLinkId"]]


def test_a_link_changes_its_name_and_its_tags_only(aws: Aws, api: Client) -> None:
    link = Site(aws).link()["VpcLinkId"]
    assert api.update_vpc_link(VpcLinkId=link, Name="other")["Name"] == "other"
    arn = f"arn:aws:apigateway:us-east-1::/vpclinks/{link}"
    api.tag_resource(ResourceArn=arn, Tags={"Env": "prod"})
    api.untag_resource(ResourceArn=arn, TagKeys=["Owner"])
    assert api.get_tags(ResourceArn=arn)["Tags"] == {"Env": "prod"}
    assert api.get_vpc_link(VpcLinkId=link)["Tags"] == {"Env": "prod"}
    assert "subnetIds" not in aws("apigatewayv2").meta.service_model.shape_for("UpdateVpcLinkRequest").members


def test_a_link_needs_subnets_and_groups_that_are_there(aws: Aws, api: Client) -> None:
    site = Site(aws)
    vpc, other = site.vpc(), site.vpc()
    subnet, group = site.subnet(vpc), site.group(vpc)
    make = api.create_vpc_link
    assert "subnet-none" in refused(make, Name="link", SubnetIds=["subnet-none"], SecurityGroupIds=[group])
    assert "sg-none" in refused(make, Name="link", SubnetIds=[subnet], SecurityGroupIds=["sg-none"])
    elsewhere = site.subnet(other)
    assert "one VPC" in refused(make, Name="link", SubnetIds=[subnet, elsewhere], SecurityGroupIds=[group])
    assert refused(make, Name="", SubnetIds=[subnet]).startswith("BadRequestException")
    assert api.get_vpc_links()["Items"] == []


def test_a_link_stands_in_no_zone_that_has_none(aws: Aws, api: Client) -> None:
    site = Site(aws)
    vpc = site.vpc()
    subnets = {site.ec2.describe_subnets(SubnetIds=[one])["Subnets"][0]["AvailabilityZoneId"]: one
               for one in (site.subnet(vpc, zone, at) for at, zone in enumerate("abcdef", 1))}  # fmt: skip
    assert "use1-az3" in refused(api.create_vpc_link, Name="link", SubnetIds=[subnets["use1-az3"]])
    assert api.create_vpc_link(Name="link", SubnetIds=[subnets["use1-az1"]])["VpcLinkStatus"] == "AVAILABLE"


def test_an_integration_remembers_where_it_leads(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, tls={"name": "api.shop.example"}, domain="kept.shop.example")
    found = gateway.api.get_integration(ApiId=gateway.id, IntegrationId=gateway.integration)
    assert (found["ConnectionType"], found["ConnectionId"]) == ("VPC_LINK", gateway.link)
    assert found["TlsConfig"] == {"ServerNameToVerify": "api.shop.example"}
    assert (found["IntegrationUri"], found["PayloadFormatVersion"]) == (front.arns["listener"], "1.0")
    changed = {"TlsConfig": {"ServerNameToVerify": "other.shop.example"}, "TimeoutInMillis": 5000}
    gateway.api.update_integration(ApiId=gateway.id, IntegrationId=gateway.integration, **changed)
    found = gateway.api.get_integration(ApiId=gateway.id, IntegrationId=gateway.integration)
    assert {key: found[key] for key in changed} == changed


def test_an_integration_leads_to_a_listener_that_is_there(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, domain="led.shop.example")
    make = gateway.api.create_integration
    gone = front.arns["listener"].replace("listener/app", "listener/none")
    assert "Invalid integration URI" in refused(make, **gateway.private(IntegrationUri=gone))
    assert "VPC link none" in refused(make, **gateway.private(ConnectionId="none"))
    change = {"ApiId": gateway.id, "IntegrationId": gateway.integration, "IntegrationUri": gone}
    assert "Invalid integration URI" in refused(gateway.api.update_integration, **change)


def test_a_link_stays_while_an_integration_leads_through_it(emulator: client.Emulator, aws: Aws, front: Front) -> None:
    gateway = Gateway(emulator, aws, front, domain="stays.shop.example")
    assert gateway.integration in refused(gateway.api.delete_vpc_link, VpcLinkId=gateway.link)
    gateway.api.delete_integration(ApiId=gateway.id, IntegrationId=gateway.integration)
    gateway.api.delete_vpc_link(VpcLinkId=gateway.link)
    assert refused(gateway.api.get_vpc_link, VpcLinkId=gateway.link).startswith("NotFoundException")
