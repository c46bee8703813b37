"""Outputs that a recording gives in place of what AWS would: of the right form, and plainly not real.

Every resource gets an `id`, and an `arn` in the account and region `recorded`; the few outputs that programs take apart
have a row in a table below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REGION: Final = "recorded"
ACCOUNT: Final = "000000000000"


def outputs_of(type_: str, name: str, inputs: Mapping[str, Any], *, custom: bool) -> tuple[str, dict[str, Any]]:
    """Id and outputs of a registration.

    Args:
        type_: type token.
        name: logical name.
        inputs: inputs as registered; they are outputs too, as with every provider.
        custom: false for a component, which has no id.

    Returns:
        The id (empty for a component) and the outputs.
    """
    special = _SPECIAL.get(type_)
    if not custom:
        return "", {**inputs, **(special(name) if special else {})}
    # a bucket's id is its name, as the provider says; other fixed names are ids nowhere that matters here
    physical = str(inputs.get("bucket") or f"{name}-id") if type_ == "aws:s3/bucket:Bucket" else f"{name}-id"
    outputs: dict[str, Any] = {"name": name, **inputs, "arn": arn(type_, name, inputs)}
    return physical, {**outputs, **(special(name) if special else {})}


def arn(type_: str, name: str, inputs: Mapping[str, Any]) -> str:
    """ARN of the right form for a resource."""
    _, _, rest = type_.partition(":")
    module, _, kind = rest.partition("/")
    kind = kind.partition(":")[0] or module
    if type_ == "aws:s3/bucket:Bucket":
        return f"arn:aws:s3:::{inputs.get('bucket') or name}"
    if module == "iam":
        return f"arn:aws:iam::{ACCOUNT}:{kind}/{inputs.get('name') or name}"
    if type_ == "aws:cloudwatch/logGroup:LogGroup":
        return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{inputs.get('name') or name}"
    return f"arn:aws:{module}:{REGION}:{ACCOUNT}:{kind}/{name}"


def _eks_cluster(name: str) -> dict[str, Any]:
    issuer = f"https://oidc.eks.{REGION}.amazonaws.com/id/{name}"
    cluster = {
        "name": name,
        "arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{name}",
        "endpoint": f"https://{name}.eks.{REGION}.amazonaws.com",
        "version": "",
        "certificateAuthority": {"data": ""},
        "identities": [{"oidcs": [{"issuer": issuer}]}],
        "vpcConfig": {"clusterSecurityGroupId": f"{name}-cluster-security-group"},
    }
    return {
        "eksCluster": cluster,
        "core": {"cluster": cluster},
        "clusterSecurityGroupId": f"{name}-cluster-security-group",
        "nodeSecurityGroupId": f"{name}-node-security-group",
        "oidcIssuer": issuer,
        "kubeconfig": {},
        "kubeconfigJson": "{}",
    }


_SPECIAL: Final[Mapping[str, Callable[[str], dict[str, Any]]]] = {
    "eks:index:Cluster": _eks_cluster,
}
