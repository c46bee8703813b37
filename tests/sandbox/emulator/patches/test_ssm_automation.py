"""Runbooks of Systems Manager: what a role may not do, and what is given back whatever happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator import client
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.fis_made import role, template
from tests.sandbox.emulator.patches.runbooks_made import content, made

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws

pytestmark = pytest.mark.emulator


@pytest.fixture
def timely(timed: client.Emulator, request: pytest.FixtureRequest) -> Aws:
    """Clients of an emulator whose clock is set forward, in an account of the test's own."""
    return session(timed, account_of(request))


def key_of(aws: Aws) -> str:
    return str(aws("kms").create_key()["KeyMetadata"]["Arn"])


def able(aws: Aws, key: str, actions: list[str], name: str = "runbook") -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    rights = {"Effect": "Allow", "Action": actions, "Resource": key}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [rights]})
    aws("iam").put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=policy)
    return str(arn)


def state(aws: Aws, key: str) -> str:
    return str(aws("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"])


def test_a_runbook_takes_holds_and_gives_back(timely: Aws, timed: client.Emulator) -> None:
    key, ssm = key_of(timely), timely("ssm")
    made(timely, content(able(timely, key, ["kms:DisableKey", "kms:EnableKey"]), key))
    name = ssm.start_automation_execution(DocumentName="disable")["AutomationExecutionId"]
    client.control(timed.port, "POST", "advance?seconds=0")
    assert state(timely, key) == "Disabled"
    client.control(timed.port, "POST", "advance?seconds=360")
    ended = ssm.get_automation_execution(AutomationExecutionId=name)["AutomationExecution"]
    assert (ended["AutomationExecutionStatus"], state(timely, key)) == ("Success", "Enabled")
    assert [one["StepStatus"] for one in ended["StepExecutions"]] == ["Success"] * 3
    with pytest.raises(ClientError, match="InvalidAutomationStatusUpdateException"):
        ssm.stop_automation_execution(AutomationExecutionId=name)


def test_a_cancelled_runbook_gives_back_and_one_without_the_right_fails(timely: Aws, timed: client.Emulator) -> None:
    key, ssm = key_of(timely), timely("ssm")
    made(timely, content(able(timely, key, ["kms:DisableKey", "kms:EnableKey"]), key))
    name = ssm.start_automation_execution(DocumentName="disable")["AutomationExecutionId"]
    client.control(timed.port, "POST", "advance?seconds=60")
    assert state(timely, key) == "Disabled"
    ssm.stop_automation_execution(AutomationExecutionId=name)
    client.control(timed.port, "POST", "advance?seconds=0")
    ended = ssm.get_automation_execution(AutomationExecutionId=name)["AutomationExecution"]
    assert (ended["AutomationExecutionStatus"], state(timely, key)) == ("Cancelled", "Enabled")
    made(timely, content(able(timely, key, ["kms:EnableKey"], "unable"), key), "unable")
    name = ssm.start_automation_execution(DocumentName="unable")["AutomationExecutionId"]
    client.control(timed.port, "POST", "advance?seconds=0")
    ended = ssm.get_automation_execution(AutomationExecutionId=name)["AutomationExecution"]
    assert ended["AutomationExecutionStatus"] == "Failed"
    assert [one["StepName"] for one in ended["StepExecutions"]] == ["take", "back"], "what failed is given back as well"
    assert "not authorized to perform: kms:DisableKey" in ended["FailureMessage"]
    listed = ssm.describe_automation_executions(Filters=[{"Key": "DocumentNamePrefix", "Values": ["unable"]}])
    assert [one["AutomationExecutionId"] for one in listed["AutomationExecutionMetadataList"]] == [name]


def experiment(aws: Aws, key: str, rights: list[str]) -> dict[str, Any]:
    """Return the arguments of a template that starts a runbook; its role has rights on anything."""
    by = able(aws, key, ["kms:DisableKey", "kms:EnableKey"])
    made(aws, content(by, key))
    fis_role = role(aws, [], name="experiment")
    statement = {"Effect": "Allow", "Action": rights, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws("iam").put_role_policy(RoleName="experiment", PolicyName="rights", PolicyDocument=policy)
    account = aws("sts").get_caller_identity()["Account"]
    parameters = {"documentArn": f"arn:aws:ssm:us-east-1:{account}:document/disable", "maxDuration": "PT20M"}
    actions = {"runbook": {"actionId": "aws:ssm:start-automation-execution", "parameters": parameters}}
    return template(aws, fis_role, targets={}, actions=actions)


def begun(aws: Aws, wanted: dict[str, Any]) -> str:
    fis = aws("fis")
    name = fis.create_experiment_template(**wanted)["experimentTemplate"]["id"]
    return str(fis.start_experiment(clientToken="go", experimentTemplateId=name)["experiment"]["id"])


def test_an_experiment_lasts_as_its_runbook_and_gives_back_when_it_is_stopped(
    timely: Aws, timed: client.Emulator
) -> None:
    key, fis = key_of(timely), timely("fis")
    wanted = experiment(timely, key, ["ssm:*", "iam:PassRole"])
    name = begun(timely, wanted)
    client.control(timed.port, "POST", "advance?seconds=0")
    assert (fis.get_experiment(id=name)["experiment"]["state"]["status"], state(timely, key)) == ("running", "Disabled")
    client.control(timed.port, "POST", "advance?seconds=420")
    assert fis.get_experiment(id=name)["experiment"]["state"]["status"] == "completed"
    assert state(timely, key) == "Enabled"
    again = begun(timely, {**wanted, "clientToken": "again"})
    client.control(timed.port, "POST", "advance?seconds=60")
    assert state(timely, key) == "Disabled"
    fis.stop_experiment(id=again)
    client.control(timed.port, "POST", "advance?seconds=0")
    assert (fis.get_experiment(id=again)["experiment"]["state"]["status"], state(timely, key)) == ("stopped", "Enabled")


def test_an_experiment_without_the_right_to_pass_the_role_takes_nothing(timely: Aws) -> None:
    key, fis = key_of(timely), timely("fis")
    wanted = experiment(timely, key, ["ssm:*"])
    said = fis.get_experiment(id=begun(timely, wanted))["experiment"]["state"]
    assert (said["status"], "iam:PassRole" in said["reason"], state(timely, key)) == ("failed", True, "Enabled")
    wanted["actions"]["runbook"]["parameters"]["documentArn"] = "disable"
    with pytest.raises(ClientError, match="not the ARN of a document"):
        fis.create_experiment_template(**{**wanted, "clientToken": "named"})
