"""The whole chain: real engine, real AWS provider, patched embedded AWS, and the EKS component between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from sandbox.emulator import client
from standins.trial import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.engine, pytest.mark.rehearsal, pytest.mark.timeout(600)]

PROGRAM = """
import json, os
import pulumi, pulumi_aws as aws, pulumi_eks as eks

account = aws.Provider(
    "aws", region="us-east-1", skip_credentials_validation=True, skip_metadata_api_check=True,
    default_tags={"tags": {"Project": "trial"}},
)
inherit = pulumi.ResourceOptions(providers=[account, eks.Provider("eks")])


class Platform(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("trial:index:Platform", "platform", None, inherit)
        inside = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=inside)
        subnets = [
            aws.ec2.Subnet(
                f"private-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24",
                availability_zone=f"us-east-1{zone}", opts=inside,
            ).id
            for number, zone in enumerate("ab")
        ]
        key = aws.kms.Key("secrets", opts=inside)
        allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        node = aws.iam.Role("node", assume_role_policy=policy, opts=inside)
        view = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
        self.cluster = eks.Cluster(
            "prod",
            authentication_mode=eks.AuthenticationMode.API,
            vpc_id=vpc.id,
            private_subnet_ids=subnets,
            skip_default_node_group=True,
            skip_default_security_groups=True,
            create_oidc_provider=False,
            endpoint_private_access=True,
            endpoint_public_access=False,
            encryption_config_key_arn=key.arn,
            version="1.34",
            tags={"Team": os.environ.get("TEAM", "platform")},
            access_entries={
                "ops": eks.AccessEntryArgs(
                    principal_arn=node.arn,
                    access_policies={"view": {"policy_arn": view, "access_scope": {"type": "cluster"}}},
                )
            },
            kube_proxy_addon_options={"version": "v1.34.0-eksbuild.2"},
            vpc_cni_options={"addon_version": "v1.20.1-eksbuild.1"},
            opts=inside,
        )
        for name in ("general", "gpu"):
            imds = {"http_tokens": "required"}
            template = aws.ec2.LaunchTemplate(f"{name}-template", metadata_options=imds, opts=inside)
            eks.ManagedNodeGroup(
                name,
                cluster=self.cluster,
                node_role=node,
                subnet_ids=subnets,
                ami_type="AL2023_x86_64_STANDARD",
                instance_types=["c5.large"],
                scaling_config={"min_size": 3, "desired_size": 3, "max_size": 20},
                taints=[{"key": "pool", "value": name, "effect": "NO_SCHEDULE"}],
                launch_template={"id": template.id, "version": template.latest_version.apply(str)},
                ignore_scaling_changes=True,
                opts=inside,
            )


cluster = Platform().cluster
pulumi.export("name", cluster.eks_cluster.name)
pulumi.export("kubeconfig", cluster.kubeconfig_json)
pulumi.export("group", cluster.cluster_security_group_id)
"""

CHILDREN = {
    ("eks:index:Cluster", "prod", "platform"),
    ("eks:index:ServiceRole", "prod-eksRole", "prod"),
    ("aws:iam/role:Role", "prod-eksRole-role", "prod-eksRole"),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "prod-eksRole-4b490823", "prod-eksRole"),
    ("aws:eks/cluster:Cluster", "prod-eksCluster", "prod"),
    ("pulumi:providers:kubernetes", "prod-eks-k8s", "prod"),
    ("aws:eks/accessEntry:AccessEntry", "prod-ops", "prod"),
    ("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "prod-ops-view", "prod-ops"),
    ("aws:eks/addon:Addon", "prod-kube-proxy", "prod"),
    ("eks:index:VpcCniAddon", "prod-vpc-cni", "prod"),
    ("aws:eks/addon:Addon", "prod-vpc-cni", "prod-vpc-cni"),
    ("eks:index:ManagedNodeGroup", "general", "platform"),
    ("aws:eks/nodeGroup:NodeGroup", "general", "general"),
    ("eks:index:ManagedNodeGroup", "gpu", "platform"),
    ("aws:eks/nodeGroup:NodeGroup", "gpu", "gpu"),
}
"""Type, name and parent of everything the components register, as measured with the official plugin."""


@dataclass
class World:
    """A project that has been previewed and deployed, and the AWS it was deployed to."""

    project: Project
    first_preview: str
    aws: Any


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    emulator = client.start(None)
    aws = boto3.client(
        "eks",
        region_name="us-east-1",
        endpoint_url=emulator.url,
        aws_access_key_id="123456789012",
        aws_secret_access_key="sandbox",
    )
    project = Project(tmp_path_factory.mktemp("cluster"), PROGRAM, emulator.port)
    first = project.succeed("preview")
    project.up()
    yield World(project, first, aws)
    emulator.stop()


def made(resources: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    """Type, name and parent's name of what the components registered."""
    return {
        (entry["type"], entry["urn"].rpartition("::")[2], entry.get("parent", "").rpartition("::")[2])
        for entry in resources
        if "$eks:index:" in entry["urn"]
    }


def test_a_preview_before_anything_exists_shows_what_will_be_made(world: World) -> None:
    for _, name, _ in CHILDREN:
        assert f" {name} create" in world.first_preview, "nothing may be hidden behind an unknown value"


def test_the_state_holds_what_pulumi_eks_registers_and_nothing_else(world: World) -> None:
    assert made(world.project.resources()) == CHILDREN


def test_every_aws_resource_uses_the_explicit_provider(world: World) -> None:
    found = [entry for entry in world.project.resources() if entry["type"].startswith("aws:")]
    assert {entry["provider"].split("::")[-2] for entry in found} == {"aws"}, "a default provider is another region"


def test_aws_has_the_cluster_its_add_ons_and_both_node_groups(world: World) -> None:
    (name,) = world.aws.list_clusters()["clusters"]
    cluster = world.aws.describe_cluster(name=name)["cluster"]
    assert cluster["accessConfig"]["authenticationMode"] == "API"
    assert cluster["encryptionConfig"][0]["resources"] == ["secrets"]
    assert cluster["tags"] == {"Name": "prod-eksCluster", "Team": "platform", "Project": "trial"}
    assert set(world.aws.list_addons(clusterName=name)["addons"]) == {"kube-proxy", "vpc-cni"}
    groups = [
        world.aws.describe_nodegroup(clusterName=name, nodegroupName=group)["nodegroup"]
        for group in world.aws.list_nodegroups(clusterName=name)["nodegroups"]
    ]
    assert sorted(group["taints"][0]["value"] for group in groups) == ["general", "gpu"]
    assert {group["scalingConfig"]["maxSize"] for group in groups} == {20}
    assert all(group["launchTemplate"]["id"].startswith("lt-") for group in groups), "each has a template of its own"


def test_a_second_preview_has_no_changes(world: World) -> None:
    world.project.succeed("preview", "--expect-no-changes", "--diff")


def test_a_changed_input_updates_the_children_in_place(world: World) -> None:
    world.project.up(TEAM="data")
    (name,) = world.aws.list_clusters()["clusters"]
    assert world.aws.describe_cluster(name=name)["cluster"]["tags"]["Team"] == "data"
    world.project.succeed("preview", "--expect-no-changes", "--diff", TEAM="data")
    assert made(world.project.resources()) == CHILDREN, "nothing was replaced or left over"


def test_a_refused_input_fails_the_preview_by_name(world: World) -> None:
    program = world.project.directory / "__main__.py"
    program.write_text(PROGRAM.replace("create_oidc_provider=False", "create_oidc_provider=True, gpu=True"))
    try:
        ended = world.project.run("preview")
    finally:
        program.write_text(PROGRAM)
    assert ended.returncode != 0
    for path in ("createOidcProvider", "gpu"):
        assert f"- {path}: " in ended.stdout, "every refused input is named at once"


def test_a_destroy_leaves_nothing(world: World) -> None:
    world.project.destroy()
    assert world.project.resources() == []
    assert world.aws.list_clusters()["clusters"] == []
