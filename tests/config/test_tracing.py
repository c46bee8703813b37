"""Tracing: groups, sampling rules and collectors that X-Ray and Fargate take, and none that contradict each other."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.facts import tracing as facts
from config.facts.tracing import COLLECTOR_PORTS, TRACE_VARIABLES
from config.tracing import Collector
from tests.config.containersfile import GONE, SECTIONS, accepted, as_written, refused

TRACING = "observability.tracing"
WEB, LIVE, WORKER = (f"containers.services.{name}" for name in ("web", "live", "worker"))
Changes = dict[str, Any]

REFUSED: dict[str, tuple[Changes, str, str]] = {
    "a filter that is none": (
        {f"{TRACING}.groups.failing.filter": 'service("web") { faults }'},
        f"{TRACING}.groups.failing.filter",
        "character 18: no keyword of X-Ray: faults",
    ),
    "a group whose name is too long": (
        {f"{TRACING}.groups": {"requests-that-are-slow": {"filter": "responsetime > 2"}}},
        f"{TRACING}.groups.requests-that-are-slow",
        "makes a name of 35 characters",
    ),
    "a rule whose name is too long": (
        {f"{TRACING}.sampling": {"requests-that-are-slow": {"priority": 1}}},
        f"{TRACING}.sampling.requests-that-are-slow",
        "makes a name of 35 characters",
    ),
    "two rules in one place": (
        {f"{TRACING}.sampling.others.priority": 100},
        f"{TRACING}.sampling.others.priority",
        "the priority of bids",
    ),
    "a collector that takes the processor": (
        {f"{WEB}.tracing.cpu_units": 257},
        f"{WEB}.tracing.cpu_units",
        "more than half of the 512 that the task has",
    ),
    "a collector that takes the memory": (
        {f"{WEB}.tracing.memory_mib": 513},
        f"{WEB}.tracing.memory_mib",
        "more than half of the 1024 that the task has",
    ),
    "a ratio beside rules": (
        {f"{LIVE}.tracing.ratio": 0.5},
        f"{LIVE}.tracing.ratio",
        "sampling rules decide",
    ),
    "rules that nobody makes": (
        {TRACING: GONE},
        f"{LIVE}.tracing.sampler",
        "needs observability.tracing",
    ),
    "a service that is called like the collector": (
        {
            "containers.services.collector": {
                **SECTIONS["containers"]["services"]["live"],
                "target": {**SECTIONS["containers"]["services"]["live"]["target"], "paths": ["/more"], "priority": 21},
            }
        },
        "containers.services.collector",
        "the name of the collector's container",
    ),
    "an image of no repository": (
        {f"{WEB}.tracing.image": "100000000004.dkr.ecr.us-east-1.amazonaws.com/phoenix/prod/colector:0.49.0"},
        f"{WEB}.tracing.image",
        "no repository of the stack: colector",
    ),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_a_contradiction_is_refused_at_its_line(case: str) -> None:
    changes, path, what = REFUSED[case]
    found = refused(changes)
    assert path in found, found
    assert what in found[path].what
    assert found[path].fix, "and it is said what to do"


@pytest.mark.parametrize("port", COLLECTOR_PORTS)
def test_a_port_of_the_collector_is_its_own(port: int) -> None:
    assert f"{WEB}.port" in refused({f"{WEB}.port": port})


def test_a_variable_of_the_sdk_is_the_programs() -> None:
    changes = {
        **{f"{WEB}.task.environment.{name}": "x" for name in TRACE_VARIABLES},
        **{f"{LIVE}.task.secrets.{name}": {"of": "redis"} for name in TRACE_VARIABLES},
    }
    found = {path for path, problem in refused(changes).items() if problem.what.startswith("set by the program")}
    assert found == changes.keys()


def test_without_a_collector_ports_and_variables_are_free() -> None:
    variables = {f"{WEB}.task.environment.{name}": "x" for name in TRACE_VARIABLES}
    assert accepted({f"{WEB}.tracing": GONE, f"{WEB}.port": COLLECTOR_PORTS[0], **variables})


@settings(max_examples=25)
@given(st.integers(32, 1024), st.integers(128, 2048), st.sampled_from([(256, 512), (512, 1024), (2048, 4096)]))
def test_a_collector_has_half_of_its_task_at_most(cpu: int, memory: int, size: tuple[int, int]) -> None:
    found = refused(
        {
            f"{WEB}.task.size": {"cpu_units": size[0], "memory_mib": size[1]},
            f"{WEB}.tracing": {"cpu_units": cpu, "memory_mib": memory},
        }
    )
    assert (f"{WEB}.tracing.cpu_units" in found) == (2 * cpu > size[0])
    assert (f"{WEB}.tracing.memory_mib" in found) == (2 * memory > size[1])


def test_the_smallest_task_has_room_for_the_collector_by_default() -> None:
    found = accepted({f"{WORKER}.tracing": {}, f"{WORKER}.task.size": {"cpu_units": 256, "memory_mib": 512}})
    assert found.services["worker"].tracing == Collector()


def test_without_a_way_to_the_internet_x_ray_is_reached_by_an_endpoint_and_the_image_is_a_copy() -> None:
    own = "100000000004.dkr.ecr.us-east-1.amazonaws.com/phoenix/prod/application:1.4.2"
    wanted = [
        "ecr.api",
        "ecr.dkr",
        "logs",
        "secretsmanager",
        "kms",
        "ssmmessages",
        "sqs",
        "sts",
        "lambda",
        "execute-api",
    ]
    away: Changes = {"network.tiers.tasks.internet": "none", "network.endpoints.interface": wanted}
    found = refused(away)
    assert "cannot reach xray" in found[f"{WEB}.tier"].what
    assert "cannot pull it" in found[f"{WEB}.tracing.image"].what
    there = {"network.endpoints.interface": [*wanted, "xray"], f"{WEB}.tracing.image": own}
    settled = refused(away | there)
    assert f"{WEB}.tier" not in settled
    assert f"{WEB}.tracing.image" not in settled


def test_a_broken_filter_is_reported_with_its_line() -> None:
    text, problems = as_written({f"{TRACING}.groups.failing.filter": "fault AND"})
    (problem,) = problems
    assert "fault AND" in text.splitlines()[(problem.line or 0) - 1]


def test_ranges_are_those_of_x_rays_own_model() -> None:
    model = botocore.session.get_session().get_service_model("xray")
    ranges = {name: model.shape_for(name).metadata for name in model.shape_names}
    assert (ranges["Priority"]["min"], ranges["Priority"]["max"]) == facts.PRIORITIES
    assert {ranges[one]["max"] for one in ("RuleName", "GroupName")} == {facts.NAME_LENGTH}
    assert {ranges[one]["max"] for one in ("Host", "ServiceName", "ServiceType")} == {facts.HOST_LENGTH}
    assert ranges["HTTPMethod"]["max"] == facts.METHOD_LENGTH
    assert ranges["URLPath"]["max"] == facts.PATH_LENGTH
    assert ranges["AttributeMap"]["max"] == facts.ATTRIBUTES
    assert {ranges[one]["max"] for one in ("AttributeKey", "AttributeValue")} == {facts.ATTRIBUTE_LENGTH}
    assert (ranges["FixedRate"]["min"], ranges["FixedRate"]["max"]) == (0, 1)
