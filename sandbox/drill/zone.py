"""The public zone as it was published: Route 53 goes on answering from it while its control plane is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.drill import health, resolver
from sandbox.drill.checks import Check, holds, same
from sandbox.drill.health import Calculated, HealthCheck
from sandbox.drill.names import balancer
from sandbox.drill.resolver import PRIMARY, SECONDARY, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.drill.sides import Pair, Side


@dataclass(frozen=True)
class Zone:
    """What was published.

    Attributes:
        origin: Name of the failover pair, where CloudFront finds the region that serves.
        records: Every record of the zone.
        health_checks: Id -> health check, of the records and those that they count.
        balancers: Name of a load balancer -> its region.
    """

    origin: str
    records: tuple[Record, ...]
    health_checks: Mapping[str, HealthCheck | Calculated]
    balancers: Mapping[str, str]

    @classmethod
    def read(cls, pair: Pair) -> Zone:
        """Return the zone of a primary's domain.

        Raises:
            LookupError: There is no such zone.
            ValueError: A health check is of a kind that the prober does not follow.
        """
        route53 = pair.primary.client("route53")
        domain = str(pair.primary.setting("edge.domain"))
        zones = route53.list_hosted_zones()["HostedZones"]
        ids = [zone["Id"] for zone in zones if resolver.plain(zone["Name"]) == domain]
        if not ids:
            raise LookupError(f"no zone {domain} in Route 53")
        pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=ids[0])
        records = tuple(Record.read(item) for page in pages for item in page["ResourceRecordSets"])
        listed = {item["Id"]: item for item in route53.list_health_checks()["HealthChecks"]}
        used = {record.health_check for record in records} & set(listed)
        used |= {child for id_ in used for child in listed[id_]["HealthCheckConfig"].get("ChildHealthChecks", ())}
        checks = {id_: health.read(item) for id_, item in listed.items() if id_ in used}
        return cls(f"origin.{domain}", records, checks, balancers(pair.primary) | balancers(pair.standby))

    @property
    def pair(self) -> dict[str, Record]:
        """The failover pair by part."""
        return resolver.pair(self.records, self.origin)

    def serving(self, healthy: Mapping[str, bool]) -> str:
        """Return the load balancer that the origin's name leads to; empty when it leads nowhere."""
        record = resolver.answer(self.records, self.origin, healthy)
        return record.target if record else ""

    def leads(self, name: str) -> str:
        """Return where a name leads; one that is not of the zone is left as it is."""
        record = resolver.answer(self.records, name, {})
        return record.target if record else name

    def region_of(self, host: str) -> str:
        """Return the region of a load balancer by its name; `nowhere` for a name that is none."""
        return self.balancers.get(balancer(host), "nowhere")

    def own(self, part: str) -> HealthCheck | None:
        """Return the check by which a half of the pair is asked whether it answers."""
        return next((check for check in self._asked(part) if not check.inverted), None)

    @property
    def fence(self) -> HealthCheck | None:
        """The check that holds the primary's half off while the standby serves; None where nothing does."""
        return next((check for check in self._asked(PRIMARY) if check.inverted), None)

    def _asked(self, part: str) -> list[HealthCheck]:
        """Return the checks of endpoints that a half of the pair has, or that its check counts."""
        record = self.pair.get(part)
        check = self.health_checks.get(record.health_check) if record else None
        counted = check.children if isinstance(check, Calculated) else ()
        found = [check, *(self.health_checks.get(child) for child in counted)]
        return [one for one in found if isinstance(one, HealthCheck)]

    def checks(self, fix: str) -> Iterator[Check]:
        """Look at the failover pair."""
        yield same("records", [PRIMARY, SECONDARY], sorted(part for part in self.pair if part), fix)
        for part, record in self.pair.items():
            target = balancer(record.target)
            region = self.region_of(target)
            yield holds(f"record {part}", "a load balancer of the pair", f"{target} in {region}", fix,
                        ok=region != "nowhere")  # fmt: skip
            check = self.own(part)
            found = f"{check.host}{check.path}" if check else "no health check"
            asks = check is not None and balancer(check.host) == target
            yield holds(f"record-health {part}", f"a health check of {target}", found, fix, ok=asks)
        regions = {part: self.region_of(record.target) for part, record in self.pair.items()}
        apart = len(set(regions.values())) == len(regions)
        yield holds("records-apart", "a region each", regions, fix, ok=apart)


def balancers(side: Side) -> dict[str, str]:
    """Return name -> region of a stack's load balancers."""
    pages = side.client("elbv2").get_paginator("describe_load_balancers").paginate()
    return {balancer(found["DNSName"]): side.region for page in pages for found in page["LoadBalancers"]}
