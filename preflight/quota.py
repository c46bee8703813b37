"""A quota, what the stack needs of it, and how much of it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jmespath

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from config.problems import Path
    from preflight.account import Account
    from preflight.plan import Plan


@dataclass(frozen=True)
class Need:
    """How much of a quota a stack takes."""

    least: float
    """What `up` takes at once."""
    most: float = 0
    """What it may grow to; not below `least` counts as `least`."""
    path: Path = ()
    """Path of the setting that causes the most of it."""


@dataclass(frozen=True)
class Used:
    """A call that returns how much is used."""

    service: str
    """boto3's name of the service."""
    operation: str
    """The API's name of the call."""
    count: str
    """JMESPath of the number in the answer."""
    request: tuple[tuple[str, Any], ...] = ()
    """Parameters of the call."""

    def __call__(self, account: Account, region: str) -> float:
        """Return how much is used in a region."""
        answer = account.ask(self.service, self.operation, region, **dict(self.request))
        return float(jmespath.search(self.count, answer) or 0)


@dataclass(frozen=True, kw_only=True)
class Quota:
    """A quota of Service Quotas, or a limit that AWS has fixed."""

    service: str
    """Service code of Service Quotas."""
    code: str
    """Quota code; empty for a fixed limit."""
    name: str
    """What is counted."""
    needs: Callable[[Plan, str], Need]
    """What the stack takes in a region."""
    used: Callable[[Account, str], float] | None = None
    """How the account shows what is used; None = nothing, where each stack has its own (rules of its groups), or what
    the quota's own metric says."""
    everywhere: bool = False
    """True for a quota of the account; False for one of each region."""
    limit: float | None = None
    """The fixed limit."""


def made(*types: str) -> Callable[[Plan, str], Need]:
    """Return a need of as many as the stack makes of some types, in a region."""
    return lambda plan, region: Need(len(plan.of(*types, region=region)))


def made_anywhere(*types: str) -> Callable[[Plan, str], Need]:
    """Return a need of as many as the stack makes of some types, in all regions together."""
    return lambda plan, _region: Need(len(plan.of(*types)))


def most_of(type_: str, key: str) -> Callable[[Plan, str], Need]:
    """Return a need of the most resources of a type that share a value of an input: that are of one VPC, one group."""

    def need(plan: Plan, region: str) -> Need:
        return Need(largest(str(one.inputs[key]) for one in plan.of(type_, region=region) if one.inputs.get(key)))

    return need


def longest(*inputs: tuple[str, str]) -> Callable[[Plan, str], Need]:
    """Return a need of the longest list among some inputs of some types."""

    def need(plan: Plan, region: str) -> Need:
        lists = [len(one.inputs.get(key) or ()) for type_, key in inputs for one in plan.of(type_, region=region)]
        return Need(max(lists, default=0))

    return need


def largest(keys: Iterable[str]) -> int:
    """Return how often the most frequent key comes."""
    counted: dict[str, int] = {}
    for key in keys:
        counted[key] = counted.get(key, 0) + 1
    return max(counted.values(), default=0)


RESERVED_CONCURRENCY: Final = 100
"""Concurrent executions that Lambda keeps unreserved (Lambda Developer Guide, "reserved concurrency")."""
