"""Definitions of Karpenter's kinds, as far as this program uses them. Pure.

Pools and classes of nodes are described in full, so that the API server refuses a mistake; claims on nodes are
Karpenter's own, which nobody else writes. Facts from its definitions, v1.15, read 2026-12-01.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.kubernetes.definitions import (
    ANYTHING,
    TEXT,
    WHOLE,
    Kind,
    mapping,
    matching,
    one_of,
    record,
    several,
    top,
)

if TYPE_CHECKING:
    from components.kubernetes.manifest import Manifest

GROUP: Final = "karpenter.sh"
CLASS_GROUP: Final = "karpenter.k8s.aws"
VERSION: Final = "v1"
_PERIOD: Final = matching("^(([0-9]+(s|m|h))+|Never)$")
_BOOLEAN: Final[Manifest] = {"type": "boolean"}
_TAINT: Final = record(
    "key", "effect", key=TEXT, value=TEXT, effect=one_of("NoSchedule", "PreferNoSchedule", "NoExecute")
)
_REQUIREMENT: Final = record(
    "key",
    "operator",
    key=TEXT,
    operator=one_of("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"),
    values=several(TEXT),
    minValues={"type": "integer", "minimum": 1, "maximum": 50},
)
_BUDGET: Final = record(
    "nodes",
    nodes=matching("^((100|[0-9]{1,2})%|[0-9]+)$"),
    reasons=several(one_of("Underutilized", "Empty", "Drifted", "Unhealthy")),
    schedule=TEXT,
    duration=matching("^((([0-9]+(h|m))|([0-9]+h[0-9]+m))(0s)?)$"),
)
POOL: Final = top(
    record(
        "template",
        template=record(
            "spec",
            metadata=record(labels=mapping(TEXT), annotations=mapping(TEXT)),
            spec=record(
                "nodeClassRef",
                "requirements",
                nodeClassRef=record("group", "kind", "name", group=TEXT, kind=TEXT, name=TEXT),
                requirements=several(_REQUIREMENT),
                taints=several(_TAINT),
                startupTaints=several(_TAINT),
                expireAfter=_PERIOD,
                terminationGracePeriod=matching("^([0-9]+(s|m|h))+$"),
            ),
        ),
        disruption=record(
            consolidationPolicy=one_of("WhenEmpty", "WhenEmptyOrUnderutilized", "Balanced"),
            consolidateAfter=_PERIOD,
            budgets=several(_BUDGET),
        ),
        limits=mapping(
            {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]},
        ),
        weight={"type": "integer", "minimum": 1, "maximum": 100},
        replicas=WHOLE,
    )
)
"""Schema of a node pool."""
_DEVICE: Final = record(
    deviceName=TEXT,
    rootVolume=_BOOLEAN,
    ebs=record(
        deleteOnTermination=_BOOLEAN,
        encrypted=_BOOLEAN,
        iops=WHOLE,
        kmsKeyID=TEXT,
        snapshotID=TEXT,
        throughput=WHOLE,
        volumeSize=TEXT,
        volumeType=TEXT,
    ),
)
CLASS: Final = top(
    record(
        "amiSelectorTerms",
        "securityGroupSelectorTerms",
        "subnetSelectorTerms",
        amiFamily=TEXT,
        amiSelectorTerms=several(record(alias=TEXT, id=TEXT, name=TEXT, owner=TEXT, tags=mapping(TEXT))),
        associatePublicIPAddress=_BOOLEAN,
        blockDeviceMappings=several(_DEVICE),
        detailedMonitoring=_BOOLEAN,
        instanceProfile=TEXT,
        kubelet=ANYTHING,
        metadataOptions=record(
            httpEndpoint=one_of("enabled", "disabled"),
            httpProtocolIPv6=one_of("enabled", "disabled"),
            httpPutResponseHopLimit={"type": "integer", "minimum": 1, "maximum": 64},
            httpTokens=one_of("required", "optional"),
        ),
        role=TEXT,
        securityGroupSelectorTerms=several(record(id=TEXT, name=TEXT, tags=mapping(TEXT))),
        subnetSelectorTerms=several(record(id=TEXT, tags=mapping(TEXT))),
        tags=mapping(TEXT),
        userData=TEXT,
    )
)
"""Schema of a class of nodes."""


def definitions() -> tuple[Manifest, ...]:
    """Return the definitions of all three kinds."""
    kinds = ((GROUP, "NodePool", POOL), (GROUP, "NodeClaim", top(ANYTHING)), (CLASS_GROUP, "EC2NodeClass", CLASS))
    return tuple(
        Kind(group=group, version=VERSION, name=name, scope="Cluster", schema=schema).definition()
        for group, name, schema in kinds
    )
