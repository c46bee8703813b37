"""Protection: what holds data is not deleted by a slip, and no option hides what the pack guards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policy.deciding import listed
from policy.rule import Level, Rule, Severity, resource_rule
from policy.rules.switches import bad_word
from policy.tokens import (
    AURORA_CLUSTERS,
    BUCKETS,
    DATABASES,
    EVERY_AWS,
    FILE_SYSTEMS,
    KEYS,
    REDIS_GROUPS,
    STREAMS,
    TABLES,
    VAULTS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policy.resources import Resource
    from policy.rule import Settings

_INDEX: Final = re.compile(r"\[[^\]]*\]")
_STATEFUL: Final = (
    *DATABASES,
    *AURORA_CLUSTERS,
    *BUCKETS,
    *TABLES,
    *KEYS,
    *REDIS_GROUPS,
    *STREAMS,
    *FILE_SYSTEMS,
    *VAULTS,
)


@resource_rule(
    "stateful-protected",
    on=_STATEFUL,
    severity=Severity.HIGH,
    level=Level.PRODUCTION,
    controls=("NIST-CP-9", "ISO-A.8.13"),
    url="https://www.pulumi.com/docs/iac/concepts/options/protect/",
    remediation="create it with protect=True",
)
def stateful_protected(resource: Resource, _settings: Settings) -> Iterator[str]:
    """What holds data, or the key to data, is protected from deletion by the engine.

    A database replica is exempt: what it holds, its source holds. So is an EKS cluster: the program makes it anew.
    """
    if not resource.origin.protect and not resource.has("replicateSourceDb"):
        yield "the option protect is not set; allowed: true"


def _is_part(path: str, of: str) -> bool:
    return path == of or path.startswith(f"{of}.")


def guarded_not_ignored(rules: Sequence[Rule]) -> Rule:
    """Return the rule that keeps `ignoreChanges` off every input that one of `rules` guards."""

    @resource_rule(
        "guarded-inputs-not-ignored",
        on=EVERY_AWS,
        severity=Severity.HIGH,
        controls=("NIST-CM-3", "ISO-A.8.32"),
        url="https://www.pulumi.com/docs/iac/concepts/options/ignorechanges/",
        remediation="take the input out of ignore_changes",
    )
    def judge(resource: Resource, _settings: Settings) -> Iterator[str]:
        """No guarded input is in ignoreChanges.

        The engine would go on using the old value, and the pack would judge that.
        """
        if not resource.origin.ignore_changes:
            return
        ruled = [rule for rule in rules if rule.guards and rule.covers(resource.type)]
        switched = {one.path for one in listed().get(resource.type, ()) if bad_word(one)}
        for written in resource.origin.ignore_changes:
            path = _INDEX.sub("", written)
            hides = any(rule.reads_input(path) for rule in ruled)
            if hides or (path == "*" and (ruled or switched)) or any(_is_part(each, path) for each in switched):
                yield f"ignoreChanges has {written}; allowed: inputs that no rule guards"

    return judge


RULES: Final[tuple[Rule, ...]] = (stateful_protected,)
