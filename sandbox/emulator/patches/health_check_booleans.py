"""A health check is read back with its booleans as they were set.

ministack spells them `True` and `False`, which no client reads as true.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html (read 2026-11-21)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import route53

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SWITCHES = ("MeasureLatency", "EnableSNI", "Inverted", "Disabled")


def _spelt(original: Handler) -> Handler:
    def build(parent: Element, check: dict[str, Any]) -> None:
        original(parent, check)
        for name in _SWITCHES:
            for switch in parent.iter(name):
                switch.text = (switch.text or "").lower()

    return build


PATCH = Patch(
    "route53-health-check-booleans",
    "a health check with SNI is without it after a refresh",
    lambda: wrap(route53, "_build_health_check_el", _spelt),
)
