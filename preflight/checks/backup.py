"""AWS Backup: the types of resources that the stack backs up are opted in, in the region."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan
    from review.graph import Resource

_SELECTION: Final = "aws:backup/selection:Selection"
_TYPES: Final = {
    r":rds:[^:]*:[^:]*:(instance|db)[:/]": "RDS",
    r":rds:[^:]*:[^:]*:cluster:": "Aurora",
    r":s3:::": "S3",
    r":ec2:[^:]*:[^:]*:volume/": "EBS",
    r":ec2:[^:]*:[^:]*:instance/": "EC2",
    r":dynamodb:": "DynamoDB",
    r":elasticfilesystem:": "EFS",
    r":fsx:": "FSx",
    r":redshift:": "Redshift",
}
"""Pattern of an ARN, and the name that AWS Backup has for its type (API UpdateRegionSettings, 2026-11)."""


def opt_ins(account: Account, plan: Plan) -> Iterator[Finding]:
    """A type that is not opted in is left out of every backup, in silence."""
    for region in sorted({plan.region(one) for one in plan.of(_SELECTION)}):
        needed = {kind for one in plan.of(_SELECTION, region=region) for kind in _kinds(one)}
        answer = account.ask("backup", "DescribeRegionSettings", region)
        said = answer["ResourceTypeOptInPreference"]
        off = sorted(kind for kind in needed if not said.get(kind, False))
        if off:
            fix = ",".join(f"{kind}=true" for kind in off)
            yield Finding(
                level=Level.SPOILS,
                what="types that AWS Backup is opted in to",
                found=", ".join(sorted(kind for kind, on in said.items() if on)) or "none",
                needed=", ".join(off),
                fix=f"aws backup update-region-settings --region {region} --resource-type-opt-in-preference {fix}",
                path=("backup", "resources"),
                region=region,
            )


def _kinds(selection: Resource) -> Iterator[str]:
    for arn in selection.inputs.get("resources") or []:
        yield from (kind for pattern, kind in _TYPES.items() if re.search(pattern, str(arn)))
