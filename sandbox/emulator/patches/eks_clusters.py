"""EKS clusters: an issuer IAM accepts, the VPC of their subnets, a security group that exists, protection.

https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html (fields, defaults)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import secrets
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, eks

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_OK = 200
_DEFAULTS: dict[str, Any] = {
    "deletionProtection": False,
    "upgradePolicy": {"supportType": "EXTENDED"},
}
"""What AWS answers where nothing is asked for."""

Body = dict[str, Any]


def _issuer(_: Handler) -> Handler:
    """An issuer as AWS names it. Nothing answers there; IAM only wants https."""
    return lambda oidc_id: f"https://oidc.eks.{get_region()}.amazonaws.com/id/{oidc_id}"


def _oidc_id(_: Handler) -> Handler:
    return lambda: secrets.token_hex(16).upper()


def _create(original: Handler) -> Handler:
    def create(body: Body, creator: str | None = None) -> Response:
        answer: Response = original(body, creator)
        if answer[0] != _OK:
            return answer
        cluster = eks._clusters[body["name"]]
        for field, default in _DEFAULTS.items():
            cluster[field] = body.get(field, default)
        if "zonalShiftConfig" in body:
            cluster["zonalShiftConfig"] = body["zonalShiftConfig"]
        mode = cluster["accessConfig"].get("authenticationMode", "CONFIG_MAP")
        cluster["accessConfig"] = {**cluster["accessConfig"], "authenticationMode": mode}
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
        if cluster is not None and cluster.get("deletionProtection"):
            reason = f"Cluster {name} has deletion protection enabled."
            refusal: Response = eks._error(400, "InvalidRequestException", reason)
            return refusal
        if cluster is not None and any(key.startswith(f"{name}/") for key in eks._nodegroups):
            attached: Response = eks._error(409, "ResourceInUseException", "Cluster has nodegroups attached")
            return attached
        answer: Response = original(name)
        if cluster is not None:
            group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
            ec2._security_groups.pop(group, None)
            ec2._tags.pop(group, None)
            for key in [key for key in eks._addons if key.startswith(f"{name}/")]:
                del eks._addons[key]
        return answer

    return delete


def _json(body: Body) -> Response:
    answer: Response = eks._json_resp(200, json.loads(json.dumps(body)))
    return answer


def _apply() -> None:
    wrap(eks, "_issuer_url", _issuer)
    wrap(eks, "_new_oidc_id", _oidc_id)
    wrap(eks, "_create_cluster", _create)
    wrap(eks, "_delete_cluster", _delete)


PATCHES = (Patch("eks-clusters", "no IAM identity provider can be made of a cluster's issuer", _apply),)
