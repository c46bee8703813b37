"""`python -m review.upkeep`: what ends within half a year, over all stacks, and in which order it is mended.

Versions end their support, waivers and exceptions their time, facts their validity. A day that nobody looks for is
found by a bill for extended support, by an upgrade that AWS makes by itself, or by a gate that refuses all at once.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from config import ConfigError, stack_file, stack_files
from config.facts import COLLECTED, VALID_DAYS
from config.facts.functions import RUNTIMES
from config.facts.streaming import VERSIONS as KAFKA
from config.facts.versions import CACHE, EKS, LEAST_KARPENTER, POSTGRES, Support
from config.files import alternatives
from config.pairs.files import file_beside_primary
from config.problems import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.files import StackFile
    from config.problems import Path

DAYS: Final = 180
"""Days ahead that are looked at, by default: half a year, in which each upgrade can be planned."""
_RANKS: Final = {"standby": 0, "primary": 1}
"""A standby is upgraded before its primary: what goes wrong there stops nobody, and no replica is the older one."""


@dataclass(frozen=True, order=True, kw_only=True)
class Due:
    """Something that ends."""

    day: date
    """The last day."""
    rank: int
    """Order of those of one day."""
    stack: str
    """Stack that it is about; empty for what is about all."""
    what: str
    """What ends, in a few words."""
    then: str
    """What happens after the last day."""
    do: str
    """What to do before."""
    file: str
    """File that says it."""
    line: int
    """Its line."""
    setting: str = ""
    """Path of the setting; empty where it is none."""

    def text(self, today: date) -> str:
        """Return it as one line."""
        left = (self.day - today).days
        when = f"in {left} days" if left > 0 else "today" if left == 0 else f"{-left} days ago"
        where = f"{self.file}:{self.line}" + f" {self.setting}" * bool(self.setting)
        return f"{self.day} ({when})  {self.stack or 'all'}: {self.what}; then {self.then}. {self.do}  [{where}]"


@dataclass(frozen=True)
class _Stack:
    """A stack whose last days are looked for."""

    name: str
    file: StackFile

    def due(self, path: Path, day: date | None, what: str, *, then: str, do: str) -> Iterator[Due]:
        """Yield what ends on a day; nothing where none is announced."""
        if day is None:
            return
        file, line = self.file.layers.place(path)
        rank = _RANKS.get(self.file.settings.identity.role, 1)
        yield Due(
            day=day, rank=rank, stack=self.name, what=what, then=then, do=do,
            file=file, line=line or 1, setting=dotted(path),
        )  # fmt: skip


def of_stack(name: str, file: StackFile) -> Iterator[Due]:
    """Yield everything of a stack that has a last day."""
    stack = _Stack(name, file)
    yield from _of_cluster(stack)
    yield from _of_stores(stack)
    for function, one in file.settings.functions.items():
        day, path = RUNTIMES.get(one.runtime, _UNKNOWN).standard, ("functions", function, "runtime")
        do = "Raise it, with a release that alarms take back."
        yield from stack.due(path, day, f"{one.runtime} of Lambda", then="AWS mends it no more", do=do)
    residency = file.settings.residency
    for key, exception in residency.exceptions.items() if residency else ():
        what, then = f"the exception of residency for {exception.of}", "the file and the pack refuse it"
        do = f"{exception.owner} asks for it again, or what it lets out goes."
        yield from stack.due(("residency", "exceptions", key, "until"), exception.until, what, then=then, do=do)


def _of_cluster(stack: _Stack) -> Iterator[Due]:
    cluster = stack.file.settings.cluster
    if cluster is None:
        return
    known, do = EKS.get(cluster.version, _UNKNOWN), _kubernetes(cluster.version, pools=bool(stack.file.settings.pools))
    bills = cluster.support == "EXTENDED"
    what, then = f"standard support of Kubernetes {cluster.version}", _BILLED if bills else _BY_ITSELF
    yield from stack.due(("cluster", "version"), known.standard, what, then=then, do=do)
    if bills:
        what = f"extended support of Kubernetes {cluster.version}"
        yield from stack.due(("cluster", "version"), known.extended, what, then=_BY_ITSELF, do=do)


def _of_stores(stack: _Stack) -> Iterator[Due]:
    settings = stack.file.settings
    if (postgres := settings.postgres) is not None:
        major = int(postgres.engine_version.partition(".")[0])
        day = POSTGRES[major].until if major in POSTGRES else None
        later = ", ".join(str(one) for one in POSTGRES if one > major) or "none that config/facts knows"
        do = f"A major needs a plan of its own (docs/runbooks/sizing.md); later ones: {later}."
        then = "RDS bills extended support by the vCPU"
        yield from stack.due(("data", "postgres", "engine_version"), day, f"PostgreSQL {major}", then=then, do=do)
    if (redis := settings.redis) is not None:
        day = CACHE[redis.engine].get(redis.engine_version, _UNKNOWN).standard
        what, then = f"{redis.engine} {redis.engine_version}", "ElastiCache bills extended support"
        do = "Raise it; each shard fails over."
        yield from stack.due(("data", "redis", "engine_version"), day, what, then=then, do=do)
    if (streaming := settings.streaming) is not None:
        day, what = KAFKA.get(streaming.kafka_version, _UNKNOWN).standard, f"Kafka {streaming.kafka_version}"
        then, do = "MSK upgrades the cluster by itself", "Raise it; brokers go one after the other, for hours."
        yield from stack.due(("streaming", "kafka_version"), day, what, then=then, do=do)


_UNKNOWN: Final = Support(None)
_BILLED: Final = "EKS bills extended support, six times the price"
_BY_ITSELF: Final = "EKS upgrades the cluster by itself"


def _kubernetes(version: str, *, pools: bool) -> str:
    """Say the order of an upgrade: what has to be there before, the control plane, what follows it."""
    later = [minor for minor in EKS if _minor(minor) > _minor(version)]
    if not later:
        return "No later minor is known: refresh config/facts first."
    least = LEAST_KARPENTER.get(later[0])
    release = f"Karpenter {'.'.join(map(str, least))} or newer" if least else "a release of Karpenter that knows it"
    before = f"{release} first, then " if pools else ""
    return f"Up by {', '.join(later)}, one at a time: {before}control plane, add-ons, node groups (they roll)."


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


def of_all(today: date) -> Iterator[Due]:
    """Yield what ends for all stacks: waivers, and the facts that files are checked against."""
    from policy import waivers  # noqa: PLC0415  the pack takes a moment to load
    from policy.pack import RULE_NAMES  # noqa: PLC0415  same as above
    from review.verdict import WAIVERS  # noqa: PLC0415  same as above

    lines = WAIVERS.read_text(encoding="utf-8").splitlines()
    at = [number for number, line in enumerate(lines, 1) if line.startswith("- rule:")]
    for number, one in zip(at, waivers.load(WAIVERS, RULE_NAMES, today), strict=True):
        do = f"{one.owner} asks for it again, or mends what it excuses."
        yield Due(
            day=one.expires, rank=2, stack="", what=f"the waiver of {one.rule}", then="it is a violation itself", do=do,
            file=f"policy/{WAIVERS.name}", line=number,
        )  # fmt: skip
    yield Due(
        day=COLLECTED + timedelta(days=VALID_DAYS), rank=3, stack="", what=f"facts collected on {COLLECTED}",
        then="no file can be dated by them", do="`make facts`, then move `as_of` (docs/extending.md).",
        file="config/facts/__init__.py", line=1,
    )  # fmt: skip


def ahead(stacks: Sequence[str], today: date, days: int = DAYS) -> list[Due]:
    """Return what ends within so many days, or has ended, the earliest first.

    Raises:
        config.ConfigError: A stack file cannot be read.
    """
    found = [due for stack in stacks for due in of_stack(stack, file_beside_primary(stack_file(stack)))]
    last = today + timedelta(days=days)
    return sorted(one for one in (*found, *of_all(today)) if one.day <= last)


def main(argv: Sequence[str] | None = None) -> int:
    """Print what ends.

    Returns:
        0; 1 where something has ended, 2 where a file cannot be read.
    """
    parser = argparse.ArgumentParser(prog="python -m review.upkeep", description=__doc__)
    parser.add_argument("stacks", nargs="*", help="names of stacks, as in Pulumi.<stack>.yaml; none = all")
    parser.add_argument("--days", type=int, default=DAYS, help=f"days ahead; {DAYS} by default")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(argv)
    today = datetime.now(tz=UTC).date()
    try:
        found = ahead(options.stacks or [*stack_files(), *alternatives()], today, options.days)
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if options.json:
        said = json.dumps({"today": str(today), "due": [asdict(one) for one in found]}, indent=2, default=str)
    else:
        said = "\n".join(one.text(today) for one in found) or f"nothing ends within {options.days} days"
    sys.stdout.write(f"{said}\n")
    return int(any(one.day < today for one in found))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it without a traceback
    sys.exit(main())
