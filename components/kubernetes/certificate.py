"""Certificates inside the cluster, issued by the add-on cert-manager: no private key passes through here. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.kubernetes.manifest import Manifest, manifest, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def certificate(name: str, namespace: str, dns_names: Sequence[str]) -> Iterator[Manifest]:
    """Yield an issuer and a certificate that it signs by the certificate's own key, into a secret of the same name.

    Clients encrypt by it; who they speak to they know from the cluster's DNS and network policies.
    """
    yield manifest("cert-manager.io/v1", "Issuer", metadata(name, namespace), spec={"selfSigned": {}})
    yield manifest(
        "cert-manager.io/v1",
        "Certificate",
        metadata(name, namespace),
        spec={
            "secretName": name,
            "dnsNames": list(dns_names),
            "issuerRef": {"kind": "Issuer", "name": name},
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        },
    )


def secret_volume(name: str, secret: str) -> Manifest:
    """Return a volume with the key pair."""
    return {"name": name, "secret": {"secretName": secret, "defaultMode": 0o440}}
