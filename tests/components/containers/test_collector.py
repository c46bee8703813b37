"""The collector beside a service's container: what it runs as, what it takes, and what the service knows of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from components.containers.collector import RATIO, collector_definition, trace_variables
from config.facts.tracing import COLLECTOR, COLLECTOR_IMAGE, TRACE_VARIABLES
from review.recording import record_stack
from tests.config.containersfile import GONE, STACK, accepted

if TYPE_CHECKING:
    from review.graph import Graph

SETTINGS = accepted()
WEB, LIVE, WORKER = (SETTINGS.services[name] for name in ("web", "live", "worker"))


def collector(name: str) -> dict[str, Any]:
    (made,) = collector_definition(name, SETTINGS.services[name], SETTINGS.identity)
    return made


def configuration(name: str) -> dict[str, Any]:
    (only,) = collector(name)["environment"]
    assert only["name"] == "AOT_CONFIG_CONTENT"
    found: dict[str, Any] = json.loads(only["value"])
    return found


def test_a_service_without_tracing_has_neither_a_collector_nor_its_variables() -> None:
    assert collector_definition("worker", WORKER, SETTINGS.identity) == []
    assert trace_variables("worker", WORKER) == {}


def test_a_collector_is_confined_bounded_and_not_essential() -> None:
    made = collector("web")
    assert (made["name"], made["essential"]) == (COLLECTOR, False), "a task serves on without it"
    assert (made["cpu"], made["memory"]) == (64, 256), "a part of the task's own size"
    assert (made["readonlyRootFilesystem"], made["privileged"]) == (True, False)
    assert made["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}
    assert not made["user"].startswith("0")
    assert made["portMappings"] == [], "it listens on loopback"


def test_a_collector_writes_to_the_log_of_its_service_in_a_stream_of_its_own() -> None:
    options = collector("web")["logConfiguration"]["options"]
    assert (options["awslogs-group"], options["awslogs-stream-prefix"]) == ("/phoenix/prod/containers/web", COLLECTOR)


def test_traces_come_by_loopback_and_go_to_x_ray() -> None:
    found = configuration("web")
    assert found["receivers"] == {"otlp": {"protocols": {"http": {"endpoint": "127.0.0.1:4318"}}}}
    assert found["exporters"] == {"awsxray": {"region": "us-east-1", "telemetry": {"enabled": True}}}
    assert found["processors"]["memory_limiter"]["limit_mib"] == 204, "four fifths of 256"
    (pipeline,) = found["service"]["pipelines"].values()
    assert pipeline["processors"][0] == "memory_limiter", "before anything is kept"
    for part in ("receivers", "processors", "exporters"):
        assert set(pipeline[part]) == found[part].keys(), "each part is defined and used"
    assert set(found["service"]["extensions"]) == found["extensions"].keys()


def test_sampling_rules_are_asked_by_the_collector_where_they_decide() -> None:
    assert configuration("live")["extensions"]["awsproxy"] == {"endpoint": "127.0.0.1:2000", "region": "us-east-1"}
    assert "awsproxy" not in configuration("web")["extensions"]


def test_an_sdk_knows_where_traces_go_and_which_are_kept() -> None:
    assert trace_variables("web", WEB) == {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_PROPAGATORS": "xray,tracecontext,baggage",
        "OTEL_SERVICE_NAME": "web",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": "0.05",
    }
    live = trace_variables("live", LIVE)
    assert live["OTEL_TRACES_SAMPLER"] == "xray"
    assert live["OTEL_TRACES_SAMPLER_ARG"].startswith("endpoint=http://127.0.0.1:2000,")
    assert tuple(sorted(live)) == TRACE_VARIABLES, "those that a rule keeps for the program"


def test_one_trace_in_a_hundred_is_kept_where_the_file_names_no_share() -> None:
    plain = accepted({"containers.services.web.tracing": {}}).services["web"]
    assert RATIO == 0.01
    assert trace_variables("web", plain)["OTEL_TRACES_SAMPLER_ARG"] == "0.01"
    (made,) = collector_definition("web", plain, SETTINGS.identity)
    assert made["image"] == COLLECTOR_IMAGE


def statements(graph: Graph, name: str) -> dict[str, list[str]]:
    document = json.loads(graph.named(name).inputs["policy"])
    return {one["Sid"]: one["Action"] for one in document["Statement"]}


@pytest.mark.slow
def test_a_task_starts_its_collector_first_and_may_send_traces(graph: Graph) -> None:
    made = json.loads(graph.named("containers-web-definition").inputs["containerDefinitions"])
    assert [one["name"] for one in made] == ["web", COLLECTOR]
    assert made[0]["dependsOn"] == [{"containerName": COLLECTOR, "condition": "START"}], "so it also ends after it"
    assert statements(graph, "containers-web-task-policy")["SendTraces"] == [
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ]
    assert "ReadSampling" not in statements(graph, "containers-web-task-policy"), "its SDK asks for no rules"
    assert statements(graph, "containers-live-task-policy")["ReadSampling"] == [
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    ]
    assert "SendTraces" not in statements(graph, "containers-worker-task-policy")


@pytest.mark.slow
def test_a_copy_of_the_image_is_pulled_from_the_stacks_registry() -> None:
    copy = "100000000004.dkr.ecr.us-east-1.amazonaws.com/mirror/collector:0.49.0"
    settings = accepted(
        {
            "containers.services.web.tracing.image": copy,
            "containers.services.live": GONE,
            "containers.services.web.clients": [],
        }
    )
    made = record_stack(STACK, settings)
    document = json.loads(made.named("containers-web-execution-policy").inputs["policy"])
    pulled = next(one["Resource"] for one in document["Statement"] if one["Sid"] == "PullImage")
    assert [arn.rpartition("repository/")[2] for arn in pulled] == ["phoenix/prod/application", "mirror/collector"]
