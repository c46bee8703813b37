"""Residency: nothing stands outside the regions that the data may be in, and no data goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.beyond import beyond
from policy.reading.destinations import destinations
from policy.reading.residency import declared, declared_of
from policy.regions import COMMERCIAL, shown
from policy.rule import Breach, Rule, Setting, Severity, resource_rule, stack_rule
from policy.tokens import EVERY_AWS, EVERY_KUBERNETES, PROVIDERS
from policy.values import UnknownValueError, plain, show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from policy.resources import Resource, Stack
    from policy.rule import Settings


@resource_rule(
    "region-allow-list",
    on=(*PROVIDERS, *EVERY_AWS),
    severity=Severity.CRITICAL,
    controls=("PDPL-22", "PDPL-23", "ISO-A.5.31"),
    url="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
    remediation="use a provider of an allowed region and leave the resource's own region out",
    settings={
        "regions": Setting(
            list(COMMERCIAL),
            {"type": "array", "items": {"type": "string"}},
            "regions that may be used; default: commercial",
        )
    },
    guards=("region",),
)
def region_allow_list(subject: Resource, settings: Settings) -> Iterator[str]:
    """Nothing stands outside the allowed regions.

    Those are the commercial ones, unless the pack's configuration names fewer. Judged on every provider, which must say
    its region, and on every resource's own `region`, which overrides it. A stack whose file declares residency
    (residency.json) stands in the regions of that alone, each of its resources by the region of its provider, too; what
    an exception excuses may stand where that says.
    """
    allowed = settings.strings("regions")
    own = declared(subject.urn)
    if own is not None and isinstance(subject.region, str) and not own.lets(subject.type, subject.region):
        yield f"stands in {show(subject.region)}; allowed by the stack file: {own.words(subject.type)}"
        return
    region = subject.get("region")
    if region is None and subject.type not in PROVIDERS:
        return
    if region not in allowed:
        yield f"region is {show(region)}; allowed: {shown(allowed)}"


@stack_rule(
    "data-egress-allow-list",
    on=(*EVERY_AWS, *EVERY_KUBERNETES),
    severity=Severity.CRITICAL,
    controls=("PDPL-22", "PDPL-23", "ISO-A.5.31"),
    url="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
    remediation="name a destination in a region of the stack, or the region in regions, with the data's owner",
    settings={
        "regions": Setting(
            [],
            {"type": "array", "items": {"type": "string"}},
            "regions that data may go to; default: those in which the stack's providers and resources stand",
        )
    },
    guards=("replicas", "destinations", "rules", "peerRegion", "copyActions"),
)
def egress_allow_list(stack: Stack, settings: Settings) -> Iterator[Breach]:
    """Data goes to regions of the stack only.

    Judged on every region that any input names, by itself, in an ARN, a host name, a zone, or as an inference profile
    that reaches a whole geography: wherever its id or its ARN stands, in variables of functions, containers and pods as
    in policies. Allowed are the regions in which the stack has a provider or a resource, unless the
    pack's configuration names them. A stack of which no provider says its region may use the commercial ones. Where the
    stack file declares residency (residency.json), its regions are allowed, and the places of its exceptions to the
    types that these are of.
    """
    own = declared_of(stack)
    allowed = settings.strings("regions") or (own.regions if own else _regions_of(stack))
    unknown = ""
    for resource in stack.resources:
        if not resource.type.startswith(_SENDERS):
            continue
        foreign: dict[str, list[str]] = {}
        for found in destinations(resource):
            if not isinstance(found.region, str):
                unknown = unknown or f"{resource.origin.name}: {found.where}"
            elif found.region not in allowed and not (own and own.lets(resource.type, found.region)):
                foreign.setdefault(found.where, []).append(found.region)
        for where, regions in foreign.items():
            yield Breach(resource, f"{where} leads to {show(regions)}; allowed: {shown(tuple(allowed))}")
    if unknown:
        raise UnknownValueError(unknown)


_SENDERS: Final = ("aws:", "kubernetes:")


def _regions_of(stack: Stack) -> tuple[str, ...]:
    """Return the regions in which the stack stands; the commercial ones where no provider says."""
    named = [plain(each.inputs.get("region")) for each in stack.resources]
    said = [plain(each.inputs.get("region")) for each in stack.of(PROVIDERS)]
    if not any(isinstance(region, str) for region in said):
        return COMMERCIAL
    return tuple(dict.fromkeys(region for region in named if isinstance(region, str)))


@stack_rule(
    "data-stays-where-declared",
    on=EVERY_AWS,
    severity=Severity.CRITICAL,
    controls=("PDPL-22", "PDPL-23", "ISO-A.5.31"),
    url="https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html",
    remediation="leave it out, or have the data's owner write an exception into residency of the stack file",
    guards=("multiRegion", "protocol", "destination", "rules", "extendedS3Configuration", "s3BucketName"),
)
def stays_where_declared(stack: Stack, _settings: Settings) -> Iterator[Breach]:
    """Data of a stack whose file declares residency goes nowhere that no region names.

    Edge locations, keys and databases that any region may join, chat, endpoints of the internet, networks of others,
    and buckets of which the stack does not show where they stand. An exception of the file lets its types go to its
    places.
    """
    own = declared_of(stack)
    if own is None:
        return
    for resource in stack.resources:
        for place, what in beyond(resource, stack):
            if not own.lets(resource.type, place):
                yield Breach(resource, f"{what}; allowed by the stack file: {own.words(resource.type)}")


def exceptions_rule(today: date) -> Rule:
    """Return the rule that reports exceptions from residency that have ended on a day."""

    @stack_rule(
        "residency-exception-not-ended",
        on=("pulumi:pulumi:Stack",),
        severity=Severity.CRITICAL,
        controls=("PDPL-22", "PDPL-23", "ISO-A.5.36"),
        url="https://www.iso.org/standard/27001",
        remediation="end what it excuses, or have its owner ask again, with a new day in the stack file",
    )
    def judge(stack: Stack, _settings: Settings) -> Iterator[Breach]:
        """No exception from residency has ended.

        Data that still leaves by it leaves on nobody's word.
        """
        own = declared_of(stack)
        for one in own.passes if own else ():
            if one.until is not None and one.until < today:
                yield Breach(None, f"the exception of {one.owner} for {one.of} ended on {one.until}")

    return judge


RULES: Final[tuple[Rule, ...]] = (region_allow_list, egress_allow_list, stays_where_declared)
