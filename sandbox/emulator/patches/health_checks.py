"""A health check is read back as it was set: its switches, and the checks that it is calculated from.

ministack spells switches `True` and `False`, which no client reads as true; and it keeps an empty name for each child.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html (read 2026-11-21)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import route53

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SWITCHES = ("MeasureLatency", "EnableSNI", "Inverted", "Disabled")
_CHILDREN, _CHILD = "ChildHealthChecks", "ChildHealthCheck"


def _spelt(original: Handler) -> Handler:
    def build(parent: Element, check: dict[str, Any]) -> None:
        original(parent, check)
        for name in _SWITCHES:
            for switch in parent.iter(name):
                switch.text = (switch.text or "").lower()

    return build


def _named(original: Handler) -> Handler:
    def parse(said: Element) -> dict[str, Any]:
        config: dict[str, Any] = original(said)
        if _CHILDREN in config:
            config[_CHILDREN] = [child.text or "" for child in said.iterfind(f"{{*}}{_CHILDREN}/{{*}}{_CHILD}")]
        return config

    return parse


PATCHES = (
    Patch(
        "health-checks",
        "a health check with SNI is without it after a refresh",
        lambda: wrap(route53, "_build_health_check_el", _spelt),
    ),
    Patch(
        "health-check-children",
        "a calculated health check has a child without a name, and is changed by every update",
        lambda: wrap(route53, "_parse_health_check_config", _named),
    ),
)
