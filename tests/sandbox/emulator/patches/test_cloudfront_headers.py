"""A response headers policy is read back as it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator

SECURITY = {"ContentTypeOptions": {"Override": True}}
CUSTOM = {"Quantity": 1, "Items": [{"Header": "X-Edge", "Value": "yes", "Override": True}]}
REMOVED = {"Quantity": 1, "Items": [{"Header": "Server"}]}


def _read_back(aws: Aws, **parts: object) -> dict[str, Any]:
    client = aws("cloudfront")
    asked = {"Name": "headers", "SecurityHeadersConfig": SECURITY, **parts}
    created = client.create_response_headers_policy(ResponseHeadersPolicyConfig=asked)["ResponseHeadersPolicy"]
    found = client.get_response_headers_policy(Id=created["Id"])["ResponseHeadersPolicy"]
    assert found["ResponseHeadersPolicyConfig"] == created["ResponseHeadersPolicyConfig"], "by either call"
    return dict(found["ResponseHeadersPolicyConfig"])


def test_parts_that_were_not_given_are_not_there(aws: Aws) -> None:
    found = _read_back(aws)
    assert set(found) & {"CustomHeadersConfig", "RemoveHeadersConfig"} == set(), "nobody asked for them"
    assert found["SecurityHeadersConfig"] == SECURITY


def test_parts_that_were_given_are_read_back_whole(aws: Aws) -> None:
    found = _read_back(aws, CustomHeadersConfig=CUSTOM, RemoveHeadersConfig=REMOVED)
    assert (found["CustomHeadersConfig"], found["RemoveHeadersConfig"]) == (CUSTOM, REMOVED)
