"""The name of the API: its certificate, the domain name of API Gateway, and its half of a failover pair.

The half is decided as that of `origin.<domain>` is, by the same health checks: callers go where the edge serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi
from pulumi_aws import apigatewayv2, route53

from components.base import child, named
from components.edge.cdn import PROOF_TTL_SECONDS, proof_of
from components.edge.certificate import issued, request

if TYPE_CHECKING:
    from pulumi_aws import acm


@dataclass(frozen=True, kw_only=True)
class NameArgs:
    """What the name is built from."""

    domain: str
    """The name."""
    zone_id: pulumi.Output[str]
    """Public zone of the system."""
    failover: Literal["PRIMARY", "SECONDARY"]
    """Half of the failover pair. The primary's also proves to ACM that the name is ours, for both regions."""
    health_check_id: pulumi.Output[str] | None
    """Route 53 health check that decides whether the half answers; None = the name has no halves."""


class Name(pulumi.ComponentResource):
    """A regional name of API Gateway, by TLS 1.2 at the least."""

    certificate_arn: pulumi.Output[str]
    """Its certificate, known once it is issued."""
    domain: pulumi.Output[str]
    """The name, known once API Gateway has it."""

    def __init__(self, name: str, args: NameArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:api:Name", name, None, opts)
        self._name = name
        self._args = args
        certificate = request(self, name, args.domain)
        self.certificate_arn = issued(self, name, certificate, self._proven(certificate))
        made = apigatewayv2.DomainName(
            named(name, "domain"),
            domain_name=args.domain,
            domain_name_configuration={
                "certificate_arn": self.certificate_arn,
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
            opts=child(self),
        )
        self.domain = made.domain_name
        self._answer(made)
        self.register_outputs({"domain": self.domain})

    def _proven(self, certificate: acm.Certificate) -> pulumi.Output[str]:
        """Return the zone, known once ACM finds its record there; a standby's certificate has the same record."""
        zone_id, domain = self._args.zone_id, self._args.domain
        if self._args.failover == "SECONDARY":
            return zone_id
        proof = certificate.domain_validation_options.apply(lambda options: proof_of(options, domain))
        record = route53.Record(
            named(self._name, "proof"),
            zone_id=zone_id,
            name=proof.apply(lambda record: record[0]),
            type=proof.apply(lambda record: record[1]),
            records=[proof.apply(lambda record: record[2])],
            ttl=PROOF_TTL_SECONDS,
            opts=child(self),
        )
        return pulumi.Output.all(zone_id, record.id).apply(lambda ids: str(ids[0]))

    def _answer(self, made: apigatewayv2.DomainName) -> None:
        check, target = self._args.health_check_id, made.domain_name_configuration
        half = self._args.failover if check is not None else None
        route53.Record(
            named(self._name, "record"),
            zone_id=self._args.zone_id,
            name=self._args.domain,
            type="A",
            aliases=[
                {
                    "name": target.target_domain_name.apply(_known),
                    "zone_id": target.hosted_zone_id.apply(_known),
                    "evaluate_target_health": True,
                }
            ],
            set_identifier=half.lower() if half else None,
            failover_routing_policies=[{"type": half}] if half else None,
            health_check_id=check,
            opts=child(self),
        )


def _known(value: str | None) -> str:
    """Return what API Gateway says of a name that it has made.

    Raises:
        ValueError: It says nothing.
    """
    if value is None:
        raise ValueError("API Gateway made the name of the API, and does not say where it leads")
    return value
