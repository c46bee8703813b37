"""X-Ray: groups of traces, sampling rules, and the key that traces are encrypted by.

Not here: what sends traces, functions (components/function.py) and collectors beside tasks (components/containers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import xray

from components.base import child, named
from components.naming import physical

if TYPE_CHECKING:
    from config.identity import Identity
    from config.tracing import SamplingRule
    from config.tracing import Tracing as Settings


@dataclass(frozen=True, kw_only=True)
class TracingArgs:
    """What it is built from."""

    settings: Settings
    """The stack file's `observability.tracing`."""
    identity: Identity
    """The stack file's `identity`."""
    logs_key_arn: pulumi.Input[str]
    """Key that traces are encrypted by, where this stack sets one."""


class Tracing(pulumi.ComponentResource):
    """What X-Ray does with traces."""

    def __init__(self, name: str, args: TracingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:observability:Tracing", name, None, opts)
        self._name = name
        self._args = args
        if args.settings.account_encryption == "made":
            xray.EncryptionConfig(named(name, "encryption"), type="KMS", key_id=args.logs_key_arn, opts=child(self))
        for short, group in args.settings.groups.items():
            xray.Group(
                named(name, f"group-{short}"),
                group_name=self._called(short),
                filter_expression=group.filter,
                insights_configuration={"insights_enabled": group.insights, "notifications_enabled": False},
                opts=child(self),
            )
        for short, rule in args.settings.sampling.items():
            self._rule(short, rule)
        self.register_outputs({})

    def _called(self, short: str) -> str:
        """Return the name of a group or a rule, by which metrics, consoles and SDKs know it."""
        return physical("trace-group", self._args.identity.system, self._args.identity.environment, short)

    def _rule(self, short: str, rule: SamplingRule) -> None:
        xray.SamplingRule(
            named(self._name, f"rule-{short}"),
            rule_name=self._called(short),
            priority=rule.priority,
            reservoir_size=rule.reservoir,
            fixed_rate=rule.fixed_rate,
            host=rule.host,
            http_method=rule.method,
            url_path=rule.path,
            service_name=rule.service,
            service_type=rule.service_type,
            resource_arn="*",
            attributes=rule.attributes,
            version=1,
            opts=child(self),
        )
