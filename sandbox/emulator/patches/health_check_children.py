"""A calculated health check keeps the checks that it is calculated from.

ministack keeps an empty name for each child.
https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html (read 2026-11-21)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.services import route53

from sandbox.emulator.patches.base import Handler, Patch, wrap

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CHILDREN, _CHILD = "ChildHealthChecks", "ChildHealthCheck"


def _named(original: Handler) -> Handler:
    def parse(said: Element) -> dict[str, Any]:
        config: dict[str, Any] = original(said)
        if _CHILDREN in config:
            config[_CHILDREN] = [child.text or "" for child in said.iterfind(f"{{*}}{_CHILDREN}/{{*}}{_CHILD}")]
        return config

    return parse


PATCH = Patch(
    "route53-health-check-children",
    "a calculated health check has a child without a name, and is changed by every update",
    lambda: wrap(route53, "_parse_health_check_config", _named),
)
