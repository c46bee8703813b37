"""A door of Global Accelerator: a name that nobody else answers by, and regions that no fence has to hold off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.problems import NOTHING, Path, refuse
from config.rules.edge import OWN_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.problems import Problem
    from config.stack import StackConfig

ACCELERATOR: Final[Path] = ("edge", "accelerator")
MOST_HOSTS: Final = 7
"""Names of `edge.hosts` beside a door: a certificate holds ten (ACM user guide, "Quotas"), domain and origin among
them."""


def name(config: StackConfig) -> Iterator[Problem]:
    """The name of the door is in the zone, and no one's else."""
    edge = config.edge
    if edge is None or edge.accelerator is None:
        return
    host, where = edge.accelerator.host, (*ACCELERATOR, "host")
    api = f"{config.api.host}.{edge.domain}" if config.api is not None else None
    sockets = f"{config.sockets.host}.{edge.domain}" if config.sockets is not None else None
    taken = {
        **{f"{label}.{edge.domain}": "the program gives it away itself" for label in OWN_LABELS},
        **dict.fromkeys(edge.names, "CloudFront answers by it"),
        **({api: "the API answers by it"} if api else {}),
        **({sockets: "the WebSocket API answers by it"} if sockets else {}),
    }
    if not host.endswith(f".{edge.domain}"):
        allowed, fix = f"names under {edge.domain}", "choose one in the zone"
        yield refuse(where, f"no name under {edge.domain}", got=host, allowed=allowed, fix=fix)
    elif host in taken:
        yield refuse(where, taken[host], got=host, allowed="a name of its own", fix="choose another name")
    if len(edge.hosts) > MOST_HOSTS:
        what, got = "with the door, domain and origin more names than a certificate holds", len(edge.hosts)
        yield refuse(("edge", "hosts"), what, got=got, allowed=f"{MOST_HOSTS} at most", fix="drop one")


def regions(config: StackConfig) -> Iterator[Problem]:
    """A standby is a region of the door only where both regions answer at any time."""
    edge = config.edge
    if edge is None or edge.accelerator is None or config.identity.role != "standby" or edge.routing == "latency":
        return
    what = (
        "an accelerator sends clients back to a region that returns before its data does: no fence holds it off, as "
        "Route 53's record is held off"
    )
    fix = "leave it out in both stacks, or let both regions answer by `edge.routing: latency`"
    yield refuse(ACCELERATOR, what, got="a section", allowed=f"{NOTHING}, beside routing: failover", fix=fix)


RULES: Final = (name, regions)
