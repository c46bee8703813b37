"""Pods on Fargate: profiles one after the other, a role by the cluster's issuer, groups that data services admit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from review.recording import record_stack
from tests.components.kubernetes.objects import of_kind
from tests.config.nodesfile import STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The stack with a profile of a whole namespace, and one of some pods."""
    return record_stack(STACK, accepted(), None)


def test_profiles_take_private_subnets_and_what_the_stack_file_selects(graph: Graph) -> None:
    whole, some = (graph.named(f"cluster-fargate-{name}").inputs for name in ("serverless", "jobs"))
    assert whole["selectors"] == [{"namespace": "serverless"}]
    assert some["selectors"] == [{"namespace": "jobs", "labels": {"runs": "fargate"}}]
    assert [str(one) for one in whole["subnetIds"]] == ["network-private-a-id", "network-private-b-id"]
    assert [str(one) for one in some["subnetIds"]] == ["network-private-b-id"]


def test_profiles_change_one_after_the_other(graph: Graph) -> None:
    """EKS refuses a second change of a cluster's profiles while one is under way."""
    first, second = (graph.named(f"cluster-fargate-{name}") for name in ("serverless", "jobs"))
    assert first.urn in second.dependencies
    assert graph.named("cluster-fargate-images").urn in first.dependencies, "no image is pulled without it"


def test_fargate_starts_pods_of_this_cluster_only(graph: Graph) -> None:
    (trust,) = json.loads(graph.named("cluster-fargate-role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": ["eks-fargate-pods.amazonaws.com"]}
    assert trust["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:eks:eu-west-1:100000000004:fargateprofile/ledger-prod/*"}
    }


def test_pods_on_fargate_have_the_groups_of_the_nodes(graph: Graph) -> None:
    found = of_kind(graph, "SecurityGroupPolicy")
    assert found.keys() == {"serverless/fargate-serverless-0", "jobs/fargate-jobs-0"}
    spec = found["jobs/fargate-jobs-0"]["spec"]
    assert spec["podSelector"] == {"matchLabels": {"runs": "fargate"}}
    assert len(spec["securityGroups"]["groupIds"]) == 2, "the cluster's own, and the one that data services admit"


def test_a_role_on_fargate_trusts_one_service_account_of_one_cluster(graph: Graph) -> None:
    (provider,) = graph.of_type(PROVIDER)
    assert provider.inputs["clientIdLists"] == ["sts.amazonaws.com"]
    (trust,) = json.loads(graph.named("data-application-role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Action"] == ["sts:AssumeRoleWithWebIdentity"]
    tests = trust["Condition"]["StringEquals"]
    assert {key.rpartition(":")[2]: value for key, value in tests.items()} == {
        "aud": "sts.amazonaws.com",
        "sub": "system:serviceaccount:serverless:app",
    }
    assert len(trust["Principal"]["Federated"]) == 1
    account = of_kind(graph, "ServiceAccount")["serverless/app"]
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].endswith(":role/data-application-role")
    associated = {(one.inputs["namespace"], one.inputs["serviceAccount"]) for one in graph.of_type(ASSOCIATION)}
    assert ("serverless", "app") not in associated, "a service account has one way to its role"
    assert ("platform", "karpenter") in associated


def test_where_pod_identity_serves_there_is_no_other_way() -> None:
    graph = record_stack(
        STACK,
        accepted({"cluster.fargate_profiles.serverless.selectors": [{"namespace": "jobs", "labels": {"a": "b"}}]}),
        None,
    )
    assert graph.any_of_type(PROVIDER) == ()
    associated = {(one.inputs["namespace"], one.inputs["serviceAccount"]) for one in graph.of_type(ASSOCIATION)}
    assert ("serverless", "app") in associated
    assert "annotations" not in of_kind(graph, "ServiceAccount")["serverless/app"]["metadata"]
