"""Inputs of the control plane and outputs of the component, shaped as pulumi-eks shapes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi

from standins.ekscomponent.kubeconfig import compact, credential_arguments, kubeconfig, region_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_aws import eks


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the map without what is absent: an undefined value has no place in an output."""
    return {key: value for key, value in values.items() if value is not None}


def subnets(given: Mapping[str, Any]) -> pulumi.Input[Sequence[str]]:
    """Return the control plane's subnets: those named as such, else the public ones, then the private ones."""
    if "subnetIds" in given:
        return given["subnetIds"]  # type: ignore[no-any-return] # an input is what the wire says
    parts = [pulumi.Output.from_input(given.get(key, [])) for key in ("publicSubnetIds", "privateSubnetIds")]
    return pulumi.Output.all(*parts).apply(lambda both: [*both[0], *both[1]])


def public_cidrs(cidrs: Sequence[str], *, public: bool) -> Sequence[str]:
    """Return the networks that reach the public endpoint.

    Raises:
        pulumi.InputPropertyError: There is no public endpoint to reach.
    """
    if not public:
        raise pulumi.InputPropertyError("publicAccessCidrs", "can only be set when endpointPublicAccess is true")
    return cidrs


def vpc(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `vpcConfig`: subnets, security groups, endpoints."""
    group, cidrs = given.get("clusterSecurityGroup"), given.get("publicAccessCidrs")
    public = given.get("endpointPublicAccess")
    if cidrs is not None:
        both = pulumi.Output.all(cidrs=cidrs, public=True if public is None else public)
        cidrs = both.apply(lambda known: public_cidrs(known["cidrs"], public=known["public"]))
    config = {
        "security_group_ids": None if group is None else [pulumi.Output.from_input(group).apply(lambda sg: sg.id)],
        "subnet_ids": subnets(given),
        "endpoint_private_access": given.get("endpointPrivateAccess"),
        "endpoint_public_access": public,
        "public_access_cidrs": cidrs,
    }
    return present(config)


def network(given: Mapping[str, Any]) -> pulumi.Output[dict[str, Any]] | None:
    """Return `kubernetesNetworkConfig`, or nothing when neither service range nor IP family is given."""
    service, family = given.get("kubernetesServiceIpAddressRange"), given.get("ipFamily")
    if service is None and family is None:
        return None
    return pulumi.Output.all(service=service, family=family).apply(
        lambda known: present(
            {
                "service_ipv4_cidr": known["service"] if known["family"] in (None, "ipv4") else None,
                "ip_family": known["family"] or "ipv4",
            }
        )
    )


def tags(name: str, given: Mapping[str, Any]) -> pulumi.Output[dict[str, str]]:
    """Return the control plane's tags: its name, then `clusterTags`, then `tags`; the later wins."""
    both = pulumi.Output.all(given.get("clusterTags", {}), given.get("tags", {}))
    return both.apply(lambda known: {"Name": f"{name}-eksCluster"} | known[0] | known[1])


def encryption(given: Mapping[str, Any]) -> pulumi.Output[dict[str, Any]] | None:
    """Return the envelope encryption of Kubernetes secrets, or nothing without a key; wholly unknown as its key is."""
    key = given.get("encryptionConfigKeyArn")
    if key is None:
        return None
    return pulumi.Output.from_input(key).apply(lambda arn: {"provider": {"keyArn": arn}, "resources": ["secrets"]})


def control_plane(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of `aws:eks/cluster:Cluster`, without its role."""
    mode = {"authentication_mode": given["authenticationMode"], "bootstrap_cluster_creator_admin_permissions": True}
    return {
        "name": given.get("name"),
        "version": given.get("version"),
        "access_config": mode,
        "bootstrap_self_managed_addons": given.get("bootstrapSelfManagedAddons", True),
        "deletion_protection": given.get("deletionProtection"),
        "enabled_cluster_log_types": given.get("enabledClusterLogTypes"),
        "encryption_config": encryption(given),
        "kubernetes_network_config": network(given),
        "tags": tags(name, given),
        "upgrade_policy": given.get("upgradePolicy"),
        "vpc_config": vpc(given),
    }


def kubeconfig_of(
    cluster: eks.Cluster, credentials: pulumi.Input[Mapping[str, str]] | None, *, with_profile: bool
) -> pulumi.Output[dict[str, Any]]:
    """Return the kubeconfig of a cluster, once the cluster is known."""
    parts = pulumi.Output.all(
        name=cluster.name,
        endpoint=cluster.endpoint,
        region=cluster.arn.apply(region_of),
        certificate=cluster.certificate_authority.apply(lambda authority: authority.data),
        extra=pulumi.Output.from_input(credentials or {}).apply(
            lambda known: credential_arguments(known, with_profile=with_profile)
        ),
    )
    return parts.apply(lambda known: kubeconfig(**known))


def issuer(identities: Sequence[Any] | None) -> str:
    """Return the URL of the cluster's OIDC issuer; empty when AWS reports none."""
    if not identities or not identities[0].oidcs:
        return ""
    return str(identities[0].oidcs[0].issuer)


def core(given: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """Return the core data other components take: what the cluster was given, and what was made of it."""
    cluster: eks.Cluster = made["cluster"]
    same = ("vpcId", "publicSubnetIds", "privateSubnetIds", "clusterSecurityGroup", "tags")
    values = {key: given.get(key) for key in same} | {
        "subnetIds": subnets(given),
        "endpoint": cluster.endpoint,
        "nodeGroupOptions": present({"version": given.get("version")}),
        "kubeconfig": kubeconfig_of(cluster, given.get("providerCredentialOpts"), with_profile=False),
        "instanceRoles": [],
        "storageClasses": {},
        "encryptionConfig": encryption(given),
        "accessEntries": list(given.get("accessEntries", {}).values()),
        "autoModeNodeRoleName": "",
    }
    return present(values | dict(made))


def outputs(cluster: eks.Cluster, core: Mapping[str, Any], group: pulumi.Input[Any] | None) -> dict[str, Any]:
    """Return the component's outputs; empty strings stand for what a cluster of this kind does not have."""
    own = cluster.vpc_config.apply(lambda config: config.cluster_security_group_id)
    url = cluster.identities.apply(issuer)
    values = {
        "kubeconfig": core["kubeconfig"],
        "kubeconfigJson": core["kubeconfig"].apply(compact),
        "clusterSecurityGroup": group,
        "instanceRoles": core["instanceRoles"],
        "eksCluster": cluster,
        "core": core,
        "clusterSecurityGroupId": own if group is None else pulumi.Output.from_input(group).apply(lambda sg: sg.id),
        "nodeSecurityGroupId": own,
        "clusterIngressRuleId": "",
        "defaultNodeGroupAsgName": "",
        "fargateProfileId": "",
        "fargateProfileStatus": "",
        "oidcProviderArn": "",
        "oidcProviderUrl": url,
        "oidcIssuer": url.apply(lambda known: known.replace("https://", "")),
        "autoModeNodeRoleName": "",
    }
    return present(values)
