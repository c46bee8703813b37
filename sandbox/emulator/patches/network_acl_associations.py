"""Every subnet is associated with exactly one network ACL, found by it, and moved.

ministack associates no subnet, forgets which subnet an association moved and ignores the association filters.
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
(a subnet without an explicit association belongs to the default ACL of its VPC)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import secrets
from typing import Any

from ministack.services import ec2

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_FILTERS = {
    "association.association-id": "NetworkAclAssociationId",
    "association.subnet-id": "SubnetId",
}
_NOBODY = "acl-00000000000000000"


def _associate_all() -> None:
    """Give every living subnet its one association, the default ACL's unless it has another, and drop dead ones."""
    associated: set[str] = set()
    for acl in ec2._network_acls.values():
        acl["Associations"] = [a for a in acl["Associations"] if a["SubnetId"] in ec2._subnets]
        associated.update(a["SubnetId"] for a in acl["Associations"])
    defaults = {acl["VpcId"]: acl for acl in ec2._network_acls.values() if acl.get("IsDefault")}
    for subnet_id, subnet in ec2._subnets.items():
        if subnet_id not in associated and subnet["VpcId"] in defaults:
            defaults[subnet["VpcId"]]["Associations"].append(_association(subnet_id))


def _association(subnet_id: str) -> dict[str, str]:
    return {"NetworkAclAssociationId": f"aclassoc-{secrets.token_hex(9)[:17]}", "SubnetId": subnet_id}


def _matches(acl: dict[str, Any], filters: dict[str, list[str]]) -> bool:
    if acl["NetworkAclId"] not in filters.get("network-acl-id", [acl["NetworkAclId"]]):
        return False
    if acl["NetworkAclId"] not in filters.get("association.network-acl-id", [acl["NetworkAclId"]]):
        return False
    return all(
        any(association[key] in filters[name] for association in acl["Associations"])
        for name, key in _FILTERS.items()
        if name in filters
    )


def _describe(original: Handler) -> Handler:
    def describe(params: Params) -> Response:
        _associate_all()
        filters = ec2._parse_filters(params)
        asked = ec2._parse_member_list(params, "NetworkAclId")
        found = [i for i, acl in ec2._network_acls.items() if _matches(acl, filters) and (not asked or i in asked)]
        rest = {name: value for name, value in params.items() if not name.startswith("NetworkAclId.")}
        answer: Response = original(rest | {f"NetworkAclId.{n}": [i] for n, i in enumerate(found or [_NOBODY], 1)})
        return answer

    return describe


def _replace_association(_: Handler) -> Handler:
    def replace(params: Params) -> Response:
        _associate_all()
        target = ec2._network_acls.get(ec2._p(params, "NetworkAclId"))
        if target is None:
            return _error("InvalidNetworkAclID.NotFound", f"The network ACL '{ec2._p(params, 'NetworkAclId')}'")
        wanted = ec2._p(params, "AssociationId")
        for acl in ec2._network_acls.values():
            for association in acl["Associations"]:
                if association["NetworkAclAssociationId"] == wanted:
                    acl["Associations"].remove(association)
                    moved = _association(association["SubnetId"])
                    target["Associations"].append(moved)
                    body = f"<newAssociationId>{moved['NetworkAclAssociationId']}</newAssociationId>"
                    answer: Response = ec2._xml(200, "ReplaceNetworkAclAssociationResponse", body)
                    return answer
        return _error("InvalidAssociationID.NotFound", f"The association ID '{wanted}'")

    return replace


def _error(code: str, subject: str) -> Response:
    answer: Response = ec2._error(code, f"{subject} does not exist", 400)
    return answer


def _delete(original: Handler) -> Handler:
    def delete(params: Params) -> Response:
        _associate_all()
        acl = ec2._network_acls.get(ec2._p(params, "NetworkAclId"))
        if acl is not None and (acl["Associations"] or acl.get("IsDefault")):
            reason = f"The network ACL '{acl['NetworkAclId']}' has dependencies and cannot be deleted."
            refusal: Response = ec2._error("DependencyViolation", reason, 400)
            return refusal
        answer: Response = original(params)
        return answer

    return delete


def _apply() -> None:
    wrap_action(ec2._ACTION_MAP, "DescribeNetworkAcls", _describe)
    wrap_action(ec2._ACTION_MAP, "ReplaceNetworkAclAssociation", _replace_association)
    wrap_action(ec2._ACTION_MAP, "DeleteNetworkAcl", _delete)


PATCH = Patch(
    "ec2-network-acl-associations", "an ACL with subnets cannot be created: too many results, or no association", _apply
)
