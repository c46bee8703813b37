"""What a recording tells of EKS components is what a plugin registers; what it leaves out it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws
import pulumi_eks
import pytest

from policy import tokens
from policy.pack import RULES
from review import record as recording
from review.eks import CLUSTER, TAGGABLE, made, unseen
from review.graph import UNKNOWN, Graph, Resource
from review.placeholders import eks_cluster, outputs_of
from review.record import record
from review.report import only_by_update, remote
from review.verdict import judge
from standins.ekscomponent.cluster import Cluster
from standins.ekscomponent.nodes import ManagedNodeGroup
from tests.components.recording import recorded
from tests.policy.harness import TODAY

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "arn:aws:kms:eu-west-1:100000000004:key/k"
NODES = "arn:aws:iam::100000000004:role/nodes"
UNJUDGED = {"managedPolicyArns", "clusterName", "version"}
"""Inputs that a recording does not tell as they are; of these a rule reads a control plane's version alone."""
LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
OF_CHILDREN = {rule.name for rule in RULES if tuple(rule.on) in {tokens.CLUSTERS, tokens.NODE_GROUPS}}
"""Rules that judge a control plane or a node group, and no component."""
SERVED = {
    "authenticationMode": "API",
    "skipDefaultNodeGroup": True,
    "skipDefaultSecurityGroups": True,
    "createOidcProvider": False,
    "useDefaultVpcCni": True,
    "kubeProxyAddonOptions": {"enabled": False},
    "vpcId": "vpc-1",
}
"""Settings under which the stand-in of the plugin serves a cluster."""
ENTRY = {
    "principalArn": "arn:aws:iam::100000000004:role/admin",
    "kubernetesGroups": ["viewers"],
    "username": "admin",
    "accessPolicies": {"view": {"policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                                "accessScope": {"type": "cluster"}}},
}  # fmt: skip
CLUSTERS: dict[str, Mapping[str, Any]] = {
    "plain": {"subnetIds": ["subnet-1"]},
    "as ours": {"name": "phoenix", "version": "1.35", "privateSubnetIds": ["subnet-1"], "endpointPublicAccess": False,
                "endpointPrivateAccess": True, "encryptionConfigKeyArn": KEY, "enabledClusterLogTypes": ["api"],
                "deletionProtection": True, "bootstrapSelfManagedAddons": False,
                "upgradePolicy": {"supportType": "STANDARD"}},
    "reached and entered": {"publicSubnetIds": ["subnet-1"], "privateSubnetIds": ["subnet-2"],
                            "endpointPublicAccess": True, "publicAccessCidrs": ["198.51.100.0/24"],
                            "accessEntries": {"admin": ENTRY}, "tags": {"Own": "tag"}, "clusterTags": {"A": "b"},
                            "ipFamily": "ipv4", "kubernetesServiceIpAddressRange": "10.100.0.0/16"},
}  # fmt: skip
GROUPS: dict[str, Mapping[str, Any]] = {
    "plain": {},
    "as ours": {"amiType": "AL2023_x86_64_STANDARD", "capacityType": "SPOT", "instanceTypes": ["c5.large"],
                "launchTemplate": {"id": "lt-1", "version": "1"}, "ignoreScalingChanges": True, "version": "1.35",
                "labels": {"a": "b"}, "taints": [], "scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 2}},
    "a template of the plugin's": {"enableIMDSv2": True, "diskSize": 20, "amiType": "BOTTLEROCKET_x86_64",
                                   "remoteAccess": {"ec2SshKey": "mine"}, "scalingConfig": {"minSize": 3}},
}  # fmt: skip


def told(resource: Resource) -> tuple[object, ...]:
    """What the pack judges of a resource, and where it stands."""
    inputs = {key: value for key, value in resource.inputs.items() if key not in UNJUDGED}
    links = {key: set(urns) for key, urns in resource.property_dependencies.items() if urns and key != "version"}
    guards = (resource.protect, set(resource.ignore_changes), resource.provider)
    return (resource.type, resource.custom, resource.parent, inputs, links, guards)


def stack_of(inputs: Mapping[str, Any], group: Mapping[str, Any], *, remote: bool = True) -> Graph:
    """A cluster and a group of it: components as a program registers them, or the stand-in's with what it makes."""

    def program() -> None:
        default = pulumi_aws.ProviderDefaultTagsArgs(tags={"Owner": "us"})
        aws = pulumi_aws.Provider("aws", region="eu-west-1", default_tags=default)
        opts = pulumi.ResourceOptions(providers={"aws": aws}, protect=True)
        cluster, nodes = {**SERVED, **inputs}, {"nodeRoleArn": NODES, "subnetIds": ["subnet-1"], **group}
        if remote:
            component = pulumi_eks.Cluster("eks", opts=opts, **spelt(cluster))
            pulumi_eks.ManagedNodeGroup("group", cluster=component, opts=opts, **spelt(nodes))
        else:
            plane = Cluster("eks", cluster, opts).outputs["eksCluster"]
            ManagedNodeGroup("group", {"cluster": {"cluster": plane}, **nodes}, opts)

    return record(program, "test")


def spelt(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs under the names that a program gives them."""
    return {re.sub(r"IMDS|[A-Z]", lambda one: f"_{one[0].lower()}", key).replace("imdsv", "imd_sv"): value
            for key, value in inputs.items()}  # fmt: skip


def answered(type_: str, name: str, inputs: Mapping[str, Any], *, custom: bool) -> tuple[str, dict[str, Any]]:
    """Return placeholders that the stand-in can read, too: it takes a control plane's outputs apart."""
    physical, outputs = outputs_of(type_, name, inputs, custom=custom)
    more = {CLUSTER: eks_cluster(name), "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 1}}
    return physical, {**more.get(type_, {}), **outputs}


@pytest.mark.parametrize(("cluster", "group"), [*zip(CLUSTERS, GROUPS, strict=True)])
def test_a_recording_tells_what_the_plugin_would_register(
    cluster: str, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording._Nothing, "call", lambda *_: {"partition": "aws"})
    monkeypatch.setattr(recording, "outputs_of", answered)
    told_of = {one.urn: told(one) for one in stack_of(CLUSTERS[cluster], GROUPS[group]).made}
    stack = stack_of(CLUSTERS[cluster], GROUPS[group], remote=False)
    registered = {one.urn: told(one) for one in stack.resources if one.parent and "$" in one.urn}
    assert told_of.keys() == registered.keys() - {one for one in registered if "$pulumi:providers:" in one}
    apart = [(urn, a, b) for urn in told_of for a, b in zip(told_of[urn], registered[urn], strict=True) if a != b]
    assert apart == []


def test_children_have_the_version_and_the_default_tags_of_their_component() -> None:
    graph = recorded("prod")
    (plane,) = (one for one in graph.made if one.type == CLUSTER)
    assert plane.inputs["version"] == graph.of_type("eks:index:Cluster")[0].inputs["version"]
    taggable = [one for one in graph.made if one.type in TAGGABLE]
    assert len(taggable) == 6
    assert {one.inputs["tagsAll"]["Owner"] for one in taggable} == {"platform@phoenix.example"}


def test_rules_on_what_the_plugin_makes_refuse_a_recording_as_they_refuse_an_update() -> None:
    template = {"launchTemplate": {"id": "lt-1"}}
    for cluster, group, rules in (
        ({}, template, set()),
        ({"deletionProtection": False}, {}, {"eks-deletion-protection", "eks-nodegroup-launch-template"}),
        ({"endpointPrivateAccess": False}, template, {"eks-endpoint-private-access"}),
        ({}, {"remoteAccess": {"ec2SshKey": "mine"}, **template}, {"eks-nodegroup-no-open-ssh"}),
    ):
        graph = stack_of({**CLUSTERS["as ours"], "enabledClusterLogTypes": LOGS, **cluster}, group)
        verdict = judge(graph, environment="prod", today=TODAY)
        found = {one.rule.name for one in verdict.findings if one.urn in {child.urn for child in graph.made}}
        assert found & OF_CHILDREN == rules, (cluster, group)


@pytest.mark.parametrize(
    ("inputs", "left"),
    [
        (SERVED, ()),
        (
            {},
            (
                "its default node group",
                "its default security groups",
                "its add-on vpc-cni",
                "its add-on kube-proxy",
            ),
        ),
        ({**SERVED, "createOidcProvider": True}, ("its OIDC provider",)),
        ({**SERVED, "createInstanceRole": True, "fargate": True}, ("its instance role", "its Fargate profile")),
        ({**SERVED, "corednsAddonOptions": {"enabled": True}}, ("its add-on coredns",)),
        ({**SERVED, "corednsAddonOptions": {"enabled": False}}, ()),
        ({**SERVED, "accessEntries": UNKNOWN}, ("its access entries",)),
        ({**SERVED, "accessEntries": {"admin": UNKNOWN}}, ("its access entries",)),
    ],
    ids=range(8),
)
def test_what_only_an_update_judges_is_named(inputs: Mapping[str, Any], left: tuple[str, ...]) -> None:
    assert unseen(component("eks:index:Cluster", inputs)) == left


def test_a_component_of_a_plugin_that_is_not_known_here_is_named_as_a_whole() -> None:
    assert unseen(component("eks:index:NodeGroupV2", {})) == ("all that its plugin makes",)
    assert made(component("awsx:ec2:Vpc", {}), "") == ()
    assert unseen(component("eks:index:ManagedNodeGroup", {})) == ()


def test_the_review_says_what_only_an_update_judges() -> None:
    some = component("eks:index:Cluster", {**SERVED, "createOidcProvider": True})
    graph = Graph(stack="test", source="recording", resources=(some,))
    assert [str(line) for line in remote(graph)][1:] == ["eks: only an update judges its OIDC provider"]
    assert only_by_update(graph) == {"eks": ("its OIDC provider",)}


def component(type_: str, inputs: Mapping[str, Any]) -> Resource:
    urn = f"urn:pulumi:test::platform::{type_}::eks"
    return Resource(urn=urn, type=type_, name="eks", custom=False, remote=True, inputs=inputs)
