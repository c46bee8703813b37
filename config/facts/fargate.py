"""What Fargate takes: sizes of tasks, time-outs, zones.

Sources, read 2026-11-30: ECS Developer Guide, "Task definition differences for Fargate" and "Supported Regions for
Amazon ECS on AWS Fargate"; ECS API reference, `ContainerDefinition`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMORY_OF_CPU: Final[Mapping[int, tuple[int, ...]]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
}
"""CPU units (1024 = a vCPU) -> memory in MiB that Fargate pairs with them, for Linux."""
STOP_SECONDS: Final = 120
"""Longest time between SIGTERM and SIGKILL on Fargate (`stopTimeout`); Spot gives a notice of the same length."""
TASKS_PER_SERVICE: Final = 5000
"""Most tasks of a service (ECS quotas, L-46458851)."""
WITHOUT: Final = frozenset({"apne1-az3", "usw1-az2"})
"""Zones, by id, without Fargate, in regions that have it."""
WITHOUT_ARM64: Final = frozenset({"use1-az3"})
"""Zones, by id, where Fargate runs X86_64 only."""
IMAGE_ENDPOINTS: Final = ("ecr.api", "ecr.dkr", "logs")
"""Interface endpoints by which a task pulls its image and logs; layers of images come from S3 (ECS Developer Guide,
"Amazon ECS interface VPC endpoints")."""
EXEC_ENDPOINTS: Final = ("kms", "ssmmessages")
"""Interface endpoints of ECS Exec: its agent keeps channels, and opens what passes by the key of sessions."""
EXEC_PATHS: Final[Mapping[str, str]] = {"ssm-agent": "/var/lib/amazon", "ssm-agent-logs": "/var/log/amazon"}
"""Volume -> path that the agent of ECS Exec writes to. AWS does not support it beside a root filesystem that is
read-only; with these volumes it is reported to work (aws/containers-roadmap #1359)."""
ALARM_SECONDS: Final = 180
"""Seconds until target tracking asks for more tasks: three datapoints of a minute (Application Auto Scaling User Guide,
"How target tracking scaling works", 2026-11-30)."""
COUNT_LATE_SECONDS: Final = 120
"""Seconds until Container Insights shows the desired number of tasks (assumed: "a minute or two")."""
AGENT_VARIABLES: Final = ("AWS_CONTAINER_", "AWS_EXECUTION_ENV", "ECS_AGENT_URI", "ECS_CONTAINER_METADATA_URI")
"""Beginnings of the environment variables that ECS sets in each container (ECS Developer Guide, "Task IAM role" and
"Task metadata endpoint", 2026-11-30); a task that sets one loses its role, its protection or its metadata."""
