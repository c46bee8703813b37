"""Service-linked roles: a service's role has the name that AWS gives it, and there is one of it.

Policies name such roles; one that is spelt otherwise is another role.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html and
https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
(names; 2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Final

from ministack.services import iam

from sandbox.emulator.patches.base import Handler, Params, Patch, Response, wrap_action

_OK: Final = 200
_SCALED: Final = {
    "dynamodb": "DynamoDBTable",
    "ecs": "ECSService",
    "elasticache": "ElastiCacheRG",
    "kafka": "KafkaCluster",
    "lambda": "LambdaConcurrency",
    "rds": "RDSCluster",
    "sagemaker": "SageMakerEndpoint",
}
_NAMES: Final = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "eks.amazonaws.com": "AWSServiceRoleForAmazonEKS",
    "eks-nodegroup.amazonaws.com": "AWSServiceRoleForAmazonEKSNodegroup",
    "elasticache.amazonaws.com": "AWSServiceRoleForElastiCache",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "guardduty.amazonaws.com": "AWSServiceRoleForAmazonGuardDuty",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
    "securityhub.amazonaws.com": "AWSServiceRoleForSecurityHub",
    "spot.amazonaws.com": "AWSServiceRoleForEC2Spot",
    **{
        f"{service}.application-autoscaling.amazonaws.com": f"AWSServiceRoleForApplicationAutoScaling_{name}"
        for service, name in _SCALED.items()
    },
}
"""Services whose role's name does not follow from the service's."""


def name_of(service: str) -> str | None:
    """Return the name of a service's role; None where it follows from the service's."""
    return _NAMES.get(service)


def _create(original: Handler) -> Handler:
    def create(params: Params) -> Response:
        name = _NAMES.get(iam._p(params, "AWSServiceName"))
        if name in iam._roles:
            message = f"Service role name {name} has been taken in this account, please try a different suffix."
            taken: Response = iam._error(400, "InvalidInput", message, ns="iam")
            return taken
        before = set(iam._roles)
        answer: Response = original(params)
        if answer[0] != _OK or name is None:
            return answer
        (made,) = set(iam._roles) - before
        role = iam._roles.pop(made)
        iam._roles[name] = {**role, "RoleName": name, "Arn": role["Arn"].replace(f"/{made}", f"/{name}")}
        return answer[0], answer[1], answer[2].replace(made.encode(), name.encode())

    return create


PATCH = Patch(
    "iam-linked-role-names",
    "the role of a policy is another than the one that was made",
    lambda: wrap_action(iam._IAM_HANDLERS, "CreateServiceLinkedRole", _create),
)
