from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import alias_pb2, provider_pb2
from pulumi.runtime.rpc import UNKNOWN

from standins.tests.ekscomponent import given
from standins.tests.ekscomponent.monitor import PREFIX, PROVIDER, output, secret, unknown

if TYPE_CHECKING:
    from standins.tests.ekscomponent.conftest import Client, Construct, Message
    from standins.tests.ekscomponent.monitor import Monitor

CONTROL_PLANE = ("aws:eks/cluster:Cluster", "prod-eksCluster")
CONTROL_PLANE_URN = f"{given.CLUSTER_URN.rpartition('::')[0]}$aws:eks/cluster:Cluster::prod-eksCluster"


def state_of(response: Message) -> dict[str, Any]:
    values: dict[str, Any] = json_format.MessageToDict(response.state)
    return values


def refused(construct: Construct, kind: str, inputs: dict[str, Any]) -> str:
    with pytest.raises(grpc.RpcError) as failure:
        construct(kind, "prod", inputs)
    return str(failure.value.details())


def test_a_cluster_registers_exactly_the_resources_that_pulumi_eks_registers(
    construct: Construct, monitor: Monitor
) -> None:
    construct("Cluster", "prod", given.cluster())
    assert monitor.known() == {
        ("eks:index:Cluster", "prod", "cluster"),
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
    }, "types, names and parents are those measured with the official plugin"


def test_the_control_plane_gets_the_inputs_that_pulumi_eks_gives_it(construct: Construct, monitor: Monitor) -> None:
    key = "arn:aws:kms:us-east-1:1:key/k"
    construct(
        "Cluster",
        "prod",
        given.cluster(
            name="platform-prod",
            encryptionConfigKeyArn=key,
            endpointPrivateAccess=True,
            endpointPublicAccess=False,
            enabledClusterLogTypes=["api"],
            deletionProtection=True,
            upgradePolicy={"supportType": "STANDARD"},
            clusterTags={"Team": "loses", "Tier": "control"},
        ),
    )
    assert monitor.inputs(*CONTROL_PLANE) == {
        "name": "platform-prod",
        "version": "1.34",
        "roleArn": "arn:aws:test:us-gov-west-1:111122223333:prod-eksRole-role",
        "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
        "bootstrapSelfManagedAddons": True,
        "deletionProtection": True,
        "enabledClusterLogTypes": ["api"],
        "encryptionConfig": {"provider": {"keyArn": key}, "resources": ["secrets"]},
        "tags": {"Name": "prod-eksCluster", "Team": "platform", "Tier": "control"},
        "upgradePolicy": {"supportType": "STANDARD"},
        "vpcConfig": {
            "endpointPrivateAccess": True,
            "endpointPublicAccess": False,
            "subnetIds": ["subnet-public", "subnet-a", "subnet-b"],
        },
    }, "public subnets come first, tags win over cluster tags, and nothing else is set"


@pytest.mark.parametrize("preview", [True, False])
def test_components_register_what_they_were_given(construct: Construct, monitor: Monitor, *, preview: bool) -> None:
    vpc = f"{PREFIX}aws:ec2/vpc:Vpc::vpc"
    cluster = given.cluster(vpcId=unknown(vpc) if preview else "vpc-1", clusterTags=secret({"Team": "a"}))
    construct("Cluster", "prod", cluster)
    monitor.preview = preview
    group = given.node_group(subnetIds=[unknown(vpc) if preview else "subnet-a"])
    addon = {"addonName": "coredns", "cluster": given.reference(given.CLUSTER_URN), "tags": {"A": "b"}}
    construct("ManagedNodeGroup", "general", group)
    construct("Addon", "dns", addon)
    expected = {"Cluster": ("prod", cluster), "ManagedNodeGroup": ("general", group), "Addon": ("dns", addon)}
    for kind, (name, inputs) in expected.items():
        registered = monitor.inputs(f"eks:index:{kind}", name)
        assert set(registered) == set(inputs), "as the official component's, measured with 4.3.0"
    registered = monitor.inputs("eks:index:Cluster", "prod")
    assert registered["clusterTags"] == secret({"Team": "a"}), "a secret stays one"
    assert registered["vpcId"] == (UNKNOWN if preview else "vpc-1")
    assert monitor.inputs("eks:index:ManagedNodeGroup", "general")["cluster"]["urn"] == given.CLUSTER_URN


@pytest.mark.parametrize("tags", [{"Team": "platform"}, None])
def test_components_inside_the_cluster_register_what_the_official_one_gives_them(
    construct: Construct, monitor: Monitor, tags: dict[str, str] | None
) -> None:
    """As pulumi-eks builds them: service, description and policies of the role; options and cluster of the add-on."""
    options = {"addonVersion": "v1.20.0-eksbuild.1", "enablePrefixDelegation": True}
    construct("Cluster", "prod", given.cluster(tags=tags, vpcCniOptions=options))
    tagged = {"tags": tags} if tags else {}
    assert monitor.inputs("eks:index:ServiceRole", "prod-eksRole") == tagged | {
        "service": "eks.amazonaws.com",
        "description": "Allows EKS to manage clusters on your behalf.",
        "managedPolicyArns": [
            {
                "id": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
                "arn": "arn:aws-us-gov:iam::aws:policy/AmazonEKSClusterPolicy",
            }
        ],
    }
    addon = monitor.inputs("eks:index:VpcCniAddon", "prod-vpc-cni")
    assert set(addon) == {*options, *tagged, "clusterName", "clusterVersion"}
    assert {key: addon[key] for key in options} == options
    assert addon["clusterVersion"] == "1.34"


def test_what_aws_reports_differently_after_creation_is_ignored(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster())
    assert list(monitor.one(*CONTROL_PLANE).ignoreChanges) == [
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
    ], "a difference in one of these would replace the cluster"


def test_the_control_plane_waits_until_its_role_has_its_policy(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster())
    names = {urn.rpartition("::")[2] for urn in monitor.one(*CONTROL_PLANE).dependencies}
    assert names == {"prod-eksRole-role", "prod-eksRole-4b490823"}, "a cluster without its policy cannot be created"


def test_the_role_trusts_eks_and_carries_the_policy_of_its_partition(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster())
    role = monitor.inputs("aws:iam/role:Role", "prod-eksRole-role")
    attachment = monitor.inputs("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "prod-eksRole-4b490823")
    (statement,) = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"], "EKS tags the sessions it assumes"
    assert statement["Principal"] == {"Service": ["eks.amazonaws.com"]}, "nobody but EKS may assume the role"
    assert attachment["policyArn"] == "arn:aws-us-gov:iam::aws:policy/AmazonEKSClusterPolicy", (
        "the partition is asked, not assumed"
    )


def test_every_aws_child_uses_the_provider_given_to_the_component(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster())
    used = {request.provider for request in monitor.requests.values() if request.type.startswith("aws:")}
    assert used == {PROVIDER}, "a child without the provider lands in another account or region"
    assert {request.provider for request in monitor.invokes} == {PROVIDER}, "the partition is asked of the same one"


def test_the_kubernetes_provider_holds_a_kubeconfig_without_a_secret(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster(providerCredentialOpts={"profileName": "ops"}))
    config = json.loads(monitor.inputs("pulumi:providers:kubernetes", "prod-eks-k8s")["kubeconfig"])
    assert config["clusters"][0]["cluster"]["server"] == "https://api.example"
    assert config["users"][0]["user"]["exec"]["args"] == [
        *("--region", "us-gov-west-1", "eks", "get-token", "--cluster-name", "prod-eksCluster", "--output", "json"),
        *("--profile", "ops"),
    ], "a token is fetched when needed, none is stored"


def test_the_kubeconfig_for_users_names_no_profile_of_the_deployer(construct: Construct) -> None:
    state = state_of(construct("Cluster", "prod", given.cluster(providerCredentialOpts={"profileName": "ops"})))
    assert "ops" not in state["kubeconfigJson"], "everybody uses it with credentials of their own"
    assert json.loads(state["kubeconfigJson"]) == state["kubeconfig"], "both forms say the same"


def test_outputs_are_those_of_a_cluster_without_default_groups(construct: Construct) -> None:
    state = state_of(construct("Cluster", "prod", given.cluster()))
    plain = {key: value for key, value in state.items() if isinstance(value, str) and key != "kubeconfigJson"}
    assert plain == {
        "clusterSecurityGroupId": "sg-of-eks",
        "nodeSecurityGroupId": "sg-of-eks",
        "oidcProviderUrl": "https://oidc.example/id/1",
        "oidcIssuer": "oidc.example/id/1",
        "oidcProviderArn": "",
        "clusterIngressRuleId": "",
        "defaultNodeGroupAsgName": "",
        "fargateProfileId": "",
        "fargateProfileStatus": "",
        "autoModeNodeRoleName": "",
    }, "both groups are the one EKS makes, and what is not there is an empty string"
    assert state["eksCluster"]["urn"] == CONTROL_PLANE_URN
    assert "eksClusterIngressRule" not in state, "there is no rule without default groups"


def test_core_carries_what_node_groups_and_add_ons_need(construct: Construct) -> None:
    core = state_of(construct("Cluster", "prod", given.cluster()))["core"]
    assert core["cluster"]["urn"] == CONTROL_PLANE_URN
    assert core["subnetIds"] == ["subnet-public", "subnet-a", "subnet-b"]
    assert core["instanceRoles"] == [], "with API authentication no role is mapped"
    assert {key for key in core if key.endswith(("Id", "Ids"))} == {
        *("vpcId", "subnetIds", "publicSubnetIds", "privateSubnetIds")
    }


def test_the_outputs_are_registered_for_components_that_take_the_cluster(
    construct: Construct, monitor: Monitor
) -> None:
    state = state_of(construct("Cluster", "prod", given.cluster()))
    assert monitor.states[given.CLUSTER_URN]["core"] == state["core"], "a node group asks the engine, not the program"


def test_outputs_depend_on_the_resources_they_come_from(construct: Construct) -> None:
    response = construct("Cluster", "prod", given.cluster())
    assert CONTROL_PLANE_URN in response.stateDependencies["kubeconfig"].urns, (
        "who uses the kubeconfig waits for the cluster"
    )


def test_inputs_carry_their_dependencies_to_the_children(construct: Construct, monitor: Monitor) -> None:
    key = f"{PREFIX}aws:kms/key:Key::cluster"
    construct("Cluster", "prod", given.cluster(encryptionConfigKeyArn=output("arn:key", key)))
    assert list(monitor.one(*CONTROL_PLANE).propertyDependencies["encryptionConfig"].urns) == [key], (
        "the key is deleted after the cluster"
    )


def test_a_secret_input_stays_secret_in_children_and_outputs(construct: Construct, monitor: Monitor) -> None:
    state = state_of(construct("Cluster", "prod", given.cluster(encryptionConfigKeyArn=secret("arn:key"))))
    encryption = secret({"provider": {"keyArn": "arn:key"}, "resources": ["secrets"]})
    assert monitor.inputs(*CONTROL_PLANE)["encryptionConfig"] == encryption
    assert state["core"]["encryptionConfig"] == encryption, "core repeats the key"


def test_a_preview_before_anything_exists_knows_what_can_be_known(construct: Construct, monitor: Monitor) -> None:
    monitor.preview = True
    vpc = f"{PREFIX}aws:ec2/vpc:Vpc::vpc"
    state = state_of(construct("Cluster", "prod", given.cluster(vpcId=unknown(vpc), privateSubnetIds=[unknown(vpc)])))
    assert monitor.inputs("pulumi:providers:kubernetes", "prod-eks-k8s") == {"kubeconfig": UNKNOWN}
    assert monitor.inputs(*CONTROL_PLANE)["accessConfig"]["authenticationMode"] == "API", "the rest is known"
    assert state["kubeconfig"] == UNKNOWN
    assert state["eksCluster"]["urn"] == CONTROL_PLANE_URN, "references are known by their URN"
    assert len(monitor.known()) == 11, "a preview shows every resource"


def test_encryption_is_wholly_unknown_until_its_key_exists(construct: Construct, monitor: Monitor) -> None:
    monitor.preview = True
    key = f"{PREFIX}aws:kms/key:Key::cluster"
    state = state_of(construct("Cluster", "prod", given.cluster(encryptionConfigKeyArn=unknown(key))))
    assert monitor.inputs(*CONTROL_PLANE)["encryptionConfig"] == UNKNOWN, "measured with the official plugin (4.3.0)"
    assert state["core"]["encryptionConfig"] == UNKNOWN


def test_add_ons_that_are_switched_off_are_not_registered(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster(kubeProxyAddonOptions={"enabled": False}, useDefaultVpcCni=True))
    assert not [kind for kind, _, _ in monitor.known() if "ddon" in kind]


def test_coredns_is_installed_on_wish_only(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster(corednsAddonOptions={"enabled": True, "version": "v1"}))
    assert monitor.inputs("aws:eks/addon:Addon", "prod-coredns")["addonVersion"] == "v1"


def test_an_add_on_without_version_gets_the_newest_for_the_cluster(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster(kubeProxyAddonOptions=None))
    assert monitor.inputs("aws:eks/addon:Addon", "prod-kube-proxy")["addonVersion"] == "v1.99.0-eksbuild.9"
    (asked,) = [request for request in monitor.invokes if "getAddonVersion" in request.tok]
    values = json_format.MessageToDict(asked.args)
    assert values == {"addonName": "kube-proxy", "kubernetesVersion": "1.34", "mostRecent": True}


def test_the_network_add_on_waits_for_the_access_entries(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster())
    dependencies = monitor.one("eks:index:VpcCniAddon", "prod-vpc-cni").dependencies
    names = {urn.rpartition("::")[2] for urn in dependencies}
    assert names == {"prod-ops", "prod-eksCluster"}, "and for the cluster, whose name and version it is given"


def test_an_existing_role_and_security_group_are_used_instead_of_own_ones(
    construct: Construct, monitor: Monitor
) -> None:
    role, group = f"{PREFIX}aws:iam/role:Role::own", f"{PREFIX}aws:ec2/securityGroup:SecurityGroup::own"
    monitor.states |= {role: {"arn": "arn:own"}, group: {}}
    references = {urn: given.reference(urn, "own-id") for urn in (role, group)}
    construct("Cluster", "prod", given.cluster(serviceRole=references[role], clusterSecurityGroup=references[group]))
    inputs = monitor.inputs(*CONTROL_PLANE)
    assert inputs["roleArn"] == "arn:own"
    assert len(inputs["vpcConfig"]["securityGroupIds"]) == 1
    assert not [kind for kind, _, _ in monitor.known() if "iam" in kind], "no role is made beside the given one"


def test_every_input_that_is_not_served_is_refused_at_once_and_nothing_is_registered(
    construct: Construct, monitor: Monitor
) -> None:
    wrong = given.cluster(
        gpu=True,
        fargate=True,
        authenticationMode="CONFIG_MAP",
        skipDefaultNodeGroup=None,
        createOidcProvider=True,
        vpcId=None,
        subnetIds=["subnet-c"],
        vpcCniOptions={"securityContextPrivileged": True},
        accessEntries={"ops": {"principal": "x", "accessPolicies": {"view": {"arn": "y"}}}},
    )
    message = refused(construct, "Cluster", wrong)
    for path in (
        *("gpu", "fargate", "authenticationMode", "skipDefaultNodeGroup", "createOidcProvider", "vpcId", "subnetIds"),
        *("vpcCniOptions.securityContextPrivileged", "accessEntries.ops.principal"),
        *("accessEntries.ops.principalArn", "accessEntries.ops.accessPolicies.view.arn"),
        "accessEntries.ops.accessPolicies.view.policyArn",
    ):
        assert f"- {path}: " in message, "an input that would be ignored is named"
    assert not monitor.requests, "nothing is half built"


def test_a_refusal_never_shows_the_value_of_an_input(construct: Construct) -> None:
    message = refused(construct, "Cluster", given.cluster(nodeUserData=secret("hunter2")))
    assert "nodeUserData" in message
    assert "hunter2" not in message, "it may be a secret"


def test_networks_for_a_public_endpoint_need_a_public_endpoint(construct: Construct) -> None:
    inputs = given.cluster(publicAccessCidrs=["203.0.113.0/24"], endpointPublicAccess=False)
    with pytest.raises(grpc.RpcError) as failure:
        construct("Cluster", "prod", inputs)
    details = dict(failure.value.trailing_metadata())["grpc-status-details-bin"]
    assert b"publicAccessCidrs" in details


def test_protection_and_former_names_are_handed_on(construct: Construct, monitor: Monitor) -> None:
    alias = alias_pb2.Alias(spec=alias_pb2.Alias.Spec(name="former"))
    construct("Cluster", "prod", given.cluster(), protect=True, aliases=[alias])
    component = monitor.one("eks:index:Cluster", "prod")
    assert component.protect
    assert [former.spec.name for former in component.aliases] == ["former"]


def test_a_type_or_method_that_is_not_served_is_refused_by_name(plugin: Client, construct: Construct) -> None:
    assert "eks:index:NodeGroupV2" in refused(construct, "NodeGroupV2", {})
    with pytest.raises(grpc.RpcError) as failure:
        plugin.Call(provider_pb2.CallRequest(tok="eks:index:Cluster/getKubeconfig"))
    assert "getKubeconfig" in str(failure.value.details())


def test_components_are_built_at_the_same_time(construct: Construct, monitor: Monitor) -> None:
    construct("Cluster", "prod", given.cluster())
    monitor.meet["aws:eks/nodeGroup:NodeGroup"] = Barrier(2)
    with ThreadPoolExecutor(2) as both:
        builds = [both.submit(construct, "ManagedNodeGroup", name, given.node_group()) for name in ("general", "gpu")]
        for build in builds:
            assert "nodeGroup" in state_of(build.result()), "the groups of a cluster need not wait for each other"
