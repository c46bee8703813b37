"""Accounts of others: no policy of a resource, no share and no grant lets them in without saying who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.reading.accounts import account_in, account_of, is_strange, own_accounts, shared_with, strangers
from policy.reading.documents import statements
from policy.reading.logic import sift
from policy.rule import Rule, Setting, Severity, WhenUnknown, resource_rule
from policy.table import check, not_be_set
from policy.tokens import (
    ACCESS_GRANTS,
    BUCKET_ACLS,
    EVERY_AWS,
    LAKE_PERMISSIONS,
    LAKE_SETTINGS,
    ROLES,
    SHARED_BY_LIST,
    SHARED_BY_NAME,
)
from policy.values import Mark, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policy.resources import Resource
    from policy.rule import Settings

_GUIDE: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
_LAKE: Final = "https://docs.aws.amazon.com/lake-formation/latest/dg"
_ACCOUNTS: Final = Setting(
    [],
    {"type": "array", "items": {"type": "string"}},
    "accounts that are one's own, too; default: allowedAccountIds of the resource's provider",
)
_NOT_RESOURCES: Final = (
    *ROLES,  # iam-trust-other-account
    "aws:ec2/vpcEndpoint:VpcEndpoint",  # its policy only takes away from what principals may do
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy",
    "aws:organizations/policy:Policy",
)
_SHARES: Final = (
    "accountId", "sharedAccounts", "permissions.account_ids", "account", "principal",
    "distributions.amiDistributionConfiguration.launchPermission.userIds", "grantee.granteeIdentifier",
)  # fmt: skip
_ANYBODY: Final = "IAM_ALLOWED_PRINCIPALS"


@resource_rule(
    "resource-policy-other-account",
    on=EVERY_AWS,
    severity=Severity.HIGH,
    controls=("NIST-AC-3", "NIST-AC-4"),
    url=f"{_GUIDE}/reference_policies_evaluation-logic-cross-account.html",
    when_unknown=WhenUnknown.DEFER,
    remediation="add a condition on the organization or the principal, or name the account in accounts",
    settings={"accounts": _ACCOUNTS},
    guards=("policy", "policyDocument", "accessPolicy", "accessPolicies", "resourcePolicy", "principal"),
)
def no_stranger(holder: Resource, settings: Settings) -> Iterator[str]:
    """Policies of resources let other accounts in only under a condition that says who.

    Documents and inputs that say the same, of every service but roles, which have a rule of their own. Which account is
    one's own the provider says by allowedAccountIds, or the ARNs of the resource and of its policy; where nothing says
    it, nobody is a stranger. Accounts of Elastic Load Balancing that write logs are none.
    """
    if holder.type in _NOT_RESOURCES:
        return
    own = {*settings.strings("accounts"), *own_accounts(holder)} or account_of(holder)
    for statement in sift(statements(holder), lambda each: bool(strangers(each, own))):
        shown = show(strangers(statement, own))
        yield f"{statement.where}: {statement.label} lets {shown} in; allowed: accounts of one's own, or a condition"


@resource_rule(
    "shared-with-own-accounts",
    on=(*SHARED_BY_LIST, *SHARED_BY_NAME, *LAKE_PERMISSIONS, *ACCESS_GRANTS),
    severity=Severity.HIGH,
    controls=("NIST-AC-3", "NIST-AC-4"),
    url="https://docs.aws.amazon.com/ram/latest/userguide/what-is.html",
    remediation="share with accounts of one's own, or name the account in accounts",
    when_unknown=WhenUnknown.PASS,
    settings={"accounts": _ACCOUNTS},
    guards=("accountId", "sharedAccounts", "permissions", "account", "principal", "distributions", "grantee"),
    reads=_SHARES,
)
def shared_at_home(shared: Resource, settings: Settings) -> Iterator[str]:
    """Images, snapshots, documents, databases and what RAM shares go to accounts of one's own.

    Which these are the provider says by allowedAccountIds; where it does not, any account may be one's own. An
    organization, and a unit of it, is no account.
    """
    own = {*settings.strings("accounts"), *own_accounts(shared)}
    for where, account in shared_with(shared, _SHARES) if own else ():
        if account and ":organizations:" not in account and is_strange(account_in(account), own):
            yield f"{where} is {account}; allowed: {show(sorted(own))}"


@resource_rule(
    "lake-named-principals",
    on=(*LAKE_PERMISSIONS, *LAKE_SETTINGS),
    severity=Severity.HIGH,
    controls=("NIST-AC-3",),
    url=f"{_LAKE}/change-settings.html",
    when_unknown=WhenUnknown.PASS,
    remediation="name the principals, and leave IAM_ALLOWED_PRINCIPALS out",
    guards=("principal", "createDatabaseDefaultPermissions", "createTableDefaultPermissions"),
)
def lake_named(holder: Resource, _settings: Settings) -> Iterator[str]:
    """Data of a lake is read by named principals.

    IAM_ALLOWED_PRINCIPALS is whoever has a policy for the catalog, whatever Lake Formation grants.
    """
    keys = ("principal", "createDatabaseDefaultPermissions.principal", "createTableDefaultPermissions.principal")
    for where, value in (leaf for key in keys for leaf in holder.each(key)):
        if not isinstance(value, Mark) and str(value) == _ANYBODY:
            yield f"{where} is {_ANYBODY}; allowed: named principals"


_SENT_TO: Final[Mapping[str, Sequence[str]]] = {
    "aws:cloudwatch/eventTarget:EventTarget": ("arn", "deadLetterConfig.arn"),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": ("destinationArn",),
    "aws:cloudwatch/metricStream:MetricStream": ("firehoseArn",),
    "aws:sns/topicSubscription:TopicSubscription": ("endpoint",),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ("rules.destination.account",),
    "aws:backup/plan:Plan": ("rules.copyActions.destinationVaultArn",),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": (
        "replicationConfiguration.rules.destinations.registryId",
    ),
    "aws:scheduler/schedule:Schedule": ("target.arn",),
    "aws:pipes/pipe:Pipe": ("target",),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (
        "destinationConfig.onSuccess.destination", "destinationConfig.onFailure.destination",
    ),
    "aws:ec2/flowLog:FlowLog": ("logDestination",),
}  # fmt: skip
"""Type -> inputs that say by an ARN or an account where data goes."""
_BY_NUMBER: Final = (".account", ".registryId")
"""Ends of paths at which a number is an account, and no telephone."""


@resource_rule(
    "data-to-own-accounts",
    on=tuple(_SENT_TO),
    severity=Severity.HIGH,
    controls=("NIST-AC-4",),
    url=f"{_GUIDE}/reference_policies_evaluation-logic-cross-account.html",
    when_unknown=WhenUnknown.PASS,
    remediation="send it to an account of one's own, or name the account in accounts",
    settings={"accounts": _ACCOUNTS},
    guards=tuple(dict.fromkeys(path.split(".")[0] for paths in _SENT_TO.values() for path in paths)),
    reads=tuple(dict.fromkeys(path for paths in _SENT_TO.values() for path in paths if path != "target")),
)
def sent_home(sender: Resource, settings: Settings) -> Iterator[str]:
    """Events, logs, copies and messages go to accounts of one's own.

    Which these are the provider says by allowedAccountIds; where it does not, any account may be one's own.
    """
    own = {*settings.strings("accounts"), *own_accounts(sender)}
    for where, whom in shared_with(sender, _SENT_TO[sender.type]) if own else ():
        is_place = whom is not None and (whom.startswith("arn:") or where.endswith(_BY_NUMBER))
        if whom and is_place and is_strange(account_in(whom), own):
            yield f"{where} is {whom}; allowed: {show(sorted(own))}"


RULES: Final[tuple[Rule, ...]] = (
    no_stranger,
    shared_at_home,
    lake_named,
    sent_home,
    check(
        "s3-no-grants-by-address", "No grant of an access list names an account by its address",
        "accessControlPolicy.grants.grantee.emailAddress", not_be_set("accounts of one's own, by a bucket's policy"),
        on=BUCKET_ACLS, severity=Severity.HIGH, controls=("S3.12", "NIST-AC-3"),
        remediation="name the account in the bucket's policy, with a condition",
    ),
)  # fmt: skip
