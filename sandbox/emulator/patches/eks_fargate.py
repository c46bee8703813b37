"""EKS has Fargate profiles, one change at a time; ministack has none.

A profile is made and ended between two looks at it. Meanwhile no other of its cluster changes, as in EKS.
https://docs.aws.amazon.com/eks/latest/userguide/fargate-profile.html, API_CreateFargateProfile.html (2026-12); the
words of a profile in the way are those that aws/eksctl quotes.
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
import re
import secrets
import urllib.parse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ministack.core.responses import get_account_id, get_region
from ministack.services import ec2, eks, iam

from config.facts.limits import FARGATE_LABELS, FARGATE_PROFILES, FARGATE_SELECTORS
from sandbox.emulator.patches import stores
from sandbox.emulator.patches.base import Handler, Patch, Response, wrap
from sandbox.emulator.patches.service import RefusedError, more_routes

if TYPE_CHECKING:
    from sandbox.emulator.patches.service import Document, Route

PROFILES: Final = stores.regional("eks-fargate-profiles")
"""`<cluster>/<profile>` -> as it is described, with `_looked`: whether somebody has seen its change."""
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,62}")
_PRINCIPAL: Final = "eks-fargate-pods.amazonaws.com"
_PATH: Final = r"/clusters/([A-Za-z0-9_-]+)/fargate-profiles"
_ONE: Final = f"{_PATH}/([A-Za-z0-9_-]+)"


def _invalid(message: str) -> RefusedError:
    return RefusedError("InvalidParameterException", message)


def _in_use(message: str) -> RefusedError:
    return RefusedError("ResourceInUseException", message, 409)


def _of(cluster: str) -> list[Document]:
    return [one for key, one in PROFILES.items() if key.partition("/")[0] == cluster]


def _create(cluster: str, body: Document) -> Document:
    if cluster not in eks._clusters:
        raise RefusedError("ResourceNotFoundException", f"No cluster found for name: {cluster}.", 404)
    name = str(body.get("fargateProfileName", ""))
    if not _NAME.fullmatch(name) or name.startswith("eks-"):
        raise _invalid(f"fargateProfileName {name!r} is not valid, or begins with eks-, which is reserved")
    if f"{cluster}/{name}" in PROFILES:
        raise _in_use(f"Fargate profile already exists with name {name} and cluster name {cluster}")
    _free(cluster, name, "create")
    if len(_of(cluster)) >= FARGATE_PROFILES:
        raise RefusedError("ResourceLimitExceededException", f"limit of {FARGATE_PROFILES} Fargate profiles exceeded")
    _selectors(body.get("selectors", []))
    _subnets(body.get("subnets", []), eks._clusters[cluster])
    _role(str(body.get("podExecutionRoleArn", "")))
    where = f"{get_region()}:{get_account_id()}"
    made = {
        "fargateProfileName": name,
        "fargateProfileArn": f"arn:aws:eks:{where}:fargateprofile/{cluster}/{name}/{secrets.token_hex(16)}",
        "clusterName": cluster,
        "createdAt": datetime.now(UTC).timestamp(),
        "podExecutionRoleArn": body["podExecutionRoleArn"],
        "subnets": body.get("subnets", []),
        "selectors": [{"labels": {}, **one} for one in body["selectors"]],
        "status": "CREATING",
        "tags": body.get("tags", {}),
        "_looked": False,
    }
    PROFILES[f"{cluster}/{name}"] = made
    _admit(cluster, made["podExecutionRoleArn"])
    return _shown(made)


def _free(cluster: str, name: str, act: str) -> None:
    """Refuse a change while another one of the cluster is under way."""
    for one in _of(cluster):
        if one["status"] != "ACTIVE" and one["fargateProfileName"] != name:
            other = f"{one['fargateProfileName']} in status {one['status']}"
            raise _in_use(
                f"Cannot {act} Fargate Profile {name} because cluster {cluster} currently has profile {other}"
            )


def _selectors(selectors: list[Document]) -> None:
    if not 1 <= len(selectors) <= FARGATE_SELECTORS:
        raise _invalid(f"a Fargate profile has 1 to {FARGATE_SELECTORS} selectors")
    for one in selectors:
        if not one.get("namespace"):
            raise _invalid("Fargate profile selectors must have a namespace")
        if len(one.get("labels", {})) > FARGATE_LABELS:
            raise _invalid(f"a selector has {FARGATE_LABELS} labels at most")


def _subnets(subnets: list[str], cluster: Document) -> None:
    """Refuse subnets of another VPC, and those that an internet gateway reaches; ones that are not there pass."""
    vpc = cluster.get("resourcesVpcConfig", {}).get("vpcId")
    for one in subnets:
        found = ec2._subnets.get(one)
        if found is None:
            continue
        if vpc and found["VpcId"] != vpc:
            raise _invalid(f"Subnet {one} provided in Fargate Profile is not in the VPC of the cluster")
        if _is_public(one, str(found["VpcId"])):
            raise _invalid(f"Subnet {one} provided in Fargate Profile is not a private subnet")


def _is_public(subnet: str, vpc: str) -> bool:
    tables = [one for one in ec2._route_tables.values() if one["VpcId"] == vpc]
    own = [one for one in tables if any(each.get("SubnetId") == subnet for each in one["Associations"])]
    main = [one for one in tables if any(each.get("Main") for each in one["Associations"])]
    routes = [route for one in own or main for route in one["Routes"]]
    return any(str(route.get("GatewayId", "")).startswith("igw-") for route in routes)


def _role(arn: str) -> None:
    found = iam._roles.get(arn.rpartition("/")[2])
    text = found["AssumeRolePolicyDocument"] if found else ""
    trusted = json.loads(urllib.parse.unquote(text)) if isinstance(text, str) and text else text or {}
    if _PRINCIPAL not in json.dumps(trusted):
        message = f"Misconfigured PodExecutionRole Trust Policy; Please add the {_PRINCIPAL} Service Principal"
        raise _invalid(message)


def _admit(cluster: str, role_arn: str) -> None:
    """Make the access entry of the role, as EKS does with the first profile that has it."""
    key = eks._ae_key(cluster, role_arn)
    if key not in eks._access_entries:
        body = {"type": "FARGATE_LINUX", "username": "system:node:{{SessionName}}"}
        eks._access_entries[key] = eks._build_access_entry(cluster, role_arn, body)


def _shown(profile: Document) -> Document:
    return {"fargateProfile": {key: value for key, value in profile.items() if not key.startswith("_")}}


def _found(cluster: str, name: str) -> Document:
    found: Document | None = PROFILES.get(f"{cluster}/{name}")
    if found is None:
        message = f"No Fargate Profile found with name: {name}."
        raise RefusedError("ResourceNotFoundException", message, 404)
    return found


def _describe(cluster: str, name: str, _body: Document) -> Document:
    """Show a profile; a change that was shown once is over the next time."""
    found = _found(cluster, name)
    if found["status"] != "ACTIVE" and found["_looked"]:
        if found["status"] == "DELETING":
            del PROFILES[f"{cluster}/{name}"]
            return _describe(cluster, name, _body)
        found["status"] = "ACTIVE"
    found["_looked"] = True
    PROFILES[f"{cluster}/{name}"] = found
    return _shown(found)


def _list(cluster: str, _body: Document) -> Document:
    return {"fargateProfileNames": sorted(one["fargateProfileName"] for one in _of(cluster))}


def _delete(cluster: str, name: str, _body: Document) -> Document:
    found = _found(cluster, name)
    _free(cluster, name, "delete")
    found |= {"status": "DELETING", "_looked": False}
    PROFILES[f"{cluster}/{name}"] = found
    return _shown(found)


def _end(original: Handler) -> Handler:
    """Refuse to end a cluster that has profiles."""

    def end(name: str) -> Response:
        if _of(name):
            refused: Response = eks._error(409, "ResourceInUseException", "Cluster has Fargate profiles attached")
            return refused
        answer: Response = original(name)
        return answer

    return end


_ROUTES: Final[dict[tuple[str, str], Route]] = {
    ("POST", _PATH): _create,
    ("GET", _PATH): _list,
    ("GET", _ONE): _describe,
    ("DELETE", _ONE): _delete,
}


def _apply() -> None:
    wrap(eks, "_delete_cluster", _end)
    more_routes("eks", _ROUTES)


PATCH = Patch("eks-fargate", "EKS has no Fargate profiles: no such routes", _apply)
