"""Names of closed lists that AWS keeps, and filter patterns.

Managed rules of AWS Config, resource types, parameters of PostgreSQL, services of budgets and of service-linked roles.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.base import present
from config.facts.names import (
    budget_services,
    config_rules,
    linked_role_services,
    postgres_parameters,
    resource_types,
)
from config.filter_pattern import PatternError, check
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from config.problems import Problem
    from config.stack import StackConfig

RULES_OF_CONFIG: Final[Path] = ("audit", "configuration", "rules")
PARAMETERS: Final[Path] = ("data", "postgres", "parameters")
_ALIKE: Final = 0.9
"""Share of two names that is alike where one is a slip of the other: a letter of ten."""
_PRINCIPAL: Final = ".amazonaws.com"
"""What service principals end with, which says nothing of which they are."""


def managed_rules(config: StackConfig) -> Iterator[Problem]:
    """Rules of AWS Config are managed ones, take the parameters given, and are triggered by real types."""
    for name, rule in config.audit.configuration.rules.items() if config.audit else ():
        path, known = (*RULES_OF_CONFIG, name), config_rules()
        if rule.identifier not in known:
            what = "no managed rule of AWS Config"
            yield _unknown((*path, "identifier"), what, rule.identifier, known, "identifiers of AWS's list")
            continue
        takes = known[rule.identifier]
        for parameter, value in rule.parameters.items():
            if parameter not in takes:
                where = (*path, "parameters", parameter)
                fix = _fix(parameter, takes, "leave it out")
                what, allowed = f"no parameter of {rule.identifier}", ", ".join(sorted(takes)) or "none"
                yield refuse(where, what, got=value, allowed=allowed, fix=fix)
        for at, kind in enumerate(rule.resource_types):
            if kind not in resource_types():
                where = (*path, "resource_types", at)
                yield _unknown(where, "no resource type", kind, resource_types(), "types of CloudFormation")


def database_parameters(config: StackConfig) -> Iterator[Problem]:
    """Parameters are ones of the parameter group of the database's major version."""
    postgres = present(config.postgres)
    major = int(postgres.engine_version.partition(".")[0])
    known = postgres_parameters(major)
    for name in postgres.parameters:
        if name not in known and not unknown_extension(name, known):
            what = f"no parameter of RDS for PostgreSQL {major}"
            allowed = "names that `aws rds describe-engine-default-parameters` lists"
            yield _unknown((*PARAMETERS, name), what, postgres.parameters[name], known, allowed)


def filter_patterns(config: StackConfig) -> Iterator[Problem]:
    """The filter pattern of the application's errors is one that CloudWatch Logs takes."""
    logs = config.observability.logs if config.observability else None
    if logs is None:
        return
    try:
        check(logs.application_error_pattern)
    except PatternError as error:
        path: Path = ("observability", "logs", "application_error_pattern")
        allowed = 'terms such as ERROR, { $.level = "error" }, or [date, level = ERROR, ...]'
        yield refuse(
            path, f"no filter pattern: {error}", got=logs.application_error_pattern, allowed=allowed, fix="correct it"
        )


def services(config: StackConfig) -> Iterator[Problem]:
    """Services of budgets and of service-linked roles are not spelt otherwise than AWS spells them.

    No list of either is AWS's own: a name that is like none of those that are known is left to a note.
    """
    for name, budget in config.cost.budgets.items() if config.cost else ():
        for at, service in enumerate(budget.services):
            path: Path = ("cost", "budgets", name, "services", at)
            yield from _misspelt(path, service, budget_services(), "no service by Cost Explorer's name")
    account = config.audit.account if config.audit else None
    for at, service in enumerate(account.service_linked_roles if account else ()):
        path = ("audit", "account", "service_linked_roles", at)
        yield from _misspelt(path, service, linked_role_services(), "no service that has a service-linked role")


def _misspelt(path: Path, got: str, known: Collection[str], what: str) -> Iterator[Problem]:
    close = misspelt(got, known)
    if close:
        yield refuse(path, what, got=got, allowed="names as AWS writes them", fix=f"did you mean {close}?")


def misspelt(got: str, known: Collection[str]) -> str:
    """Return the known name that somebody nearly wrote; empty for a known name, and for one that is like none."""
    if got in known:
        return ""
    by_look = {_look(one): one for one in sorted(known)}
    close = difflib.get_close_matches(_look(got), by_look, n=1, cutoff=_ALIKE)
    return by_look[close[0]] if close else ""


def _look(name: str) -> str:
    return name.removesuffix(_PRINCIPAL).replace(" ", "").lower()


def unknown_extension(name: str, known: Collection[str]) -> bool:
    """Tell a parameter of an extension that the list does not have, and of which it can say nothing."""
    extension, dot, _ = name.partition(".")
    return bool(dot) and not any(one.startswith(f"{extension}.") for one in known)


def _unknown(path: Path, what: str, got: str, known: Collection[str], allowed: str) -> Problem:
    name = got if path[:-1] != PARAMETERS else str(path[-1])
    return refuse(path, what, got=got, allowed=allowed, fix=_fix(name, known, "correct it, or leave it out"))


def _fix(got: str, known: Collection[str], otherwise: str) -> str:
    close = nearest(got, sorted(known))
    return f"did you mean {close[0]}?" if close else otherwise


RULES: Final = (managed_rules, database_parameters, filter_patterns, services)
