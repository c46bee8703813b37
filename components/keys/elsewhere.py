"""What a stack of any other region needs in us-east-1: a provider, and a key for the logs and topics there.

CloudFront's certificate, web ACL and log deliveries stand in us-east-1, and its metrics and Route 53's are there. A key
works in its own region only, so what is logged there has one of its own. A stack in us-east-1 needs none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from pulumi_aws import kms

from components.base import child, named, stateful
from components.iam import document
from components.keys.policy import Site, logs_elsewhere_statements
from components.naming import physical
from components.outputs import Outputs
from components.providers import provider_elsewhere
from config.facts.regions import GLOBAL_REGION

if TYPE_CHECKING:
    from config.identity import Identity
    from config.keys import Keys as KeysSettings


@dataclass(frozen=True, kw_only=True)
class LogsKeyArgs:
    """What the key is built from."""

    settings: KeysSettings
    """The stack file's `keys`: deletion window and rotation."""
    identity: Identity
    """The stack file's `identity`."""
    region: str
    """Region of the component's provider."""


class LogsKey(pulumi.ComponentResource):
    """A key for log groups and topics in another region."""

    arn: pulumi.Output[str]
    """ARN of the key."""

    def __init__(self, name: str, args: LogsKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:keys:LogsKey", name, None, opts)
        identity, settings = args.identity, args.settings
        key = kms.Key(
            named(name, "key"),
            description=f"{identity.system} {identity.environment}: logs of what must stand in {args.region}",
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_days,
            deletion_window_in_days=settings.deletion_window_days,
            policy=document(*logs_elsewhere_statements(Site(account_id=identity.account_id, region=args.region))),
            tags={"Name": f"{identity.system}-{identity.environment}-global-logs"},
            opts=stateful(self),
        )
        kms.Alias(
            named(name, "alias"),
            # not `logs`: a standby may stand in this region, whose own key has that alias
            name=physical("kms-alias", identity.system, identity.environment, "global-logs"),
            target_key_id=key.id,
            opts=child(self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


@dataclass(frozen=True, kw_only=True)
class Elsewhere(Outputs):
    """The region of what is global, where it is not the stack's."""

    provider: pulumi.ProviderResource
    """Provider of us-east-1."""
    logs_key_arn: pulumi.Output[str]
    """Key there that encrypts logs and topics."""

    @property
    def options(self) -> pulumi.ResourceOptions:
        """Options of a top component that stands there."""
        return pulumi.ResourceOptions(providers=[self.provider])


def global_region(settings: KeysSettings, identity: Identity) -> Elsewhere:
    """Make provider and key in us-east-1, for a stack of another region."""
    provider = provider_elsewhere("aws-global", identity, GLOBAL_REGION)
    args = LogsKeyArgs(settings=settings, identity=identity, region=GLOBAL_REGION)
    key = LogsKey("global-logs", args, pulumi.ResourceOptions(providers=[provider]))
    return Elsewhere(provider=provider, logs_key_arn=key.arn)
