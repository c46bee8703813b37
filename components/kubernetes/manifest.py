"""Manifests as Kubernetes spells them, in plain data, and the one way to register them.

Pure functions make manifests, so that tests hold them against the API's schemas without a program; `declare` makes a
resource of one. Every object has a fixed name and, if it lives in one, a namespace (docs/adr/0013-kubernetes-layer.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pulumi

from components.base import child, named

if TYPE_CHECKING:
    from collections.abc import Sequence

Manifest: TypeAlias = Mapping[str, Any]
"""An object: `apiVersion`, `kind`, `metadata` and what its kind has. Values may be outputs, name and kind not."""

NAME_LABEL: Final = "app.kubernetes.io/name"
"""Label that selectors use."""


def manifest(api_version: str, kind: str, metadata: Manifest, **rest: Any) -> Manifest:  # noqa: ANN401 any JSON value
    """Return an object; `rest` are its further top-level fields."""
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


def metadata(name: str, namespace: str | None = None, **rest: Manifest) -> Manifest:
    """Return metadata with the labels of everything here, and with `annotations` and further `labels` from `rest`."""
    labels = {NAME_LABEL: name, "app.kubernetes.io/managed-by": "pulumi", **rest.pop("labels", {})}
    return {"name": name, **({"namespace": namespace} if namespace else {}), "labels": labels, **rest}


def declare(
    parent: pulumi.Resource,
    component: str,
    one: Manifest,
    *,
    space: pulumi.Resource | None = None,
    after: Sequence[pulumi.Resource] = (),
) -> pulumi.CustomResource:
    """Register an object as `<component>-<kind>-<name>`, in the cluster of the parent's provider.

    Args:
        parent: Component that owns it.
        component: Logical name of that component.
        one: The object.
        space: Namespace of the component; an object that lives in one waits for it, one of the whole cluster does not.
        after: Objects that must exist first although nothing in the manifest refers to them.
    """
    version, kind = str(one["apiVersion"]), str(one["kind"])
    token = f"kubernetes:{version if '/' in version else f'core/{version}'}:{kind}"
    name = named(component, f"{kind.lower()}-{one['metadata']['name']}")
    lives_in = [space] if space and "namespace" in one["metadata"] else []
    return pulumi.CustomResource(token, name, dict(one), child(parent, depends_on=[*lives_in, *after]))


def disruption_budget(name: str, namespace: str, selector: Mapping[str, str], max_unavailable: int | str) -> Manifest:
    """Return the bound on pods that a drained node may take away at once."""
    return manifest(
        "policy/v1",
        "PodDisruptionBudget",
        metadata(name, namespace),
        spec={
            "maxUnavailable": max_unavailable,
            "selector": {"matchLabels": dict(selector)},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",  # a pod that never gets ready must not hold a node for ever
        },
    )


ROLE: Final = "eks.amazonaws.com/role-arn"
"""Annotation of a service account by which EKS hands its pods a role without pod identity."""


def service_account(name: str, namespace: str, role_arn: pulumi.Input[str] | None = None) -> Manifest:
    """Return a service account whose token is mounted only where a pod asks for it.

    Args:
        name: Its name.
        namespace: Its namespace.
        role_arn: Role of its pods on Fargate; None = by pod identity, or none.
    """
    about: Any = {"annotations": {ROLE: role_arn}} if role_arn is not None else {}
    return manifest("v1", "ServiceAccount", metadata(name, namespace, **about), automountServiceAccountToken=False)
