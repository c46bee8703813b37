"""Audit: what its parts ask of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.facts.limits import ARCHIVE_LEAST_DAYS
from config.problems import Path, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

AUDIT: Final[Path] = ("audit",)


def archive_pays(config: StackConfig) -> Iterator[Problem]:
    """Records are not archived for less time than the archive bills."""
    if config.audit is None:
        return
    records = config.audit.records
    least = records.archive_days + ARCHIVE_LEAST_DAYS
    if records.retention_days < least:
        what = (
            f"records are archived after {records.archive_days} days and then paid for {ARCHIVE_LEAST_DAYS} days more"
        )
        fix = "keep them longer, or archive earlier"
        path = (*AUDIT, "records", "retention_days")
        yield refuse(path, what, got=records.retention_days, allowed=f"at least {least}", fix=fix)


def agents_serve(config: StackConfig) -> Iterator[Problem]:
    """Runtime agents belong to runtime monitoring."""
    if config.audit is None:
        return
    threats = config.audit.threats
    if threats.runtime_agents and "RUNTIME_MONITORING" not in threats.features:
        fix = "add RUNTIME_MONITORING to audit.threats.features, or leave the agents out"
        path = (*AUDIT, "threats", "runtime_agents")
        yield refuse(path, "agents of a feature that is off", got=threats.runtime_agents, allowed="none", fix=fix)


def rules_see_what_they_judge(config: StackConfig) -> Iterator[Problem]:
    """A rule on IAM judges nothing where IAM is not recorded."""
    if config.audit is None or config.audit.configuration.global_resources:
        return
    for name, rule in config.audit.configuration.rules.items():
        if rule.identifier.startswith("IAM_"):
            path = (*AUDIT, "configuration", "rules", name, "identifier")
            fix = "leave the rule to the region that records IAM, or set audit.configuration.global_resources"
            what = "judges IAM, which is not recorded in this region"
            yield refuse(path, what, got=rule.identifier, allowed="rules on regional resources", fix=fix)


RULES: Final = (archive_pays, agents_serve, rules_see_what_they_judge)
