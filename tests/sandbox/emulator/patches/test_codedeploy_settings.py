"""Applications, groups and configurations of CodeDeploy are kept, and refused as CodeDeploy refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emulator.conftest import account_of, session
from tests.sandbox.emulator.patches.released import STYLE, Released

if TYPE_CHECKING:
    from sandbox.emulator.client import Emulator

pytestmark = pytest.mark.emulator


@pytest.fixture
def released(emulator: Emulator, request: pytest.FixtureRequest) -> Released:
    return Released(emulator, session(emulator, account_of(request))).open()


def refused(call: Any, **given: Any) -> str:  # noqa: ANN401 - a method of boto3
    with pytest.raises(ClientError) as error:
        call(**given)
    return str(error.value.response["Error"]["Code"])


def test_what_is_made_is_shown_changed_and_deleted(released: Released) -> None:
    deploy, group = released.deploy, {"applicationName": "shop", "deploymentGroupName": "answer"}
    assert deploy.get_application(applicationName="shop")["application"]["computePlatform"] == "Lambda"
    shown = deploy.get_deployment_group(**group)["deploymentGroupInfo"]
    assert {name: shown[name] for name in released.group() if name != "alarmConfiguration"} == {
        name: value for name, value in released.group().items() if name != "alarmConfiguration"
    }
    assert shown["alarmConfiguration"]["alarms"] == [{"name": "errors"}]
    deploy.update_deployment_group(
        applicationName="shop",
        currentDeploymentGroupName="answer",
        newDeploymentGroupName="other",
        deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce",
    )
    assert deploy.list_deployment_groups(applicationName="shop")["deploymentGroups"] == ["other"]
    changed = deploy.get_deployment_group(applicationName="shop", deploymentGroupName="other")["deploymentGroupInfo"]
    assert (changed["deploymentConfigName"], changed["serviceRoleArn"]) == (
        "CodeDeployDefault.LambdaAllAtOnce",
        released.role,
    )
    deploy.delete_deployment_group(applicationName="shop", deploymentGroupName="other")
    assert refused(deploy.get_deployment_group, **group) == "DeploymentGroupDoesNotExistException"
    deploy.delete_application(applicationName="shop")
    assert deploy.list_applications()["applications"] == []
    assert refused(deploy.get_application, applicationName="shop") == "ApplicationDoesNotExistException"


def test_applications_and_groups_have_tags(released: Released) -> None:
    account = released.role.split(":")[4]
    for place in ("application:shop", "deploymentgroup:shop/answer"):
        arn = f"arn:aws:codedeploy:us-east-1:{account}:{place}"
        released.deploy.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
        released.deploy.untag_resource(ResourceArn=arn, TagKeys=["a"])
        assert released.deploy.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]


ALARM = [{"name": "errors"}]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"applicationName": "other"}, "ApplicationDoesNotExistException"),
        ({"deploymentGroupName": "answer"}, "DeploymentGroupAlreadyExistsException"),
        ({"deploymentConfigName": "CodeDeployDefault.LambdaCanary7Percent5Minutes"}, "DeploymentConfigDoesNotExist"),
        ({"serviceRoleArn": "arn:aws:iam::111122223333:role/nobody"}, "InvalidRoleException"),
        ({"serviceRoleArn": "arn:aws:iam::111122223333:role/answer"}, "InvalidRoleException"),
        ({"deploymentStyle": {**STYLE, "deploymentType": "IN_PLACE"}}, "InvalidDeploymentStyleException"),
        ({"deploymentStyle": {**STYLE, "deploymentType": "GREEN"}}, "ValidationException"),
        ({"autoRollbackConfiguration": {"enabled": True, "events": []}}, "InvalidAutoRollbackConfigException"),
        ({"alarmConfiguration": {"enabled": True, "alarms": []}}, "InvalidAlarmConfigException"),
        ({"alarmConfiguration": {"enabled": True, "alarms": ALARM * 2}}, "InvalidAlarmConfigException"),
        (
            {"alarmConfiguration": {"enabled": True, "alarms": [{"name": f"a{one}"} for one in range(11)]}},
            "AlarmsLimitExceededException",
        ),
        ({"ecsServices": [{"serviceName": "a", "clusterName": "b"}]}, "InvalidInputException"),
    ],
)
def test_a_group_that_cannot_be_is_refused(released: Released, change: dict[str, Any], code: str) -> None:
    wanted = {**released.group(), "deploymentGroupName": "another", **change}
    assert refused(released.deploy.create_deployment_group, **wanted).startswith(code)
    assert released.deploy.list_deployment_groups(applicationName="shop")["deploymentGroups"] == ["answer"]
    if not change.keys() & {"applicationName", "deploymentGroupName"}:
        update = {"applicationName": "shop", "currentDeploymentGroupName": "answer", **change}
        assert refused(released.deploy.update_deployment_group, **update).startswith(code)


def test_applications_of_servers_and_of_ecs_are_refused_by_name(released: Released) -> None:
    for platform in ({}, {"computePlatform": "ECS"}):
        code = refused(released.deploy.create_application, applicationName="servers", **platform)
        assert code == "InvalidComputePlatformException"
    again = refused(released.deploy.create_application, applicationName="shop", computePlatform="Lambda")
    assert again == "ApplicationAlreadyExistsException"


def _canary(share: int = 10, pause: int = 5, kind: str = "TimeBasedCanary") -> dict[str, Any]:
    return {"type": kind, "timeBasedCanary": {"canaryPercentage": share, "canaryInterval": pause}}


def test_a_configuration_of_ones_own(released: Released) -> None:
    deploy, mine = released.deploy, {"deploymentConfigName": "mine", "computePlatform": "Lambda"}
    deploy.create_deployment_config(**mine, trafficRoutingConfig=_canary())
    shown = deploy.get_deployment_config(deploymentConfigName="mine")["deploymentConfigInfo"]
    assert shown["trafficRoutingConfig"] == _canary()
    assert len(deploy.list_deployment_configs()["deploymentConfigsList"]) == 10
    for wrong in (_canary(100), _canary(0), _canary(pause=0), _canary(kind="TimeBasedLinear"), {}):
        code = refused(
            deploy.create_deployment_config, **{**mine, "deploymentConfigName": "w"}, trafficRoutingConfig=wrong
        )
        assert code == "InvalidTrafficRoutingConfigurationException", wrong
    again = refused(deploy.create_deployment_config, **mine, trafficRoutingConfig=_canary())
    assert again == "DeploymentConfigAlreadyExistsException"
    deploy.update_deployment_group(
        applicationName="shop", currentDeploymentGroupName="answer", deploymentConfigName="mine"
    )
    assert refused(deploy.delete_deployment_config, deploymentConfigName="mine") == "DeploymentConfigInUseException"
    deploy.delete_deployment_group(applicationName="shop", deploymentGroupName="answer")
    deploy.delete_deployment_config(deploymentConfigName="mine")
    gone = refused(deploy.get_deployment_config, deploymentConfigName="mine")
    assert gone == "DeploymentConfigDoesNotExistException"
    own = "CodeDeployDefault.LambdaAllAtOnce"
    assert refused(deploy.delete_deployment_config, deploymentConfigName=own) == "InvalidOperationException"
