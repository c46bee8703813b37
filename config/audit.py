"""Audit: who did what, what is configured how, what looks like an attack. What exists once per account is a section."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.base import Section
from config.network import LogRetentionDays

ThreatFeature = Literal[
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "LAMBDA_NETWORK_LOGS",
    "RUNTIME_MONITORING",
]
RuntimeAgent = Literal["EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"]
StandardName = Literal[
    "aws-foundational-security-best-practices", "cis-aws-foundations-benchmark", "nist-800-53", "pci-dss"
]


class Records(Section):
    """The bucket that CloudTrail and Config write to: encrypted by the `logs` key, closed, nothing in it deletable."""

    archive_days: Annotated[int, Field(ge=1)]
    """Days after which records move to Glacier Flexible Retrieval."""
    retention_days: Annotated[int, Field(ge=365, le=3653)]
    """Days after which records expire; at least a year (CIS), and at least 90 days after `archive_days`."""


class Trail(Section):
    """The account's trail of API calls in all regions, validated and encrypted. One per account: a standby has none."""

    log_retention_days: LogRetentionDays
    """Days that the copy in CloudWatch Logs is kept, which metric filters and people search."""
    object_events: Literal["none", "write", "all"] = "none"
    """Object-level S3 events beside the management events; billed per event, and `all` counts every read."""
    insights: tuple[Literal["ApiCallRateInsight", "ApiErrorRateInsight"], ...] = ()
    """Unusual rates of calls or errors in CloudTrail; billed per event analysed."""


class Threats(Section):
    """GuardDuty, in the stack's region. Features not named here are switched off, whatever AWS's default is."""

    features: tuple[ThreatFeature, ...]
    """What is watched beside CloudTrail, DNS and flow logs, which always are."""
    runtime_agents: tuple[RuntimeAgent, ...] = ()
    """Agents that GuardDuty installs and updates itself; needs `RUNTIME_MONITORING`."""
    finding_frequency: Literal["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"] = "FIFTEEN_MINUTES"
    """How often updates of a finding are published; a new finding always is within five minutes."""


class ConfigRule(Section):
    """An AWS managed rule of AWS Config."""

    identifier: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    """Identifier in AWS's list of managed rules, such as `ENCRYPTED_VOLUMES`."""
    resource_types: tuple[Annotated[str, Field(pattern=r"^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$")], ...] = ()
    """Types that trigger it, such as `AWS::EC2::Volume`; none = those of the managed rule."""
    parameters: dict[str, str] = Field(default_factory=dict)
    """The managed rule's parameters."""


class Configuration(Section):
    """AWS Config: what every resource looked like when, in the stack's region, and rules on it."""

    global_resources: bool
    """Record IAM too. In one region only: each further region pays for and reports the same changes again."""
    frequency: Literal["CONTINUOUS", "DAILY"] = "CONTINUOUS"
    """Whether each change is recorded, or the day's last state."""
    snapshot_frequency: Literal["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"]
    """How often a snapshot of everything is delivered to the bucket."""
    rules: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,60}$")], ConfigRule]
    """Rules by name."""


class Posture(Section):
    """Security Hub, in the stack's region."""

    standards: dict[StandardName, Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]]
    """Standard to version, quoted, as in the standard's ARN."""


class Access(Section):
    """IAM Access Analyzer."""

    external: bool = True
    """Find what is shared with other accounts or the public; regional, free of charge."""
    unused_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Find roles, keys and permissions unused for so many days; IAM is global: in one region only. Billed by role."""


class PasswordPolicy(Section):
    """What IAM asks of console passwords. No user is made by this program; it binds those made beside it."""

    minimum_length: Annotated[int, Field(ge=14, le=128)]
    """Characters (CIS: 14)."""
    reuse_prevention: Annotated[int, Field(ge=1, le=24)]
    """Previous passwords that may not be used again (CIS: 24)."""
    maximum_age_days: Annotated[int, Field(ge=1, le=1095)] | None = None
    """Days until a password ends; none = never, as NIST SP 800-63B advises."""


class Account(Section):
    """What exists once per account, in the stack that answers for it."""

    password_policy: PasswordPolicy
    """IAM users' passwords."""
    block_public_buckets: bool = True
    """No bucket of the account can be made public, whoever makes it."""
    service_linked_roles: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.amazonaws\.com$")], ...] = ()
    """Services whose linked role this stack makes; leave out those that the account has: AWS makes no second one."""


class Audit(Section):
    """Audit of the stack's region and, by the sections `trail` and `account`, of its account."""

    records: Records
    """Bucket of the records."""
    trail: Trail | None = None
    """CloudTrail; none where another stack of the account has it."""
    threats: Threats
    """GuardDuty."""
    configuration: Configuration
    """AWS Config."""
    posture: Posture
    """Security Hub."""
    access: Access = Access()
    """Access Analyzer."""
    snapshot_sharing: Literal["block-all-sharing", "block-new-sharing"] = "block-all-sharing"
    """Public sharing of EBS snapshots of the account in the region."""
    account: Account | None = None
    """The account's own settings; none where another stack has them."""
