import json
from dataclasses import replace

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made, altered

CONTAINER = {
    "name": "web",
    "user": "10001:10001",
    "readonlyRootFilesystem": True,
    "privileged": False,
    "environment": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "SECRET_ARN", "value": "arn:aws:..."}],
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/shop"}},
}
BESIDE = {**CONTAINER, "name": "proxy"}


def definitions(**changes: object) -> str:
    """Return two containers, of which the second has other values."""
    return json.dumps([CONTAINER, {**BESIDE, **changes}])


TASK = Made(
    type="aws:ecs/taskDefinition:TaskDefinition",
    inputs={
        "containerDefinitions": definitions(),
        "networkMode": "awsvpc",
        "pidMode": "task",
        "taskRoleArn": "arn:aws:iam::1:role/task",
        "executionRoleArn": "arn:aws:iam::1:role/execution",
    },
)
SERVICE = Made(
    type="aws:ecs/service:Service",
    inputs={
        "networkConfiguration": {"assignPublicIp": False, "subnets": ["subnet-1"]},
        "platformVersion": "LATEST",
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    },
)
CLUSTER = Made(
    type="aws:ecs/cluster:Cluster",
    inputs={
        "settings": [{"name": "containerInsights", "value": "enhanced"}],
        "configuration": {"executeCommandConfiguration": {"logging": "OVERRIDE"}},
    },
)


def of_container(rule: str, **changes: object) -> Case:
    """Case of a rule on containers: one of two breaks it."""
    return value_case(
        rule, TASK, "containerDefinitions", definitions(**changes), unknown_is="deferred", absent_is="silent"
    )


CASES = (
    value_case("ecs-no-public-ip", SERVICE, "networkConfiguration.assignPublicIp", True, absent_is="silent"),
    value_case("ecs-fargate-latest", SERVICE, "platformVersion", "1.3.0", absent_is="silent"),
    value_case("ecs-rolls-back", SERVICE, "deploymentCircuitBreaker.rollback", False),
    value_case("ecs-no-host-pid", TASK, "pidMode", "host", absent_is="silent"),
    value_case("ecs-own-network", TASK, "networkMode", "bridge"),
    value_case(
        "ecs-exec-recorded", CLUSTER, "configuration.executeCommandConfiguration.logging", "NONE", absent_is="silent"
    ),
    of_container("ecs-not-privileged", privileged=True),
    of_container("ecs-readonly-root", readonlyRootFilesystem=False),
    of_container("ecs-not-root", user="0:0"),
    of_container("ecs-no-secret-env", environment=[{"name": "DB_PASSWORD", "value": "x"}]),
    of_container("ecs-container-logging", logConfiguration=None),
    value_case(
        "ecs-roles-distinct",
        TASK,
        "taskRoleArn",
        "arn:aws:iam::1:role/execution",
        unknown_is="silent",
        absent_is="silent",
    ),
    Case(
        rule="ecs-container-insights",
        passing=[
            CLUSTER,
            replace(CLUSTER, name="plain", inputs=altered(CLUSTER.inputs, "settings.0.value", "enabled")),
        ],
        failing=[replace(CLUSTER, inputs=altered(CLUSTER.inputs, "settings.0.value", "disabled"))],
        unknown=[replace(CLUSTER, inputs=altered(CLUSTER.inputs, "settings.0.value", UNKNOWN))],
        absent=[replace(CLUSTER, inputs=altered(CLUSTER.inputs, "settings", None))],
        unknown_is="unknown",
        absent_is="violation",
    ),
)
