"""The engine's state files, read without the engine: for tables and for `status`, which starts nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.run.events import STACK

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.paths import RunDirectory


def folder(run: RunDirectory, project: str) -> Path:
    """Return where the file backend keeps the stacks of a project."""
    return run.state / ".pulumi" / "stacks" / project


def stacks(run: RunDirectory, project: str) -> list[str]:
    """Return the stacks there are."""
    return sorted(path.stem for path in folder(run, project).glob("*.json"))


def read(run: RunDirectory, project: str, stack: str) -> dict[str, Any]:
    """Return a stack's state in the shape of `pulumi stack export`; an empty one where there is none."""
    path = folder(run, project) / f"{stack}.json"
    if not path.is_file():
        return {"deployment": {}}
    said = json.loads(path.read_text(encoding="utf-8"))
    return {"deployment": said["checkpoint"].get("latest") or {}}


def written(run: RunDirectory, project: str, stack: str) -> int:
    """Return when a stack's state was last written, in nanoseconds; 0 where there is none."""
    path = folder(run, project) / f"{stack}.json"
    return path.stat().st_mtime_ns if path.is_file() else 0


def outputs(exported: dict[str, Any]) -> dict[str, Any]:
    """Return what a stack publishes by its exported state; secrets are encrypted."""
    resources = exported["deployment"].get("resources") or []
    found = (one.get("outputs") or {} for one in resources if one["type"] == STACK)
    return next(found, {})


def publish(run: RunDirectory, project: str, stack: str, published: dict[str, Any]) -> None:
    """Let the stacks that follow a stack without outputs read these, while it is deployed.

    The engine reads nothing of that file during a deployment, asks nobody what is in it, and replaces it at its end.
    """
    path = folder(run, project) / f"{stack}.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    urn = f"urn:pulumi:{stack}::{project}::{STACK}::{project}-{stack}"
    root = {"urn": urn, "custom": False, "type": STACK, "outputs": published}
    latest = said["checkpoint"].get("latest") or {}
    others = [one for one in latest.get("resources") or [] if one["type"] != STACK]
    said["checkpoint"]["latest"] = {"manifest": {}, **latest, "resources": [root, *others]}
    new = path.with_suffix(".new")
    new.write_text(json.dumps(said), encoding="utf-8")
    new.replace(path)


def follows(run: RunDirectory, project: str, stack: str) -> set[str]:
    """Return the other stacks whose outputs a stack reads."""
    resources = read(run, project, stack)["deployment"].get("resources") or []
    references = (one["id"] for one in resources if one["type"] == "pulumi:pulumi:StackReference")
    return {reference.rpartition("/")[2] for reference in references} - {stack}
