"""Typed IAM policy documents: no look-ups, equal statements give equal JSON, and every permission has a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import pulumi

from components.documents import as_json

Conditions = Mapping[str, Mapping[str, pulumi.Input[str] | list[str]]]
"""Operator -> condition key -> value or values, such as `{"StringEquals": {"aws:SourceAccount": "123456789012"}}`."""
PrincipalType = Literal["AWS", "Service", "Federated"]

_SID: Final = re.compile(r"[0-9A-Za-z]+")
_ACTION: Final = re.compile(r"[a-z0-9-]+:[A-Za-z0-9*?]+")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy document.

    Raises:
        ValueError: The `sid` is not alphanumeric, the reason or the actions are empty, an action is not
            `service:Action`, the statement allows a whole service on everything, or it allows everybody without a
            condition.
    """

    sid: str
    """Short name in CamelCase; shows in the console and in access-denied messages."""
    reason: str
    """Why the principal needs it, one sentence; stays in the program."""
    actions: Sequence[str]
    """Actions such as `s3:GetObject`."""
    resources: Sequence[pulumi.Input[str]] = ()
    """ARNs; empty only in a trust policy, where the role itself is the resource."""
    effect: Literal["Allow", "Deny"] = "Allow"
    """Whether the actions are allowed or denied."""
    principals: Mapping[PrincipalType, Sequence[pulumi.Input[str]]] = field(default_factory=dict)
    """Who; empty in a policy that is attached to a role."""
    conditions: Conditions = field(default_factory=dict)
    """When; all must hold."""

    def __post_init__(self) -> None:
        """Refuse what IAM would refuse, and what no review would let pass."""
        where = f"statement {self.sid!r}"
        if not _SID.fullmatch(self.sid):
            raise ValueError(f"{where}: a sid consists of letters and digits")
        if not self.reason.strip():
            raise ValueError(f"{where}: a statement needs a reason")
        if not self.actions:
            raise ValueError(f"{where}: a statement needs at least one action")
        for action in self.actions:
            if not _ACTION.fullmatch(action):
                raise ValueError(f"{where}: {action!r} is not an action; write it as 'service:Action'")
        if self.effect == "Deny":
            return
        whole_services = [action for action in self.actions if action.endswith(":*")]
        if whole_services and "*" in self.resources:
            raise ValueError(f"{where}: {whole_services[0]!r} on every resource; name the actions or the resources")
        everybody = any("*" in values for values in self.principals.values())
        if everybody and not self.conditions:
            raise ValueError(f"{where}: principal '*' needs a condition")

    def render(self) -> dict[str, object]:
        """Return the statement as IAM spells it; actions are sorted, resources keep their order."""
        rendered: dict[str, object] = {"Sid": self.sid, "Effect": self.effect, "Action": sorted(self.actions)}
        if self.principals:
            rendered["Principal"] = {kind: list(values) for kind, values in self.principals.items()}
        if self.resources:
            rendered["Resource"] = list(self.resources)
        if self.conditions:
            rendered["Condition"] = {operator: dict(tests) for operator, tests in self.conditions.items()}
        return rendered


def distributions_of(account_id: str) -> str:
    """Return the pattern of the ARNs of an account's CloudFront distributions, each made after what admits it."""
    return f"arn:aws:cloudfront::{account_id}:distribution/*"


def source(account_id: str, arn: str) -> Conditions:
    """Return the condition that a service acts for resources of this account, and for nobody else's.

    Args:
        account_id: Account that the service must act for.
        arn: Pattern of the ARNs of the resources that it must act for.
    """
    return {"StringEquals": {"aws:SourceAccount": account_id}, "ArnLike": {"aws:SourceArn": arn}}


def source_if_named(account_id: str, arn: str | None = None) -> Conditions:
    """Return the condition that a service acts for this account, where it names whom it acts for.

    For services whose guides do not say that they pass `aws:SourceAccount` or `aws:SourceArn`: a plain condition would
    shut out one that does not, none would admit other accounts by way of one that does (docs/runbooks/try-once.md).

    Args:
        account_id: Account that the service must act for.
        arn: Pattern of the ARNs of the resources that it must act for; none = the account alone.
    """
    account = {"StringEqualsIfExists": {"aws:SourceAccount": account_id}}
    return account if arn is None else account | {"ArnLikeIfExists": {"aws:SourceArn": arn}}


def through(service: str, region: pulumi.Input[str]) -> Conditions:
    """Return the condition that a key is used by way of a service of its region, never by calling KMS.

    Args:
        service: Service as its endpoint is called, such as `secretsmanager`.
        region: Region of the key.
    """
    return {"StringEquals": {"kms:ViaService": pulumi.Output.concat(service, ".", region, ".amazonaws.com")}}


def send_traces(what: str) -> Statement:
    """Return what lets somebody send traces, and how many were lost; X-Ray has no resource to name."""
    return Statement(
        sid="SendTraces",
        reason=f"{what}: X-Ray takes them without naming a resource",
        actions=["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        resources=["*"],
    )


def document(*statements: Statement) -> pulumi.Output[str]:
    """Return the policy document of `statements` as JSON; equal statements give equal text.

    Raises:
        ValueError: There is no statement, or two have the same `sid`.
    """
    sids = [statement.sid for statement in statements]
    if not sids:
        raise ValueError("a policy document needs at least one statement")
    if len(set(sids)) != len(sids):
        raise ValueError(f"statements of one document have the same sid: {sorted(sids)}")
    rendered = {"Version": "2012-10-17", "Statement": [statement.render() for statement in statements]}
    return as_json(rendered, compact=True)


def trust_service(service: str, *, reason: str, conditions: Conditions | None = None) -> pulumi.Output[str]:
    """Return the trust policy of a role that an AWS service assumes.

    Args:
        service: Service principal, such as `vpc-flow-logs.amazonaws.com`.
        reason: Why the service needs the role.
        conditions: For services that pass them, `aws:SourceAccount` and `aws:SourceArn`, so that nobody else's
            resources can make the service use the role (the confused deputy).
    """
    return document(
        Statement(
            sid="AssumedByService",
            reason=reason,
            actions=["sts:AssumeRole"],
            principals={"Service": [service]},
            conditions=conditions or {},
        )
    )


def trust_service_account(
    *, provider_arn: pulumi.Output[str], issuer: pulumi.Output[str], namespace: str, service_account: str
) -> pulumi.Output[str]:
    """Return the trust policy of a role for the pods of one service account, through the cluster's identity provider.

    For pods on Fargate, where EKS Pod Identity is not to be had; `trust_pods` serves all others. Subject and audience
    are tested for equality (EKS user guide, "Assign IAM roles to Kubernetes service accounts").

    Args:
        provider_arn: IAM identity provider of the only cluster whose pods may assume the role.
        issuer: Its issuer, without `https://`.
        namespace: Kubernetes namespace.
        service_account: Kubernetes service account.
    """

    def trusted(known: Sequence[str]) -> pulumi.Output[str]:
        arn, name = known
        return document(
            Statement(
                sid="AssumedByServiceAccount",
                reason="pods of this service account exchange the token that the cluster signs for them",
                actions=["sts:AssumeRoleWithWebIdentity"],
                principals={"Federated": [arn]},
                conditions={
                    "StringEquals": {
                        f"{name}:aud": "sts.amazonaws.com",
                        f"{name}:sub": f"system:serviceaccount:{namespace}:{service_account}",
                    },
                },
            )
        )

    return pulumi.Output.all(provider_arn, issuer).apply(trusted)


def trust_pods(*, cluster_arn: pulumi.Input[str], namespace: str, service_account: str) -> pulumi.Output[str]:
    """Return the trust policy of a role for the pods of one Kubernetes service account, through EKS Pod Identity.

    The conditions test the session tags that Pod Identity sends (EKS user guide, "Create IAM role with trust policy
    required by EKS Pod Identity"); so the association must not disable session tags.

    Args:
        cluster_arn: The only cluster whose pods may assume the role.
        namespace: Kubernetes namespace.
        service_account: Kubernetes service account.
    """
    return document(
        Statement(
            sid="AssumedByPods",
            reason="EKS Pod Identity assumes the role for pods of this service account and tags the session with them",
            actions=["sts:AssumeRole", "sts:TagSession"],
            principals={"Service": ["pods.eks.amazonaws.com"]},
            conditions={
                "StringEquals": {
                    "aws:RequestTag/eks-cluster-arn": cluster_arn,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                },
            },
        )
    )
