"""A registry keeps its scanning configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator
EAST, WEST = "us-east-1", "us-west-2"


def test_the_scanning_configuration_is_read_back(aws: Aws) -> None:
    ecr = aws("ecr", EAST)
    rules = [{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}]
    ecr.put_registry_scanning_configuration(scanType="ENHANCED", rules=rules)
    found = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
    assert found == {"scanType": "ENHANCED", "rules": rules}, "what is put is got"
