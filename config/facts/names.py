"""Closed lists of names that AWS takes: read from data/, only where a stack file uses one.

Time zones and the managed rules of AWS Config are written by `make facts`; parameters of PostgreSQL, and services of
budgets and of linked roles, are kept by hand.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from config.facts.regions import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def time_zones() -> frozenset[str]:
    """Return IANA's canonical names of time zones."""
    return frozenset(_lines("time_zones"))


@cache
def config_rules() -> Mapping[str, frozenset[str]]:
    """Return the parameters of each managed rule of AWS Config."""
    rows = (line.split() for line in _lines("config_rules"))
    return {name: frozenset(parameters) for name, *parameters in rows}


@cache
def resource_types() -> frozenset[str]:
    """Return the resource types of CloudFormation, of all regions together."""
    return frozenset(_lines("resource_types"))


@cache
def postgres_parameters(major: int) -> frozenset[str]:
    """Return the parameters in RDS's parameter groups of one major version of PostgreSQL.

    A line of the data is a name and, where it did not always exist, `>=N` for the first major and `<N` for the first
    that has it no longer.
    """
    return frozenset(name for name, *bounds in map(str.split, _lines("postgres_parameters")) if _in(major, bounds))


@cache
def budget_services() -> frozenset[str]:
    """Return names of services as Cost Explorer and AWS Budgets write them; there are more."""
    return frozenset(_lines("budget_services"))


@cache
def linked_role_services() -> frozenset[str]:
    """Return service principals that have a service-linked role; there are more."""
    return frozenset(_lines("linked_role_services"))


def _in(major: int, bounds: list[str]) -> bool:
    return all(major >= int(one[2:]) if one.startswith(">=") else major < int(one[1:]) for one in bounds)


def _lines(name: str) -> list[str]:
    lines = (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
