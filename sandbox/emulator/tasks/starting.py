"""Tasks of a service as they are started: each on the capacity and in the zone where most are missing."""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ministack.services import ecs

from sandbox.emulator.tasks import capacity, events, placement, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.emulator.tasks.placement import Record


def start(
    service: Record, deployment: Record, number: int, mine: Sequence[Record], staying: Sequence[Record]
) -> list[Record]:
    """Start tasks of a deployment; returns those that found a place.

    Args:
        service: Whose.
        deployment: What they are tasks of.
        number: How many; none where it is not above 0.
        mine: Tasks of the deployment that count for the split over capacity providers.
        staying: All tasks of the service that stay, for the spread over zones.
    """
    started: list[Record] = []
    for _ in range(number):
        order = _order(service, deployment, [*mine, *started], [*staying, *started])
        try:
            task = record.make(order)
        except placement.NoAddressError as error:
            events.say(service, f"was unable to place a task. Reason: {error}.")
            break
        started.append(task)
        events.task_changed(task)
    if started:
        named = " ".join(f"(task {task['taskArn'].rpartition('/')[2]})" for task in started)
        events.say(service, f"has started {len(started)} tasks: {named}.")
    return started


def _order(service: Record, deployment: Record, mine: list[Record], staying: list[Record]) -> record.Order:
    strategy = service.get("capacityProviderStrategy")
    counts = Counter(task["capacityProviderName"] for task in mine)
    definition = ecs._task_defs[ecs._resolve_td_key(deployment["taskDefinition"])]
    subnets = service["networkConfiguration"]["awsvpcConfiguration"]["subnets"]
    return record.Order(
        cluster=ecs._clusters[service["clusterArn"].rpartition("/")[2]],
        definition=definition,
        provider=capacity.following(strategy, counts) if strategy else None,
        subnet=placement.choose(subnets, staying),
        group=f"service:{service['serviceName']}",
        started_by=deployment["id"],
        exec_enabled=bool(service.get("enableExecuteCommand")),
        tags=_tags(service, definition),
    )


def _tags(service: Record, definition: Record) -> list[dict[str, str]]:
    managed = []
    if service.get("enableECSManagedTags"):
        cluster = service["clusterArn"].rpartition("/")[2]
        managed = [
            {"key": "aws:ecs:serviceName", "value": service["serviceName"]},
            {"key": "aws:ecs:clusterName", "value": cluster},
        ]
    source = {"SERVICE": service["serviceArn"], "TASK_DEFINITION": definition["taskDefinitionArn"]}
    return managed + list(ecs._tags.get(source.get(service.get("propagateTags", "NONE"), ""), []))
