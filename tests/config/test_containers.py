"""Services, tasks and queues: numbers that contradict each other are refused, each on its line."""

from __future__ import annotations

import math
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.facts.fargate import MEMORY_OF_CPU, STOP_SECONDS
from config.placement import placed
from config.problems import dotted
from config.rules.routes import covers
from config.rules.unknown import task_zones
from config.task_scaling import Backlog
from tests.config.containersfile import GONE, accepted, as_written, refused

SERVICES = "containers.services"
WEB, LIVE, WORKER = (f"{SERVICES}.{name}" for name in ("web", "live", "worker"))
QUEUE = "messaging.queues.videos"
OTHER_ACCOUNT = "arn:aws:secretsmanager:us-east-1:200000000002:secret:shop/payments-AbCdEf"
Changes = dict[str, Any]

REFUSED: dict[str, tuple[Changes, str, str]] = {
    "a quarter of a vCPU with 4 GB": (
        {f"{LIVE}.task.size.memory_mib": 4096},
        f"{LIVE}.task.size.memory_mib",
        "no size of Fargate beside 256 CPU units",
    ),
    "a stop time-out above that of Fargate": (
        {f"{WEB}.task.stop_timeout_seconds": STOP_SECONDS + 1},
        f"{WEB}.task.stop_timeout_seconds",
        "",
    ),
    "a base below what is promised": (
        {f"{WEB}.capacity.base": 1},
        f"{WEB}.capacity.base",
        "less than always_running asks for",
    ),
    "requests on Spot alone": (
        {f"{LIVE}.capacity": {"fargate_weight": 0, "spot_weight": 1}},
        f"{LIVE}.capacity.base",
        "less than the load balancer needs",
    ),
    "no capacity": (
        {f"{LIVE}.capacity": {"fargate_weight": 0}},
        f"{LIVE}.capacity.fargate_weight",
        "both weights are 0",
    ),
    "a message that is handed out again while it is worked on": (
        {f"{QUEUE}.visibility_timeout_seconds": 1499},
        f"{QUEUE}.visibility_timeout_seconds",
        "worker works on a message for 1500 s",
    ),
    "a message that cannot be done in time": (
        {f"{WORKER}.scaling.backlog.latency_seconds": 89},
        f"{WORKER}.scaling.backlog.latency_seconds",
        "shorter than one message takes",
    ),
    "a longest time below the mean": (
        {f"{WORKER}.scaling.backlog.longest_seconds": 60},
        f"{WORKER}.scaling.backlog.longest_seconds",
        "shorter than the mean",
    ),
    "work that a scale-in cuts off": (
        {f"{WORKER}.task_protection": False},
        f"{WORKER}.task_protection",
        "a scale-in ends a task after 120 s",
    ),
    "a queue that is not there": (
        {f"{WORKER}.scaling.backlog.queue": "audio"},
        f"{WORKER}.scaling.backlog.queue",
        "no such queue",
    ),
    "a worker that may not work": (
        {f"{WORKER}.task.role.queues": {"videos": {"actions": ["sqs:ReceiveMessage"], "reason": "reads the queue"}}},
        f"{WORKER}.scaling.backlog.queue",
        "its tasks may not sqs:DeleteMessage",
    ),
    "two services on one path": (
        {f"{LIVE}.target.paths": ["/live", "/login"]},
        f"{LIVE}.target.paths[1]",
        "leads to web already, whose rule is asked before (10)",
    ),
    "a path within another": (
        {f"{LIVE}.target.paths": ["/api/live/*"]},
        f"{LIVE}.target.paths[0]",
        "leads to web already",
    ),
    "everything before something": (
        {f"{WEB}.target.paths": ["/*"], f"{WEB}.target.hosts": ["live.phoenix.example"]},
        f"{LIVE}.target.paths[0]",
        "leads to web already",
    ),
    "the place of a standby's word": ({f"{LIVE}.target.priority": 1}, f"{LIVE}.target.priority", ""),
    "two rules in one place": (
        {f"{LIVE}.target.priority": 10},
        f"{LIVE}.target.priority",
        "the priority of web",
    ),
    "a rule without a path": ({f"{LIVE}.target.paths": []}, f"{LIVE}.target.paths", ""),
    "a target without a port": ({f"{LIVE}.port": GONE}, f"{LIVE}.port", "needed by target"),
    "a client that is not there": ({f"{WEB}.clients": ["lives"]}, f"{WEB}.clients[0]", "no other service"),
    "a task that is killed with its requests": (
        {f"{WEB}.target.deregistration_delay_seconds": 60},
        f"{WEB}.target.deregistration_delay_seconds",
        "an interrupted task is killed after 60 s",
    ),
    "a deployment that never ends": (
        {f"{LIVE}.deployment.maximum_percent": 149},
        f"{LIVE}.deployment.maximum_percent",
        "of 2 tasks none may be ended and none more started",
    ),
    "a health check that overtakes itself": (
        {f"{WEB}.target.timeout_seconds": 15},
        f"{WEB}.target.timeout_seconds",
        "not over before the next",
    ),
    "a check of the container that overtakes itself": (
        {f"{WEB}.task.health.timeout_seconds": 10},
        f"{WEB}.task.health.timeout_seconds",
        "not over before the next",
    ),
    "more tasks than the most": ({f"{WEB}.desired": 13}, f"{WEB}.desired", "outside of scaling"),
    "fewer tasks than are promised": ({f"{LIVE}.always_running": 3}, f"{LIVE}.always_running", "more than the 2 tasks"),
    "planned bounds out of order": (
        {f"{WEB}.scaling.scheduled.evening.min": 13},
        f"{WEB}.scaling.scheduled.evening.min",
        "more than its max",
    ),
    "a plan below what is promised": (
        {f"{WEB}.scaling.scheduled.evening.min": 1},
        f"{WEB}.scaling.scheduled.evening.min",
        "less than the 2 that are always running",
    ),
    "a plan that never comes": (
        {f"{WEB}.scaling.scheduled.evening.recurrence": "0 18 * * MON-FRI *"},
        f"{WEB}.scaling.scheduled.evening.recurrence",
        "names both a day of month and a day of week",
    ),
    "a time zone that is none": (
        {f"{WEB}.scaling.scheduled.evening.time_zone": "Europe/Berlln"},
        f"{WEB}.scaling.scheduled.evening.time_zone",
        "no time zone",
    ),
    "no task and a target that needs one": (
        {f"{WEB}.scaling.min": 0, f"{WEB}.always_running": 0},
        f"{WEB}.scaling.min",
        "nothing ever starts one again",
    ),
    "scaling that moves nothing": (
        {f"{LIVE}.scaling": {"min": 1, "max": 3}},
        f"{LIVE}.scaling",
        "nothing moves the number",
    ),
    "requests of a service that gets none": (
        {f"{WORKER}.scaling.requests_per_target": 10},
        f"{WORKER}.scaling.requests_per_target",
        "needs target",
    ),
    "a secret of a service that is not there": (
        {"data.redis": GONE, f"{WEB}.reaches": ["postgres"], f"{LIVE}.reaches": []},
        f"{LIVE}.task.secrets.CACHE_TOKEN.of",
        "this stack has no data.redis",
    ),
    "a secret of another account": (
        {f"{WEB}.task.secrets.PAYMENTS_KEY.arn": OTHER_ACCOUNT},
        f"{WEB}.task.secrets.PAYMENTS_KEY.arn",
        "of 200000000002 in us-east-1",
    ),
    "a secret of nothing": (
        {f"{WEB}.task.secrets.PAYMENTS_KEY": {}},
        f"{WEB}.task.secrets.PAYMENTS_KEY",
        "no secret",
    ),
    "a variable that the program sets": (
        {f"{WEB}.task.environment.QUEUE_VIDEOS_URL": "https://sqs.us-east-1.amazonaws.com/1/videos"},
        f"{WEB}.task.environment.QUEUE_VIDEOS_URL",
        "set by the program: where queue-videos is",
    ),
    "a variable twice": (
        {f"{WEB}.task.environment.PAYMENTS_KEY": "arn:aws:secretsmanager:us-east-1:1:secret:x"},
        f"{WEB}.task.secrets.PAYMENTS_KEY",
        "in environment, too",
    ),
    "a bucket that is not there": (
        {f"{WORKER}.task.role.buckets": {"app-dat": {"actions": ["s3:GetObject"], "reason": "reads uploads"}}},
        f"{WORKER}.task.role.buckets.app-dat",
        "not in data.buckets",
    ),
    "an action that is not on the list": (
        {f"{WORKER}.task.role.buckets.app-data.actions": ["s3:DeleteBucket"]},
        f"{WORKER}.task.role.buckets.app-data.actions[0]",
        "",
    ),
    "a log-in that the database does not let in": (
        {f"{WEB}.reaches": ["redis"]},
        f"{WEB}.reaches",
        "needs postgres",
    ),
    "shells that nobody records": ({"containers.sessions": GONE}, "containers.sessions", "needed by ecs_exec of web"),
    "records of no shell": ({f"{WEB}.task.ecs_exec": False}, "containers.sessions", "no service has ecs_exec"),
    "a name without a namespace": ({"containers.namespace": GONE}, f"{WEB}.discoverable", "needs containers.namespace"),
    "a volume around another": (
        {f"{WEB}.task.volumes.cache": "/tmp/cache"},
        f"{WEB}.task.volumes.cache",
        "in, or around, /tmp of scratch",
    ),
    "a volume where ECS Exec writes": (
        {f"{WEB}.task.volumes.state": "/var/lib"},
        f"{WEB}.task.volumes.state",
        "in, or around, /var/lib/amazon",
    ),
    "root": ({f"{WEB}.task.user": "0:0"}, f"{WEB}.task.user", ""),
    "an image of no repository": (
        {f"{WEB}.task.image": "100000000004.dkr.ecr.us-east-1.amazonaws.com/phoenix/prod/applicaton:1.4.2"},
        f"{WEB}.task.image",
        "no repository of the stack: applicaton",
    ),
    "the newest image": ({f"{WEB}.task.image": "docker.io/library/web:latest"}, f"{WEB}.task.image", ""),
    "an alarm that is not there": (
        {f"{WEB}.deployment.alarms": ["busy"]},
        f"{WEB}.deployment.alarms[0]",
        "no such row",
    ),
    "an alarm on something else": (
        {f"{WEB}.deployment.alarms": ["late-work"]},
        f"{WEB}.deployment.alarms[0]",
        "not measured on services",
    ),
    "an alarm on too few tasks where none is meant to run": (
        {
            f"{WORKER}.deployment.alarms": ["few"],
            "observability.alarms.few": {
                "severity": "warning",
                "source": "service_tasks",
                "threshold": 1,
                "period_seconds": 60,
                "evaluation_periods": 3,
            },
        },
        f"{WORKER}.deployment.alarms[0]",
        "counted where there is a task at any time",
    ),
    "an alarm of the load balancer on a worker": (
        {f"{WORKER}.deployment.alarms": ["failing-targets"]},
        f"{WORKER}.deployment.alarms[0]",
        "measured at the load balancer",
    ),
    "a tier without a way to the registry": (
        {"network.tiers.tasks.internet": "none", "network.endpoints.interface": ["ecr.api", "ecr.dkr"]},
        f"{LIVE}.tier",
        "cannot reach logs, secretsmanager",
    ),
    "a shell in a closed tier without its endpoints": (
        {"network.tiers.tasks.internet": "none", "network.endpoints.interface": ["ecr.api", "ecr.dkr", "logs"]},
        f"{WEB}.tier",
        "cannot reach secretsmanager, kms, ssmmessages, sqs",
    ),
    "an image beyond the reach of a closed tier": (
        {"network.tiers.tasks.internet": "none", f"{LIVE}.task.image": "public.ecr.aws/shop/live:1.0"},
        f"{LIVE}.task.image",
        "tasks without a way to the internet cannot pull it",
    ),
    "a tier that is none": ({f"{LIVE}.tier": "task"}, f"{LIVE}.tier", "no such tier"),
    "more tasks than addresses": (
        {"network.tiers.tasks.cidrs": ["10.0.41.0/28", "10.0.42.0/28", "10.0.43.0/28"]},
        f"{WEB}.scaling.max",
        "all tasks of tier tasks",
    ),
    "dead letters that die at once": (
        {f"{QUEUE}.dead_letter_retention_seconds": 345_600},
        f"{QUEUE}.dead_letter_retention_seconds",
        "a dead letter for no time",
    ),
    "a message that is lost while it is hidden": (
        {f"{QUEUE}.retention_seconds": 1800},
        f"{QUEUE}.visibility_timeout_seconds",
        "lost while it is hidden",
    ),
    "a backlog without queues": ({"messaging": GONE}, f"{WORKER}.scaling.backlog", "needs messaging"),
    "a target without an edge": (
        {"edge": GONE, "kubernetes.load_balancer_controller": GONE, "kubernetes.application": GONE},
        f"{WEB}.target",
        "needs edge",
    ),
}
"""What is wrong -> changes of a valid stack; the path that is refused, and words of the reason."""


def test_the_stack_of_these_tests_is_valid() -> None:
    assert set(accepted().services) == {"web", "live", "worker"}


@pytest.mark.parametrize("case", REFUSED)
def test_a_contradiction_is_refused_where_it_stands(case: str) -> None:
    changes, path, words = REFUSED[case]
    found = refused(changes)
    assert path in found, list(found)
    assert words in found[path].what
    assert found[path].allowed
    assert found[path].fix


@pytest.mark.parametrize(
    "case",
    ["a quarter of a vCPU with 4 GB", "a base below what is promised", "two services on one path"],
)
def test_a_refusal_names_the_line(case: str) -> None:
    changes, path, _ = REFUSED[case]
    text, problems = as_written(changes)
    (problem,) = [one for one in problems if dotted(one.path) == path]
    line = text.splitlines()[(problem.line or 0) - 1]
    assert str(next(iter(changes.values())) if "paths" not in path else "/login") in line


@given(st.sampled_from(sorted(MEMORY_OF_CPU)), st.integers(512, 122_880))
def test_memory_is_what_fargate_has_beside_the_cpu(cpu: int, memory: int) -> None:
    pair = refused({f"{LIVE}.task.size.cpu_units": cpu, f"{LIVE}.task.size.memory_mib": memory})
    assert (f"{LIVE}.task.size.memory_mib" in pair) is (memory not in MEMORY_OF_CPU[cpu])


@pytest.mark.parametrize("cpu", sorted(MEMORY_OF_CPU))
def test_every_pair_of_fargate_is_taken(cpu: int) -> None:
    for memory in MEMORY_OF_CPU[cpu]:
        assert refused({f"{LIVE}.task.size.cpu_units": cpu, f"{LIVE}.task.size.memory_mib": memory}) == {}


@given(st.integers(1, 40), st.integers(0, 100), st.integers(110, 200))
def test_a_deployment_goes_on_or_is_refused(tasks: int, fewest: int, most: int) -> None:
    deployment = {"minimum_healthy_percent": fewest, "maximum_percent": most}
    found = refused({f"{LIVE}.desired": tasks, f"{LIVE}.deployment": deployment})
    goes_on = tasks * most // 100 > tasks or math.ceil(tasks * fewest / 100) < tasks
    assert (f"{LIVE}.deployment.maximum_percent" in found) is not goes_on


@pytest.mark.parametrize("paths", [["/logins"], ["/api*"], ["/*"], ["/api"], ["/logi?"]])
def test_a_rule_that_gets_some_requests_is_taken(paths: list[str]) -> None:
    """It is asked for more than the rule before it takes, or for something else."""
    assert refused({f"{LIVE}.target.paths": paths}) == {}


@given(st.text("ab/*?", max_size=6), st.text("ab/*?", max_size=6), st.text("ab/", max_size=8))
def test_what_is_covered_is_taken_by_the_first_pattern(first: str, later: str, path: str) -> None:
    if covers(first, later) and fnmatchcase(path, later):
        assert fnmatchcase(path, first)


@given(st.text("ab/*?", max_size=6))
def test_a_pattern_covers_itself_and_is_covered_by_everything(pattern: str) -> None:
    assert covers(pattern, pattern)
    assert covers("*", pattern)


@given(st.integers(1, 86_400), st.floats(0.1, 86_400), st.integers(1, 100))
def test_at_the_acceptable_backlog_the_last_message_is_done_in_time(latency: int, each: float, tasks: int) -> None:
    held = Backlog(queue="q", latency_seconds=latency, seconds_per_message=each, longest_seconds=43_200)
    messages = held.acceptable * tasks
    assert messages * each / tasks <= latency + 1e-6
    assert (held.acceptable + 1) * each > latency - 1e-6


def test_a_service_is_reached_by_whom_the_file_names_and_by_nobody_else() -> None:
    members = {one.member.group: one.member for one in placed(accepted())}
    reached = {
        (server, client)
        for server, member in members.items()
        for client, other in members.items()
        if member.ports and member.takes(other)
    }
    of_services = {pair for pair in reached if any(one.startswith("service-") for one in pair)}
    assert of_services == {
        ("service-web", "alb"),
        ("service-web", "api"),
        ("service-web", "service-live"),
        ("service-live", "alb"),
        ("rds", "service-web"),
        ("redis", "service-web"),
        *((server, "service-live") for server in ("redis", "streaming")),
    }
    assert {("rds", "eks"), ("redis", "eks"), ("eks", "alb")} <= reached, "as ever"


def test_a_region_without_arm64_in_all_zones_is_refused_where_all_are_used() -> None:
    zones = ["a", "b", "c", "d", "e", "f"]
    changes = {"network.zones": zones}
    found = refused(changes)
    assert found[f"{WEB}.task.size.architecture"].what == "Fargate has no ARM64 in use1-az3"
    assert f"{WORKER}.task.size.architecture" not in found


def test_zones_whose_letters_an_account_has_for_itself_are_a_note() -> None:
    (found,) = task_zones(accepted())
    assert found[0] == ("network", "zones")
    assert "use1-az3 has no ARM64 on Fargate" in found[1]
    intel = {f"{name}.task.size.architecture": "X86_64" for name in (WEB, LIVE)}
    assert list(task_zones(accepted(intel))) == []
