"""Elastic Beanstalk: applications and environments are created, read back, changed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

pytestmark = pytest.mark.emulator

SPACE = "aws:autoscaling:asg"
OPTIONS = [
    {"Namespace": SPACE, "OptionName": "MinSize", "Value": "2"},
    {"Namespace": "aws:elbv2:listenerrule:application", "OptionName": "PathPatterns", "Value": "/a/*,/b?x=1&y=<2>"},
]


def _made(client: Client) -> str:
    client.create_application(ApplicationName="shop", Description="a shop", Tags=[{"Key": "Owner", "Value": "us"}])
    made = client.create_environment(
        ApplicationName="shop",
        EnvironmentName="live",
        SolutionStackName="64bit Amazon Linux 2023 v6.9.2 running Node.js 24",
        OptionSettings=OPTIONS,
        Tags=[{"Key": "Owner", "Value": "us"}],
    )
    return str(made["EnvironmentId"])


def _options(client: Client) -> dict[str, str]:
    (settings,) = client.describe_configuration_settings(ApplicationName="shop", EnvironmentName="live")[
        "ConfigurationSettings"
    ]
    return {one["OptionName"]: one["Value"] for one in settings["OptionSettings"]}


def test_an_environment_is_read_back_as_it_was_made(aws: Aws) -> None:
    client = aws("elasticbeanstalk")
    identifier = _made(client)
    (found,) = client.describe_environments(EnvironmentIds=[identifier])["Environments"]
    assert (found["EnvironmentName"], found["Status"], found["Health"]) == ("live", "Ready", "Green")
    assert found["DateCreated"].tzinfo is not None
    assert _options(client) == {one["OptionName"]: one["Value"] for one in OPTIONS}
    assert client.describe_events(EnvironmentId=identifier, StartTime=found["DateCreated"])["Events"] == []
    tags = client.list_tags_for_resource(ResourceArn=found["EnvironmentArn"])["ResourceTags"]
    assert tags == [{"Key": "Owner", "Value": "us"}]


def test_an_update_sets_and_removes_options(aws: Aws) -> None:
    client = aws("elasticbeanstalk")
    identifier = _made(client)
    client.update_environment(
        EnvironmentId=identifier,
        OptionSettings=[{"Namespace": SPACE, "OptionName": "MinSize", "Value": "3"}],
        OptionsToRemove=[{"Namespace": "aws:elbv2:listenerrule:application", "OptionName": "PathPatterns"}],
    )
    assert _options(client) == {"MinSize": "3"}


def test_an_application_goes_after_its_environment(aws: Aws) -> None:
    client = aws("elasticbeanstalk")
    identifier = _made(client)
    with pytest.raises(ClientError, match="OperationInProgressFailure"):
        client.delete_application(ApplicationName="shop")
    client.terminate_environment(EnvironmentId=identifier)
    (found,) = client.describe_environments(EnvironmentIds=[identifier], IncludeDeleted=True)["Environments"]
    assert found["Status"] == "Terminated", "whoever waits for its end sees it"
    assert client.describe_environments(EnvironmentNames=["live"], IncludeDeleted=False)["Environments"] == []
    client.delete_application(ApplicationName="shop")
    assert client.describe_applications()["Applications"] == []


def test_what_is_not_there_or_there_already_is_refused(aws: Aws) -> None:
    client = aws("elasticbeanstalk")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client.create_environment(ApplicationName="shop", EnvironmentName="live")
    _made(client)
    with pytest.raises(ClientError, match="already exists"):
        client.create_application(ApplicationName="shop")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        client.update_environment(EnvironmentName="other")
