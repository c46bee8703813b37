"""What exists once in an account or a region, and what the stack would overwrite there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jmespath

from preflight.account import GLOBAL_REGION
from preflight.finding import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.problems import Path
    from preflight.account import Account
    from preflight.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Once:
    """A type of which there is one in an account or a region."""

    type: str
    """Type token."""
    what: str
    """What it is."""
    call: tuple[str, str]
    """Service and operation that show it."""
    found: str
    """JMESPath of what is there; nothing, false or empty = nothing is."""
    request: Mapping[str, Any]
    """Parameters of the call."""
    path: Path
    """Path of the setting."""
    like: tuple[str, str] | None = None
    """Input and value that only some resources of the type have; None = all count."""
    absent: tuple[str, ...] = ()
    """Error codes that mean absence."""
    everywhere: bool = False
    """True for one in the account; False for one in each region."""
    fix: str = "import it (`pulumi import`), remove it, or leave it out of this stack (ADR 0015)"
    """What to do where AWS refuses a second one."""
    overwritten: bool = False
    """True where `up` takes over what is there, and its settings are lost; False where AWS refuses a second one."""


_AUDIT: Final = ("audit",)
ONCE: Final = (
    Once(
        type="aws:guardduty/detector:Detector",
        what="GuardDuty detector",
        call=("guardduty", "ListDetectors"),
        found="DetectorIds",
        request={},
        path=(*_AUDIT, "threats"),
    ),
    Once(
        type="aws:cfg/recorder:Recorder",
        what="Config recorder",
        call=("config", "DescribeConfigurationRecorders"),
        found="ConfigurationRecorders[].name",
        request={},
        path=(*_AUDIT, "configuration"),
    ),
    Once(
        type="aws:cfg/deliveryChannel:DeliveryChannel",
        what="Config delivery channel",
        call=("config", "DescribeDeliveryChannels"),
        found="DeliveryChannels[].name",
        request={},
        path=(*_AUDIT, "configuration"),
    ),
    Once(
        type="aws:securityhub/account:Account",
        what="Security Hub",
        call=("securityhub", "DescribeHub"),
        found="HubArn",
        request={},
        path=(*_AUDIT, "posture"),
        absent=("InvalidAccessException", "ResourceNotFoundException"),
    ),
    *(
        Once(
            type="aws:accessanalyzer/analyzer:Analyzer",
            what=f"Access Analyzer of type {kind}",
            call=("accessanalyzer", "ListAnalyzers"),
            found=f"analyzers[?type=='{kind}'].name",
            request={"type": kind},
            path=(*_AUDIT, "access"),
            like=("type", kind),
        )
        for kind in ("ACCOUNT", "ACCOUNT_UNUSED_ACCESS")
    ),
    Once(
        type="aws:costexplorer/anomalyMonitor:AnomalyMonitor",
        what="anomaly monitor of all services",
        call=("ce", "GetAnomalyMonitors"),
        found="AnomalyMonitors[?MonitorType=='DIMENSIONAL' && MonitorDimension=='SERVICE'].MonitorName",
        request={},
        path=("cost", "anomalies"),
        like=("monitorDimension", "SERVICE"),
        fix="name it in cost.anomalies.monitor_arn (ADR 0015), import it, or remove it",
        everywhere=True,
    ),
    Once(
        type="aws:inspector2/enabler:Enabler",
        what="Inspector",
        call=("inspector2", "BatchGetAccountStatus"),
        found="accounts[?state.status=='ENABLED'].accountId",
        request={},
        path=_AUDIT,
        overwritten=True,
    ),
    Once(
        type="aws:macie2/account:Account",
        what="Macie",
        call=("macie2", "GetMacieSession"),
        found="status",
        request={},
        path=_AUDIT,
        absent=("AccessDeniedException", "ResourceNotFoundException"),  # how Macie says that it is off
    ),
    Once(
        type="aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
        what="password policy of the account",
        call=("iam", "GetAccountPasswordPolicy"),
        found="PasswordPolicy.MinimumPasswordLength",
        request={},
        path=(*_AUDIT, "account", "password_policy"),
        absent=("NoSuchEntity",),
        everywhere=True,
        overwritten=True,
    ),
    Once(
        type="aws:ecr/replicationConfiguration:ReplicationConfiguration",
        what="replication rules of the image registry",
        call=("ecr", "DescribeRegistry"),
        found="replicationConfiguration.rules[].destinations[].region",
        request={},
        path=("registry",),
        overwritten=True,
    ),
)
"""Sources: the API reference of each service, 2026-11."""


def of(row: Once) -> Callable[[Account, Plan], Iterator[Finding]]:
    """Return the check of one row: none of what the stack makes once is there already."""

    def existing(account: Account, plan: Plan) -> Iterator[Finding]:
        made = [one for one in plan.of(row.type) if row.like is None or one.inputs.get(row.like[0]) == row.like[1]]
        for region in sorted({GLOBAL_REGION if row.everywhere else plan.region(one) for one in made}):
            answer = account.ask(*row.call, region, absent=row.absent, **row.request)
            found = jmespath.search(row.found, answer) if answer is not None else None
            if found:
                yield _finding(row, region, found)

    return existing


def _finding(row: Once, region: str, found: object) -> Finding:
    said = ", ".join(str(one) for one in found) if isinstance(found, list) else str(found)
    if row.overwritten:
        fix = "write down what it says and take it into the stack file where it is wanted; `up` overwrites it"
    else:
        fix = row.fix
    return Finding(
        level=Level.SPOILS if row.overwritten else Level.STOPS,
        what=row.what,
        found=said,
        needed="none, since the stack makes it",
        fix=fix,
        path=row.path,
        region="" if row.everywhere else region,
    )
