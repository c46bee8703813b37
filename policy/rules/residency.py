"""Residency: nothing stands outside the regions that the data may be in, and no data goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.destinations import destinations
from policy.regions import COMMERCIAL, shown
from policy.rule import Breach, Rule, Setting, Severity, resource_rule, stack_rule
from policy.tokens import EVERY_AWS, EVERY_KUBERNETES, PROVIDERS
from policy.values import UnknownValueError, plain, show

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    Those are the commercial ones, unless the pack's configuration names fewer, as whoever owes residency does. Judged
    on every provider, which must say its region, and on every resource's own `region`, which overrides it.
    """
    allowed = settings.strings("regions")
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
    pack's configuration names them. A stack of which no provider says its region may use the commercial ones.
    """
    allowed = settings.strings("regions") or _regions_of(stack)
    unknown = ""
    for resource in stack.resources:
        if not resource.type.startswith(_SENDERS):
            continue
        foreign: dict[str, list[str]] = {}
        for found in destinations(resource):
            if not isinstance(found.region, str):
                unknown = unknown or f"{resource.origin.name}: {found.where}"
            elif found.region not in allowed:
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


RULES: Final[tuple[Rule, ...]] = (region_allow_list, egress_allow_list)
