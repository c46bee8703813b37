"""Add-ons: those a cluster brings along, and `eks:index:Addon`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_aws import eks

from standins.ekscomponent import cni, inputs
from standins.ekscomponent.kubeconfig import compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from standins.ekscomponent.references import ClusterReference


OPTIONS = {"kube-proxy": "kubeProxyAddonOptions", "coredns": "corednsAddonOptions"}
"""Add-on -> the cluster input that configures it."""


def settings(values: object) -> pulumi.Output[str]:
    """Return configuration values as the JSON the add-on takes, keys in order."""
    return pulumi.Output.from_input(values).apply(lambda known: compact(known, sort_keys=True))


def newest(addon: str, kubernetes: pulumi.Output[str], parent: pulumi.Resource) -> pulumi.Output[str]:
    """Return the newest version of an add-on, asked from AWS: what pulumi-eks does when no version is given."""
    found = eks.get_addon_version_output(
        addon_name=addon, kubernetes_version=kubernetes, most_recent=True, opts=pulumi.InvokeOptions(parent=parent)
    )
    return found.apply(lambda result: result.version)


def built_in(
    name: str, addon: str, cluster: eks.Cluster, given: Mapping[str, Any], parent: pulumi.Resource
) -> eks.Addon:
    """Create `kube-proxy` or `coredns` as the cluster's own add-on `<name>-<addon>`."""
    options = given.get(OPTIONS[addon], {})
    values = options.get("configurationValues")
    return eks.Addon(
        f"{name}-{addon}",
        cluster_name=cluster.name,
        addon_name=addon,
        preserve=True,
        tags=given.get("tags"),
        resolve_conflicts_on_create=options.get("resolveConflictsOnCreate", "OVERWRITE"),
        resolve_conflicts_on_update=options.get("resolveConflictsOnUpdate", "OVERWRITE"),
        addon_version=options.get("version") or newest(addon, cluster.version, parent),
        configuration_values=None if values is None else settings(values),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def wanted(addon: str, given: Mapping[str, Any]) -> bool:
    """Whether the cluster gets the add-on: kube-proxy unless switched off, coredns on explicit wish only.

    Without default node group there is nothing coredns could run on when the cluster is new.
    """
    options = given.get(OPTIONS[addon], {})
    if addon == "coredns":
        return options.get("enabled") is True or bool(options.get("configurationValues"))
    return bool(options.get("enabled", True))


class VpcCniAddon(pulumi.ComponentResource):
    """`eks:index:VpcCniAddon`: the vpc-cni add-on with the environment its options ask for."""

    def __init__(self, name: str, cluster: eks.Cluster, given: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        options = given.get("vpcCniOptions", {})
        own = {"clusterName": cluster.name, "clusterVersion": cluster.version, "tags": given.get("tags")}
        super().__init__("eks:index:VpcCniAddon", name, {**options, **own}, opts)
        addon = eks.Addon(
            name,
            cluster_name=cluster.name,
            addon_name="vpc-cni",
            addon_version=options.get("addonVersion") or newest("vpc-cni", cluster.version, self),
            resolve_conflicts_on_create=options.get("resolveConflictsOnCreate", "OVERWRITE"),
            resolve_conflicts_on_update=options.get("resolveConflictsOnUpdate", "OVERWRITE"),
            preserve=True,
            configuration_values=settings(pulumi.Output.from_input(dict(options)).apply(cni.configuration)),
            service_account_role_arn=options.get("serviceAccountRoleArn"),
            tags=given.get("tags"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"addon": addon})


class Addon(pulumi.ComponentResource):
    """`eks:index:Addon`: any add-on by name, below the cluster it belongs to."""

    outputs: dict[str, Any]

    def __init__(self, name: str, given: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        inputs.refuse(inputs.addon(given), inputs.ADDON)
        cluster: ClusterReference = given["cluster"]
        opts.parent = cluster.as_parent()
        super().__init__("eks:index:Addon", name, dict(given), opts)
        values = given.get("configurationValues")
        addon = eks.Addon(
            name,
            cluster_name=cluster.core.apply(lambda core: core["cluster"].name),
            addon_name=given["addonName"],
            addon_version=given.get("addonVersion"),
            configuration_values=None if values is None else pulumi.Output.from_input(values).apply(compact),
            preserve=given.get("preserve"),
            resolve_conflicts_on_create=given.get("resolveConflictsOnCreate"),
            resolve_conflicts_on_update=given.get("resolveConflictsOnUpdate"),
            service_account_role_arn=given.get("serviceAccountRoleArn"),
            tags=given.get("tags"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.outputs = {"addon": addon}
        self.register_outputs(self.outputs)
