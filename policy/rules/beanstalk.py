"""Elastic Beanstalk: environments that are watched, updated, logged, and reached by TLS only.

An environment's options are a list of namespaces, names and values. Beanstalk's own defaults are what is judged where
one is left out (Elastic Beanstalk developer guide, "General options for all environments", read 2026-11-30).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policy.rule import Rule, Severity, resource_rule
from policy.tokens import BEANSTALK_ENVIRONMENTS
from policy.values import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy.resources import Resource
    from policy.rule import Settings

_GUIDE: Final = "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html"
_ENVIRONMENT: Final = "aws:elasticbeanstalk:environment"
_LISTENER: Final = "aws:elbv2:listener:"


def _value(environment: Resource, namespace: str, name: str, default: str) -> str:
    """Return the value of an option, and of no other one: many are not known before the first update."""
    for one in environment.blocks("settings"):
        if (one.get("namespace"), one.get("name")) == (namespace, name):
            value = str(one.get("value"))
            return value.lower() if value.lower() in ("true", "false") else value
    return default


@dataclass(frozen=True)
class _Option:
    """An option that has one good value."""

    rule: str
    """Id of the rule."""
    title: str
    """What the rule says."""
    namespace: str
    """Namespace of the option."""
    name: str
    """Its name."""
    good: str
    """Its good value."""
    default: str
    """What Beanstalk takes where it is left out."""
    severity: Severity
    """How bad it is."""
    controls: tuple[str, ...]
    """Controls that ask for it."""


_WATCHED: Final = (
    _Option(
        "eb-enhanced-health", "Environments report enhanced health.",
        "aws:elasticbeanstalk:healthreporting:system", "SystemType", "enhanced", "basic",
        Severity.LOW, ("ElasticBeanstalk.1", "CKV_AWS_312"),
    ),
    _Option(
        "eb-managed-updates", "The platform of environments is updated by itself.",
        "aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", "true", "false",
        Severity.HIGH, ("ElasticBeanstalk.2", "CKV_AWS_340"),
    ),
    _Option(
        "eb-logs-streamed", "Logs of instances go to CloudWatch Logs.",
        "aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs", "true", "false",
        Severity.HIGH, ("ElasticBeanstalk.3",),
    ),
    _Option(
        "eb-imdsv2", "Instances give credentials by IMDSv2 only.",
        "aws:autoscaling:launchconfiguration", "DisableIMDSv1", "true", "false",
        Severity.HIGH, ("EC2.8", "CKV_AWS_79"),
    ),
    _Option(
        "eb-no-public-address", "Instances have no public address.",
        "aws:ec2:vpc", "AssociatePublicIpAddress", "false", "false",
        Severity.HIGH, ("EC2.9", "CKV_AWS_88"),
    ),
    _Option(
        "eb-no-key-pair", "Nobody logs in to instances by SSH.",
        "aws:autoscaling:launchconfiguration", "EC2KeyName", "", "",
        Severity.MEDIUM, ("ISO-A.8.5",),
    ),
)  # fmt: skip


def _rule(option: _Option) -> Rule:
    whole = f"{option.name} of {option.namespace}"

    def judge(environment: Resource, _settings: Settings) -> Iterator[str]:
        found = _value(environment, option.namespace, option.name, option.default)
        if found != option.good:
            yield f"settings: {whole} is {show(found)}; allowed: {show(option.good)}"

    judge.__doc__ = option.title
    return resource_rule(
        option.rule,
        on=BEANSTALK_ENVIRONMENTS,
        severity=option.severity,
        controls=option.controls,
        url=_GUIDE,
        remediation=f"set {whole} to {option.good!r}" if option.good else f"leave {whole} out",
        guards=("settings",),
    )(judge)


@resource_rule(
    "eb-tls-only",
    on=BEANSTALK_ENVIRONMENTS,
    severity=Severity.HIGH,
    controls=("ELB.1", "CKV_AWS_2"),
    url=_GUIDE,
    remediation="share a load balancer and give its listener 443 the rules, or set ListenerEnabled of "
    "aws:elbv2:listener:default to 'false'",
    guards=("settings",),
)
def tls_only(environment: Resource, _settings: Settings) -> Iterator[str]:
    """Environments are reached by TLS only.

    A single instance has no certificate, and a load balancer of Beanstalk's own listens on port 80 unless an option
    says otherwise. On a shared one only the listeners that have rules of the environment lead to it.
    """
    if _value(environment, _ENVIRONMENT, "LoadBalancerIsShared", "false") == "true":
        spaces = {str(one.get("namespace")) for one in environment.blocks("settings")}
        good = {space for space in spaces if space.startswith(_LISTENER)} == {f"{_LISTENER}443"}
    else:
        balanced = _value(environment, _ENVIRONMENT, "EnvironmentType", "LoadBalanced") == "LoadBalanced"
        good = balanced and _value(environment, f"{_LISTENER}default", "ListenerEnabled", "true") == "false"
    if not good:
        yield "settings lead requests without TLS to the environment; allowed: a listener on 443 alone"


RULES: Final[tuple[Rule, ...]] = (*map(_rule, _WATCHED), tls_only)
