"""Definitions of the AWS Load Balancer Controller's own kinds, as far as this program uses them. Pure.

Target-group bindings are described in full, so that the API server refuses a mistake; parameters of ingress classes
exist because the controller watches them, though nobody here makes any. Facts from the controller's reference, v2.14,
2026-11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.kubernetes.definitions import ANYTHING, TEXT, Kind, matching, one_of, record, several, top

if TYPE_CHECKING:
    from components.kubernetes.manifest import Manifest

GROUP: Final = "elbv2.k8s.aws"
VERSION: Final = "v1beta1"
_PORT: Final[Manifest] = {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]}

_PEER: Final = record(
    ipBlock=record("cidr", cidr=TEXT),
    securityGroup=record("groupID", groupID=TEXT),
)
_INGRESS: Final = record(
    "from",
    "ports",
    **{
        "from": several(_PEER),
        "ports": several(record(port=_PORT, protocol=one_of("TCP", "UDP"))),
    },
)
BINDING: Final = top(
    record(
        "serviceRef",
        serviceRef=record("name", "port", name=TEXT, port=_PORT),
        targetGroupARN={"type": "string", "minLength": 1},
        targetGroupName=TEXT,
        targetType=one_of("instance", "ip"),
        ipAddressType=one_of("ipv4", "ipv6"),
        vpcID=matching("^vpc-[0-9a-f]{8}([0-9a-f]{9})?$"),
        networking=record(ingress=several(_INGRESS)),
        nodeSelector=record(matchLabels={"type": "object", "additionalProperties": TEXT}),
        multiClusterTargetGroup={"type": "boolean"},
    )
)
"""Schema of a target-group binding."""
_PARAMETERS: Final = record(apiVersion=TEXT, kind=TEXT, metadata={"type": "object"}, spec=ANYTHING)


def definitions() -> tuple[Manifest, ...]:
    """Return the definitions of both kinds."""
    binding = Kind(group=GROUP, version=VERSION, name="TargetGroupBinding", scope="Namespaced", schema=BINDING)
    parameters = Kind(group=GROUP, version=VERSION, name="IngressClassParams", scope="Cluster", schema=_PARAMETERS)
    return binding.definition(), parameters.definition()
