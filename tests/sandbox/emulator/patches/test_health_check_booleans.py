"""Booleans of a health check are read back as they were set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


def test_switches_are_read_back_as_they_were_set(aws: Aws) -> None:
    route53 = aws("route53")
    asked = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "edge.example",
        "RequestInterval": 10,
        "FailureThreshold": 3,
        "EnableSNI": True,
        "MeasureLatency": False,
        "Inverted": True,
    }
    created = route53.create_health_check(CallerReference="edge", HealthCheckConfig=asked)["HealthCheck"]
    found = route53.get_health_check(HealthCheckId=created["Id"])["HealthCheck"]["HealthCheckConfig"]
    assert {key: found[key] for key in asked} == asked, "what was asked for is what is reported"
    assert created["HealthCheckConfig"] == found, "by either call"
