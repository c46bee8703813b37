"""Roles of people: a fresh second factor, their own names, and rights that reach the stack and no data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest

from components.operators import Operators, OperatorsArgs
from config.operators import Operators as Settings
from config.operators import Right
from review.record import record
from tests.components.cluster.surroundings import options

if TYPE_CHECKING:
    from config.stack import StackConfig
    from review.graph import Graph

ROLE = {
    "purpose": "Operate the system",
    "trusted": ["arn:aws:iam::100000000004:root"],
    "mfa_minutes": 60,
    "session_hours": 2,
    "rights": ["look", "shell", "kubernetes"],
}
CLUSTER = "arn:aws:eks:us-east-1:100000000004:cluster/phoenix-prod"


def recorded(settings: StackConfig, **changes: object) -> Graph:
    def program() -> None:
        section = Settings.model_validate({"roles": {"production": {**ROLE, **changes}}})
        made = Operators(
            "operators",
            OperatorsArgs(settings=section, identity=settings.identity, cluster_arn=CLUSTER),
            options(settings),
        )
        for name, value in made.outputs.exports().items():
            import pulumi  # noqa: PLC0415 the recorder's own

            pulumi.export(name, value)

    return record(program, "test")


def statements(text: str) -> dict[str, Any]:
    return {one["Sid"]: one for one in json.loads(text)["Statement"]}


def policy(graph: Graph, right: str) -> dict[str, Any]:
    return statements(graph.named(f"operators-production-{right}", "aws:iam/policy:Policy").inputs["policy"])


def test_a_role_is_taken_after_a_fresh_second_factor_under_ones_own_name(settings: StackConfig) -> None:
    (role,) = recorded(settings).of_type("aws:iam/role:Role")
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"AWS": ["arn:aws:iam::100000000004:root"]}
    assert trust["Condition"] == {
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
        "NumericLessThanEquals": {"aws:MultiFactorAuthAge": "3600"},
        "StringLike": {"sts:RoleSessionName": "${aws:username}"},
    }, "BoolIfExists would let in long-lived keys, which have no such key"
    assert role.inputs["maxSessionDuration"] == 7200


@pytest.mark.parametrize("right", get_args(Right))
def test_each_right_is_a_policy_that_the_role_has_and_a_session_can_be_narrowed_to(
    settings: StackConfig, right: str
) -> None:
    graph = recorded(settings, rights=[right])
    (made,) = graph.of_type("aws:iam/policy:Policy")
    (attached,) = graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attached.inputs["policyArn"] == made.outputs["arn"]
    exported = json.loads(next(one for one in graph.resources if "operators" in one.outputs).outputs["operators"])
    assert exported["production"]["policies"] == {right: made.outputs["arn"]}
    assert f"--policy-arns arn={made.outputs['arn']}" in exported["production"]["command"]


def test_who_looks_sees_no_data_and_no_other_region(settings: StackConfig) -> None:
    look = policy(recorded(settings), "look")["Look"]
    assert look["Condition"] == {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    verbs = {action.partition(":")[2] for action in look["Action"]}
    assert all(verb.startswith(("Describe", "List", "Get")) for verb in verbs)
    assert not verbs & {"GetObject", "GetItem", "GetSecretValue", "GetLogEvents", "FilterLogEvents", "ReceiveMessage"}


def test_a_shell_is_on_instances_of_the_system_only_and_no_tunnel(settings: StackConfig) -> None:
    shell = policy(recorded(settings), "shell")
    assert shell["Begin"]["Condition"] == {
        "StringEquals": {"ssm:resourceTag/Project": "phoenix", "ssm:resourceTag/Environment": "prod"}
    }
    assert shell["AsAShell"]["Resource"] == [
        "arn:aws:ssm:us-east-1:100000000004:document/SSM-SessionManagerRunShell"
    ], "port forwarding is another document"
    assert shell["OwnSessions"]["Resource"] == ["arn:aws:ssm:us-east-1:100000000004:session/${aws:userid}-*"]


def test_the_cluster_is_found_by_its_name(settings: StackConfig) -> None:
    assert policy(recorded(settings), "kubernetes")["FindTheCluster"]["Resource"] == [CLUSTER]
