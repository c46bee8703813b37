"""EKS: what every cluster needs besides its nodes comes as add-ons, each of a version that somebody chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import Breach, Level, Rule, Setting, Severity, WhenUnknown, stack_rule
from policy.tokens import CLUSTER_ADDONS, CLUSTERS
from policy.values import Mark, plain, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource, Stack
    from policy.rule import Settings

_ADDONS: Final = ("vpc-cni", "coredns", "kube-proxy", "aws-ebs-csi-driver")


@stack_rule(
    "eks-managed-addons",
    on=(*CLUSTERS, *CLUSTER_ADDONS),
    severity=Severity.LOW,
    level=Level.ADVISORY,
    controls=("NIST-CM-2",),
    url="https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html",
    when_unknown=WhenUnknown.PASS,
    remediation="add an Addon of the name, with addon_version",
    settings={
        "addons": Setting(
            [*_ADDONS], {"type": "array", "items": {"type": "string"}}, "names of the add-ons that every cluster has"
        )
    },
    guards=("addonName", "addonVersion"),
)
def managed_addons(stack: Stack, settings: Settings) -> Iterator[Breach]:
    """Clusters have network, DNS, proxy and volumes by add-ons of EKS, each with a version.

    What is installed otherwise, nobody upgrades with the cluster. Clusters in Auto Mode have them built in.
    """
    addons = stack.of(CLUSTER_ADDONS)
    for cluster in stack.of(CLUSTERS):
        if any(value is Mark.UNKNOWN or same(value, wanted=True) for _, value in cluster.each("computeConfig.enabled")):
            continue
        own = [addon for addon in addons if addon.refers_to(cluster, "clusterName")]
        names = [_name(addon) for addon in own]
        missing = [] if Mark.UNKNOWN in names else [one for one in settings.strings("addons") if one not in names]
        if missing:
            yield Breach(cluster, f"no Addon of this stack has addonName of {show(missing)}; allowed: one of each")
        for addon in own:
            if _name(addon) in settings.strings("addons") and not addon.has("addonVersion"):
                yield Breach(addon, "addonVersion is not set; allowed: any version")


def _name(addon: Resource) -> object:
    return plain(addon.inputs.get("addonName"))


RULES: Final[tuple[Rule, ...]] = (managed_addons,)
