"""An EKS cluster is in the VPC of its subnets, and has a security group that EC2 knows.

https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigResponse.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import secrets
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import ec2, eks

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OK = 200
Body = dict[str, Any]


def _create(original: Handler) -> Handler:
    def create(body: Body, creator: str | None = None) -> Response:
        answer: Response = original(body, creator)
        if answer[0] != _OK:
            return answer
        cluster = eks._clusters[body["name"]]
        network = cluster["resourcesVpcConfig"]
        subnets = [ec2._subnets[subnet] for subnet in network["subnetIds"] if subnet in ec2._subnets]
        if subnets:
            network["vpcId"] = subnets[0]["VpcId"]
            _make_group(cluster)
        return _json({"cluster": eks._sanitize(cluster)})

    return create


def _make_group(cluster: Body) -> None:
    """Make the group EKS puts on the control plane and the nodes: members reach each other, all egress is open."""
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"] = ec2._new_sg_id()
    everything = {"IpProtocol": "-1", "Ipv6Ranges": [], "PrefixListIds": []}
    members = [{"GroupId": group, "UserId": get_account_id()}]
    anywhere = [{"CidrIp": "0.0.0.0/0"}]
    ec2._security_groups[group] = {
        "GroupId": group,
        "GroupName": f"eks-cluster-sg-{cluster['name']}-{secrets.randbelow(10**9)}",
        "Description": "EKS created security group applied to the control plane and to managed nodes.",
        "VpcId": cluster["resourcesVpcConfig"]["vpcId"],
        "OwnerId": get_account_id(),
        "IpPermissions": [{**everything, "IpRanges": [], "UserIdGroupPairs": members}],
        "IpPermissionsEgress": [{**everything, "IpRanges": anywhere, "UserIdGroupPairs": []}],
    }
    ec2._tags[group] = [
        {"Key": f"kubernetes.io/cluster/{cluster['name']}", "Value": "owned"},
        {"Key": "aws:eks:cluster-name", "Value": cluster["name"]},
    ]


def _delete(original: Handler) -> Handler:
    def delete(name: str) -> Response:
        cluster = eks._clusters.get(name)
        answer: Response = original(name)
        if cluster is not None and answer[0] == _OK:
            group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
            ec2._security_groups.pop(group, None)
            ec2._tags.pop(group, None)
        return answer

    return delete


def _json(body: Body) -> Response:
    answer: Response = eks._json_resp(200, json.loads(json.dumps(body)))
    return answer


def _apply() -> None:
    wrap(eks, "_create_cluster", _create)
    wrap(eks, "_delete_cluster", _delete)


PATCH = Patch("eks-cluster-groups", "no rule can be added to a cluster's security group", _apply)
