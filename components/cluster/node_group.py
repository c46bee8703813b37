"""One EKS managed node group with a launch template of its own, and what owns its size.

pulumi-eks's own template sets no encryption, gp2 volumes and a hop limit of 2, hence ours. EKS updates one node at a
time (its default; pulumi-eks 4.4 has no argument for it). The image stays EKS's: without an image id in the template,
EKS picks the newest image of the family and writes the user data.

A change of counts sends all three to EKS in one call, the desired size as the state last knew it, since its owner moves
it. EKS refuses a minimum above it. So while a standby is active its desired size is the program's: minimum and desired
size rise together, in a call that EKS takes (docs/adr/0012-scaling.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_eks as eks
from pulumi_aws import autoscaling, ec2
from pulumi_aws import eks as aws_eks

from components.base import child, named
from components.cluster.plan import BlockDevice, block_devices, node_counts
from components.cluster.size_policies import SizePolicies, SizePoliciesArgs
from config.cluster import Cluster

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_aws.eks.outputs import NodeGroupResource

    from components.network.outputs import NetworkOutputs
    from config.cluster import NodeGroup as NodeGroupSettings


AUTOSCALER_TAG: Final = "platform/cluster-autoscaler"
"""Tag of the groups that the cluster autoscaler owns, by cluster. Not the usual tags: EKS sets those on all."""


@dataclass(frozen=True, kw_only=True)
class NodeGroupArgs:
    """What a node group is built from."""

    group: str
    """Name of the group in the stack file."""
    settings: NodeGroupSettings
    """The stack file's `cluster.node_groups.<group>`."""
    version: str
    """Kubernetes version; nodes follow the control plane's."""
    cluster: eks.Cluster
    """The control plane that the nodes join."""
    network: NetworkOutputs
    """The nodes live in every zone of their tier, under EKS's security group and the group of the cluster."""
    key_arn: pulumi.Output[str]
    """Key of the nodes' volumes."""
    node_role_arn: pulumi.Output[str]
    """Role of the nodes."""
    tags: Mapping[str, str]
    """Tags for instances, volumes and interfaces: EC2 makes those, so the provider's default tags do not reach them."""
    after: Sequence[pulumi.Resource]
    """Add-ons without which no node becomes ready."""
    cluster_name: pulumi.Output[str]
    """Name of the cluster, for the autoscaler to find the group by."""
    active: bool
    """Whether the `active` counts are in force: a standby serves in its primary's place."""


class NodeGroup(pulumi.ComponentResource):
    """Managed node group over all zones of its tier."""

    group: eks.ManagedNodeGroup
    """The group itself, for add-ons whose pods need nodes."""
    group_name: pulumi.Output[str]
    """Auto Scaling group that EKS made for it; known once nodes run."""

    def __init__(self, name: str, args: NodeGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:cluster:NodeGroup", name, None, opts)
        self._name = name
        self._args = args
        self.group = self._group(self._launch_template())
        self.group_name = self.group.node_group.apply(made_group)
        self._owner()
        self.register_outputs({"groupName": self.group_name})

    def _launch_template(self) -> ec2.LaunchTemplate:
        args = self._args
        tags = {**args.tags, "Name": named(self._name, "node")}
        return ec2.LaunchTemplate(
            named(self._name, "template"),
            description=f"Nodes of group {args.group}",
            update_default_version=True,
            block_device_mappings=[self._device(device) for device in self._devices()],
            metadata_options=ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                http_put_response_hop_limit=1,  # pods are one hop further than the node: they get no node credentials
            ),
            monitoring=ec2.LaunchTemplateMonitoringArgs(enabled=True),
            vpc_security_group_ids=[args.cluster.cluster_security_group_id, args.network.group_of(Cluster.serves)],
            tag_specifications=[
                ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
                for kind in ("instance", "volume", "network-interface")
            ],
            opts=child(self),
        )

    def _devices(self) -> tuple[BlockDevice, ...]:
        return block_devices(self._args.settings.ami_type, self._args.settings.root_volume)

    def _device(self, device: BlockDevice) -> ec2.LaunchTemplateBlockDeviceMappingArgs:
        volume = device.volume
        return ec2.LaunchTemplateBlockDeviceMappingArgs(
            device_name=device.device,
            ebs=ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                volume_type=volume.type if volume else "gp3",
                volume_size=volume.size_gib if volume else None,
                iops=volume.iops if volume else None,
                throughput=volume.throughput_mibps if volume else None,
                encrypted="true",
                kms_key_id=self._args.key_arn,
                delete_on_termination="true",
            ),
        )

    def _group(self, template: ec2.LaunchTemplate) -> eks.ManagedNodeGroup:
        args, settings = self._args, self._args.settings
        active = settings.active if args.active else None
        counts = node_counts(settings.scaling, len(args.network.zones), active)
        return eks.ManagedNodeGroup(
            named(self._name, "group"),
            cluster=args.cluster,
            version=args.version,
            node_role_arn=args.node_role_arn,
            subnet_ids=args.network.subnets(settings.tier or args.network.tier_of(Cluster.serves), settings.zones),
            ami_type=settings.ami_type,
            instance_types=list(settings.instance_types),
            capacity_type=settings.capacity_type,
            launch_template=aws_eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            scaling_config=aws_eks.NodeGroupScalingConfigArgs(
                min_size=counts.min, desired_size=counts.desired, max_size=counts.max
            ),
            # After creation the group's owner moves the desired size, and that is no drift.
            ignore_scaling_changes=active is None,
            labels=settings.labels,
            taints=[
                aws_eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=taint.effect)
                for taint in settings.taints
            ],
            # Nodes that start before the CNI and the pod identity agent stay NotReady, and EKS fails the group.
            opts=child(self, depends_on=args.after),
        )

    def _owner(self) -> None:
        """Let policies or the cluster autoscaler own the size."""
        settings = self._args.settings
        if settings.policies:
            args = SizePoliciesArgs(
                settings=settings,
                policies=settings.policies,
                group_name=self.group_name,
                zones=len(self._args.network.zones),
            )
            SizePolicies(named(self._name, "size"), args, opts=child(self))
        if settings.autoscaler:
            autoscaling.Tag(
                named(self._name, "autoscaler"),
                autoscaling_group_name=self.group_name,
                tag=autoscaling.TagTagArgs(
                    key=AUTOSCALER_TAG, value=self._args.cluster_name, propagate_at_launch=False
                ),
                opts=child(self),
            )


def made_group(group: aws_eks.NodeGroup) -> pulumi.Output[str]:
    """Return the name of the Auto Scaling group that EKS made for a node group."""
    return group.resources.apply(_name_of_first)


def _name_of_first(resources: Sequence[NodeGroupResource]) -> str:
    groups = resources[0].autoscaling_groups or ()
    return str(groups[0].name)
