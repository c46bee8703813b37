"""Prints the pack from its registry, so that documentation and configuration cannot disagree with it.

python -m policy.catalog                  the rules as a markdown table
python -m policy.catalog --json           the same with every fact, settings and other frameworks' ids
python -m policy.catalog --profile dev    the file for --policy-pack-config that a profile needs
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from datetime import date
from typing import TYPE_CHECKING, Final

from policy.compliance.frameworks import ids_of
from policy.pack import all_rules
from policy.rule import Profile, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS: Final = ("Rule", "Severity", "Level", "Controls", "What", "Remediation")


def rules() -> tuple[Rule, ...]:
    """Return every rule of the pack."""
    return all_rules((), date.min)


def markdown() -> str:
    """Return the rules as a table."""
    rows = [_COLUMNS, tuple("---" for _ in _COLUMNS)]
    for rule in rules():
        controls = ", ".join(rule.controls)
        rows.append(
            (
                f"[{rule.name}]({rule.url})",
                rule.severity.value,
                rule.level.value,
                controls,
                rule.title,
                rule.remediation,
            )
        )
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in rows)


def as_json() -> str:
    """Return every fact about every rule."""
    return json.dumps([_facts(rule) for rule in rules()], indent=2) + "\n"


def pack_config(profile: Profile) -> str:
    """Return the pack config that turns the levels of a production stack into those of `profile`."""
    strict = {rule.name: rule.level.enforcement(Profile.PROD) for rule in rules()}
    wanted = {rule.name: rule.level.enforcement(profile) for rule in rules()}
    return json.dumps({name: wanted[name] for name in wanted if wanted[name] != strict[name]}, indent=2) + "\n"


def _facts(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "title": rule.title,
        "why": rule.why,
        "scope": "resource" if rule.judge else "stack",
        "types": list(rule.on),
        "severity": rule.severity.value,
        "level": rule.level.value,
        "enforcement": {profile.value: rule.level.enforcement(profile) for profile in Profile},
        "whenUnknown": rule.when_unknown.value,
        "controls": list(rule.controls),
        "frameworks": ids_of(rule.name),
        "guards": list(rule.guards),
        "settings": {
            name: {"default": setting.default, "what": setting.what, **setting.schema}
            for name, setting in rule.settings.items()
        },
        "remediation": rule.remediation,
        "url": rule.url,
    }


def main(arguments: Sequence[str]) -> None:
    """Print what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m policy.catalog", description="Print the pack from its registry.")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--json", action="store_true", help="every fact about every rule")
    what.add_argument(
        "--profile", type=Profile, metavar="|".join(one.value for one in Profile), help="the pack config of a profile"
    )
    options = parser.parse_args(arguments)
    if options.profile:
        sys.stdout.write(pack_config(options.profile))
    else:
        sys.stdout.write(as_json() if options.json else markdown())


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    main(sys.argv[1:])
