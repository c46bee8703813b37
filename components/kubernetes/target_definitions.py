"""Definitions of the AWS Load Balancer Controller's own kinds, as far as this program uses them. Pure.

Target-group bindings are described in full, so that the API server refuses a mistake; parameters of ingress classes
exist because the controller watches them, though nobody here makes any. Facts from the controller's reference, v2.14,
2026-11.
"""

from __future__ import annotations

from typing import Any, Final

from components.kubernetes.manifest import Manifest, manifest, metadata

GROUP: Final = "elbv2.k8s.aws"
VERSION: Final = "v1beta1"
_TEXT: Final[Manifest] = {"type": "string"}
_PORT: Final[Manifest] = {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]}


def _object(*required: str, **properties: Any) -> Manifest:  # noqa: ANN401 any JSON schema
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


def _list(items: Manifest) -> Manifest:
    return {"type": "array", "items": items}


_PEER: Final = _object(
    ipBlock=_object("cidr", cidr=_TEXT),
    securityGroup=_object("groupID", groupID=_TEXT),
)
_INGRESS: Final = _object(
    "from",
    "ports",
    **{
        "from": _list(_PEER),
        "ports": _list(_object(port=_PORT, protocol={"type": "string", "enum": ["TCP", "UDP"]})),
    },
)
BINDING: Final = _object(
    "spec",
    apiVersion=_TEXT,
    kind=_TEXT,
    metadata={"type": "object"},
    spec=_object(
        "serviceRef",
        serviceRef=_object("name", "port", name=_TEXT, port=_PORT),
        targetGroupARN={"type": "string", "minLength": 1},
        targetGroupName=_TEXT,
        targetType={"type": "string", "enum": ["instance", "ip"]},
        ipAddressType={"type": "string", "enum": ["ipv4", "ipv6"]},
        vpcID={"type": "string", "pattern": "^vpc-[0-9a-f]{8}([0-9a-f]{9})?$"},
        networking=_object(ingress=_list(_INGRESS)),
        nodeSelector=_object(matchLabels={"type": "object", "additionalProperties": _TEXT}),
        multiClusterTargetGroup={"type": "boolean"},
    ),
    status={"type": "object", "x-kubernetes-preserve-unknown-fields": True},
)
"""Schema of a target-group binding."""
_PARAMETERS: Final = _object(
    apiVersion=_TEXT,
    kind=_TEXT,
    metadata={"type": "object"},
    spec={"type": "object", "x-kubernetes-preserve-unknown-fields": True},
)


def definitions() -> tuple[Manifest, ...]:
    """Return the definitions of both kinds."""
    return (
        _definition("TargetGroupBinding", "Namespaced", BINDING),
        _definition("IngressClassParams", "Cluster", _PARAMETERS),
    )


def _definition(kind: str, scope: str, schema: Manifest) -> Manifest:
    singular = kind.lower()
    plural = singular if singular.endswith("s") else f"{singular}s"
    version = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
    }
    return manifest(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        metadata(f"{plural}.{GROUP}"),
        spec={
            "group": GROUP,
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": singular},
            "scope": scope,
            "versions": [version],
        },
    )
