"""What lets one thing of an API call a function, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import lambda_

from components.base import child, named
from components.functions import ALIAS

if TYPE_CHECKING:
    import pulumi

    from components.functions import FunctionOutputs


def permit(parent: pulumi.Resource, name: str, function: FunctionOutputs, source_arn: pulumi.Output[str]) -> None:
    """Let a route or an authorizer call the alias of a function.

    Args:
        parent: The component that owns the permission.
        name: Logical name of the route or authorizer.
        function: The function.
        source_arn: ARN of the route or authorizer, as API Gateway calls by it.
    """
    lambda_.Permission(
        named(name, "permission"),
        action="lambda:InvokeFunction",
        function=function.name,
        qualifier=ALIAS,
        principal="apigateway.amazonaws.com",
        source_arn=source_arn,
        opts=child(parent),
    )
