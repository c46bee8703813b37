"""Services as they are registered: what they run on, who sends them requests, what they may do, what moves them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from config.examine import examine
from config.facts.tracing import TRACE_VARIABLES
from config.load import load_file, stack_file
from config.objectives import unreckoned
from review import report
from review.diagram import draw
from review.graph import ROOT_TYPE
from review.plan_view import view
from review.recording import record_stack
from review.verdict import judge
from tests.config.containersfile import GONE, accepted, merged
from tests.config.pairfiles import WITH_CONTAINERS

if TYPE_CHECKING:
    from review.graph import Graph

pytestmark = pytest.mark.slow  # a whole stack is recorded

SERVICES = ("web", "live", "worker")


def inputs(graph: Graph, name: str) -> dict[str, Any]:
    return dict(graph.named(name).inputs)


def statements(graph: Graph, name: str) -> dict[str, dict[str, Any]]:
    """Return the statements of a policy by their sid."""
    document = json.loads(inputs(graph, name)["policy"])
    return {one["Sid"]: one for one in document["Statement"]}


def containers(graph: Graph, service: str) -> dict[str, dict[str, Any]]:
    """Return the containers of a service's tasks by name."""
    found = json.loads(inputs(graph, f"containers-{service}-definition")["containerDefinitions"])
    return {one["name"]: one for one in found}


def absent(graph: Graph, name: str) -> bool:
    return name not in {one.name for one in graph.resources}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_rolls_back_and_has_no_public_address(graph: Graph, name: str) -> None:
    made = inputs(graph, f"containers-{name}-service")
    assert made["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert made["availabilityZoneRebalancing"] == "ENABLED"
    assert made["networkConfiguration"]["assignPublicIp"] is False
    assert made["networkConfiguration"]["securityGroups"] == [f"network-service-{name}-group-id"]
    assert made["networkConfiguration"]["subnets"] == [f"network-tasks-{zone}-id" for zone in "abc"]
    assert made["forceNewDeployment"] is True, "another split of capacity replaces no service"


def test_capacity_is_split_as_the_file_says(graph: Graph) -> None:
    split = {
        name: [
            (one["capacityProvider"], one["base"], one["weight"])
            for one in inputs(graph, f"containers-{name}-service")["capacityProviderStrategies"]
        ]
        for name in SERVICES
    }
    assert split == {
        "web": [("FARGATE", 2, 1), ("FARGATE_SPOT", 0, 3)],
        "live": [("FARGATE", 0, 1)],
        "worker": [("FARGATE_SPOT", 0, 1)],
    }


def test_a_number_that_scaling_moves_is_left_alone(graph: Graph) -> None:
    left = {name: graph.named(f"containers-{name}-service").ignore_changes for name in SERVICES}
    assert {name for name, ignored in left.items() if "desiredCount" in ignored} == {"web", "worker"}


def test_alarms_of_the_table_roll_a_deployment_back(graph: Graph) -> None:
    made = inputs(graph, "containers-web-service")["alarms"]
    assert made == {
        "alarmNames": ["observability-alarms-busy-services-web", "observability-alarms-failing-targets-web"],
        "enable": True,
        "rollback": True,
    }, "those of this service"
    assert "alarms" not in inputs(graph, "containers-live-service")


def test_requests_come_by_a_rule_and_a_target_group_of_each(graph: Graph) -> None:
    rule, group = inputs(graph, "edge-route-web"), inputs(graph, "edge-to-web")
    assert rule["conditions"] == [{"pathPattern": {"values": ["/api/*", "/login"]}}]
    assert rule["priority"] == 10
    assert (group["port"], group["protocol"], group["targetType"]) == (8080, "HTTPS", "ip")
    assert group["deregistrationDelay"] == 30
    assert group["healthCheck"]["path"] == "/health"
    behind = inputs(graph, "containers-web-service")["loadBalancers"]
    assert {(one["containerName"], one["containerPort"]) for one in behind} == {("web", 8080)}
    assert [one["targetGroupArn"].rpartition("/")[2] for one in behind] == ["edge-to-web", "api-to-web"]
    assert len(inputs(graph, "containers-live-service")["loadBalancers"]) == 1, "the API does not lead there"
    assert inputs(graph, "containers-worker-service").get("loadBalancers", []) == []
    waits = {one.rpartition("::")[2] for one in graph.named("containers-web-service").dependencies}
    assert {"edge-route-web", "api-service-web"} <= waits, "ECS refuses a target group that no load balancer leads to"


def test_a_discoverable_service_has_a_name_in_the_vpc(graph: Graph) -> None:
    assert inputs(graph, "containers-namespace")["name"] == "shop.internal"
    record = inputs(graph, "containers-web-name")
    assert (record["name"], record["dnsConfig"]["dnsRecords"]) == ("web", [{"type": "A", "ttl": 10}])
    assert "registryArn" in inputs(graph, "containers-web-service")["serviceRegistries"]
    assert absent(graph, "containers-live-name")


def test_a_task_starts_with_the_secrets_that_it_names_and_no_other(graph: Graph) -> None:
    found = statements(graph, "containers-web-execution-policy")
    assert found["ReadSecrets"]["Resource"] == [
        "arn:aws:secretsmanager:recorded:000000000000:secret/data-postgres-master-secret",
        "arn:aws:secretsmanager:us-east-1:100000000004:secret:shop/payments-AbCdEf",
    ]
    assert found["OpenSecrets"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}
    }
    assert found["PullImage"]["Resource"] == ["arn:aws:ecr:us-east-1:100000000004:repository/phoenix/prod/application"]
    worker = statements(graph, "containers-worker-execution-policy")
    own = "arn:aws:secretsmanager:us-east-1:100000000004:secret:shop/anthropic-AbCdEf"
    assert worker["ReadSecrets"]["Resource"] == [own]
    definition = containers(graph, "web")["web"]
    given = {one["name"]: one["valueFrom"] for one in definition["secrets"]}
    assert given["DATABASE_PASSWORD"].endswith(":password::"), "one key of its JSON"
    assert given["PAYMENTS_KEY"].endswith("secret:shop/payments-AbCdEf"), "the whole text"


def test_a_task_knows_where_things_are_that_it_names(graph: Graph) -> None:
    definition = containers(graph, "web")["web"]
    variables = {one["name"]: one["value"] for one in definition["environment"]}
    assert variables.keys() - set(TRACE_VARIABLES) == {
        *("LOG_LEVEL", "POSTGRES_HOST", "REDIS_HOST", "BUCKET_STATIC_ASSETS_NAME", "QUEUE_VIDEOS_URL"),
        "TABLE_SESSIONS_NAME",
    }
    assert variables["TABLE_SESSIONS_NAME"] == "phoenix-prod-sessions"
    assert variables["BUCKET_STATIC_ASSETS_NAME"] == "phoenix-static-assets-100000000004"
    assert variables["POSTGRES_HOST"] == "data-postgres-proxy-proxy.recorded.example", "the pool, where there is one"


def test_a_task_may_do_what_the_file_says_and_nothing_else(graph: Graph) -> None:
    worker = statements(graph, "containers-worker-task-policy")
    models = {"CallModels", "ApplyGuardrail", "OpenGuardrail"}
    assert worker.keys() == {"ObjectsAppData", "OpenObjects", "QueueVideos", "Connections", "ProtectTask"} | models
    assert worker["ObjectsAppData"]["Resource"] == ["arn:aws:s3:::phoenix-app-data-prod-100000000004/*"]
    assert worker["OpenObjects"]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"], "it writes, too"
    assert worker["ProtectTask"]["Resource"] == ["arn:aws:ecs:us-east-1:100000000004:task/phoenix-prod/*"]
    web = statements(graph, "containers-web-task-policy")
    assert web["ListStaticAssets"]["Condition"] == {"StringLike": {"s3:prefix": "thumbnails/*"}}
    assert web["ObjectsStaticAssets"]["Resource"] == ["arn:aws:s3:::phoenix-static-assets-100000000004/thumbnails/*"]
    assert web["OpenObjects"]["Action"] == ["kms:Decrypt"], "it reads only"
    assert web["QueueVideos"]["Action"] == ["sqs:SendMessage"]
    assert web["LogInToDatabase"]["Action"] == ["rds-db:connect"]
    assert all(arn.endswith("/shop_web") for arn in web["LogInToDatabase"]["Resource"]), "as its own user"
    topics = {"ConnectToKafka", "ReadTopics", "JoinGroups", "WriteTopics", "ManageTopics"}
    assert statements(graph, "containers-live-task-policy").keys() == {"SendTraces", "ReadSampling"} | topics
    live = "containers.services.live"
    less = {f"{live}.tracing": GONE, f"{live}.task.role": GONE, f"{live}.reaches": ["redis"]}
    plain = record_stack("shop", accepted(less))
    assert absent(plain, "containers-live-task-policy"), "no statement, no policy"


@pytest.mark.parametrize("name", SERVICES)
def test_the_role_of_the_tasks_is_not_the_one_that_starts_them(graph: Graph, name: str) -> None:
    made = inputs(graph, f"containers-{name}-definition")
    assert made["taskRoleArn"] != made["executionRoleArn"]
    for role in ("task", "execution"):
        trust = json.loads(inputs(graph, f"containers-{name}-{role}-role")["assumeRolePolicy"])
        (only,) = trust["Statement"]
        assert only["Principal"] == {"Service": ["ecs-tasks.amazonaws.com"]}
        assert only["Condition"]["StringEquals"] == {"aws:SourceAccount": "100000000004"}, "no confused deputy"


def test_shells_are_recorded_and_encrypted_by_a_key_of_their_own(graph: Graph) -> None:
    made = inputs(graph, "containers-cluster")
    assert made["configuration"]["executeCommandConfiguration"] == {
        "kmsKeyId": "arn:aws:kms:recorded:000000000000:key/containers-sessions-key",
        "logging": "OVERRIDE",
        "logConfiguration": {"cloudWatchEncryptionEnabled": True, "cloudWatchLogGroupName": "/phoenix/prod/ecs-exec"},
    }
    assert inputs(graph, "containers-sessions")["retentionInDays"] == 365
    opened = {name for name in SERVICES if inputs(graph, f"containers-{name}-service")["enableExecuteCommand"]}
    assert opened == {"web"}
    assert statements(graph, "containers-web-task-policy").keys() >= {"OpenChannels", "WriteRecords", "OpenSessions"}


def test_targets_are_held_as_the_file_says(graph: Graph) -> None:
    held = {
        one.name: one.inputs["targetTrackingScalingPolicyConfiguration"]
        for one in graph.of_type("aws:appautoscaling/policy:Policy")
        if one.name.startswith("containers-")
    }
    values = {name: one["targetValue"] for name, one in held.items()}
    assert values == {
        "containers-web-scaling-cpu": 60,
        "containers-web-scaling-memory": 75,
        "containers-web-scaling-requests": 1200,
        "containers-worker-scaling-backlog": 10,
    }, "900 s for a message that takes 90 s: the tenth is done in time"
    metrics = held["containers-worker-scaling-backlog"]["customizedMetricSpecification"]["metrics"]
    assert [one["id"] for one in metrics if one["returnData"]] == ["backlog"], "CloudWatch wants exactly one"
    bounds = inputs(graph, "containers-worker-scaling-bounds")
    assert bounds["resourceId"] == "service/phoenix-prod/worker"
    assert (bounds["minCapacity"], bounds["maxCapacity"]) == (0, 20)


def test_bounds_change_as_planned(graph: Graph) -> None:
    planned = inputs(graph, "containers-web-scaling-evening")
    assert (planned["schedule"], planned["timezone"]) == ("cron(0 18 ? * MON-FRI *)", "Europe/Berlin")
    assert planned["scalableTargetAction"] == {"minCapacity": 4, "maxCapacity": 12}


def test_the_pack_judges_them_and_finds_nothing_wrong(graph: Graph) -> None:
    verdict = judge(graph, environment="prod", today=date(2026, 11, 30))
    assert [finding.message for finding in verdict.blocking] == []
    unread = report.as_json(graph, verdict)["policy"]["unread"]
    judged = ("aws:ecs/cluster:Cluster", "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition")
    assert not set(judged) & set(unread), "rules name the types"


def test_the_picture_shows_services_and_names_queues(graph: Graph) -> None:
    drawn = draw(view(graph))
    assert "service web · 3 tasks · Fargate and Spot" in drawn
    assert "service live · 2 tasks · Fargate" in drawn
    assert "service worker · 0 tasks · Fargate Spot" in drawn
    assert "messaging · 10" in drawn, "which it has no words for"
    assert "phoenix-prod-sessions · on demand · us-west-2" in drawn


def test_nothing_of_services_is_left_unreckoned() -> None:
    assert unreckoned(accepted()) == []


def test_a_standby_has_services_of_its_own_behind_its_own_balancer() -> None:
    standby, primary = WITH_CONTAINERS
    made = record_stack("dr", standby, record_stack("prod", primary))
    found = {one.name for one in made.of_type("aws:ecs/service:Service")}
    assert found == {f"containers-{one}-service" for one in SERVICES}
    rules = [one.inputs for one in made.of_type("aws:lb/listenerRule:ListenerRule")]
    priorities = sorted(one["priority"] for one in rules if "edge" in one["listenerArn"])
    assert priorities == [1, 10, 20, 60], "the first says whether the standby serves, the last is the instances'"
    image = json.loads(inputs(made, "containers-web-definition")["containerDefinitions"])[0]["image"]
    assert ".us-west-2." in image, "pulled in its own region"


def test_a_stack_without_edge_data_and_watch_has_services_too() -> None:
    """The stack small, whose private tier has no way to the internet, with a service of its own."""
    own = {
        "network": {"endpoints": {"interface": ["ecr.api", "ecr.dkr", "logs"]}},
        "containers": {
            "services": {
                "books": {
                    "purpose": "Keeps the books",
                    "desired": 2,
                    "log_retention_days": 90,
                    "reaches": ["postgres"],
                    "task": {
                        "image": "100000000004.dkr.ecr.eu-west-1.amazonaws.com/ledger/prod/books:1.0.0",
                        "size": {"cpu_units": 256, "memory_mib": 512},
                        "user": "10001",
                    },
                }
            }
        },
    }
    plain = load_file(stack_file("small")).model_dump(mode="json", exclude_unset=True)
    graph = record_stack("small", examine(merged(plain, own), None, "Pulumi.small.yaml", stack="small"))
    published = graph.of_type(ROOT_TYPE)[0].outputs
    assert published["ecs_cluster_name"] == "ledger-prod"
    assert set(published["ecs_services"]) == {"books"}
    assert "configuration" not in inputs(graph, "containers-cluster"), "nobody opens a shell"
    assert [one.name for one in graph.of_type("aws:kms/key:Key") if "containers" in one.name] == []
    allowed = [one.name for one in graph.resources if one.name.startswith("network-rds-in-")]
    assert allowed == ["network-rds-in-postgres-service-books"]
