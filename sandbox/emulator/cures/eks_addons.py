"""EKS add-ons: pod identity associations named by an add-on exist, belong to it, and go with it.

ministack echoes what it was given where AWS answers with the ARNs of the associations, and the provider cannot read it.
https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html (podIdentityAssociations)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import Any

from ministack.services import eks

from sandbox.emulator.cures.base import Cure, Handler, Response, wrap

_OK = 200
_NAMESPACES = {
    "amazon-cloudwatch-observability": "amazon-cloudwatch",
    "aws-guardduty-agent": "amazon-guardduty",
    "cert-manager": "cert-manager",
    "external-dns": "external-dns",
    "metrics-server": "kube-system",
}
"""Add-on to the namespace it runs in; all others run in kube-system."""

Body = dict[str, Any]


def _create(original: Handler) -> Handler:
    def create(cluster: str, body: Body) -> Response:
        answer: Response = original(cluster, body)
        if answer[0] != _OK:
            return answer
        addon = eks._addons[f"{cluster}/{body['addonName']}"]
        _associate(addon, body.get("podIdentityAssociations", []))
        return _json({"addon": addon})

    return create


def _update(original: Handler) -> Handler:
    def update(cluster: str, name: str, body: Body) -> Response:
        rest = {field: value for field, value in body.items() if field != "podIdentityAssociations"}
        answer: Response = original(cluster, name, rest)
        if answer[0] == _OK and "podIdentityAssociations" in body:
            _associate(eks._addons[f"{cluster}/{name}"], body["podIdentityAssociations"])
        return answer

    return update


def _delete(original: Handler) -> Handler:
    def delete(cluster: str, name: str) -> Response:
        addon = eks._addons.get(f"{cluster}/{name}")
        answer: Response = original(cluster, name)
        if addon is not None:
            _dissociate(addon)
        return answer

    return delete


def _associate(addon: Body, wanted: list[Body]) -> None:
    """Replace the associations of an add-on by the wanted ones; its record then holds their ARNs."""
    _dissociate(addon)
    addon["podIdentityAssociations"] = []
    namespace = _NAMESPACES.get(addon["addonName"], "kube-system")
    for asked in wanted:
        identity = f"a-{eks.new_uuid().replace('-', '')[:17]}"
        cluster = addon["clusterName"]
        arn = eks._pod_identity_association_arn(cluster, identity)
        eks._pod_identity_associations[eks._pia_key(cluster, identity)] = {
            "clusterName": cluster,
            "namespace": namespace,
            "serviceAccount": asked["serviceAccount"],
            "roleArn": asked["roleArn"],
            "associationArn": arn,
            "associationId": identity,
            "tags": {},
            "createdAt": eks._now(),
            "modifiedAt": eks._now(),
            "ownerArn": addon["addonArn"],
            "disableSessionTags": False,
        }
        addon["podIdentityAssociations"].append(arn)


def _dissociate(addon: Body) -> None:
    for key, association in eks._pod_identity_associations.items():
        if association.get("ownerArn") == addon["addonArn"]:
            del eks._pod_identity_associations[key]


def _json(body: Body) -> Response:
    answer: Response = eks._json_resp(200, body)
    return answer


def _apply() -> None:
    wrap(eks, "_create_addon", _create)
    wrap(eks, "_update_addon", _update)
    wrap(eks, "_delete_addon", _delete)


CURES = (Cure("eks-addon-pod-identity", "an add-on with a pod identity association cannot be read", _apply),)
