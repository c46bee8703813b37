"""ECS: tasks without privileges, root or secrets in the clear; services without public addresses that roll back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Severity, WhenUnknown, resource_rule
from policy.table import be, be_one_of, check, not_be
from policy.tokens import ECS_CLUSTERS, ECS_SERVICES, TASK_DEFINITIONS
from policy.values import is_list, listed, same, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_DEFINITIONS: Final = "containerDefinitions"
_ROOT: Final = re.compile(r"(root|0)(:.*)?")
_SECRET: Final = re.compile(
    r"passw(or)?d|passphrase|secret|token|credential|api_?key|private_?key|access_?key", re.IGNORECASE
)
_NO_SECRET: Final = re.compile(r"_(arn|name|id|path|file|url|seconds|minutes|days|length|enabled)$", re.IGNORECASE)
_SPELT_OUT: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "ECS_ENGINE_AUTH_DATA")
"""Variables that ECS.8 of Security Hub names."""

_MAY_ADD: Final = ("SYS_PTRACE", "NET_BIND_SERVICE")


def _containers(task: Resource) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each container of a task definition with its name.

    Raises:
        UnknownValueError: the definitions are not known yet.
        ValueError: they are no JSON.
    """
    written = task.get(_DEFINITIONS)
    found = json.loads(written) if isinstance(written, str) else written
    for at, one in enumerate(listed(found)):
        if isinstance(one, Mapping):
            yield str(one.get("name") or f"container {at + 1}"), one


@resource_rule(
    "ecs-not-privileged",
    on=TASK_DEFINITIONS,
    severity=Severity.HIGH,
    controls=("ECS.4", "CKV_AWS_334"),
    when_unknown=WhenUnknown.DEFER,
    remediation="leave privileged out of the container definition",
    guards=(_DEFINITIONS,),
)
def not_privileged(task: Resource, _settings: Settings) -> Iterator[str]:
    """Containers of ECS are not privileged, and add no capabilities but to trace themselves or to bind a low port."""
    for name, container in _containers(task):
        if same(container.get("privileged"), True):
            yield f"{name}: privileged is true; allowed: false"
        linux = container.get("linuxParameters")
        added = linux.get("capabilities", {}).get("add") if isinstance(linux, Mapping) else None
        beyond = [one for one in added or () if one not in _MAY_ADD]
        if beyond:
            yield f"{name}: linuxParameters.capabilities.add is {show(beyond)}; allowed: {show(_MAY_ADD)}"


@resource_rule(
    "ecs-readonly-root",
    on=TASK_DEFINITIONS,
    severity=Severity.HIGH,
    controls=("ECS.5", "CKV_AWS_336"),
    when_unknown=WhenUnknown.DEFER,
    remediation="set readonlyRootFilesystem, and mount a volume where the container writes",
    guards=(_DEFINITIONS,),
)
def read_only_root(task: Resource, _settings: Settings) -> Iterator[str]:
    """Containers of ECS write to named volumes only."""
    for name, container in _containers(task):
        if not same(container.get("readonlyRootFilesystem"), True):
            yield f"{name}: readonlyRootFilesystem is {show(container.get('readonlyRootFilesystem'))}; allowed: true"


@resource_rule(
    "ecs-not-root",
    on=TASK_DEFINITIONS,
    severity=Severity.MEDIUM,
    controls=("ECS.20",),
    when_unknown=WhenUnknown.DEFER,
    remediation="set user to a number other than 0",
    guards=(_DEFINITIONS,),
)
def not_root(task: Resource, _settings: Settings) -> Iterator[str]:
    """Containers of ECS run as a user of their own.

    A container that does not say runs as the user of its image, which mostly is root.
    """
    for name, container in _containers(task):
        user = str(container.get("user") or "")
        if not user or _ROOT.fullmatch(user):
            yield f"{name}: user is {user or 'not set'}; allowed: any but root"


@resource_rule(
    "ecs-no-secret-env",
    on=TASK_DEFINITIONS,
    severity=Severity.HIGH,
    controls=("ECS.8", "AWS-0036"),
    when_unknown=WhenUnknown.DEFER,
    remediation="give it by `secrets`, from Secrets Manager, and replace the value, which is burnt",
    guards=(_DEFINITIONS,),
)
def no_secret_in_environment(task: Resource, _settings: Settings) -> Iterator[str]:
    """Containers of ECS get secrets by reference, not in plain variables."""
    for name, container in _containers(task):
        variables = container.get("environment")
        for one in variables if is_list(variables) else ():
            variable = str(one.get("name", "")) if isinstance(one, Mapping) else ""
            hidden = _SECRET.search(variable) and not _NO_SECRET.search(variable)
            if variable in _SPELT_OUT or hidden:
                yield f"{name}: environment has {variable}; allowed: names of no secret"


@resource_rule(
    "ecs-container-logging",
    on=TASK_DEFINITIONS,
    severity=Severity.HIGH,
    controls=("ECS.9",),
    when_unknown=WhenUnknown.DEFER,
    remediation="set logConfiguration in the container definition",
    guards=(_DEFINITIONS,),
)
def logged(task: Resource, _settings: Settings) -> Iterator[str]:
    """Containers of ECS are logged."""
    for name, container in _containers(task):
        log = container.get("logConfiguration")
        if not (isinstance(log, Mapping) and log.get("logDriver")):
            yield f"{name}: logConfiguration is not set; allowed: any log driver"


@resource_rule(
    "ecs-roles-distinct",
    on=TASK_DEFINITIONS,
    severity=Severity.MEDIUM,
    controls=("CKV_AWS_249",),
    url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html",
    when_unknown=WhenUnknown.PASS,
    remediation="make a role for what the containers do, apart from the one that starts them",
    guards=("taskRoleArn", "executionRoleArn"),
)
def roles_distinct(task: Resource, _settings: Settings) -> Iterator[str]:
    """Tasks do not work by the role that starts them.

    That role reads every secret of the task, and pulls its image.
    """
    role = task.get("taskRoleArn")
    if role is not None and role == task.get("executionRoleArn"):
        yield f"taskRoleArn is executionRoleArn, {show(role)}; allowed: a role of its own"


@resource_rule(
    "ecs-container-insights",
    on=ECS_CLUSTERS,
    severity=Severity.MEDIUM,
    controls=("ECS.12", "CKV_AWS_65", "AWS-0034"),
    remediation="set settings with containerInsights enabled or enhanced",
    guards=("settings",),
)
def insights(cluster: Resource, _settings: Settings) -> Iterator[str]:
    """Clusters of ECS publish Container Insights."""
    values = [one.get("value") for one in cluster.blocks("settings") if one.get("name") == "containerInsights"]
    if values not in (["enabled"], ["enhanced"]):
        yield f"settings: containerInsights is {show(values[0]) if values else 'not set'}; allowed: enabled or enhanced"


RULES: Final[tuple[Rule, ...]] = (
    check(
        "ecs-no-public-ip", "Tasks have no public address", "networkConfiguration.assignPublicIp", not_be(True),
        on=ECS_SERVICES, severity=Severity.HIGH, controls=("ECS.2", "CKV_AWS_333"),
        remediation="leave assign_public_ip out, and give the subnets a way to the internet by NAT",
    ),
    check(
        "ecs-fargate-latest", "Services run on the newest platform of Fargate", "platformVersion",
        replace(be_one_of("LATEST", "1.4.0"), absent_is_fine=True),
        why="Left out, it is the newest.",
        on=ECS_SERVICES, severity=Severity.MEDIUM, controls=("ECS.10", "CKV_AWS_332"),
        remediation="leave platform_version out or set it to LATEST",
    ),
    check(
        "ecs-rolls-back", "A deployment that fails is rolled back",
        ("deploymentCircuitBreaker.enable", "deploymentCircuitBreaker.rollback"), be(True),
        why="Without it a service goes on starting tasks that end at once, for ever.",
        on=ECS_SERVICES, severity=Severity.MEDIUM, controls=("NIST-CM-3",),
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
        remediation="set deployment_circuit_breaker with enable and rollback",
    ),
    check(
        "ecs-no-host-pid", "Tasks do not see the processes of their host", "pidMode", not_be("host"),
        on=TASK_DEFINITIONS, severity=Severity.HIGH, controls=("ECS.3", "CKV_AWS_335"),
        remediation="leave pid_mode out",
    ),
    check(
        "ecs-own-network", "Tasks have a network interface of their own", "networkMode", be("awsvpc"),
        why="In the network of their host they have its security groups.",
        on=TASK_DEFINITIONS, severity=Severity.MEDIUM, controls=("ECS.17",),
        remediation="set network_mode='awsvpc'",
    ),
    check(
        "ecs-exec-recorded", "Shells in containers are recorded",
        "configuration.executeCommandConfiguration.logging", not_be("NONE"),
        on=ECS_CLUSTERS, severity=Severity.MEDIUM, controls=("NIST-AU-12", "CKV_AWS_223"),
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
        remediation="set logging='OVERRIDE' with a log group of its own",
    ),
    not_privileged,
    read_only_root,
    not_root,
    no_secret_in_environment,
    logged,
    roles_distinct,
    insights,
)  # fmt: skip
