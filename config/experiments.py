"""Experiments of AWS FIS: what is believed of the stack, what is taken away, and what must hold all the same."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from config.base import Section
from config.facts.experiments import STOP_ALARMS, Fault
from config.identity import ZoneLetter
from config.network import LogRetentionDays
from config.observability import ShortName
from config.recovery import ServiceName, SettingPath

if TYPE_CHECKING:
    from config.recovery import Recovery

ObjectiveName = Literal[ServiceName, "availability"]
"""An entry of recovery.objectives, or `availability` for recovery.availability_percent."""
Check = Literal["tasks", "targets", "database", "cache", "brokers", "dead_letters"]
"""tasks: each service has the tasks that are promised of it, running; targets: each target group that had a healthy
target has one; database: the instance is available; cache: each shard has a node that is available; brokers: the
cluster of MSK is ACTIVE; dead_letters: the queues of dead letters hold no more than they held before."""
_MONTH_MINUTES = 30 * 24 * 60


class Target(Section):
    """What is taken away, as the stack has it."""

    of: SettingPath
    """Part of this file, such as `containers.services.api`, `data.postgres`, `data.redis`, `network`, `streaming`,
    `functions.thumbnails` or `keys.domains.storage`."""
    count: Annotated[int, Field(ge=1, le=50)] | None = None
    """How many tasks of a service, chosen by chance; in place of `percent`."""
    percent: Annotated[int, Field(ge=1, le=50)] | None = None
    """How many tasks of a service in per cent, half of them at most; in place of `count`."""
    zones: Annotated[tuple[ZoneLetter, ...], Field(max_length=2)] = ()
    """Zones that are lost, of network.zones; at least one is left."""


class SteadyState(Section):
    """What can be seen of a system that is well."""

    alarms: Annotated[tuple[ShortName, ...], Field(max_length=20)] = ()
    """Entries of observability.alarms that do not go off."""
    checks: tuple[Check, ...] = ()
    """What AWS says of the stack."""
    throughout: bool = False
    """True = it holds at every moment, so that nobody notices. By default it holds before, and again within the minutes
    of the objective."""


class Experiment(Section):
    """One experiment."""

    hypothesis: Annotated[str, Field(min_length=10, max_length=300, pattern=r"^[ -~]+$")]
    """What is believed, in a sentence; it becomes the template's description."""
    objective: ObjectiveName
    """Promise that it puts to the test: an entry of recovery.objectives for the loss of a zone, whose `rto_minutes`
    bound the recovery, or `availability`, whose minutes of a month do."""
    action: Fault
    """What is taken away."""
    target: Target
    """From what."""
    duration_minutes: Annotated[int, Field(ge=1, le=720)]
    """Minutes until what was taken is given back, and for which FIS watches the stop alarms; no more than the objective
    allows."""
    stop_alarms: Annotated[tuple[ShortName, ...], Field(min_length=1, max_length=STOP_ALARMS)]
    """Entries of observability.alarms that stop the experiment when they go off."""
    steady_state: SteadyState
    """What must hold."""


class Experiments(Section):
    """Experiments of the stack; FIS runs one when somebody starts it, and never by itself."""

    log_retention_days: LogRetentionDays
    """Days that records of experiments are kept in CloudWatch Logs, encrypted by the `logs` key."""
    templates: Annotated[dict[ShortName, Experiment], Field(min_length=1, max_length=20)]
    """Experiments by name."""


def allowed_minutes(recovery: Recovery | None, objective: ObjectiveName) -> int | None:
    """Return the minutes that an objective allows until all is well; None = there is no such promise.

    Of an availability they are what may be missing in a month of 30 days, whole minutes.
    """
    if recovery is None:
        return None
    if objective == "availability":
        percent = recovery.availability_percent
        return None if percent is None else math.floor((100 - Decimal(str(percent))) * _MONTH_MINUTES / 100)
    promised = recovery.objectives.get(objective)
    return None if promised is None else promised.rto_minutes
