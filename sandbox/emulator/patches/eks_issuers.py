"""An EKS cluster has an issuer that IAM accepts.

ministack's is plain HTTP. Nothing answers at the name; IAM only wants https.
https://docs.aws.amazon.com/eks/latest/APIReference/API_OIDC.html
"""

from __future__ import annotations

import secrets

from ministack.core.responses import get_region
from ministack.services import eks

from sandbox.emulator.patches.base import Handler, Patch, wrap


def _issuer(_: Handler) -> Handler:
    """An issuer as AWS names it. Nothing answers there; IAM only wants https."""
    return lambda oidc_id: f"https://oidc.eks.{get_region()}.amazonaws.com/id/{oidc_id}"


def _oidc_id(_: Handler) -> Handler:
    return lambda: secrets.token_hex(16).upper()


def _apply() -> None:
    wrap(eks, "_issuer_url", _issuer)
    wrap(eks, "_new_oidc_id", _oidc_id)


PATCH = Patch("eks-issuers", "no IAM identity provider can be made of a cluster's issuer", _apply)
