"""Functions as they are registered: what they run on, who calls them, what they may do, where failures go."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from review.plan_view import view
from review.recording import record_stack
from review.verdict import judge
from tests.config.functionsfile import STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def statements(graph: Graph, name: str) -> dict[str, dict[str, Any]]:
    return {one["Sid"]: one for one in json.loads(inputs(graph, name)["policy"])["Statement"]}


def names(graph: Graph) -> set[str]:
    return {one.name for one in graph.resources}


def test_a_function_is_traced_logged_encrypted_and_on_graviton_unless_the_file_says_otherwise(graph: Graph) -> None:
    made = inputs(graph, "functions-answer-function")
    assert (made["runtime"], made["architectures"], made["timeout"], made["memorySize"]) == (
        *("python3.13", ["arm64"], 30, 256),
    )
    assert made["handler"] == "services.auctions.picture.png"
    assert made["tracingConfig"] == {"mode": "Active"}
    assert made["loggingConfig"] == {"logFormat": "JSON", "logGroup": "functions-answer-logs"}
    assert made["kmsKeyArn"].endswith("keys-secrets")
    assert made["ephemeralStorage"] == {"size": 512}
    assert "vpcConfig" not in made, "it reaches nothing there"
    assert "reservedConcurrentExecutions" not in made
    log = inputs(graph, "functions-answer-logs")
    assert (log["retentionInDays"], log["kmsKeyId"].rpartition("/")[2]) == (90, "keys-logs")


def test_its_code_is_an_archive_without_a_path_of_this_machine(graph: Graph) -> None:
    code = inputs(graph, "functions-answer-function")["code"]
    assert code["path"].startswith(".archives/")
    assert code != inputs(graph, "functions-remind-function")["code"], "one has a package more"


def test_secrets_are_handed_on_by_their_arn_and_opened_by_no_other_way(graph: Graph) -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:100000000004:secret:clerk/stamp-AbCdEf"
    variables = inputs(graph, "functions-answer-function")["environment"]["variables"]
    assert variables == {"LOG_LEVEL": "info", "STAMP_SECRET": arn}
    found = statements(graph, "functions-answer-policy")
    assert found["ReadSecrets"]["Resource"] == [arn]
    assert found["OpenSecrets"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    }
    assert "ReadSecrets" not in statements(graph, "functions-remind-policy")


def test_a_function_may_do_what_the_file_says_and_nothing_else(graph: Graph) -> None:
    assert sorted(statements(graph, "functions-remind-policy")) == [
        *("KeepFailures", "OpenVariables", "QueueLetters", "SendTraces", "WriteLog"),
    ]
    assert sorted(statements(graph, "functions-answer-policy")) == [
        *("OpenSecrets", "OpenVariables", "ReadSecrets", "SendTraces", "WorkOnQueue", "WriteLog"),
    ]
    assert "QUEUE_LETTERS_URL" in inputs(graph, "functions-remind-function")["environment"]["variables"]


def test_everybody_calls_the_alias_and_no_version(graph: Graph) -> None:
    alias = inputs(graph, "functions-answer-alias")
    assert alias["name"] == "live"
    assert inputs(graph, "functions-answer-function")["publish"] is True
    arn = graph.named("functions-answer-alias").outputs["arn"]
    assert inputs(graph, "functions-answer-queue")["functionName"] == arn
    assert graph.named("functions-answer-alias").ignore_changes == ()


def test_a_message_that_fails_is_tried_again_alone(graph: Graph) -> None:
    made = inputs(graph, "functions-answer-queue")
    assert made["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (made["batchSize"], made["maximumBatchingWindowInSeconds"]) == (10, 0)
    assert "scalingConfig" not in made


def test_a_planned_call_is_made_by_a_role_of_its_own_and_kept_when_it_fails(graph: Graph) -> None:
    made = inputs(graph, "functions-remind-at-daily")
    assert (made["scheduleExpression"], made["scheduleExpressionTimezone"]) == (
        *("cron(0 8 ? * MON-FRI *)", "Europe/Berlin"),
    )
    alias = graph.named("functions-remind-alias").outputs["arn"]
    assert made["target"]["arn"] == alias
    assert statements(graph, "functions-remind-scheduler-rights")["CallFunction"]["Resource"] == [alias]
    trust = json.loads(inputs(graph, "functions-remind-scheduler")["assumeRolePolicy"])["Statement"][0]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "100000000004"}}
    calls = inputs(graph, "functions-remind-calls")
    assert calls["destinationConfig"]["onFailure"]["destination"].endswith("functions-remind-failures")
    assert (calls["maximumRetryAttempts"], calls["maximumEventAgeInSeconds"]) == (2, 21_600)
    assert calls["qualifier"] == "live", "what calls the alias, not the newest version"
    assert inputs(graph, "functions-remind-failures")["sqsManagedSseEnabled"] is True
    policy = json.loads(inputs(graph, "functions-remind-failures-policy")["policy"])["Statement"]
    assert [(one["Effect"], one["Condition"]) for one in policy] == [
        ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    ]


def test_a_stack_of_functions_needs_no_vpc_and_publishes_how_they_are_called(graph: Graph) -> None:
    assert not graph.any_of_type("aws:ec2/vpc:Vpc", "aws:lb/loadBalancer:LoadBalancer")
    (root,) = [one for one in graph.resources if one.type == "pulumi:pulumi:Stack"]
    assert set(root.outputs) == {"functions", "key_arns", "queue_urls", "region", "settings"}
    assert set(root.outputs["functions"]) == {"answer", "remind"}


def test_what_is_released_by_codedeploy_is_left_to_it() -> None:
    release = {"traffic": "Linear10PercentEvery1Minute", "alarms": ["errors"]}
    alarm = {"severity": "warning", "source": "function_errors", "threshold": 0}
    observability = {
        "channels": {"mail": {"a@ledger.example": ["critical", "warning", "info"]}},
        "alarms": {"errors": {**alarm, "period_seconds": 60, "evaluation_periods": 1}},
        "log_retention_days": 90,
    }
    graph = record_stack(STACK, accepted({"functions.answer.release": release, "observability": observability}))
    assert sorted(graph.named("functions-answer-alias").ignore_changes) == ["functionVersion", "routingConfig"]
    assert graph.named("functions-remind-alias").ignore_changes == ()
    group = inputs(graph, "releases-of-answer")
    assert group["deploymentConfigName"] == "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"
    assert group["alarmConfiguration"] == {
        "alarms": ["observability-alarms-errors-answer"],
        "enabled": True,
        "ignorePollAlarmFailure": False,
    }
    assert set(group["autoRollbackConfiguration"]["events"]) == {"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"}
    moved = statements(graph, "releases-rights")["MoveAliases"]["Resource"]
    assert moved == [graph.named("functions-answer-alias").outputs["arn"]], "and no function that is not released so"
    assert "releases-of-remind" not in names(graph)


def test_the_pack_has_nothing_against_functions(graph: Graph) -> None:
    verdict = judge(graph, environment="prod", today=date(2026, 11, 30))
    assert [one.message for one in verdict.blocking] == []
    assert verdict.rules > 10


def test_changes_of_a_table_come_in_order_and_what_fails_of_them_is_kept() -> None:
    table = {"purpose": "Letters", "partition_key": {"name": "id", "type": "S"}, "stream": "NEW_IMAGE"}
    stream = {"table": "letters", "retries": 2, "max_age_seconds": 600, "parallelization": 2}
    graph = record_stack(STACK, accepted({"data.tables": {"letters": table}, "functions.remind.stream": stream}))
    made = inputs(graph, "functions-remind-stream")
    assert made["functionName"] == graph.named("functions-remind-alias").outputs["arn"]
    assert (made["startingPosition"], made["bisectBatchOnFunctionError"]) == ("TRIM_HORIZON", True)
    assert (made["maximumRetryAttempts"], made["maximumRecordAgeInSeconds"], made["parallelizationFactor"]) == (
        2,
        600,
        2,
    )
    assert made["destinationConfig"]["onFailure"]["destinationArn"].endswith("functions-remind-failures")
    assert made["functionResponseTypes"] == ["ReportBatchItemFailures"]
    found = statements(graph, "functions-remind-policy")
    assert {"ReadStream", "FindStream", "OpenTables"} <= found.keys()
    assert found["OpenTables"]["Condition"] == {"StringEquals": {"kms:ViaService": "dynamodb.eu-west-1.amazonaws.com"}}
    verdict = judge(graph, environment="prod", today=date(2026, 11, 30))
    assert [one.message for one in verdict.findings if one.rule.name.startswith(("lambda", "iam"))] == []


def test_the_picture_shows_functions_of_the_stack_file(graph: Graph) -> None:
    panels = dict(view(graph).regional)
    assert panels["Functions"] == ("answer · python3.13 · 256 MiB", "remind · python3.13 · 128 MiB")
