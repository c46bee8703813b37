"""Service quotas against what the stack makes, beside what the account has already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from preflight.account import GLOBAL_REGION, CouldNotAskError
from preflight.finding import Finding, Level
from preflight.quota_table import QUOTAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from preflight.account import Account
    from preflight.plan import Plan
    from preflight.quota import Quota

_NOT_APPLIED: Final = ("NoSuchResourceException",)
_HOURS: Final = 1


def of_service(service: str) -> Callable[[Account, Plan], Iterator[Finding]]:
    """Return the check of one service's quotas."""
    return lambda account, plan: _all(account, plan, [quota for quota in QUOTAS if quota.service == service])


def services() -> tuple[str, ...]:
    """Return the services that have quotas here."""
    return tuple(dict.fromkeys(quota.service for quota in QUOTAS))


def _all(account: Account, plan: Plan, quotas: Iterable[Quota]) -> Iterator[Finding]:
    for quota in quotas:
        for region in (GLOBAL_REGION,) if quota.everywhere else plan.regions:
            try:
                yield from _one(account, plan, quota, region)
            except CouldNotAskError as error:  # the others can still be asked
                yield unasked(quota, region, error)


def unasked(quota: Quota, region: str, error: CouldNotAskError) -> Finding:
    """Return what is not known of a quota, because an action is denied or has no answer."""
    return Finding(
        level=Level.UNASKED,
        what=f"quota of {quota.name}",
        found=str(error),
        needed="an answer",
        fix=f"allow {error.action} (preflight/policy.json), or look in the Service Quotas console",
        region=region,
    )


def _one(account: Account, plan: Plan, quota: Quota, region: str) -> Iterator[Finding]:
    need = quota.needs(plan, region)
    most = max(need.least, need.most)
    if most <= 0:
        return
    limit, metric = _limit(account, quota, region)
    used = _used(account, quota, region, metric)
    if limit - used >= most:
        return
    stops = limit - used < need.least
    at_once = f"{need.least:g} at once" + (f", {most:g} at most" if most > need.least else "")
    yield Finding(
        level=Level.STOPS if stops else Level.SPOILS,
        what=f"quota of {quota.name}",
        found=f"{limit:g}, of which {used:g} are used",
        needed=at_once,
        fix=_fix(quota, region, used + most),
        path=need.path,
        region="" if quota.everywhere else region,
    )


def _fix(quota: Quota, region: str, value: float) -> str:
    if not quota.code:
        return "AWS raises this one for nobody: delete what is not needed, or use another account"
    return (
        f"aws service-quotas request-service-quota-increase --region {region} --service-code {quota.service} "
        f"--quota-code {quota.code} --desired-value {int(-(-value // 1))} (AWS may take days)"
    )


def _limit(account: Account, quota: Quota, region: str) -> tuple[float, dict[str, Any] | None]:
    """Return the quota that is applied to the account, or else AWS's default, and the metric of its use."""
    if quota.limit is not None:
        return quota.limit, None
    asked = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    answer = account.ask("service-quotas", "GetServiceQuota", region, absent=_NOT_APPLIED, **asked)
    if answer is None:
        answer = account.ask("service-quotas", "GetAWSDefaultServiceQuota", region, **asked)
    return float(answer["Quota"]["Value"]), answer["Quota"].get("UsageMetric") or None


def _used(account: Account, quota: Quota, region: str, metric: dict[str, Any] | None) -> float:
    if quota.used is not None:
        return quota.used(account, region)
    return _measured(account, region, metric) if metric and metric.get("MetricName") else 0


def _measured(account: Account, region: str, metric: dict[str, Any]) -> float:
    """Return what the quota's own metric in CloudWatch says; no data means that nothing runs."""
    now = datetime.now(tz=UTC)
    dimensions = [{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()]
    statistic = metric.get("MetricStatisticRecommendation") or "Maximum"
    answer = account.ask(
        "cloudwatch",
        "GetMetricStatistics",
        region,
        Namespace=metric["MetricNamespace"],
        MetricName=metric["MetricName"],
        Dimensions=dimensions,
        StartTime=now - timedelta(hours=_HOURS),
        EndTime=now,
        Period=300,
        Statistics=[statistic],
    )
    return max((float(point[statistic]) for point in answer["Datapoints"]), default=0)
