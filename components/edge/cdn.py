"""What stands before both regions: the public zone, CloudFront behind a firewall, the proof that the names are ours.

All of it is made in us-east-1, where CloudFront looks for certificates, web ACLs and log deliveries, wherever the stack
stands. Nothing here needs to change when a region is lost: CloudFront asks `origin.<domain>`, and Route 53 answers with
the region that serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import route53

from components.base import child, foundation, named
from components.edge.certificate import issued, request
from components.edge.distribution import Distribution, DistributionArgs
from components.edge.outputs import CdnOutputs
from components.edge.plan import ALIAS_ZONE_OF_CLOUDFRONT, origin_domain, viewer_names
from components.edge.web_acl import WebAcl, WebAclArgs
from config.facts.regions import GLOBAL_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_aws import acm

    from components.data import BucketOutputs
    from config.api import Api
    from config.cdn import Cdn as CdnSettings
    from config.edge import Edge
    from config.identity import Identity

PROOF_TTL_SECONDS: Final = 300
"""Time that the records for ACM may be cached; they never change."""
ADDRESSES: Final = ("A", "AAAA")
"""Records of each name of the system; CloudFront answers over both."""


@dataclass(frozen=True, kw_only=True)
class CdnArgs:
    """What the zone and CloudFront are built from."""

    settings: Edge
    """The stack file's `edge`."""
    cdn: CdnSettings
    """The stack file's `edge.cdn`."""
    identity: Identity
    """The stack file's `identity`."""
    logs_key_arn: pulumi.Output[str]
    """Key of us-east-1 for the firewall's log."""
    buckets: Mapping[str, BucketOutputs]
    """Buckets by short name, among them those that CloudFront serves."""
    access_logs: BucketOutputs
    """Bucket that CloudFront's access logs are delivered to."""
    api: Api | None = None
    """The stack file's `api`, to which paths may lead; None = there is none."""


class Cdn(pulumi.ComponentResource):
    """Zone and CloudFront of a system. Its provider must be one of us-east-1."""

    outputs: CdnOutputs
    """What later areas may know."""

    def __init__(self, name: str, args: CdnArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:edge:Front", name, None, opts)
        self._name = name
        self._args = args
        zone = self._zone()
        certificate = request(self, name, *viewer_names(args.settings))
        proven = self._prove(zone, certificate)
        firewall = self._firewall()
        distribution = self._distribution(issued(self, name, certificate, proven), firewall)
        self._answer(zone, distribution, "domain", args.settings.domain)
        for host in args.settings.hosts:
            self._answer(zone, distribution, host, host)
        self.outputs = CdnOutputs(
            zone_id=proven,
            name_servers=zone.name_servers,
            distribution_id=distribution.id,
            distribution_arn=distribution.arn,
            distribution_domain=distribution.domain_name,
            web_acl=firewall.outputs,
        )
        self.register_outputs({"nameServers": zone.name_servers, "distributionDomain": distribution.domain_name})

    def _zone(self) -> route53.Zone:
        """Make the zone; another one would have other name servers, which the parent domain does not know."""
        return route53.Zone(
            named(self._name, "zone"),
            name=self._args.settings.domain,
            comment=f"{self._args.identity.system} {self._args.identity.environment}",
            opts=foundation(self),
        )

    def _prove(self, zone: route53.Zone, certificate: acm.Certificate) -> pulumi.Output[str]:
        """Return the zone's id, known once ACM finds its records there, for this certificate and for the regions'."""
        domain = self._args.settings.domain
        called = {domain: "domain", origin_domain(domain): "origin"}
        names = viewer_names(self._args.settings)
        records = [self._proof(zone, certificate, called.get(of, of), of) for of in names]
        return pulumi.Output.all(zone.id, *(record.id for record in records)).apply(lambda ids: str(ids[0]))

    def _proof(self, zone: route53.Zone, certificate: acm.Certificate, short: str, domain: str) -> route53.Record:
        proof = certificate.domain_validation_options.apply(lambda options: proof_of(options, domain))
        return route53.Record(
            named(self._name, f"proof-of-{short}"),
            zone_id=zone.id,
            name=proof.apply(lambda record: record[0]),
            type=proof.apply(lambda record: record[1]),
            records=[proof.apply(lambda record: record[2])],
            ttl=PROOF_TTL_SECONDS,
            opts=child(self),
        )

    def _firewall(self) -> WebAcl:
        args = WebAclArgs(
            settings=self._args.settings.firewall,
            identity=self._args.identity,
            scope="CLOUDFRONT",
            region=GLOBAL_REGION,
            logs_key_arn=self._args.logs_key_arn,
        )
        return WebAcl(named(self._name, "firewall"), args, opts=child(self))

    def _distribution(self, certificate_arn: pulumi.Output[str], firewall: WebAcl) -> Distribution:
        args = DistributionArgs(
            settings=self._args.settings,
            cdn=self._args.cdn,
            identity=self._args.identity,
            certificate_arn=certificate_arn,
            web_acl_arn=firewall.outputs.arn,
            buckets=self._args.buckets,
            access_logs=self._args.access_logs,
            api=self._args.api,
        )
        return Distribution(named(self._name, "cdn"), args, opts=child(self))

    def _answer(self, zone: route53.Zone, distribution: Distribution, short: str, name: str) -> None:
        for kind in ADDRESSES:
            route53.Record(
                named(self._name, f"{short}-{kind.lower()}"),
                zone_id=zone.id,
                name=name,
                type=kind,
                aliases=[
                    {
                        "name": distribution.domain_name,
                        "zone_id": ALIAS_ZONE_OF_CLOUDFRONT,
                        "evaluate_target_health": False,  # CloudFront has none
                    }
                ],
                opts=child(self),
            )


def proof_of(options: Sequence[acm.outputs.CertificateDomainValidationOption], domain: str) -> tuple[str, str, str]:
    """Return name, type and value of the record that proves one domain of a certificate; ACM lists them in no order.

    Raises:
        ValueError: ACM asks for no record for the domain.
    """
    for option in options:
        name, type_, value = option.resource_record_name, option.resource_record_type, option.resource_record_value
        if option.domain_name == domain and name and type_ and value:
            return name, type_, value
    raise ValueError(f"ACM names no record that proves {domain}")
