"""Cost-allocation tags: only the payer may set them, and only keys that billing knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from preflight.account import GLOBAL_REGION
from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from preflight.account import Account
    from preflight.plan import Plan

_TAG: Final = "aws:costexplorer/costAllocationTag:CostAllocationTag"
_PATH: Final = ("cost", "allocation_tags")


def payer(account: Account, plan: Plan) -> Iterator[Finding]:
    """A member account cannot activate cost-allocation tags; its organization's management account can."""
    if not plan.of(_TAG):
        return
    alone = ("AWSOrganizationsNotInUseException",)
    answer = account.ask("organizations", "DescribeOrganization", GLOBAL_REGION, absent=alone)
    own = plan.settings.identity.account_id
    payer = answer["Organization"]["MasterAccountId"] if answer else own
    if payer != own:
        yield Finding(
            level=Level.STOPS,
            what="account that pays",
            found=f"{payer}, the management account of the organization",
            needed=f"{own}, since the stack activates cost-allocation tags",
            fix="activate the keys in the management account, and leave the list empty here",
            path=_PATH,
        )


def known_keys(account: Account, plan: Plan) -> Iterator[Finding]:
    """Billing knows a key a day after a resource first carried it, and refuses it before."""
    keys = sorted(str(tag.inputs["tagKey"]) for tag in plan.of(_TAG))
    if not keys:
        return
    answer = account.ask("ce", "ListCostAllocationTags", GLOBAL_REGION, Type="UserDefined")
    known = {tag["TagKey"] for tag in answer["CostAllocationTags"]}
    unknown = [key for key in keys if key not in known]
    if unknown:
        yield Finding(
            level=Level.STOPS,
            what="tag keys that billing knows",
            found=", ".join(sorted(known)) or "none",
            needed=", ".join(unknown),
            fix="leave them out of the first `up` (`cost.billed: false`); add them a day later",
            path=_PATH,
        )
