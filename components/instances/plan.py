"""Names of a group of instances, and what its instances run at their first boot. Pure: no resource."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from components.naming import physical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.identity import Identity
    from config.instances import InstanceGroup

ROOT_DEVICE: Final = "/dev/xvda"
"""Root device of Amazon Linux 2023."""
VARIABLES: Final = "/etc/platform.env"
"""File with the variables, which systemd reads as `EnvironmentFile`."""
APPLICATION_LOGS: Final = "/var/log/application"
"""Directory whose files the CloudWatch agent sends to the log of the group."""
_AGENT: Final = "/opt/aws/amazon-cloudwatch-agent"
_FILES: Final = ("/var/log/cloud-init-output.log", f"{APPLICATION_LOGS}/*.log")


def group_name(identity: Identity, group: str) -> str:
    """Return the name of an Auto Scaling group; fixed, because its alarms are made before it."""
    return physical("scaling-group", identity.system, identity.environment, group)


def log_group_name(identity: Identity, group: str) -> str:
    """Return the name of the log group of a group."""
    return physical("log-group", identity.system, identity.environment, "instances", group)


def variables(settings: InstanceGroup, identity: Identity, group: str, found: Mapping[str, str]) -> dict[str, str]:
    """Return every variable that the start of a group may use.

    Args:
        settings: The group's section.
        identity: The stack file's `identity`.
        group: Name of the group.
        found: Variable -> where a thing is that the group names, or the ARN of a secret.
    """
    own = {"AWS_REGION": identity.region, "LOG_GROUP": log_group_name(identity, group)}
    return {**settings.environment, **settings.images, **found, **own}


def first_boot(settings: InstanceGroup, identity: Identity, group: str, found: Mapping[str, str]) -> str:
    """Return the script of a group's instances: variables, the agent that sends logs, and the group's own lines.

    It is the same text for the same settings, so that no instance is replaced without a change.
    """
    named = variables(settings, identity, group, found)
    script = (
        "#!/bin/bash",
        "set -euo pipefail",
        f"cat > {VARIABLES} <<'PLATFORM'",
        *(f"{name}='{value}'" for name, value in sorted(named.items())),
        "PLATFORM",
        f"set -a; . {VARIABLES}; set +a",
        f"mkdir -p {APPLICATION_LOGS}",
        "dnf install -y amazon-cloudwatch-agent",
        f"cat > {_AGENT}/etc/platform.json <<'PLATFORM'",
        _agent(identity, group),
        "PLATFORM",
        f"{_AGENT}/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:{_AGENT}/etc/platform.json",
        *settings.start,
    )
    return "\n".join((*script, ""))


def _agent(identity: Identity, group: str) -> str:
    """Return the configuration of the CloudWatch agent: files of logs, and nothing that is measured."""
    name = log_group_name(identity, group)
    files = [
        {"file_path": path, "log_group_name": name, "log_stream_name": f"{{instance_id}}/{path.split('/')[3]}"}
        for path in _FILES
    ]
    return json.dumps({"logs": {"logs_collected": {"files": {"collect_list": files}}}}, sort_keys=True)
