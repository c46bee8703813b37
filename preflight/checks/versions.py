"""Versions, builds and images on offer at EKS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from preflight.finding import Finding, Level, choose, offered
from preflight.plan import CLUSTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan

_ADDON: Final = "aws:eks/addon:Addon"


def kubernetes(account: Account, plan: Plan) -> Iterator[Finding]:
    """EKS offers the version, and in the kind of support that the stack pays for."""
    for cluster in plan.of(*CLUSTERS):
        region, version = plan.region(cluster), str(cluster.inputs["version"])
        answer = account.ask("eks", "DescribeClusterVersions", region, includeAll=True)
        there = {each["clusterVersion"]: each.get("versionStatus", "").upper() for each in answer["clusterVersions"]}
        wanted = (cluster.inputs.get("upgradePolicy") or {}).get("supportType", "EXTENDED")
        good = ("STANDARD_SUPPORT",) if wanted == "STANDARD" else ("STANDARD_SUPPORT", "EXTENDED_SUPPORT")
        if there.get(version) not in good:
            yield Finding(
                level=Level.STOPS,
                what="Kubernetes version of EKS",
                found=offered(one for one, status in there.items() if status in good),
                needed=f"{version} in {wanted.lower()} support",
                fix=choose("aws eks describe-cluster-versions", region),
                path=("cluster", "version"),
                region=region,
            )


def addons(account: Account, plan: Plan) -> Iterator[Finding]:
    """EKS offers each add-on's build for the cluster's version."""
    clusters = {plan.region(cluster): str(cluster.inputs["version"]) for cluster in plan.of(*CLUSTERS)}
    for addon in plan.of(_ADDON):
        name, wanted, region = str(addon.inputs["addonName"]), addon.inputs.get("addonVersion"), plan.region(addon)
        version = clusters[region]
        answer = account.ask("eks", "DescribeAddonVersions", region, addonName=name, kubernetesVersion=version)
        builds = [each["addonVersion"] for one in answer["addons"] for each in one["addonVersions"]]
        if wanted not in builds:
            listing = f"aws eks describe-addon-versions --addon-name {name} --kubernetes-version {version}"
            yield Finding(
                level=Level.STOPS,
                what=f"builds of add-on {name}",
                found=offered(builds),
                needed=f"{wanted} for Kubernetes {version}",
                fix=choose(listing, region),
                path=("cluster", "addons", name),
                region=region,
            )


def _parameter(ami_type: str, version: str) -> str:
    """Return the public parameter that names the newest image of an AMI type (EKS User Guide, 2026-11)."""
    architecture = "arm64" if "_ARM_64" in ami_type else "x86_64"
    flavour = next((one for one in ("NVIDIA", "NEURON", "FIPS") if ami_type.endswith(one)), "")
    if ami_type.startswith("BOTTLEROCKET"):
        variant = f"aws-k8s-{version}" + (f"-{flavour.lower()}" if flavour else "")
        return f"/aws/service/bottlerocket/{variant}/{architecture}/latest/image_id"
    kind = flavour.lower() or "standard"
    return f"/aws/service/eks/optimized-ami/{version}/amazon-linux-2023/{architecture}/{kind}/recommended/image_id"


def images(account: Account, plan: Plan) -> Iterator[Finding]:
    """AWS publishes an image of each AMI type for the cluster's version."""
    for region in sorted({group.region for group in plan.node_groups}):
        groups = [group for group in plan.node_groups if group.region == region and group.ami_type != "CUSTOM"]
        named = {_parameter(group.ami_type, group.version): group for group in groups}
        answer = account.ask("ssm", "GetParameters", region, Names=sorted(named)) if named else {}
        for missing in sorted(answer.get("InvalidParameters", [])):
            group = named[missing]
            yield Finding(
                level=Level.STOPS,
                what=f"image of the nodes of group {group.name}",
                found=f"no parameter {missing}",
                needed=f"{group.ami_type} for Kubernetes {group.version}",
                fix="choose another AMI type, or a version that has one (EKS User Guide, Amazon EKS optimized AMIs)",
                path=(*group.path, "ami_type"),
                region=region,
            )
