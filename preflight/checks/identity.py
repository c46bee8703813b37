"""Whose account answers, whether its regions are enabled, and whether the stack stands there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from preflight.account import GLOBAL_REGION
from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan


def account(account: Account, plan: Plan) -> Iterator[Finding]:
    """The credentials are of the account that the stack file names. Nothing else is asked where they are not."""
    identity = plan.settings.identity
    caller = account.ask("sts", "GetCallerIdentity", identity.region)
    if caller["Account"] != identity.account_id:
        yield Finding(
            level=Level.STOPS,
            what="account of the credentials",
            found=f"{caller['Account']} ({caller['Arn']})",
            needed=identity.account_id,
            fix="set AWS_PROFILE to one of that account, or correct identity.account_id",
            path=("identity", "account_id"),
        )


def regions(account: Account, plan: Plan) -> Iterator[Finding]:
    """Every region in which the stack makes something is enabled."""
    answer = account.ask("ec2", "DescribeRegions", GLOBAL_REGION, AllRegions=True)
    states = {region["RegionName"]: region.get("OptInStatus", "unknown") for region in answer["Regions"]}
    for region in plan.regions:
        if states.get(region) not in ("opt-in-not-required", "opted-in"):
            yield Finding(
                level=Level.STOPS,
                what="region",
                found=states.get(region, "no such region in this account"),
                needed="enabled",
                fix=f"enable it: aws account enable-region --region-name {region} (it takes minutes to hours)",
                path=("identity", "region") if region == plan.settings.identity.region else (),
                region=region,
            )


def stands(account: Account, plan: Plan) -> Iterator[Finding]:
    """The stack does not stand yet; what it has made would count as used and as taken below."""
    region, identity = plan.settings.identity.region, plan.settings.identity
    tags = {"Project": identity.system, "Stack": plan.stack}
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()]
    found = account.ask("ec2", "DescribeVpcs", region, Filters=filters)["Vpcs"]
    if found:
        yield Finding(
            level=Level.SPOILS,
            what="the stack itself",
            found=f"{', '.join(vpc['VpcId'] for vpc in found)} carries its tags",
            needed="an account in which it was not deployed yet",
            fix="where it stands, take findings on quotas, names and what exists once for its own; "
            "where a first `up` failed, run `up` again instead",
            region=region,
        )
