"""What a run is held against: what the stack file promises, and that no task is lost or done twice (ADR 0056, 0049)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.drill.checks import Check, holds, same

if TYPE_CHECKING:
    from config.stack import StackConfig
    from sandbox.load.figures import Run

AGENT = "agent"
"""The service of agents."""


def checks(settings: StackConfig, run: Run) -> list[Check]:
    """Return the objectives of a stack file, each judged.

    Raises:
        ValueError: The stack file has no such system.
    """
    service = settings.containers.services.get(AGENT) if settings.containers else None
    scaling = service.scaling if service else None
    if scaling is None or scaling.backlog is None:
        raise ValueError("no service of agents with a backlog")
    longest = scaling.backlog.latency_seconds
    tasks = run.tasks
    return [
        holds(
            "tasks are submitted",
            "1 or more",
            tasks.submitted,
            "look at the page of locust: nothing was submitted",
            ok=tasks.submitted > 0,
        ),
        # a function that outlasts its time-out is a failure; how long answers take here is this machine's
        same("requests that failed", 0, run.failures, "look at the failures on the page of locust"),
        same("tasks that are done", tasks.submitted, tasks.done, "docs/agents.md, `When something is wrong`"),
        same("artifacts, one a task", tasks.done, run.artifacts, "an artifact is written once: look at the bucket"),
        same("dead letters", 0, run.dead_letters, "the log of the worker has why, by message_id"),
        holds(
            "the longest wait for an answer (scaling.backlog.latency_seconds)",
            f"{longest} s at most",
            f"{run.longest_seconds:g} s",
            "raise scaling.max, or correct seconds_per_message",
            ok=run.longest_seconds <= longest,
        ),
        holds(
            "agents wanted (scaling.max)",
            f"1 to {scaling.max}",
            run.most_agents,
            "look at the alarm of the queue and at the policy of the service",
            ok=1 <= run.most_agents <= scaling.max,
        ),
    ]
