from __future__ import annotations

import pytest

from standins.ekscomponent import ami, cni
from standins.ekscomponent.kubeconfig import compact, kubeconfig, region_of
from standins.ekscomponent.role import suffix
from standins.ekscomponent.shape import issuer, public_cidrs

DEFAULTS = {
    "AWS_VPC_ENI_MTU": "9001",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "false",
    "AWS_VPC_K8S_CNI_EXTERNALSNAT": "false",
    "AWS_VPC_K8S_CNI_LOGLEVEL": "DEBUG",
    "AWS_VPC_K8S_CNI_LOG_FILE": "/host/var/log/aws-routed-eni/ipamd.log",
    "AWS_VPC_K8S_CNI_VETHPREFIX": "eni",
    "AWS_VPC_K8S_PLUGIN_LOG_FILE": "/var/log/aws-routed-eni/plugin.log",
    "AWS_VPC_K8S_PLUGIN_LOG_LEVEL": "DEBUG",
    "ENABLE_POD_ENI": "false",
    "WARM_ENI_TARGET": "1",
}


def test_the_network_add_on_has_an_environment_without_any_option() -> None:
    assert cni.configuration({}) == {"env": DEFAULTS, "init": {"env": {"DISABLE_TCP_EARLY_DEMUX": "false"}}}


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ({"enablePrefixDelegation": True}, {"ENABLE_PREFIX_DELEGATION": "true"}),
        ({"warmPrefixTarget": 1.0}, {"WARM_PREFIX_TARGET": "1"}),
        ({"warmEniTarget": 0}, {"WARM_ENI_TARGET": "0"}),
        ({"cniExternalSnat": True}, {"AWS_VPC_K8S_CNI_EXTERNALSNAT": "true"}),
        ({"externalSnat": True}, {"AWS_VPC_K8S_CNI_EXTERNALSNAT": "true"}),
        ({"nodePortSupport": False}, {}),
        ({"customNetworkConfig": True}, {}),
        ({"cniCustomNetworkCfg": True}, {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true"}),
    ],
)
def test_an_option_changes_its_variable_and_no_other(options: dict[str, object], changed: dict[str, str]) -> None:
    assert cni.configuration(options)["env"] == DEFAULTS | changed


def test_configuration_values_win_over_options() -> None:
    values = {"env": {"WARM_ENI_TARGET": "5"}, "init": {"image": "x"}, "enableNetworkPolicy": "false"}
    found = cni.configuration({"configurationValues": values, "enableNetworkPolicy": True, "warmEniTarget": 3})
    assert found["env"]["WARM_ENI_TARGET"] == "5"
    assert found["enableNetworkPolicy"] == "false"
    assert found["init"] == {"image": "x", "env": {"DISABLE_TCP_EARLY_DEMUX": "false"}}, "what is there is kept"


def test_two_spellings_of_external_snat_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="externalSnat"):
        cni.configuration({"externalSnat": True, "cniExternalSnat": True})


@pytest.mark.parametrize(
    ("system", "types", "expected"),
    [
        ("AL2023", [], "AL2023_x86_64_STANDARD"),
        ("AL2023", ["c7g.large"], "AL2023_ARM_64_STANDARD"),
        ("Bottlerocket", ["c5.large"], "BOTTLEROCKET_x86_64"),
    ],
)
def test_the_ami_type_follows_from_system_and_processor(system: str, types: list[str], expected: str) -> None:
    assert ami.ami_type(system, types, gpu=False) == expected


@pytest.mark.parametrize(
    ("system", "types", "expected"),
    [
        ("AL2023", ["g5.xlarge", "g6.xlarge"], "AL2023_x86_64_NVIDIA"),
        ("Bottlerocket", ["g5g.xlarge"], "BOTTLEROCKET_ARM_64_NVIDIA"),
    ],
)
def test_a_gpu_takes_the_ami_with_its_drivers(system: str, types: list[str], expected: str) -> None:
    assert ami.ami_type(system, types, gpu=True) == expected


@pytest.mark.parametrize(
    ("system", "types", "fault"),
    [
        ("AL2023", ["c5.large", "c7g.large"], "mix architectures"),
        ("AL2023", ["large"], "no EC2 instance type"),
        ("Windows", ["c5.large"], "no AMI type"),
    ],
)
def test_instance_types_without_a_common_ami_are_refused(system: str, types: list[str], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        ami.ami_type(system, types, gpu=False)


def test_the_region_is_read_from_the_arn() -> None:
    assert region_of("arn:aws-cn:eks:cn-north-1:1:cluster/c") == "cn-north-1"


@pytest.mark.parametrize("text", ["cluster", "arn:aws:iam::1:role/r", "urn:aws:eks:us-east-1:1:c"])
def test_what_is_no_arn_with_a_region_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no ARN with a region"):
        region_of(text)


def test_a_kubeconfig_is_spelt_as_javascript_spells_it() -> None:
    text = compact(kubeconfig("c", "https://e", "r", "ca", []))
    assert text.startswith('{"apiVersion":"v1","clusters":[{"cluster":{"server":"https://e",'), "no spaces, in order"


def test_the_name_of_an_attachment_is_that_of_pulumi_eks() -> None:
    assert suffix("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy") == "4b490823", "another name would replace it"


def test_a_cluster_without_issuer_has_an_empty_one() -> None:
    assert issuer(None) == ""
    assert issuer([]) == ""


def test_networks_reach_a_public_endpoint_only() -> None:
    assert public_cidrs(["203.0.113.0/24"], public=True) == ["203.0.113.0/24"]
