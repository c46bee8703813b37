"""Experiments of AWS FIS: stop conditions, how much they take, what becomes of those without targets, records."""

from tests.policy.case import Case, value_case
from tests.policy.harness import UNKNOWN, Made

_ALARM = "arn:aws:cloudwatch:us-east-1:100000000004:alarm:failing"
EXPERIMENT = Made(
    type="aws:fis/experimentTemplate:ExperimentTemplate",
    inputs={
        "description": "A task that ends is replaced",
        "stopConditions": [{"source": "aws:cloudwatch:alarm", "value": _ALARM}],
        "targets": [{"name": "tasks", "resourceType": "aws:ecs:task", "selectionMode": "COUNT(1)"}],
        "experimentOptions": {"emptyTargetResolutionMode": "fail"},
        "logConfiguration": {"logSchemaVersion": 2, "cloudwatchLogsConfiguration": {"logGroupArn": "arn:aws:logs:x:*"}},
    },
)


def made(**inputs: object) -> list[Made]:
    """Return the experiment with other inputs."""
    return [Made(type=EXPERIMENT.type, inputs={**EXPERIMENT.inputs, **inputs})]


CASES = (
    Case(
        rule="fis-stop-alarm",
        passing=[EXPERIMENT],
        failing=made(stopConditions=[{"source": "none"}]),
        unknown=made(stopConditions=UNKNOWN),
        absent=made(stopConditions=[{"value": _ALARM}]),
        unknown_is="unknown",
        absent_is="violation",
    ),
    Case(
        rule="fis-targets-bounded",
        passing=[EXPERIMENT, *made(targets=[{"name": "tasks", "selectionMode": "PERCENT(50)"}]), *made(targets=[])],
        failing=made(targets=[*EXPERIMENT.inputs["targets"], {"name": "all", "selectionMode": "ALL"}]),
        unknown=made(targets=[{"name": "tasks", "selectionMode": UNKNOWN}]),
        absent=made(targets=[{"name": "tasks"}]),
        unknown_is="unknown",
        absent_is="violation",
    ),
    value_case(
        "fis-empty-fails", EXPERIMENT, "experimentOptions.emptyTargetResolutionMode", "skip", absent_is="silent"
    ),
    value_case("fis-logged", EXPERIMENT, "logConfiguration", {}, unknown_is="silent"),
)
