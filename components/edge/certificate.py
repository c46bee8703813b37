"""A certificate of ACM, known once it is issued."""

from __future__ import annotations

import pulumi
from pulumi_aws import acm

from components.base import child, named


def request(parent: pulumi.Resource, name: str, *domains: str) -> acm.Certificate:
    """Ask for a certificate of one or more domains; it is issued once DNS proves that they are ours."""
    return acm.Certificate(
        named(name, "certificate"),
        domain_name=domains[0],
        subject_alternative_names=list(domains[1:]) or None,
        validation_method="DNS",
        opts=child(parent),
    )


def issued(
    parent: pulumi.Resource, name: str, certificate: acm.Certificate, proven: pulumi.Output[str]
) -> pulumi.Output[str]:
    """Return the ARN of a certificate, known once it is issued.

    Args:
        parent: The component that owns the certificate.
        name: Logical name of that component.
        certificate: The certificate.
        proven: Known once the records that prove its domains are in the zone. They are the same in all regions of an
            account (ACM user guide, "DNS validation", 2026-11), so `Cdn` writes them for every certificate.
    """
    return acm.CertificateValidation(
        named(name, "certificate-issued"),
        certificate_arn=pulumi.Output.all(certificate.arn, proven).apply(lambda values: str(values[0])),
        opts=child(parent),
    ).certificate_arn
