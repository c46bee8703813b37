"""Names of closed lists that AWS keeps: managed rules of AWS Config, resource types, parameters of PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.allowed import nearest
from config.base import present
from config.facts.names import config_rules, postgres_parameters, resource_types
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from config.problems import Problem
    from config.stack import StackConfig

RULES_OF_CONFIG: Final[Path] = ("audit", "configuration", "rules")
PARAMETERS: Final[Path] = ("data", "postgres", "parameters")


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


RULES: Final = (managed_rules, database_parameters)
