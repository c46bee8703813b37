"""Outputs that a recording gives in place of what AWS would: of the right form, and plainly not real.

Every resource gets an `id`, an `arn` in the region `recorded` and account 000000000000, and host names where its type
has some; pulumi-eks's component, whose outputs a program takes apart, gets those too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REGION: Final = "recorded"
ACCOUNT: Final = "000000000000"
CERTIFICATE: Final = "aws:acm/certificate:Certificate"
API_DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName"
ALIAS: Final = "aws:lambda/alias:Alias"
_CALLS: Final = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/"
KAFKA: Final = "aws:msk/cluster:Cluster"
HOST_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:cloudfront/distribution:Distribution": ("domainName",),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("configurationEndpointAddress",),
    "aws:lb/loadBalancer:LoadBalancer": ("dnsName",),
    KAFKA: ("bootstrapBrokersSaslIam",),
    "aws:rds/instance:Instance": ("address",),
    "aws:rds/proxy:Proxy": ("endpoint",),
}
"""Type -> outputs that are host names."""
GUARDRAIL: Final = "aws:bedrock/guardrail:Guardrail"
GUARDRAIL_VERSION: Final = "aws:bedrock/guardrailVersion:GuardrailVersion"
IDS: Final[Mapping[str, tuple[str, ...]]] = {
    GUARDRAIL: ("guardrailId",),
    KAFKA: ("clusterName",),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": ("globalReplicationGroupId",),
}
"""Type -> outputs that repeat its id."""


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
    if not custom:
        return "", dict(inputs)
    # a bucket's id is its name, as the provider says; other fixed names are ids nowhere that matters here
    physical = str(inputs.get("bucket") or f"{name}-id") if type_ == "aws:s3/bucket:Bucket" else f"{name}-id"
    hosts = dict.fromkeys(HOST_NAMES.get(type_, ()), f"{name}.{REGION}.example")
    ids = dict.fromkeys(IDS.get(type_, ()), physical)
    proofs = {"domainValidationOptions": _proofs(inputs)} if type_ == CERTIFICATE else {}
    leads = {"domainNameConfiguration": _leads(name, inputs)} if type_ == API_DOMAIN else {}
    made = arn(type_, name, inputs)
    calls = {"invokeArn": f"{_CALLS}{made}/invocations"} if type_ == ALIAS else {}
    guards = {"guardrailArn": made} if type_ == GUARDRAIL else {"version": "1"} if type_ == GUARDRAIL_VERSION else {}
    return physical, {"name": name, **inputs, "arn": made, **hosts, **ids, **proofs, **leads, **calls, **guards}


def _leads(name: str, domain: Mapping[str, Any]) -> dict[str, Any]:
    """Return where a name of API Gateway leads, beside what was asked for."""
    asked = domain["domainNameConfiguration"]
    return {**asked, "targetDomainName": f"{name}.{REGION}.example", "hostedZoneId": f"{name}-zone-id"}


def _proofs(certificate: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the records by which ACM would have the domains of a certificate proven."""
    domains = [certificate.get("domainName"), *(certificate.get("subjectAlternativeNames") or ())]
    return [
        {
            "domainName": str(domain),
            "resourceRecordName": f"_proof.{domain}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_proof.{REGION}.example.",
        }
        for domain in domains
    ]


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


EKS_CLUSTER: Final = "eks:index:Cluster"
"""pulumi-eks's component; its plugin registers the cluster itself, which a recording stands in for."""


def eks_cluster(name: str) -> dict[str, Any]:
    """Outputs of the `aws:eks/cluster:Cluster` inside the component."""
    return {
        "name": name,
        "arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{name}",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{name}-role",
        "endpoint": f"https://{name}.eks.{REGION}.amazonaws.com",
        "certificateAuthority": {"data": ""},
        "identities": [{"oidcs": [{"issuer": _issuer(name)}]}],
        "vpcConfig": {"clusterSecurityGroupId": f"{name}-cluster-security-group"},
    }


def eks_component(name: str, cluster: Mapping[str, Any]) -> dict[str, Any]:
    """Outputs of the component, given the reference to its cluster."""
    return {
        "eksCluster": cluster,
        "core": {"cluster": cluster},
        "clusterSecurityGroupId": f"{name}-cluster-security-group",
        "nodeSecurityGroupId": f"{name}-node-security-group",
        "oidcIssuer": _issuer(name),
        "kubeconfig": {},
        "kubeconfigJson": "{}",
    }


NODE_GROUP: Final = "eks:index:ManagedNodeGroup"
"""pulumi-eks's managed node group; its plugin registers the group itself."""


def eks_node_group(name: str) -> dict[str, Any]:
    """Outputs of the `aws:eks/nodeGroup:NodeGroup` inside the component."""
    return {"nodeGroupName": name, "resources": [{"autoscalingGroups": [{"name": f"eks-{name}"}]}]}


def _issuer(name: str) -> str:
    return f"https://oidc.eks.{REGION}.amazonaws.com/id/{name}"
