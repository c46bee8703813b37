"""A stack file for every way out of the table: settings that go it, where they are refused, and for which place."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from config.problems import dotted
from config.recovery import StreamingReplication
from config.residency import Residency
from config.rules.residency import RULES
from config.stack import StackConfig
from tests.config.containersfile import changed
from tests.config.pairfiles import PRIMARY, STANDBY, exchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.problems import Problem

STRICT: Final[dict[str, Any]] = {
    "classes": {"personal": {"what": "names and addresses of people"}},
    "prevails": "the owner of the data has decided it so",
}
"""Where data may be, of a stack that keeps all of it in its region."""
AS_OF: Final = "2026-11-21"


@dataclass(frozen=True)
class Case:
    """One way out."""

    path: str
    """Path at which it is refused."""
    places: tuple[str, ...]
    """Where it leads."""
    changes: Mapping[str, object] = field(default_factory=dict)
    """What the stack file says; nothing where prod's says it already."""


CASES: Final[dict[str, Case]] = {
    "data.buckets.*.replica": Case(
        "data.buckets.logs.replica", ("eu-west-1",), {"data.buckets.logs.replica": {"region": "eu-west-1"}}
    ),
    "data.tables.*.replica_regions": Case("data.tables.sessions.replica_regions", ("us-west-2",)),
    "data.postgres.source_arn": Case(
        "data.postgres.source_arn",
        ("us-west-2",),
        {"data.postgres.source_arn": "arn:aws:rds:us-west-2:100000000001:db:phoenix-prod-2"},
    ),
    "data.redis.in_global_datastore": Case("data.redis.in_global_datastore", ("elsewhere",)),
    "keys.domains.*.multi_region": Case("keys.domains.data.multi_region", ("elsewhere",)),
    "network.peers.standby": Case("network.peers.standby", ("elsewhere",)),
    "management.peers.standby": Case("management.peers.standby", ("elsewhere",)),
    "streaming.private_connectivity": Case("streaming.private_connectivity", ("elsewhere",)),
    "functions.*.environment": Case(
        "functions.tidy.environment",
        ("eu-central-1",),
        {"functions.tidy.environment": {"TOPIC": "arn:aws:sns:eu-central-1:100000000001:elsewhere"}},
    ),
    "containers.services.*.task.environment": Case(
        "containers.services.web.task.environment",
        ("ap-south-1",),
        {"containers.services.web.task.environment": {"STREAM": "https://kinesis.ap-south-1.amazonaws.com"}},
    ),
    "instances.*.environment": Case(
        "instances.render.environment",
        ("ap-south-1",),
        {"instances.render.environment": {"STREAM": "https://kinesis.ap-south-1.amazonaws.com"}},
    ),
    "instances.*.start": Case(
        "instances.render.start",
        ("eu-north-1",),
        {"instances.render.start": ["aws s3 sync s3://elsewhere /srv --region eu-north-1"]},
    ),
    "beanstalk.environment": Case(
        "beanstalk.environment",
        ("eu-north-1",),
        {"beanstalk.environment": {"QUEUE": "https://sqs.eu-north-1.amazonaws.com/100000000001/elsewhere"}},
    ),
    "edge.cdn": Case("edge.cdn", ("edge",)),
    "edge.accelerator": Case(
        "edge.accelerator", ("edge", "us-west-2"), {"edge.accelerator.host": "door.phoenix.example"}
    ),
    "edge.cdn.origin_shield": Case("edge.cdn.origin_shield", ("eu-west-2",), {"edge.cdn.origin_shield": "eu-west-2"}),
    "edge.cdn.buckets.*.standby": Case("edge.cdn.buckets.static-assets.standby", ("us-west-2",)),
    "inference.models.*": Case("inference.models.wise", ("us-east-2",)),
    "inference.provider_keys": Case("inference.provider_keys", ("anthropic",)),
    "observability.channels.slack": Case("observability.channels.slack", ("slack", "us-west-2")),
    "observability.channels.pagerduty": Case("observability.channels.pagerduty", ("pagerduty",)),
    "*": Case(
        "observability.tracing.sampling.bids.host",
        ("eu-west-3",),
        {"observability.tracing.sampling.bids.host": "api.eu-west-3.amazonaws.com"},
    ),
}
"""Outlet -> a stack file that goes it. `*` is any text that names a region."""
FOLLOWED: Final = (
    "recovery.standby",
    "recovery.standby.postgres",
    "recovery.standby.redis",
    "recovery.standby.buckets",
    "recovery.standby.streaming",
    "backup.copy_from_primary",
)
"""Ways of a standby, all of which dr goes."""


def excused(case: Case, until: str = "2027-11-20", to: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a section with an exception for a case."""
    one = {
        "of": case.path, "to": list(to or case.places), "basis": "contract", "until": until,
        "reason": "the contract with who receives it says so", "owner": "owner@phoenix.example",
    }  # fmt: skip
    return {**copy.deepcopy(STRICT), "exceptions": {"known": one}}


_ALL: Final = StackConfig.model_validate(
    changed({path: value for case in CASES.values() for path, value in case.changes.items()})
)
"""Prod's settings that go every outlet."""


def refused(section: Mapping[str, Any], as_of: str = AS_OF) -> dict[str, Problem]:
    """Return what the rules of residency find of settings that go every way, under a section, by dotted path."""
    residency = Residency.model_validate(section)
    judged = _ALL.model_copy(update={"residency": residency, "as_of": date.fromisoformat(as_of)})
    return {dotted(problem.path): problem for rule in RULES for problem in rule(judged)}


def pair(section: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return dr and prod, both with a section."""
    residency = Residency.model_validate(section)
    standby = exchanged(STANDBY, ("recovery", "standby", "streaming"), StreamingReplication())
    return tuple(one.model_copy(update={"residency": residency}) for one in (standby, PRIMARY))
