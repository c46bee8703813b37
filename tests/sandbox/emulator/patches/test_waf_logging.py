"""A web ACL's log configuration is kept, found and goes with the web ACL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:aws-waf-logs-edge"
VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "edge"}
REDACTED = [{"SingleHeader": {"Name": "authorization"}}]


@pytest.fixture
def waf(aws: Aws) -> Client:
    return aws("wafv2")


def _acl(waf: Client, scope: str = "REGIONAL") -> dict[str, Any]:
    created = waf.create_web_acl(Name="edge", Scope=scope, DefaultAction={"Allow": {}}, VisibilityConfig=VISIBILITY)
    return dict(created["Summary"])


def _log(waf: Client, arn: str, destination: str = GROUP) -> dict[str, Any]:
    asked = {"ResourceArn": arn, "LogDestinationConfigs": [destination], "RedactedFields": REDACTED}
    return dict(waf.put_logging_configuration(LoggingConfiguration=asked)["LoggingConfiguration"])


@pytest.mark.parametrize("scope", ["REGIONAL", "CLOUDFRONT"])
def test_a_configuration_is_read_back_whole(waf: Client, scope: str) -> None:
    arn = _acl(waf, scope)["ARN"]
    put = _log(waf, arn)
    assert waf.get_logging_configuration(ResourceArn=arn)["LoggingConfiguration"] == put
    assert put["RedactedFields"] == REDACTED, "what the logs leave out is part of it"
    assert [one["ResourceArn"] for one in waf.list_logging_configurations(Scope=scope)["LoggingConfigurations"]] == [
        arn
    ]


def test_a_group_of_another_name_is_refused(waf: Client) -> None:
    with pytest.raises(waf.exceptions.WAFInvalidParameterException):
        _log(waf, _acl(waf)["ARN"], GROUP.replace("aws-waf-logs-", ""))


def test_a_web_acl_that_is_not_there_cannot_log(waf: Client) -> None:
    acl = _acl(waf)
    waf.delete_web_acl(Name="edge", Scope="REGIONAL", Id=acl["Id"], LockToken=acl["LockToken"])
    with pytest.raises(waf.exceptions.WAFNonexistentItemException):
        _log(waf, acl["ARN"])


def test_a_deleted_configuration_is_gone(waf: Client) -> None:
    arn = _acl(waf)["ARN"]
    _log(waf, arn)
    waf.delete_logging_configuration(ResourceArn=arn)
    with pytest.raises(waf.exceptions.WAFNonexistentItemException):
        waf.get_logging_configuration(ResourceArn=arn)


def test_a_configuration_goes_with_its_web_acl(waf: Client) -> None:
    acl = _acl(waf)
    _log(waf, acl["ARN"])
    waf.delete_web_acl(Name="edge", Scope="REGIONAL", Id=acl["Id"], LockToken=acl["LockToken"])
    assert waf.list_logging_configurations(Scope="REGIONAL")["LoggingConfigurations"] == []
