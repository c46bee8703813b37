"""The fence: while a standby serves, its primary counts as unhealthy, so that users do not go back by themselves.

A region that returns answers its health check before its data is back. So the standby's load balancer says on one path
whether the standby serves, and the primary's record has a second health check, which fails as long as it does. Checks
and records stand before anything is lost, Route 53's checkers are outside of both regions, and the answer is turned by
one call of ELB in the standby's region: nothing of us-east-1 is needed, and nobody has to be quick when it returns.

A primary is held off by a clear word only. No such name, no such load balancer, a lost standby: each is a failure,
which the check inverts, so a primary without a standby serves (statuses `DNS resolution failed`, `Connection timed out`
of Route 53 API, `GetHealthCheckLastFailureReason`, 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi_aws import lb, route53

from components.base import child, named
from components.edge.plan import STANDBY_PATH, standby_domain
from components.network.group_rules import HTTPS_PORT

if TYPE_CHECKING:
    import pulumi

    from config.edge import Edge

ANSWERS: Final = {True: ("200", "active"), False: ("404", "not active")}
"""Whether the standby serves -> status, which is all that Route 53 reads, and a word for people."""


def tell(parent: pulumi.Resource, name: str, domain: str, listener: lb.Listener, *, active: bool) -> None:
    """Let a standby's load balancer say whether the standby serves; before every other rule, and without a pod."""
    status, word = ANSWERS[active]
    lb.ListenerRule(
        named(name, "standby-active"),
        listener_arn=listener.arn,
        priority=1,
        conditions=[{"path_pattern": {"values": [STANDBY_PATH]}}],
        actions=[
            {
                "type": "fixed-response",
                "fixed_response": {"content_type": "text/plain", "status_code": status, "message_body": word},
            }
        ],
        tags={"Name": f"{domain} standby"},
        opts=child(parent),
    )


def lead(
    parent: pulumi.Resource, name: str, domain: str, zone_id: pulumi.Input[str], balancer: lb.LoadBalancer
) -> None:
    """Give a standby's load balancer the name under which the primary, which knows nothing of it, has it asked."""
    route53.Record(
        named(name, "standby"),
        zone_id=zone_id,
        name=standby_domain(domain),
        type="A",
        aliases=[{"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": False}],
        opts=child(parent),
    )


def mind(parent: pulumi.Resource, name: str, settings: Edge, own: route53.HealthCheck) -> route53.HealthCheck:
    """Return the health check of a primary's record: the region answers, and no standby serves in its place.

    The standby's certificate is not for the name that is asked here, which Route 53 does not mind: it validates no
    certificate, and asks once more without the name in its handshake (Route 53 developer guide, "How Amazon Route 53
    determines whether a health check is healthy"; API, `HealthCheckConfig.EnableSNI`). A new inverted check counts as
    unhealthy until there is enough data (same page of the guide, all 2026-11-21).

    Args:
        parent: The component that owns both checks.
        name: Logical name of that component.
        settings: The stack file's `edge`.
        own: Health check of the region itself.
    """
    asked = settings.health_check
    quiet = route53.HealthCheck(
        named(name, "quiet"),
        type="HTTPS",
        fqdn=standby_domain(settings.domain),
        port=HTTPS_PORT,
        resource_path=STANDBY_PATH,
        request_interval=asked.interval_seconds,
        failure_threshold=asked.failure_threshold,
        enable_sni=True,
        invert_healthcheck=True,
        tags={"Name": f"{settings.domain} standby is quiet"},
        opts=child(parent),
    )
    both = [own.id, quiet.id]
    return route53.HealthCheck(
        named(name, "fenced"),
        type="CALCULATED",
        child_healthchecks=both,
        child_health_threshold=len(both),
        tags={"Name": f"{settings.domain} primary may serve"},
        opts=child(parent),
    )
