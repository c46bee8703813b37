"""Names and retention of repositories. Pure: no resource, no Pulumi."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from components.naming import physical

if TYPE_CHECKING:
    from config.identity import Identity
    from config.registry import ImageLifecycle


def repository_prefix(identity: Identity) -> str:
    """Return what the names of a system's repositories begin with, the same in its primary and its standby."""
    return f"{identity.system}/{identity.environment}/"


def repository_name(identity: Identity, short: str) -> str:
    """Return the name of a repository; replication finds the one of the same name in the other region."""
    return physical("repository", identity.system, identity.environment, short)


def lifecycle_policy(lifecycle: ImageLifecycle) -> str:
    """Return ECR's lifecycle policy: untagged images go by age, others by number (a rule on `any` must come last)."""
    rules = [
        _rule(1, "untagged", "sinceImagePushed", lifecycle.untagged_days, countUnit="days"),
        _rule(2, "any", "imageCountMoreThan", lifecycle.keep_images),
    ]
    return json.dumps({"rules": rules}, sort_keys=True, separators=(",", ":"))


def _rule(priority: int, status: str, counted: str, number: int, **more: str) -> dict[str, object]:
    selection = {"tagStatus": status, "countType": counted, "countNumber": number, **more}
    return {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
