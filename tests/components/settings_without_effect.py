"""Settings that change no resource, each with what it is for (`test_settings_count.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.components.settings_residency import WHY

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_EFFECT: Final[Mapping[str, str]] = {
    "as_of": "the day on which the file's versions are judged",
    "functions.*.stream.table": "the ARN of a stream is known after the update, and no recording has it",
    "instances.*.target.ping_seconds": "what time-outs on the way of a WebSocket are held to",
    "instances.*.role.buckets.*.reason": "why instances have a right, for whoever reads the file",
    "instances.*.role.queues.*.reason": "why instances have a right, for whoever reads the file",
    "instances.*.role.tables.*.reason": "why instances have a right, for whoever reads the file",
    "instances.*.role.database.reason": "why instances have a right, for whoever reads the file",
    "instances.*.role.sockets.reason": "why instances have a right, for whoever reads the file",
    "instances.*.role.inference.reason": "why instances have a right, for whoever reads the file",
    "instances.*.role.streaming.reason": "why instances have a right, for whoever reads the file",
    "beanstalk.target.ping_seconds": "what time-outs on the way of a WebSocket are held to",
    "claims.*.method": "what make load holds the system to",
    "claims.*.path": "what make load holds the system to",
    "claims.*.users": "what make load holds the system to",
    "claims.*.pause_seconds": "what make load holds the system to",
    "claims.*.seconds": "what make load holds the system to",
    "claims.*.p95_milliseconds": "what make load holds the system to",
    "claims.*.failed_percent": "what make load holds the system to",
    "containers.services.*.always_running": "a promise, to which the base on FARGATE and the bounds are held",
    "containers.services.*.scaling.backlog.longest_seconds": "what the queue's time-out and protection are held to",
    "containers.services.*.task.role.buckets.*.reason": "why tasks have a right, for whoever reads the file",
    "containers.services.*.task.role.inference.reason": "why tasks have a right, for whoever reads the file",
    "containers.services.*.task.role.database.reason": "why tasks have a right, for whoever reads the file",
    "containers.services.*.task.role.queues.*.reason": "why tasks have a right, for whoever reads the file",
    "containers.services.*.task.role.streaming.reason": "why tasks have a right, for whoever reads the file",
    "streaming.application.reason": "why pods have a right, for whoever reads the file",
    "containers.services.*.task.role.sockets.reason": "why tasks have a right, for whoever reads the file",
    "containers.services.*.task.role.tables.*.reason": "why tasks have a right, for whoever reads the file",
    "containers.services.*.target.ping_seconds": "what time-outs on the way of a WebSocket are held to",
    "data.buckets.*.archive_without_backup": "why what is archived may be in no backup; without it the file is refused",
    "data.buckets.*.purpose": "what a bucket is for, for whoever reads the file",
    "edge.balancer.pods.ping_seconds": "what time-outs on the way of a WebSocket are held to",
    "experiments.templates.*.objective": "the promise that recovery is held against by make chaos",
    "experiments.templates.*.steady_state.checks.*": "what make chaos looks at",
    "experiments.templates.*.steady_state.throughout": "how make chaos judges what it sees",
    "edge.firewall.rules.*.reason": "what a rule is for, for whoever reads the file",
    "functions.*.role.buckets.*.reason": "why a function has a right, for whoever reads the file",
    "functions.*.role.inference.reason": "why a function has a right, for whoever reads the file",
    "functions.*.role.database.reason": "why a function has a right, for whoever reads the file",
    "functions.*.role.queues.*.reason": "why a function has a right, for whoever reads the file",
    "functions.*.role.streaming.reason": "why a function has a right, for whoever reads the file",
    "functions.*.role.sockets.reason": "why a function has a right, for whoever reads the file",
    "functions.*.role.tables.*.reason": "why a function has a right, for whoever reads the file",
    "recovery.availability_percent": "a promise, refused where AWS's own are lower",
    "recovery.objectives.*.rpo_minutes": "a promise, refused where the mechanisms cannot keep it",
    "recovery.objectives.*.rto_minutes": "a promise, refused where the mechanisms cannot keep it",
    "recovery.objectives.*.scope": "what a promise is about",
    "recovery.standby.decide_minutes": "a promise of people, a part of every recovery time",
    **WHY,
    "recovery.standby.differs.*": "why a standby may be other than its primary; without it the pair is refused",
}
"""Settings that change no resource, each with what they are for."""
