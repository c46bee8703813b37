"""What a load balancer answers by itself: its listener's rules, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from sandbox.drill.names import balancer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.drill.sides import Side

PORT: Final = 443
"""Port of the listener that health checks and CloudFront ask."""
PATHS: Final = "path-pattern"
"""The one kind of condition that is evaluated."""
FIXED: Final = "fixed-response"


@dataclass(frozen=True)
class Rule:
    """A rule of a listener.

    Attributes:
        priority: The lowest that matches decides.
        paths: Patterns; one of them must match.
        status: Status that it answers with; 0 where it leads to targets.
        body: Body of that answer.
    """

    priority: int
    paths: tuple[str, ...]
    status: int
    body: str

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Rule:
        """Return an item of DescribeRules.

        Raises:
            ValueError: It has a condition that is not evaluated.
        """
        kinds = [condition["Field"] for condition in said["Conditions"]]
        if kinds != [PATHS]:
            raise ValueError(f"listener rule {said['RuleArn']}: conditions {kinds}; allowed: one {PATHS}")
        fixed: dict[str, str] = next(
            (one["FixedResponseConfig"] for one in said["Actions"] if one["Type"] == FIXED), {}
        )
        paths = tuple(said["Conditions"][0]["Values"])
        return cls(int(said["Priority"]), paths, int(fixed.get("StatusCode", 0)), fixed.get("MessageBody", ""))

    def matches(self, path: str) -> bool:
        """Whether it is for a path.

        `*` is any text, `?` any character, and case counts (ELB user guide, "Condition types", 2026-11-21).
        """
        return any(fnmatchcase(path, pattern) for pattern in self.paths)


def answer(rules: Iterable[Rule], path: str) -> Rule | None:
    """Return the rule that answers a path without a target; None where targets are asked."""
    first = next((rule for rule in sorted(rules, key=lambda rule: rule.priority) if rule.matches(path)), None)
    return first if first and first.status else None


def read(side: Side, host: str) -> tuple[Rule, ...]:
    """Return the rules of a load balancer by its name, as they are now; none where it has no listener by TLS.

    Raises:
        ValueError: One of them has a condition that is not evaluated.
    """
    elb = side.client("elbv2")
    pages = elb.get_paginator("describe_load_balancers").paginate()
    arns = [
        one["LoadBalancerArn"] for page in pages for one in page["LoadBalancers"] if balancer(one["DNSName"]) == host
    ]
    listeners = [one for arn in arns for one in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]]
    asked = [one["ListenerArn"] for one in listeners if one["Port"] == PORT]
    found = [rule for arn in asked for rule in elb.describe_rules(ListenerArn=arn)["Rules"]]
    return tuple(Rule.read(rule) for rule in found if not rule["IsDefault"])
