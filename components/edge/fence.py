"""A primary's side of the fence: while its standby serves, it counts as unhealthy, so that users do not go back.

A region that returns answers its health check before its data is back. So the standby's load balancer says on one path
whether the standby serves (components/recovery/fence.py), and the primary's record has a second health check, which
fails as long as it does. Checks and records stand before anything is lost, and Route 53's checkers are outside of both
regions: nobody has to be quick when the region returns, and nothing of it is needed to hold it off.

A primary is held off by a clear word only. No such name, no such load balancer, a lost standby: each is a failure,
which the check inverts, so a primary without a standby serves (statuses `DNS resolution failed`, `Connection timed out`
of Route 53 API, `GetHealthCheckLastFailureReason`, 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_aws import route53

from components.base import child, named
from components.edge.plan import standby_domain
from config.edge import HTTPS_PORT, STANDBY_PATH

if TYPE_CHECKING:
    import pulumi

    from config.edge import HealthCheck


def checked(
    parent: pulumi.Resource, name: str, settings: tuple[str, HealthCheck], own: route53.HealthCheck
) -> route53.HealthCheck:
    """Return the health check of a primary's record: the region answers, and no standby serves in its place.

    The standby's certificate is not for the name that is asked here, which Route 53 does not mind: it validates no
    certificate, and asks once more without the name in its handshake (Route 53 developer guide, "How Amazon Route 53
    determines whether a health check is healthy"; API, `HealthCheckConfig.EnableSNI`). A new inverted check counts as
    unhealthy until there is enough data (same page of the guide, all 2026-11-21).

    Args:
        parent: The component that owns both checks.
        name: Logical name of that component.
        settings: The stack file's `edge.domain` and `edge.health_check`.
        own: Health check of the region itself.
    """
    domain, asked = settings
    quiet = route53.HealthCheck(
        named(name, "quiet"),
        type="HTTPS",
        fqdn=standby_domain(domain),
        port=HTTPS_PORT,
        resource_path=STANDBY_PATH,
        request_interval=asked.interval_seconds,
        failure_threshold=asked.failure_threshold,
        enable_sni=True,
        invert_healthcheck=True,
        tags={"Name": f"{domain} standby is quiet"},
        opts=child(parent),
    )
    both = [own.id, quiet.id]
    return route53.HealthCheck(
        named(name, "fenced"),
        type="CALCULATED",
        child_healthchecks=both,
        child_health_threshold=len(both),
        tags={"Name": f"{domain} primary may serve"},
        opts=child(parent),
    )
