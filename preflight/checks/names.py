"""Physical names that the stack fixes: somebody may have them, such as an earlier attempt, or another account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jmespath

from preflight.account import CouldNotAskError
from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from preflight.account import Account
    from preflight.plan import Plan

_BUCKET: Final = "aws:s3/bucket:Bucket"


@dataclass(frozen=True, kw_only=True)
class Named:
    """A type whose name AWS takes once."""

    type: str
    """Type token."""
    what: str
    """What it is."""
    input: str
    """Input that holds the name."""
    call: tuple[str, str]
    """Service and operation that show it."""
    request: Callable[[str, str], Mapping[str, Any]]
    """Parameters of the call for a name and an account id."""
    found: str
    """JMESPath of the names in the answer."""
    absent: tuple[str, ...] = ()
    """Error codes that mean absence."""
    together: bool = False
    """True where one call lists all names."""


NAMED: Final = (
    Named(
        type="eks:index:Cluster",
        what="EKS cluster",
        input="name",
        call=("eks", "DescribeCluster"),
        request=lambda name, _account: {"name": name},
        found="[cluster.name]",
        absent=("ResourceNotFoundException",),
    ),
    Named(
        type="aws:rds/instance:Instance",
        what="database",
        input="identifier",
        call=("rds", "DescribeDBInstances"),
        request=lambda name, _account: {"DBInstanceIdentifier": name},
        found="DBInstances[].DBInstanceIdentifier",
        absent=("DBInstanceNotFound", "DBInstanceNotFoundFault"),
    ),
    Named(
        type="aws:elasticache/replicationGroup:ReplicationGroup",
        what="replication group",
        input="replicationGroupId",
        call=("elasticache", "DescribeReplicationGroups"),
        request=lambda name, _account: {"ReplicationGroupId": name},
        found="ReplicationGroups[].ReplicationGroupId",
        absent=("ReplicationGroupNotFoundFault",),
    ),
    Named(
        type="aws:cloudwatch/logGroup:LogGroup",
        what="log group",
        input="name",
        call=("logs", "DescribeLogGroups"),
        request=lambda name, _account: {"logGroupNamePrefix": name},
        found="logGroups[].logGroupName",
    ),
    Named(
        type="aws:ecr/repository:Repository",
        what="image repository",
        input="name",
        call=("ecr", "DescribeRepositories"),
        request=lambda name, _account: {"repositoryNames": [name]},
        found="repositories[].repositoryName",
        absent=("RepositoryNotFoundException",),
    ),
    Named(
        type="aws:kms/alias:Alias",
        what="alias of a key",
        input="name",
        call=("kms", "ListAliases"),
        request=lambda _name, _account: {},
        found="Aliases[].AliasName",
        together=True,
    ),
    Named(
        type="aws:ssm/parameter:Parameter",
        what="parameter",
        input="name",
        call=("ssm", "DescribeParameters"),
        request=lambda name, _account: {"ParameterFilters": [{"Key": "Name", "Option": "Equals", "Values": [name]}]},
        found="Parameters[].Name",
    ),
    Named(
        type="aws:backup/vault:Vault",
        what="backup vault",
        input="name",
        call=("backup", "ListBackupVaults"),
        request=lambda _name, _account: {},
        found="BackupVaultList[].BackupVaultName",
        together=True,
    ),
    Named(
        type="aws:budgets/budget:Budget",
        what="budget",
        input="name",
        call=("budgets", "DescribeBudgets"),
        request=lambda _name, account: {"AccountId": account},
        found="Budgets[].BudgetName",
        together=True,
    ),
    Named(
        type="aws:cloudtrail/trail:Trail",
        what="trail",
        input="name",
        call=("cloudtrail", "DescribeTrails"),
        request=lambda name, _account: {"trailNameList": [name]},
        found="trailList[].Name",
    ),
)


def of(row: Named) -> Callable[[Account, Plan], Iterator[Finding]]:
    """Return the check of one row: no name that the stack fixes is in use in the account."""

    def taken(account: Account, plan: Plan) -> Iterator[Finding]:
        resources = [one for one in plan.of(row.type) if isinstance(one.inputs.get(row.input), str)]
        for region in sorted({plan.region(one) for one in resources}):
            names = sorted({str(one.inputs[row.input]) for one in resources if plan.region(one) == region})
            for name in _found(account, plan, row, region, names):
                yield Finding(
                    level=Level.STOPS,
                    what=f"{row.what} {name}",
                    found="exists",
                    needed="free, since the stack makes it",
                    fix=f"delete it, or import it (`pulumi import {row.type} NAME {name}`)",
                    region=region,
                )

    return taken


def _found(account: Account, plan: Plan, row: Named, region: str, names: list[str]) -> Iterator[str]:
    """Yield those of the names that are in use."""
    answers = {}
    for name in names[:1] if row.together else names:
        request = row.request(name, plan.settings.identity.account_id)
        answers[name] = account.ask(*row.call, region, absent=row.absent, **request)
    used = {one for answer in answers.values() if answer for one in jmespath.search(row.found, answer) or []}
    yield from (name for name in names if name in used)


def buckets(account: Account, plan: Plan) -> Iterator[Finding]:
    """A bucket's name is free in all of AWS."""
    for bucket in plan.of(_BUCKET):
        name, region = str(bucket.inputs["bucket"]), plan.region(bucket)
        owner = _owner(account, name, region)
        if owner:
            yield Finding(
                level=Level.STOPS,
                what=f"bucket {name}",
                found=owner,
                needed="free, since the stack makes it",
                fix="empty and delete it, import it, or choose another name",
                path=_setting(plan, name),
                region=region,
            )


def _owner(account: Account, name: str, region: str) -> str:
    """Say whose a bucket is; nothing where there is none."""
    try:
        answer = account.ask("s3", "HeadBucket", region, absent=("404", "NoSuchBucket"), Bucket=name)
    except CouldNotAskError as error:
        if error.code in ("403", "Forbidden", "AccessDenied"):
            return "another account's, or one that these credentials may not look at"
        raise
    return "in this account already" if answer is not None else ""


def _setting(plan: Plan, name: str) -> tuple[str, ...]:
    """Return the way to the bucket's name in the stack file; nothing where the program derives the name."""
    named = plan.settings.buckets
    return next((("data", "buckets", key, "name") for key, one in named.items() if name.startswith(one.name)), ())
