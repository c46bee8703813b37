"""Rows that ask one thing of many services: encrypted, by a key of ours, closed, logged, kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from policy.deciding import words
from policy.rule import Level, Rule, Severity
from policy.table import Must, at_least, be, be_own_key, check

Tokens: TypeAlias = str | Sequence[str]
_TRUE: Final = be(True)
_PILLARS: Final = "https://docs.aws.amazon.com/wellarchitected/latest"
AT_REST: Final = f"{_PILLARS}/security-pillar/sec_protect_data_rest_encrypt.html"
KEYS: Final = f"{_PILLARS}/security-pillar/sec_protect_data_rest_key_mgmt.html"
IN_TRANSIT: Final = f"{_PILLARS}/security-pillar/sec_protect_data_transit_encrypt.html"
LAYERS: Final = f"{_PILLARS}/security-pillar/sec_network_protection_create_layers.html"
LOGS: Final = f"{_PILLARS}/security-pillar/sec_detect_investigate_events_app_service_logging.html"
PRACTICE: Final = f"{_PILLARS}/security-pillar/sec_protect_compute_reduce_attack_surface.html"
BACKUPS: Final = f"{_PILLARS}/reliability-pillar/rel_backing_up_data_automated_backups_data.html"


class Aspect(NamedTuple):
    """What is asked of a service: end of the rule's name and title, page, id where no catalogue has one, weight."""

    name: str
    title: str
    page: str
    control: str
    severity: Severity
    level: Level = Level.MANDATORY


_AT_REST: Final = Aspect("encrypted", "encrypted at rest", AT_REST, "NIST-SC-28", Severity.HIGH)
BY_KEY: Final = Aspect("cmk", "encrypted by a key of ours", KEYS, "NIST-SC-12", Severity.LOW, Level.REGULATED)
_TRANSIT: Final = Aspect("in-transit", "encrypted in transit", IN_TRANSIT, "NIST-SC-8", Severity.HIGH)
_CLOSED: Final = Aspect("not-public", "not reachable from the internet", LAYERS, "NIST-SC-7", Severity.CRITICAL)
_RECORDED: Final = Aspect("logs", "logged", LOGS, "NIST-AU-2", Severity.MEDIUM)
_HELD: Final = Aspect(
    "deletion-protection", "not deleted by a slip", BACKUPS, "NIST-CP-9", Severity.MEDIUM, Level.PRODUCTION
)
_BACKED_UP: Final = Aspect("backup-retention", "backed up for a week", BACKUPS, "NIST-CP-9", Severity.MEDIUM)


def row(aspect: Aspect, service: str, on: Tokens, judged: tuple[Tokens, Must], controls: Sequence[str]) -> Rule:
    """Return a rule; `service` is the beginning of its name and, after a colon, of its title."""
    paths, must = judged
    name, _, what = service.partition(": ")
    each = (paths,) if isinstance(paths, str) else tuple(paths)
    inputs = " and ".join(words(path.rpartition(".")[2]).replace("-", "_") for path in each)
    return check(
        f"{name}-{aspect.name}".rstrip("-"), f"{what} {aspect.title}".strip(), each, must,
        on=(on,) if isinstance(on, str) else tuple(on), severity=aspect.severity, level=aspect.level,
        controls=tuple(controls) or (aspect.control,), url=aspect.page, remediation=f"set {inputs} to {must.allowed}",
    )  # fmt: skip


def encrypted(service: str, on: Tokens, paths: Tokens, *controls: str, must: Must = _TRUE) -> Rule:
    """Ask that it is encrypted at rest: by default, that the inputs are true."""
    return row(_AT_REST, service, on, (paths, must), controls)


def own_key(service: str, on: Tokens, path: str, *controls: str) -> Rule:
    """Ask that it is encrypted by a key of ours."""
    return row(BY_KEY, service, on, (path, be_own_key()), controls)


def in_transit(service: str, on: Tokens, paths: Tokens, must: Must, *controls: str) -> Rule:
    """Ask that it is encrypted in transit."""
    return row(_TRANSIT, service, on, (paths, must), controls)


def private(service: str, on: Tokens, path: Tokens, must: Must, *controls: str) -> Rule:
    """Ask that the internet does not reach it."""
    return row(_CLOSED, service, on, (path, must), controls)


def logged(service: str, on: Tokens, path: str, must: Must, *controls: str) -> Rule:
    """Ask that it is logged."""
    return row(_RECORDED, service, on, (path, must), controls)


def guarded(service: str, on: Tokens, path: str, *controls: str, must: Must = _TRUE) -> Rule:
    """Ask that it is not deleted by a slip: by default, that the input is true."""
    return row(_HELD, service, on, (path, must), controls)


def advised(  # noqa: PLR0913 the columns of a row
    name: str, title: str, on: Tokens, path: Tokens, must: Must, *controls: str, level: Level = Level.ADVISORY
) -> Rule:
    """Ask for a value that is a practice rather than a protection: advice, unless a level says more."""
    aspect = Aspect("", title, PRACTICE, "NIST-CM-6", Severity.LOW, level)
    return row(aspect, f"{name}: ", on, (path, must), controls)


def kept(service: str, on: Tokens, path: str, *controls: str) -> Rule:
    """Ask that it is backed up for a week at least."""
    return row(_BACKED_UP, service, on, (path, at_least(7)), controls)
