"""A standby's side of the fence: its load balancer says whether it serves, under a name that its primary has asked.

One call of ELB in the standby's region turns the answer; Route 53 does the rest (components/edge/fence.py). The word is
given at once when the standby takes over, whatever else that takes, and is taken back when the controller has given
back what users must find at home: they are there within a minute or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import lb, route53

from components.base import child, named
from components.edge.plan import standby_domain
from config.edge import STANDBY_PATH

if TYPE_CHECKING:
    from components.edge import RegionalEdgeOutputs

ANSWERS: Final = {True: ("200", "active"), False: ("404", "not active")}
"""Whether the standby serves -> status, which is all that Route 53 reads, and a word for people."""


@dataclass(frozen=True, kw_only=True)
class FenceArgs:
    """What a standby says, and where."""

    domain: str
    """Name of the system."""
    zone_id: pulumi.Output[str]
    """Its public zone."""
    edge: RegionalEdgeOutputs
    """Load balancer of the standby."""
    active: bool
    """Whether the standby serves in its primary's place."""
    gives_back: pulumi.Resource | None
    """What must be done before users may go back to the primary; None = nothing."""


class Fence(pulumi.ComponentResource):
    """The standby's word, and the name under which it is asked for."""

    def __init__(self, name: str, args: FenceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:recovery:Fence", name, None, opts)
        self._name = name
        self._args = args
        self._word()
        self._record()
        self.register_outputs({})

    def _word(self) -> None:
        """Answer before every other rule, and without a pod; anybody may know the word."""
        args = self._args
        first = [] if args.active or args.gives_back is None else [args.gives_back]
        status, word = ANSWERS[args.active]
        lb.ListenerRule(
            named(self._name, "word"),
            listener_arn=args.edge.listener_arn,
            priority=1,
            conditions=[{"path_pattern": {"values": [STANDBY_PATH]}}],
            actions=[
                {
                    "type": "fixed-response",
                    "fixed_response": {"content_type": "text/plain", "status_code": status, "message_body": word},
                }
            ],
            # an order that no value expresses, and that holds one way only
            opts=child(self, depends_on=first),
        )

    def _record(self) -> None:
        """Lead to this load balancer whoever serves; the primary knows the name, and nothing else of its standby."""
        edge = self._args.edge
        route53.Record(
            named(self._name, "name"),
            zone_id=self._args.zone_id,
            name=standby_domain(self._args.domain),
            type="A",
            aliases=[
                {"name": edge.balancer_dns_name, "zone_id": edge.balancer_zone_id, "evaluate_target_health": False}
            ],
            opts=child(self),
        )
