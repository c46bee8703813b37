"""`python -m policy.evidence EXPORT`: the pack's verdict on the state, or on a preview, of any Pulumi program.

EXPORT is what `pulumi stack export` or `pulumi preview --json --show-sames` writes. A finding stands at the line of the
program that registered the resource, where the engine has kept it, else at the first line of the project file.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from policy import waivers
from policy.catalog import rules
from policy.compliance.matrix import document, judged
from policy.compliance.page import lines
from policy.evaluate import Finding, PackConfig, evaluate
from policy.evidence.exported import exported, positions
from policy.evidence.place import Place, described
from policy.evidence.sarif import Run, sarif
from policy.pack import RULE_NAMES
from policy.rule import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policy.made import Made


def main(arguments: Sequence[str]) -> int:
    """Print the verdict.

    Returns:
        0 where nothing stops a deployment, 1 where the pack does, 2 where a file cannot be read.
    """
    options = _parser().parse_args(arguments)
    try:
        export = json.loads(options.export.read_bytes())
        stack, places = exported(export), positions(export)
        found = evaluate(stack, _config(options))
        if options.sarif:
            at = Place(file=options.at, line=1)
            run = Run(stack=_name(stack), rules=rules(), findings=found, place=lambda one: places.get(one.urn, at))
            options.sarif.write_text(json.dumps(sarif([run]), indent=2) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    stops = any(one.blocking for one in found)
    matrix = tuple(judged((one.type for one in stack), found, options.profile)) if options.matrix else ()
    if options.json:
        said = {"passed": not stops, "findings": list(map(described, found))}
        sys.stdout.write(json.dumps({**said, **({"compliance": document(matrix)} if matrix else {})}, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{_line(one)}\n" for one in found)
        sys.stdout.writelines(f"{line}\n" for line in lines(matrix))
        sys.stdout.write(f"policy: {'BLOCKED' if stops else 'passed'}, {len(found)} findings\n")
    return int(stops)


def _config(options: argparse.Namespace) -> PackConfig:
    today = datetime.now(tz=UTC).date()
    return PackConfig(
        today=today,
        profile=options.profile,
        rules=json.loads(options.config.read_bytes()) if options.config else {},
        waivers=waivers.load(options.waivers, RULE_NAMES, today) if options.waivers else (),
    )


def _name(stack: Sequence[Made]) -> str:
    return stack[0].urn.split(":")[2] if stack else "empty"


def _line(finding: Finding) -> str:
    mark = "" if finding.blocking else f" (waived until {finding.waiver.expires})" if finding.waiver else " (advice)"
    return f"{finding.rule.severity.value.upper()} {finding.message}{mark}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m policy.evidence", description=__doc__)
    parser.add_argument(
        "export",
        type=Path,
        metavar="EXPORT",
        help="file of an export or a preview",
    )
    parser.add_argument("--profile", type=Profile, choices=list(Profile), default=Profile.PROD, help="default: prod")
    parser.add_argument("--config", type=Path, metavar="FILE", help="levels and settings, as for --policy-pack-config")
    parser.add_argument("--waivers", type=Path, metavar="FILE", help="exceptions from rules; default: none")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="also write the verdict as SARIF 2.1.0")
    parser.add_argument("--at", default="Pulumi.yaml", metavar="FILE", help="file for findings without a line")
    parser.add_argument("--matrix", action="store_true", help="also print what holds of each framework")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    sys.exit(main(sys.argv[1:]))
