"""A calculated health check keeps its children."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_a_calculated_check_keeps_its_children_and_how_many_must_be_healthy(aws: Aws) -> None:
    route53 = aws("route53")
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "edge.example", "RequestInterval": 10}
    children = [
        route53.create_health_check(CallerReference=name, HealthCheckConfig=config)["HealthCheck"]["Id"]
        for name in ("own", "other")
    ]
    asked = {"Type": "CALCULATED", "ChildHealthChecks": children, "HealthThreshold": 2}
    made = route53.create_health_check(CallerReference="both", HealthCheckConfig=asked)["HealthCheck"]["Id"]
    found = route53.get_health_check(HealthCheckId=made)["HealthCheck"]["HealthCheckConfig"]
    assert {key: found[key] for key in asked} == asked
    route53.update_health_check(HealthCheckId=made, ChildHealthChecks=children[:1], HealthThreshold=1)
    changed = route53.get_health_check(HealthCheckId=made)["HealthCheck"]["HealthCheckConfig"]
    assert (changed["ChildHealthChecks"], changed["HealthThreshold"]) == (children[:1], 1), "and takes others later"
