"""VPC endpoints keep their policy, private DNS and security groups, through creation and change.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html (names, defaults)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap, wrap_action

_INTERFACE = "Interface"
_OPEN_POLICY = '{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}'
"""What AWS attaches where no policy is given."""


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        before = set(ec2._vpc_endpoints)
        answer: Response = original(params)
        for endpoint_id in set(ec2._vpc_endpoints) - before:
            endpoint = ec2._vpc_endpoints[endpoint_id]
            endpoint.update(_asked(params, endpoint))
            body = ec2._vpce_fields_xml(endpoint, tag="vpcEndpoint")
            answer = ec2._xml(200, "CreateVpcEndpointResponse", body)
        return answer

    return create


def _asked(params: Params, endpoint: dict[str, Any]) -> dict[str, Any]:
    groups = ec2._parse_member_list(params, "SecurityGroupId")
    if endpoint["VpcEndpointType"] == _INTERFACE and not groups:
        groups = [ec2._vpcs[endpoint["VpcId"]]["DefaultSecurityGroupId"]]
    return {
        "IpAddressType": ec2._p(params, "IpAddressType") or "ipv4",
        "PolicyDocument": ec2._p(params, "PolicyDocument") or _OPEN_POLICY,
        "PrivateDnsEnabled": ec2._p(params, "PrivateDnsEnabled") == "true",
        "SecurityGroupIds": groups,
    }


def _modify(original: Handler) -> Handler:
    def modify(params: Params) -> Response:
        answer: Response = original(params)
        endpoint = ec2._vpc_endpoints.get(ec2._p(params, "VpcEndpointId"))
        if endpoint is not None:
            _change(endpoint, params)
        return answer

    return modify


def _change(endpoint: dict[str, Any], params: Params) -> None:
    removed = ec2._parse_member_list(params, "RemoveSecurityGroupId")
    kept = [group for group in endpoint.get("SecurityGroupIds", []) if group not in removed]
    added = ec2._parse_member_list(params, "AddSecurityGroupId")
    endpoint["SecurityGroupIds"] = kept + [group for group in added if group not in kept]
    if private_dns := ec2._p(params, "PrivateDnsEnabled"):
        endpoint["PrivateDnsEnabled"] = private_dns == "true"
    if ec2._p(params, "ResetPolicy") == "true":
        endpoint["PolicyDocument"] = _OPEN_POLICY


def _fields(original: Handler) -> Handler:
    def xml(endpoint: dict[str, Any], tag: str = "item") -> str:
        groups = [(group, ec2._security_groups.get(group, {})) for group in endpoint.get("SecurityGroupIds", [])]
        items = "".join(
            f"<item><groupId>{group}</groupId><groupName>{ec2._esc(record.get('GroupName', ''))}</groupName></item>"
            for group, record in groups
        )
        private_dns = "true" if endpoint.get("PrivateDnsEnabled") else "false"
        extra = (
            f"<groupSet>{items}</groupSet>"
            f"<privateDnsEnabled>{private_dns}</privateDnsEnabled>"
            f"<policyDocument>{ec2._esc(endpoint.get('PolicyDocument', _OPEN_POLICY))}</policyDocument>"
            f"<ipAddressType>{endpoint.get('IpAddressType', 'ipv4')}</ipAddressType>"
            f"<requesterManaged>false</requesterManaged>{_dns(endpoint)}"
        )
        head, end, tail = str(original(endpoint, tag=tag)).rpartition(f"</{tag}>")
        return f"{head}{extra}{end}{tail}"

    return xml


def _dns(endpoint: dict[str, Any]) -> str:
    if endpoint["VpcEndpointType"] != _INTERFACE:
        return ""
    service = endpoint["ServiceName"].removeprefix("com.amazonaws.").partition(".")
    name = f"{endpoint['VpcEndpointId']}-sandbox.{service[2]}.{service[0]}.vpce.amazonaws.com"
    return (
        f"<dnsEntrySet><item><dnsName>{name}</dnsName><hostedZoneId>Z7HUB22UULQXV</hostedZoneId></item></dnsEntrySet>"
        "<dnsOptions><dnsRecordIpType>ipv4</dnsRecordIpType></dnsOptions>"
    )


def _apply() -> None:
    wrap_action(ec2._ACTION_MAP, "CreateVpcEndpoint", _create)
    wrap_action(ec2._ACTION_MAP, "ModifyVpcEndpoint", _modify)
    wrap(ec2, "_vpce_fields_xml", _fields)


PATCH = Patch("ec2-vpc-endpoints", "interface endpoints show drift in policy, private DNS and groups", _apply)
