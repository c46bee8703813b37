"""Residency: nothing stands outside the regions that the data may be in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.regions import COMMERCIAL, shown
from policy.rule import Rule, Setting, Severity, resource_rule
from policy.tokens import EVERY_AWS, PROVIDERS
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
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


RULES: Final[tuple[Rule, ...]] = (region_allow_list,)
