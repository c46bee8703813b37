"""The graph reads the same resources from a recording, a preview and a state."""

from __future__ import annotations

import pulumi
import pytest
from pulumi_aws import Provider, ec2, kms

from review.engine_json import EngineJsonError, from_preview, from_state
from review.graph import SECRET, UNKNOWN, Graph
from review.record import record

URN = "urn:pulumi:prod::platform::platform:network:Network$aws:ec2/vpc:Vpc::network-vpc"
PARENT = "urn:pulumi:prod::platform::platform:network:Network::network"
STACK = "urn:pulumi:prod::platform::pulumi:pulumi:Stack::platform-prod"
VPC_STATE = {
    "urn": URN,
    "custom": True,
    "id": "vpc-1",
    "type": "aws:ec2/vpc:Vpc",
    "inputs": {"cidrBlock": "10.0.0.0/16"},
    "parent": PARENT,
    "provider": "urn:pulumi:prod::platform::pulumi:providers:aws::aws-us-east-1::04da6b54",
    "propertyDependencies": {"cidrBlock": None},
    "protect": True,
}


class _Network(pulumi.ComponentResource):
    def __init__(self, name: str, provider: Provider) -> None:
        super().__init__("platform:network:Network", name, None, pulumi.ResourceOptions(providers=[provider]))
        below = pulumi.ResourceOptions(parent=self)
        key = kms.Key("network-key", opts=pulumi.ResourceOptions(parent=self, protect=True, retain_on_delete=True))
        self.vpc = ec2.Vpc("network-vpc", cidr_block="10.0.0.0/16", tags={"Name": "network"}, opts=below)
        ec2.Subnet("network-subnet", vpc_id=self.vpc.id, cidr_block="10.0.1.0/24", opts=below)
        ec2.FlowLog("network-flow", vpc_id=self.vpc.id, log_destination=key.arn, iam_role_arn=_secret(), opts=below)
        self.register_outputs({"vpc_id": self.vpc.id})


def _secret() -> pulumi.Output[str]:
    return pulumi.Output.secret("not to be seen")


def _program() -> None:
    provider = Provider("aws-us-east-1", region="us-east-1", default_tags={"tags": {"Owner": "team", "Name": "none"}})
    _Network("network", provider)
    pulumi.export("vpc", "exported")


@pytest.fixture(scope="module")
def recording() -> Graph:
    return record(_program, "prod")


def test_a_recording_spells_urns_as_the_engine_does(recording: Graph) -> None:
    assert recording.named("network-vpc").urn == URN, "a policy waiver or a state must match a recording by URN"


def test_a_recording_knows_which_resource_each_input_comes_from(recording: Graph) -> None:
    subnet = recording.named("network-subnet")
    assert subnet.property_dependencies["vpcId"] == (URN,), "rules judge unknown inputs by the resource behind them"
    assert subnet.inputs["vpcId"] == recording.named("network-vpc").id, "a reference resolves to its target's id"


def test_default_tags_reach_tags_all_and_the_resource_s_own_tags_win(recording: Graph) -> None:
    assert recording.named("network-vpc").inputs["tagsAll"] == {"Owner": "team", "Name": "network"}
    assert recording.named("network-subnet").inputs["tagsAll"] == {"Owner": "team", "Name": "none"}


def test_options_that_guard_data_are_recorded(recording: Graph) -> None:
    key = recording.named("network-key")
    assert (key.protect, key.retain_on_delete) == (True, True), "protection is what rules and reviewers ask for"


def test_no_secret_enters_a_recording(recording: Graph) -> None:
    assert recording.named("network-flow").inputs["iamRoleArn"] is SECRET
    assert "not to be seen" not in repr(recording), "a graph is printed and stored, so it must hold no plain text"


def test_a_child_without_a_provider_inherits_its_parent_s(recording: Graph) -> None:
    provider = recording.named("aws-us-east-1")
    assert {r.provider for r in recording.custom()} == {provider.urn}


def test_inventory_counts_by_component(recording: Graph) -> None:
    assert recording.count_by_area() == {
        "network": {
            "aws:kms/key:Key": 1,
            "aws:ec2/vpc:Vpc": 1,
            "aws:ec2/subnet:Subnet": 1,
            "aws:ec2/flowLog:FlowLog": 1,
        }
    }


def test_outputs_of_components_and_exports_of_the_stack_are_recorded(recording: Graph) -> None:
    assert recording.by_urn[PARENT].outputs["vpc_id"] == "network-vpc-id"
    assert recording.by_urn[STACK].outputs["vpc"] == "exported"


def test_two_recordings_in_one_process_share_nothing(recording: Graph) -> None:
    assert {r.urn for r in record(_program, "prod").resources} == {r.urn for r in recording.resources}


def test_a_program_that_looks_something_up_is_refused() -> None:
    def looks_up() -> None:
        provider = Provider("aws-us-east-1", region="us-east-1")
        zones = __import__("pulumi_aws").get_availability_zones_output(
            opts=pulumi.InvokeOutputOptions(provider=provider)
        )
        pulumi.export("zones", zones.names)

    with pytest.raises(Exception, match="write the value into the stack file"):
        record(looks_up, "prod")


def test_an_error_of_the_program_reaches_the_caller() -> None:
    def broken() -> None:
        raise ValueError("network.cidr is wrong")

    with pytest.raises(ValueError, match=r"network\.cidr is wrong"):
        record(broken, "prod")


def test_two_resources_of_one_name_are_refused_as_the_engine_would() -> None:
    def twice() -> None:
        provider = Provider("aws-us-east-1", region="us-east-1")
        for _ in range(2):
            ec2.Vpc("network-vpc", cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=provider))

    with pytest.raises(ValueError, match="network-vpc: registered twice"):
        record(twice, "prod")


def test_a_preview_loads_what_is_planned_and_what_would_change() -> None:
    gone = URN.replace("network-vpc", "old")
    steps = [
        {"op": "same", "urn": STACK, "newState": {"urn": STACK, "type": "pulumi:pulumi:Stack"}},
        {"op": "create", "urn": URN, "newState": VPC_STATE},
        {"op": "delete", "urn": gone, "oldState": {**VPC_STATE, "urn": gone}},
    ]
    graph = from_preview({"steps": steps}, "prod")
    assert [r.urn for r in graph.resources] == [STACK, URN], "a resource that goes is no part of the plan"
    assert {urn: change.operation for urn, change in graph.changes.items()} == {
        STACK: "same",
        URN: "create",
        gone: "delete",
    }
    assert graph.named("network-vpc").provider.endswith("::aws-us-east-1"), "the provider is named by its URN, not id"


@pytest.mark.parametrize(
    ("operation", "kept", "outputs"), [("same", "vpc-1", {"arn": "a"}), ("update", "vpc-1", {}), ("replace", "", {})]
)
def test_a_preview_keeps_the_id_of_what_stands(operation: str, kept: str, outputs: dict[str, str]) -> None:
    """The engine tells it under the old state alone; without it nothing finds the resource that an id points to."""
    before = {**VPC_STATE, "outputs": {"arn": "a"}}
    planned = {key: value for key, value in VPC_STATE.items() if key != "id"}
    graph = from_preview({"steps": [{"op": operation, "urn": URN, "oldState": before, "newState": planned}]}, "prod")
    vpc = graph.named("network-vpc")
    assert (vpc.id, vpc.outputs) == (kept, outputs)


def test_a_preview_that_shows_the_changes_only_is_refused() -> None:
    steps = [
        {"op": "same", "urn": STACK, "newState": {"urn": STACK, "type": "pulumi:pulumi:Stack"}},
        {"op": "update", "urn": URN, "newState": VPC_STATE},
    ]
    with pytest.raises(EngineJsonError, match=r"242 unchanged resources are left out.*--show-sames"):
        from_preview({"steps": steps, "changeSummary": {"same": 243, "update": 1}}, "prod")
    graph = from_preview({"steps": steps, "changeSummary": {"same": 1, "update": 1}}, "prod")
    assert {urn: change.operation for urn, change in graph.changes.items()} == {STACK: "same", URN: "update"}, (
        "nothing is missing here"
    )


def test_a_replacement_counts_once() -> None:
    steps = [
        {"op": "create-replacement", "urn": URN, "newState": VPC_STATE},
        {"op": "replace", "urn": URN, "newState": VPC_STATE},
        {"op": "delete-replaced", "urn": URN, "oldState": VPC_STATE},
    ]
    graph = from_preview({"steps": steps}, "prod")
    assert {urn: change.operation for urn, change in graph.changes.items()} == {URN: "replace"}
    assert len(graph.resources) == 1


def test_a_state_hides_secrets_and_skips_what_awaits_deletion() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    inputs = {"password": secret, "kmsKeyId": "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "list": [{"deep": secret}]}
    states = [{**VPC_STATE, "inputs": inputs}, {**VPC_STATE, "delete": True}]
    graph = from_state({"deployment": {"resources": states}}, "prod")
    assert graph.resources[0].inputs == {"password": SECRET, "kmsKeyId": UNKNOWN, "list": [{"deep": SECRET}]}
    assert len(graph.resources) == 1


@pytest.mark.parametrize(("load", "missing"), [(from_preview, "steps"), (from_state, "deployment")])
def test_a_document_of_another_kind_is_refused_by_name(load: object, missing: str) -> None:
    with pytest.raises(EngineJsonError, match=f"'{missing}'; got keys version"):
        load({"version": 3}, "prod")  # type: ignore[operator]  # the two loaders have one shape
