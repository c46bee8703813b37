"""Names of the audit, which its parts must know before they exist, and what AWS calls things. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from components.naming import physical

if TYPE_CHECKING:
    from config.audit import StandardName
    from config.identity import Identity

CONFIG_SERVICE: Final = "config.amazonaws.com"
"""AWS Config."""
CLOUDTRAIL_SERVICE: Final = "cloudtrail.amazonaws.com"
"""CloudTrail."""


def trail_name(identity: Identity) -> str:
    """Return the trail's name; fixed, because bucket and key name it in their policies before it exists."""
    return f"{identity.system}-{identity.environment}"


def trail_arn(identity: Identity) -> str:
    """Return the ARN that the trail will have."""
    return f"arn:aws:cloudtrail:{identity.region}:{identity.account_id}:trail/{trail_name(identity)}"


def trail_log_group(identity: Identity) -> str:
    """Return the log group of the trail's events."""
    return physical("log-group", identity.system, identity.environment, "cloudtrail")


def config_role_arn(identity: Identity) -> str:
    """Return the role that AWS Config records as: its service-linked one, of which the account has one (Config.1)."""
    return f"arn:aws:iam::{identity.account_id}:role/aws-service-role/{CONFIG_SERVICE}/AWSServiceRoleForConfig"


def standard_arn(region: str, name: StandardName, version: str) -> str:
    """Return the ARN of a standard of Security Hub in a region."""
    return f"arn:aws:securityhub:{region}::standards/{name}/v/{version}"
