"""Security groups of pods on Fargate, which have the cluster's own group otherwise, and no other. Pure.

The CNI enforces no network policy on Fargate: these groups are what bounds its pods (docs/adr/0065-fargate.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.kubernetes.manifest import Manifest, manifest, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pulumi

    from config.cluster import FargateProfile

KIND: Final = "SecurityGroupPolicy"


def policies(profiles: Mapping[str, FargateProfile], groups: Sequence[pulumi.Output[str]]) -> Iterator[Manifest]:
    """Yield a policy for the pods of each selector.

    Args:
        profiles: The stack file's `cluster.fargate_profiles`.
        groups: Security groups of the pods; EKS needs the cluster's own among them.
    """
    for short, profile in profiles.items():
        for at, one in enumerate(profile.selectors):
            yield manifest(
                "vpcresources.k8s.aws/v1beta1",
                KIND,
                metadata(f"fargate-{short}-{at}", one.namespace),
                spec={"podSelector": {"matchLabels": dict(one.labels)}, "securityGroups": {"groupIds": list(groups)}},
            )
