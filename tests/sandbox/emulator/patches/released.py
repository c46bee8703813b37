"""A function with versions and an alias, and what CodeDeploy needs to release it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from components.functions.archive import zipped
from sandbox.emulator import client

if TYPE_CHECKING:
    from tests.sandbox.emulator.conftest import Aws, Client

CODE = """
import os, boto3
def handler(event, context):
    if "DeploymentId" in event:
        boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
            deploymentId=event["DeploymentId"],
            lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
            status=os.environ["SAYS"])
    return {version}
"""
STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
BACK = {"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]}


@dataclass
class Released:
    """It.

    Attributes:
        emulator: Whose clock is set forward.
        aws: Clients of an account.
        traffic: The deployment configuration of the group.
    """

    emulator: client.Emulator
    aws: Aws
    traffic: str = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    role: str = field(init=False)

    def open(self, **group: object) -> Released:
        """Make function, versions 1 and 2, the alias `live` on 1, application and group."""
        self.role = self.make_role("codedeploy", "codedeploy.amazonaws.com")
        self.function("answer", 1)
        self.aws("lambda").create_alias(FunctionName="answer", Name="live", FunctionVersion="1")
        self.publish(2)
        self.aws("cloudwatch").put_metric_alarm(
            AlarmName="errors",
            Namespace="Shop",
            MetricName="Errors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="notBreaching",
        )
        self.deploy.create_application(applicationName="shop", computePlatform="Lambda")
        self.deploy.create_deployment_group(**{**self.group(), **group})
        return self

    @property
    def deploy(self) -> Client:
        return self.aws("codedeploy")

    def group(self) -> dict[str, Any]:
        """Return what the deployment group is made from."""
        return {
            "applicationName": "shop",
            "deploymentGroupName": "answer",
            "deploymentConfigName": self.traffic,
            "serviceRoleArn": self.role,
            "deploymentStyle": STYLE,
            "autoRollbackConfiguration": BACK,
            "alarmConfiguration": {"enabled": True, "alarms": [{"name": "errors"}]},
        }

    def make_role(self, name: str, service: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        return str(self.aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])

    def function(self, name: str, version: int, **environment: str) -> None:
        self.aws("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="code.handler",
            Role=self.make_role(name, "lambda.amazonaws.com"),
            Code={"ZipFile": self.code(version)},
            Environment={"Variables": environment},
            Publish=True,
        )

    @staticmethod
    def code(version: int) -> bytes:
        return zipped({"code.py": CODE.replace("{version}", str(version)).encode()})

    def publish(self, version: int) -> None:
        self.aws("lambda").update_function_code(FunctionName="answer", ZipFile=self.code(version), Publish=True)

    def revision(self, current: int | str = 1, target: int | str = 2, **more: object) -> dict[str, Any]:
        """Return what leads the alias from a version to another."""
        properties = {"Name": "answer", "Alias": "live", "CurrentVersion": str(current), "TargetVersion": str(target)}
        about = {"Type": "AWS::Lambda::Function", "Properties": properties}
        content = {"version": "0.0", "Resources": [{"function": about}], **more}
        return {"revisionType": "AppSpecContent", "appSpecContent": {"content": json.dumps(content)}}

    def release(self, revision: dict[str, Any] | None = None, **more: object) -> str:
        """Begin a deployment; returns its id."""
        made = self.deploy.create_deployment(
            applicationName="shop", deploymentGroupName="answer", revision=revision or self.revision(), **more
        )
        return str(made["deploymentId"])

    def pass_(self, seconds: float = 0, step: float = 60) -> None:
        """Let time pass, in steps."""
        client.control(self.emulator.port, "POST", f"advance?seconds={seconds}&step={step}")

    def shows(self, deployment: str) -> dict[str, Any]:
        return dict(self.deploy.get_deployment(deploymentId=deployment)["deploymentInfo"])

    def target(self, deployment: str) -> dict[str, Any]:
        found = self.deploy.get_deployment_target(deploymentId=deployment, targetId="answer:live")
        return dict(found["deploymentTarget"]["lambdaTarget"])

    def leads(self) -> tuple[str, dict[str, float]]:
        """Return where the alias leads: its version, and weights of others."""
        alias = self.aws("lambda").get_alias(FunctionName="answer", Name="live")
        return alias["FunctionVersion"], alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})

    def ring(self) -> None:
        """Let the alarm go off."""
        self.aws("cloudwatch").set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
