"""EKS: an add-on's pod identity associations are associations of their own, which the add-on names by ARN and owns.

ministack answers with the request's objects where the API has ARNs, so that no client can read the answer, and makes no
associations. An update overwrites them, and the end of the add-on is theirs.
https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

import json
from typing import Any

from ministack.services import eks

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap

_ASSOCIATIONS = "podIdentityAssociations"
_OK = 200
_NAMESPACES = {
    "amazon-cloudwatch-observability": "amazon-cloudwatch",
    "aws-guardduty-agent": "amazon-guardduty",
    "cert-manager": "cert-manager",
    "external-dns": "external-dns",
}
"""Namespaces of add-ons that do not live in kube-system."""


def _associate(cluster: str, addon: dict[str, Any], wanted: list[dict[str, str]]) -> Response | None:
    """Make the add-on's associations; the answer is EKS's refusal, or None."""
    namespace = _NAMESPACES.get(addon["addonName"], "kube-system")
    made: list[str] = []
    for association in wanted:
        answer: Response = eks._create_pod_identity_association(cluster, {**association, "namespace": namespace})
        if answer[0] != _OK:
            return answer
        created = json.loads(answer[2])["association"]
        eks._pod_identity_associations[eks._pia_key(cluster, created["associationId"])]["ownerArn"] = addon["addonArn"]
        made.append(created["associationArn"])
    addon[_ASSOCIATIONS] = made
    return None


def _disown(cluster: str, addon: dict[str, Any]) -> None:
    for arn in addon.get(_ASSOCIATIONS, []):
        eks._delete_pod_identity_association(cluster, str(arn).rsplit("/", 1)[-1])


def _around_create(create: Handler) -> Handler:
    def created(cluster: str, body: dict[str, Any]) -> Response:
        answer: Response = create(cluster, {**body, _ASSOCIATIONS: []})
        if answer[0] != _OK:
            return answer
        key = f"{cluster}/{body['addonName']}"
        if refused := _associate(cluster, eks._addons[key], body.get(_ASSOCIATIONS) or []):
            _disown(cluster, eks._addons.pop(key))
            return refused
        shown: Response = eks._json_resp(_OK, {"addon": eks._addons[key]})
        return shown

    return created


def _around_update(update: Handler) -> Handler:
    def updated(cluster: str, name: str, body: dict[str, Any]) -> Response:
        rest = {key: value for key, value in body.items() if key != _ASSOCIATIONS}
        answer: Response = update(cluster, name, rest)
        if answer[0] != _OK or _ASSOCIATIONS not in body:
            return answer
        addon = eks._addons[f"{cluster}/{name}"]
        _disown(cluster, addon)
        return _associate(cluster, addon, body[_ASSOCIATIONS] or []) or answer

    return updated


def _around_delete(delete: Handler) -> Handler:
    def deleted(cluster: str, name: str) -> Response:
        if addon := eks._addons.get(f"{cluster}/{name}"):
            _disown(cluster, addon)
        answer: Response = delete(cluster, name)
        return answer

    return deleted


def _apply() -> None:
    wrap(eks, "_create_addon", _around_create)
    wrap(eks, "_update_addon", _around_update)
    wrap(eks, "_delete_addon", _around_delete)


PATCH = Patch(
    "eks-addon-pod-identity", "an add-on with pod identity cannot be created: the answer cannot be read", _apply
)
