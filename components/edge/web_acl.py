"""A web ACL that logs its decisions, without what authenticates a request, under the `logs` key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import cloudwatch, wafv2

from components.base import child, named
from components.edge.outputs import WebAclOutputs
from components.edge.plan import firewall_log_group
from components.edge.web_acl_rules import rules, visibility
from components.iam import Statement, document, source

if TYPE_CHECKING:
    from components.edge.web_acl_rules import Scope
    from config.edge import Firewall
    from config.identity import Identity

REDACTED_HEADERS: Final = ("authorization", "cookie")
"""Headers that let who reads them act as the viewer."""


@dataclass(frozen=True, kw_only=True)
class WebAclArgs:
    """What a web ACL is built from."""

    settings: Firewall
    """The stack file's `edge.firewall`."""
    identity: Identity
    """The stack file's `identity`."""
    scope: Scope
    """What it guards; CLOUDFRONT exists in us-east-1 only."""
    region: str
    """Region of the web ACL, and of its logs."""
    logs_key_arn: pulumi.Output[str]
    """Key of the domain `logs` in that region."""


class WebAcl(pulumi.ComponentResource):
    """A firewall for requests."""

    outputs: WebAclOutputs
    """What later areas may know; known once decisions are logged."""

    def __init__(self, name: str, args: WebAclArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:edge:WebAcl", name, None, opts)
        self._name = name
        self._args = args
        acl = self._acl()
        group = self._log_group()
        logging = self._log(acl, group)
        logged = pulumi.Output.all(acl.arn, logging.id).apply(lambda values: str(values[0]))
        self.outputs = WebAclOutputs(arn=logged, name=name, log_group=group.name)
        self.register_outputs({"arn": self.outputs.arn})

    def _acl(self) -> wafv2.WebAcl:
        settings, scope = self._args.settings, self._args.scope
        return wafv2.WebAcl(
            named(self._name, "acl"),
            scope=scope,
            description=f"Refuses what the {scope.lower()} edge must not let in",
            default_action={"allow": {}},
            rules=rules(settings, scope),
            visibility_config=visibility(self._name),
            opts=child(self),
        )

    def _log_group(self) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            named(self._name, "decisions"),
            name=firewall_log_group(self._args.identity, self._args.scope.lower()),
            retention_in_days=self._args.settings.log_retention_days,
            kms_key_id=self._args.logs_key_arn,
            opts=child(self),
        )

    def _log(self, acl: wafv2.WebAcl, group: cloudwatch.LogGroup) -> wafv2.WebAclLoggingConfiguration:
        delivery = cloudwatch.LogResourcePolicy(
            named(self._name, "delivery"),
            policy_name=group.name,
            policy_document=document(self._deliver()),
            opts=child(self),
        )
        return wafv2.WebAclLoggingConfiguration(
            named(self._name, "logging"),
            resource_arn=acl.arn,
            log_destination_configs=[group.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in REDACTED_HEADERS],
            # without the policy WAF writes one of its own, which nobody would keep
            opts=child(self, depends_on=[delivery]),
        )

    def _deliver(self) -> Statement:
        identity, region = self._args.identity, self._args.region
        logs = f"arn:aws:logs:{region}:{identity.account_id}"
        return Statement(
            sid="DeliverDecisions",
            reason="WAF hands its decisions to the log delivery service, which writes them for this account",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[f"{logs}:log-group:{firewall_log_group(identity, self._args.scope.lower())}:log-stream:*"],
            principals={"Service": ["delivery.logs.amazonaws.com"]},
            conditions=source(identity.account_id, f"{logs}:*"),
        )
