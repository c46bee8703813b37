"""A cluster that has services or tasks is not deleted, and gives up no capacity provider that one of them uses.

ministack deletes it beneath them, so that a wrong order is met at the first deployment to AWS.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html (read 2026-11-30)
"""

# ruff: noqa: SLF001 - works on the emulator's own internals
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ministack.core.responses import error_response_json
from ministack.services import ecs

from sandbox.emulator.patches.base import Handler, Patch, Response, wrap_action
from sandbox.emulator.tasks.lock import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable

    Refusal = tuple[str, str] | None


def _of(data: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the services and tasks of a cluster that are not gone."""
    name = ecs._resolve_cluster_name(data.get("cluster", "default"))
    arn = (ecs._clusters.get(name) or {}).get("clusterArn")
    services = [one for one in ecs._services.values() if one["clusterArn"] == arn and one["status"] != "INACTIVE"]
    tasks = [one for one in ecs._tasks.values() if one["clusterArn"] == arn and one["lastStatus"] != "STOPPED"]
    return services, tasks


def _delete(data: dict[str, Any]) -> Refusal:
    services, tasks = _of(data)
    if services:
        named = ", ".join(sorted(one["serviceName"] for one in services))
        return "ClusterContainsServicesException", f"The Cluster cannot be deleted while Services are active: {named}."
    if tasks:
        return "ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active."
    return None


def _providers(data: dict[str, Any]) -> Refusal:
    services, tasks = _of(data)
    used = {item["capacityProvider"] for one in services for item in one.get("capacityProviderStrategy") or []}
    used |= {one["capacityProviderName"] for one in tasks if one.get("capacityProviderName")}
    missing = sorted(used - set(data.get("capacityProviders") or []))
    if not missing:
        return None
    return "ResourceInUseException", f"The specified capacity provider is in use and cannot be removed: {missing[0]}."


def _unless(judge: Callable[[dict[str, Any]], Refusal]) -> Callable[[Handler], Handler]:
    def around(original: Handler) -> Handler:
        def handle(data: dict[str, Any]) -> Response:
            with LOCK:
                refusal = judge(data)
                answer: Response = original(data) if refusal is None else error_response_json(*refusal, 400)
                return answer

        return handle

    return around


def _apply() -> None:
    wrap_action(ecs._ACTION_MAP, "DeleteCluster", _unless(_delete))
    wrap_action(ecs._ACTION_MAP, "PutClusterCapacityProviders", _unless(_providers))


PATCH = Patch("ecs-clusters", "a cluster is deleted beneath its services and tasks", _apply)
