"""Sizes that move: one owner for each group, and counts within its minimum and maximum (docs/adr/0012-scaling.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.problems import NOTHING, refuse
from config.rules.capacity import GROUPS
from config.rules.until_incomplete import until_incomplete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from config.cluster import NodeGroup
    from config.problems import Problem
    from config.stack import StackConfig


def _each(config: StackConfig, judge: Callable[[StackConfig, str, NodeGroup], Iterator[Problem]]) -> Iterator[Problem]:
    for name, group in present(config.cluster).node_groups.items():
        yield from until_incomplete(judge(config, name, group))


def one_owner(config: StackConfig) -> Iterator[Problem]:
    """A group's size has one owner: two would undo each other's work for ever."""

    def owned(config: StackConfig, name: str, group: NodeGroup) -> Iterator[Problem]:
        path = (*GROUPS, name, "autoscaler")
        if group.autoscaler and group.policies is not None:
            fix = "choose: policies for load that shows in CPU, the autoscaler for pods that wait"
            yield refuse(path, "two owners of one size", got=True, allowed="autoscaler or policies", fix=fix)
        if group.autoscaler and (config.kubernetes is None or config.kubernetes.cluster_autoscaler is None):
            fix = "add kubernetes.cluster_autoscaler, or leave this out"
            yield refuse(path, "no cluster autoscaler runs in this stack", got=True, allowed="false", fix=fix)

    yield from _each(config, owned)


def policies(config: StackConfig) -> Iterator[Problem]:
    """Policies say something, steps rise, and scheduled minimums lie within the group's counts."""

    def sensible(_config: StackConfig, name: str, group: NodeGroup) -> Iterator[Problem]:
        given, path = group.policies, (*GROUPS, name, "policies")
        if given is None:
            return
        if not (given.target_tracking or given.prediction or given.steps or given.scheduled):
            fix = "add a policy, or leave `policies` out"
            yield refuse(path, "no policy in it", got=NOTHING, allowed="one policy at least", fix=fix)
        if given.steps and not given.target_tracking:
            fix = "add target_tracking: steps only ever add nodes"
            yield refuse((*path, "steps"), "nothing removes nodes again", got="steps alone", allowed="both", fix=fix)
        marks = [step.cpu_percent for step in given.steps.steps] if given.steps else []
        if marks != sorted(set(marks)):
            fix = "begin each step above the one before"
            yield refuse((*path, "steps", "steps"), "steps do not rise", got=marks, allowed="rising", fix=fix)
        for action, scheduled in given.scheduled.items():
            if not group.scaling.min <= scheduled.min <= group.scaling.max:
                allowed = f"{group.scaling.min} to {group.scaling.max}"
                where = (*path, "scheduled", action, "min")
                fix = "stay within scaling"
                yield refuse(where, "outside of the group's counts", got=scheduled.min, allowed=allowed, fix=fix)

    yield from _each(config, sensible)


def active_counts(config: StackConfig) -> Iterator[Problem]:
    """Only a standby has counts for when it is active, and they take nothing away."""

    def more(config: StackConfig, name: str, group: NodeGroup) -> Iterator[Problem]:
        counts, scaling, path = group.active, group.scaling, (*GROUPS, name, "active")
        if counts is None:
            return
        if config.identity.role == "primary":
            fix = "leave it out; `scaling` is what a primary has"
            yield refuse(path, "a primary is never activated", got="active", allowed="none", fix=fix)
        elif not scaling.min <= counts.min <= counts.desired <= scaling.max:
            got = f"min {counts.min}, desired {counts.desired}"
            allowed = f"{scaling.min} <= min <= desired <= {scaling.max}"
            yield refuse(path, "counts out of order", got=got, allowed=allowed, fix="put the counts in order")

    yield from _each(config, more)


RULES: Final = (one_owner, policies, active_counts)
