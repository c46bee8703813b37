"""A service makes its service-linked role when it is first asked to make something.

https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html, and each service's own guide on its
role: EC2 Auto Scaling, EKS, RDS, ElastiCache, Elastic Load Balancing (2026-11)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from functools import partial

from ministack.services import alb, autoscaling, eks, elasticache, iam, rds

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap, wrap_action

_OK = 200


def _makes(service: str, original: Handler) -> Handler:
    def make(*given: object) -> Response:
        answer: Response = original(*given)
        if answer[0] == _OK:
            iam._IAM_HANDLERS["CreateServiceLinkedRole"]({"AWSServiceName": [service]})  # one that stands is refused
        return answer

    return make


def _apply() -> None:
    wrap(autoscaling, "_create_asg", partial(_makes, "autoscaling.amazonaws.com"))
    wrap_action(autoscaling._ACTION_MAP, "CreateAutoScalingGroup", partial(_makes, "autoscaling.amazonaws.com"))
    wrap(eks, "_create_cluster", partial(_makes, "eks.amazonaws.com"))
    wrap(eks, "_create_nodegroup", partial(_makes, "eks-nodegroup.amazonaws.com"))
    wrap(elasticache, "_create_replication_group", partial(_makes, "elasticache.amazonaws.com"))
    wrap_action(rds._ACTION_MAP, "CreateDBInstance", partial(_makes, "rds.amazonaws.com"))
    wrap_action(alb._ACTION_MAP, "CreateLoadBalancer", partial(_makes, "elasticloadbalancing.amazonaws.com"))


PATCH = Patch("iam-linked-roles-on-use", "a policy may not name the role of a service that is in use", _apply)
