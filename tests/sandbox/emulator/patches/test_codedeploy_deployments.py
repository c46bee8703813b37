"""A deployment shifts an alias by the clock, and takes it back where an alarm, a hook or a person says so."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from sandbox.emulator.patches.codedeploy_revisions import steps
from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.released import Released

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator

DEFAULT = "CodeDeployDefault.Lambda"


@pytest.fixture
def released(timed: Emulator, request: pytest.FixtureRequest) -> Released:
    return Released(timed, session(timed, account_of(request))).open()


def refused(call: Callable[..., Any], **given: Any) -> str:  # noqa: ANN401 - arguments of a method of boto3
    with pytest.raises(ClientError) as error:
        call(**given)
    return str(error.value.response["Error"]["Code"])


def test_a_canary_gets_its_share_and_then_everything(released: Released) -> None:
    made = released.release()
    released.pass_()
    assert released.leads() == ("1", {"2": 0.1})
    assert released.target(made)["lambdaFunctionInfo"]["targetVersionWeight"] == 0.1
    released.pass_(240)
    assert (released.shows(made)["status"], released.leads()) == ("InProgress", ("1", {"2": 0.1}))
    released.pass_(120)
    shown = released.shows(made)
    assert (shown["status"], released.leads()) == ("Succeeded", ("2", {}))
    assert shown["deploymentOverview"]["Succeeded"] == 1
    assert shown["completeTime"] > shown["startTime"] >= shown["createTime"]
    events = {one["lifecycleEventName"]: one["status"] for one in released.target(made)["lifecycleEvents"]}
    assert events == {"BeforeAllowTraffic": "Skipped", "AllowTraffic": "Succeeded", "AfterAllowTraffic": "Skipped"}
    group = released.deploy.get_deployment_group(applicationName="shop", deploymentGroupName="answer")
    assert group["deploymentGroupInfo"]["lastSuccessfulDeployment"]["deploymentId"] == made


@pytest.mark.parametrize(
    ("config", "shares"),
    [
        ("AllAtOnce", [100]),
        ("Linear10PercentEvery1Minute", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
        ("Canary10Percent5Minutes", [10, 10, 10, 10, 10, 100]),
    ],
)
def test_shares_by_the_minute(released: Released, config: str, shares: list[int]) -> None:
    made = released.release(deploymentConfigName=f"{DEFAULT}{config}")
    seen = []
    for minute in range(len(shares)):
        released.pass_(60 if minute else 0)
        seen.append(round(released.target(made)["lambdaFunctionInfo"]["targetVersionWeight"] * 100))
    assert (seen, released.shows(made)["status"]) == (shares, "Succeeded")


def test_a_line_ends_with_everything_whatever_its_percentage() -> None:
    for share in range(1, 100):
        line = steps({"timeBasedLinear": {"linearPercentage": share, "linearInterval": 3}})
        assert [at for at, _ in line] == [180.0 * one for one in range(len(line))]
        gains = [b - a for (_, a), (_, b) in zip([(0, 0), *line], line, strict=False)]
        assert line[-1][1] == 100
        assert set(gains[:-1]) <= {share}
        assert 0 < gains[-1] <= share


def test_an_alarm_stops_it_and_takes_it_back(released: Released) -> None:
    made = released.release()
    released.pass_(60)
    assert released.leads() == ("1", {"2": 0.1})
    released.ring()
    released.pass_()
    shown = released.shows(made)
    assert (shown["status"], shown["errorInformation"]["code"]) == ("Stopped", "ALARM_ACTIVE")
    assert "errors" in shown["errorInformation"]["message"]
    assert released.leads() == ("1", {})
    back = released.shows(shown["rollbackInfo"]["rollbackDeploymentId"])
    assert (back["creator"], back["status"]) == ("codeDeployRollback", "Succeeded")
    assert back["rollbackInfo"]["rollbackTriggeringDeploymentId"] == made
    again = released.release()
    released.pass_()
    assert released.shows(again)["status"] == "Stopped", "the alarm is on already"
    assert released.leads() == ("1", {})


def test_an_alarm_that_nobody_knows_stops_it_unless_that_is_to_be_ignored(released: Released) -> None:
    for ignored, status in ((False, "Stopped"), (True, "Succeeded")):
        alarms = {"enabled": True, "ignorePollAlarmFailure": ignored, "alarms": [{"name": "unknown"}]}
        made = released.release(overrideAlarmConfiguration=alarms, deploymentConfigName=f"{DEFAULT}AllAtOnce")
        released.pass_()
        assert released.shows(made)["status"] == status


def test_a_person_stops_it_and_says_whether_it_is_taken_back(released: Released) -> None:
    for back, leads in ((True, ("1", {})), (False, ("1", {"2": 0.1}))):
        made = released.release()
        released.pass_()
        released.deploy.stop_deployment(deploymentId=made, autoRollbackEnabled=back)
        shown = released.shows(made)
        assert (shown["status"], shown["errorInformation"]["code"]) == ("Stopped", "MANUAL_STOP")
        assert ("rollbackInfo" in shown, released.leads()) == (back, leads)
    stopped = refused(released.deploy.stop_deployment, deploymentId=made)
    assert stopped == "DeploymentAlreadyCompletedException"
    after = released.release()
    released.pass_()
    assert released.shows(after)["errorInformation"]["code"] == "INVALID_LAMBDA_CONFIGURATION", (
        "it leads to two versions"
    )
    assert released.leads() == ("1", {"2": 0.1}), "and nobody touches it"


@pytest.mark.parametrize(
    ("event", "says", "status", "leads"),
    [
        ("BeforeAllowTraffic", "Succeeded", "Succeeded", ("2", {})),
        ("BeforeAllowTraffic", "Failed", "Failed", ("1", {})),
        ("AfterAllowTraffic", "Failed", "Failed", ("1", {})),
    ],
)
def test_a_hook_says_whether_it_goes_on(
    released: Released, event: str, says: str, status: str, leads: tuple[str, dict[str, float]]
) -> None:
    released.function("check", 1, SAYS=says)
    made = released.release(released.revision(hooks=[{event: "check"}]), deploymentConfigName=f"{DEFAULT}AllAtOnce")
    until = time.monotonic() + 200
    while released.shows(made)["status"] not in {"Succeeded", "Failed"} and time.monotonic() < until:
        released.pass_()
        time.sleep(0.1)
    shown = released.shows(made)
    assert (shown["status"], released.leads()) == (status, leads)
    assert shown.get("errorInformation", {}).get("code") == ("HOOK_EXECUTION_FAILURE" if status == "Failed" else None)


def test_a_hook_that_says_nothing_fails_after_an_hour(released: Released) -> None:
    released.function("check", 1)
    made = released.release(released.revision(hooks=[{"BeforeAllowTraffic": "check"}]))
    released.pass_()
    assert (released.shows(made)["status"], released.leads()) == ("InProgress", ("1", {}))
    released.pass_(3660, step=3660)
    assert released.shows(made)["errorInformation"]["code"] == "HOOK_EXECUTION_FAILURE"


def test_revisions_that_cannot_be_deployed_fail_by_code(released: Released) -> None:
    other = {"Type": "AWS::ECS::Service", "Properties": {}}
    text = {"revisionType": "AppSpecContent", "appSpecContent": {"content": "version: ["}}
    cases = {
        "INVALID_LAMBDA_FUNCTION": [released.revision(target=7), released.revision(current=7)],
        "INVALID_LAMBDA_CONFIGURATION": [
            released.revision(2, 1),
            released.revision(Resources=[{"a": other}]),
            released.revision(Resources=[]),
            released.revision(hooks=[{"BeforeInstall": "check"}]),
        ],
        "INVALID_REVISION": [text, released.revision(version="1.0")],
    }
    for code, revisions in cases.items():
        for one in revisions:
            made = released.release(one)
            released.pass_()
            shown = released.shows(made)
            assert (shown["status"], shown["errorInformation"]["code"]) == ("Failed", code), one
            assert "rollbackInfo" not in shown
    assert released.leads() == ("1", {})


def test_requests_that_cannot_be_are_refused(released: Released) -> None:
    create, asked = released.deploy.create_deployment, {"applicationName": "shop", "deploymentGroupName": "answer"}
    revision = released.revision()
    content = revision["appSpecContent"]["content"]
    for name, value, code in (
        ("applicationName", "none", "ApplicationDoesNotExistException"),
        ("deploymentGroupName", "none", "DeploymentGroupDoesNotExistException"),
        ("deploymentConfigName", "none", "DeploymentConfigDoesNotExistException"),
        ("revision", {"revisionType": "AppSpecContent", "appSpecContent": {}}, "InvalidRevisionException"),
        (
            "revision",
            {"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": "0" * 64}},
            "InvalidRevisionException",
        ),
        ("overrideAlarmConfiguration", {"enabled": True, "alarms": []}, "InvalidAlarmConfigException"),
    ):
        assert refused(create, **{**asked, "revision": revision, name: value}) == code
    assert refused(create, **asked) == "RevisionRequiredException"
    assert refused(released.deploy.get_deployment, deploymentId="d-000000000") == "DeploymentDoesNotExistException"
    assert released.deploy.list_deployments(**asked)["deployments"] == []
    hashed = {"content": content, "sha256": hashlib.sha256(content.encode()).hexdigest()}
    released.release({"revisionType": "AppSpecContent", "appSpecContent": hashed})
    assert refused(create, **asked, revision=revision) == "DeploymentLimitExceededException"


def test_deployments_are_listed_by_group_status_and_time(released: Released) -> None:
    first = released.release(deploymentConfigName=f"{DEFAULT}AllAtOnce")
    released.pass_(60)
    second = released.release(released.revision(2, 1))
    asked = {"applicationName": "shop", "deploymentGroupName": "answer"}
    listed = released.deploy.list_deployments
    assert listed(**asked)["deployments"] == [second, first]
    assert listed(**asked, includeOnlyStatuses=["Succeeded"])["deployments"] == [first]
    created = released.shows(second)["createTime"]
    assert listed(**asked, createTimeRange={"start": created})["deployments"] == [second]
    infos = released.deploy.batch_get_deployments(deploymentIds=[first, second])["deploymentsInfo"]
    assert [one["deploymentId"] for one in infos] == [first, second]
    assert released.deploy.list_deployment_targets(deploymentId=first)["targetIds"] == ["answer:live"]
