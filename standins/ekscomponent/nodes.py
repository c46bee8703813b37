"""`eks:index:ManagedNodeGroup`: a managed node group of an `eks:index:Cluster`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_aws import ec2, eks

from standins.ekscomponent import inputs
from standins.ekscomponent.ami import ami_type
from standins.ekscomponent.references import ClusterReference
from standins.ekscomponent.shape import present

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCALING = {"desiredSize": 2, "minSize": 1, "maxSize": 2}
"""Sizes where none are given."""

SUBNETS = ("subnetIds", "privateSubnetIds", "publicSubnetIds")
"""Subnets of the cluster that nodes are put into when the group names none; the first that is there."""

SNAKE = {
    "amiType": "ami_type",
    "capacityType": "capacity_type",
    "diskSize": "disk_size",
    "forceUpdateVersion": "force_update_version",
    "instanceTypes": "instance_types",
    "nodeGroupName": "node_group_name",
    "nodeGroupNamePrefix": "node_group_name_prefix",
    "releaseVersion": "release_version",
    "remoteAccess": "remote_access",
}


def core_of(cluster: Any) -> pulumi.Output[Mapping[str, Any]]:  # noqa: ANN401 a component, its core data, or an output
    """Return the core data of the cluster a group belongs to."""
    return pulumi.Output.from_input(cluster).apply(
        lambda known: known.core if isinstance(known, ClusterReference) else known
    )


def scaling(given: Any) -> Any:  # noqa: ANN401 shapes of the SDK
    """Return the sizes, with a value for each that is not given."""
    return {key: (given or {}).get(key, size) for key, size in SCALING.items()}


def cluster_subnets(core: Mapping[str, Any]) -> Sequence[str]:
    """Return the subnets of the cluster's own that its nodes go into."""
    found: Sequence[str] = next((core[key] for key in SUBNETS if core.get(key) is not None), [])
    return found


class ManagedNodeGroup(pulumi.ComponentResource):
    """A managed node group; with `enableIMDSv2` also the launch template that sets it."""

    outputs: dict[str, Any]

    def __init__(self, name: str, given: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        inputs.refuse(inputs.node_group(given), inputs.NODE_GROUP)
        super().__init__("eks:index:ManagedNodeGroup", name, dict(given), opts)
        core = core_of(given["cluster"])
        cluster = core.apply(lambda known: known["cluster"])
        child = {SNAKE.get(key, key): given[key] for key in inputs.NODE_GROUP_CHILD if key in given}
        if "amiType" not in given and "operatingSystem" in given:
            child["ami_type"] = self._ami_type(given)
        if "version" not in given and "launchTemplate" not in given:
            child["version"] = cluster.apply(lambda known: known.version)
        template = given.get("launchTemplate")
        if "enableIMDSv2" in given:
            template = self._launch_template(name, given)
            child.pop("disk_size", None)
        role = pulumi.Output.from_input(given.get("nodeRole"))
        group = eks.NodeGroup(
            name,
            **child,
            cluster_name=given.get("clusterName") or cluster.apply(lambda known: known.name),
            node_role_arn=given.get("nodeRoleArn") or role.apply(lambda known: known.arn),
            scaling_config=pulumi.Output.from_input(given.get("scalingConfig")).apply(scaling),
            subnet_ids=given["subnetIds"] if "subnetIds" in given else core.apply(cluster_subnets),
            launch_template=template,
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=["scalingConfig.desiredSize"] if given.get("ignoreScalingChanges") else None,
            ),
        )
        self.outputs = {"nodeGroup": group, "placementGroupName": ""}
        self.register_outputs({"nodeGroup": group})

    @staticmethod
    def _ami_type(given: Mapping[str, Any]) -> pulumi.Output[str]:
        parts = pulumi.Output.all(
            system=given["operatingSystem"], types=given.get("instanceTypes", []), gpu=given.get("gpu", False)
        )
        return parts.apply(lambda known: ami_type(known["system"], known["types"], gpu=known["gpu"]))

    def _launch_template(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Create the template pulumi-eks makes for IMDSv2: hop limit 2, the disk's size, no encryption."""
        system = pulumi.Output.all(given.get("amiType"), given.get("operatingSystem"))
        device_name = system.apply(lambda known: device(*known))
        mapping = ec2.LaunchTemplateBlockDeviceMappingArgs(
            device_name=device_name,
            ebs=ec2.LaunchTemplateBlockDeviceMappingEbsArgs(volume_size=given.get("diskSize")),
        )
        template = ec2.LaunchTemplate(
            f"{name}-launchTemplate",
            block_device_mappings=[mapping] if "diskSize" in given else None,
            metadata_options={
                "http_tokens": "required" if given["enableIMDSv2"] else "optional",
                "http_put_response_hop_limit": 2,
                "http_endpoint": "enabled",
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        return present({"id": template.id, "version": template.latest_version.apply(str)})


def device(kind: str | None, system: str | None) -> str:
    """Return the device that holds a node's data: Bottlerocket keeps its system on another."""
    bottlerocket = (kind or "").startswith("BOTTLEROCKET") or system == "Bottlerocket"
    return "/dev/xvdb" if bottlerocket else "/dev/xvda"
