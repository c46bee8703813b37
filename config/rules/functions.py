"""Functions: what they run on is in support, what they name is there, and their numbers fit those of their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.functions import (
    ACCOUNT_CONCURRENCY,
    DATA_ENDPOINTS,
    ENVIRONMENT_BYTES,
    KEPT_VARIABLES,
    LARGE_BATCH,
    PLACE_BYTES,
    RUNTIMES,
    STREAM_READERS,
    UNRESERVED,
    VISIBILITY_TIMES,
)
from config.facts.metrics import FUNCTION_FAMILIES
from config.problems import NOTHING, Path, refuse
from config.rules.each import of_each
from config.rules.tasks import measured, role_resources, secret_there, timed, unmeasured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.functions import Function, QueueSource
    from config.problems import Problem
    from config.stack import StackConfig

FUNCTIONS: Final[Path] = ("functions",)
_of_each: Final = of_each(FUNCTIONS, lambda config: config.functions)


@_of_each
def runtimes(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """The runtime is one that AWS still mends."""
    fit = [name for name, one in RUNTIMES.items() if one.standard is None or config.as_of <= one.standard]
    if function.runtime not in fit:
        known = RUNTIMES.get(function.runtime)
        what = f"support of this runtime ended on {known.standard}" if known else "no runtime of Lambda known"
        fix = "choose one in support, or refresh config/facts/functions.py"
        yield refuse((*path, "runtime"), what, got=function.runtime, allowed=", ".join(fit), fix=fix)


@_of_each
def variables(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """Each variable is set once, by who may set it, and all of them fit into what Lambda takes."""
    own = function.places()
    for part in ("environment", "secrets"):
        for name in getattr(function, part):
            where = (*path, part, name)
            if name in own:
                what, fix = f"set by the program: where {own[name]} is", "drop it, or rename it"
                yield refuse(where, what, got=NOTHING, allowed="a name of its own", fix=fix)
            elif name.startswith(KEPT_VARIABLES):
                what, fix = "set by Lambda, which takes none of this name", "drop it, or rename it"
                yield refuse(where, what, got=NOTHING, allowed="a name of its own", fix=fix)
    for name, secret in function.secrets.items():
        where = (*path, "secrets", name)
        if name in function.environment:
            fix = "drop one of the two"
            yield refuse(where, "in environment, too", got=NOTHING, allowed="a name of its own", fix=fix)
        yield from secret_there(config, where, secret)
    written = sum(len((name + value).encode()) for name, value in function.environment.items())
    size = written + sum(len(name) + PLACE_BYTES for name in (*function.secrets, *own))
    if size > ENVIRONMENT_BYTES:
        what = "all variables, with names and with those of the program, are more than Lambda takes"
        fix = "keep what is long in a parameter or a secret"
        yield refuse((*path, "environment"), what, got=f"{size} bytes", allowed=f"{ENVIRONMENT_BYTES} bytes", fix=fix)


@_of_each
def resources(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """What the role names is there, and who logs in to the database is let in by its group."""
    yield from role_resources(config, (*path, "role"), function.role)
    if function.role.database is not None and "postgres" not in function.reaches:
        what, got = "needs postgres: the function logs in there (role.database)", list(function.reaches)
        yield refuse((*path, "reaches"), what, got=got, allowed="postgres among them", fix="add postgres")


@_of_each
def placed(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """A function in the VPC gets to the services that it calls, and one outside names no tier."""
    if not function.reaches:
        if function.tier is not None:
            what, fix = "the function reaches nothing in the VPC, and is not in it", "leave it out"
            yield refuse((*path, "tier"), what, got=function.tier, allowed="beside reaches", fix=fix)
        return
    network = present(config.network)
    tier = network.tier("private", function.tier)
    if network.tiers[tier].internet != "none":
        return
    role = function.role
    used = {
        "secrets": bool(function.secrets),
        "queues": bool(role.queues),
        "inference": role.inference is not None,
    }
    missing = [
        DATA_ENDPOINTS[name]
        for name, needed in used.items()
        if needed and DATA_ENDPOINTS[name] not in network.endpoints.interface
    ]
    by_route = {"s3": bool(role.buckets), "dynamodb": bool(role.tables)}
    missing += [
        f"{one} (network.endpoints.gateway)"
        for one, needed in by_route.items()
        if needed and one not in network.endpoints.gateway
    ]
    if missing:
        what = f"a function in tier {tier}, which has no way to the internet, cannot reach {', '.join(missing)}"
        fix = "add them to network.endpoints.interface, or give the tier `internet: nat`"
        yield refuse((*path, "tier"), what, got=tier, allowed="a tier with NAT, or endpoints for these", fix=fix)


@_of_each
def concurrency(_: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """What is ready, and what works on a queue, is no more than what the function may have."""
    reserved, source = function.reserved_concurrency, function.queue
    if reserved is None:
        return
    if function.provisioned_concurrency is not None and function.provisioned_concurrency > reserved:
        what, got = f"more than the {reserved} that are reserved", function.provisioned_concurrency
        where = (*path, "provisioned_concurrency")
        yield refuse(where, what, got=got, allowed=f"1 to {reserved}", fix="lower it, or raise reserved_concurrency")
    if source is not None and (source.max_concurrency is None or source.max_concurrency > reserved):
        what = (
            f"Lambda takes more messages than {reserved} executions work on: what it cannot hand on counts as received"
        )
        where = (*path, "queue", "max_concurrency")
        yield refuse(
            where,
            what,
            got=source.max_concurrency or NOTHING,
            allowed=f"2 to {reserved}",
            fix="set it to reserved_concurrency or less",
        )


def shares(config: StackConfig) -> Iterator[Problem]:
    """All reserved together leave what Lambda keeps for functions that reserve none.

    An account may have asked for more; the preflight asks for its own quota.
    """
    reserved = {name: one.reserved_concurrency for name, one in config.functions.items() if one.reserved_concurrency}
    total, most = sum(reserved.values()), ACCOUNT_CONCURRENCY - UNRESERVED
    if total > most:
        name = max(reserved, key=lambda one: reserved[one])
        what = f"with those of other functions more than an account may reserve by default ({total} of {most})"
        fix = "lower it, or leave it out"
        where = (*FUNCTIONS, name, "reserved_concurrency")
        yield refuse(where, what, got=reserved[name], allowed=f"{most} in all", fix=fix)


@_of_each
def queues(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """The queue is there, nobody else works on it, and its messages stay hidden while the function tries."""
    source = function.queue
    if source is None:
        return
    where, queue = (*path, "queue"), config.queues.get(source.name)
    if source.batch_size > LARGE_BATCH and source.window_seconds == 0:
        what, fix = f"a batch of more than {LARGE_BATCH} needs a window", "say for how long Lambda waits, 1 at least"
        yield refuse((*where, "window_seconds"), what, got=0, allowed="1 to 300", fix=fix)
    if queue is None:
        what, allowed = "no such queue", ", ".join(config.queues)
        yield refuse((*where, "name"), what, got=source.name, allowed=allowed, fix="add it to messaging.queues")
        return
    least = VISIBILITY_TIMES * function.timeout_seconds + source.window_seconds
    if queue.visibility_timeout_seconds < least:
        what = f"{path[-1]} may try for {least} s (six time-outs and its window), and another run gets the message"
        at, got = ("messaging", "queues", source.name, "visibility_timeout_seconds"), queue.visibility_timeout_seconds
        yield refuse(at, what, got=got, allowed=f"{least} or more", fix="raise it, or lower the function's time-out")
    if other := _worker(config, str(path[-1]), source):
        what, fix = f"{other} works on it, too, and each gets half of the messages", "give one of them another queue"
        yield refuse((*where, "name"), what, got=source.name, allowed="a queue of its own", fix=fix)


def _worker(config: StackConfig, own: str, source: QueueSource) -> str:
    """Return who else works on the queue of a function; empty = nobody, or a function that is judged later."""
    for name, function in config.functions.items():
        if name == own:
            break
        if function.queue is not None and function.queue.name == source.name:
            return f"functions.{name}"
    for name, service in config.services.items():
        access = service.task.role.queues.get(source.name)
        if access is not None and "sqs:ReceiveMessage" in access.actions:
            return f"containers.services.{name}"
    return ""


@_of_each
def streams(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """The table has a stream that is known here, and few enough read it."""
    source = function.stream
    if source is None:
        return
    where, table = (*path, "stream", "table"), config.tables.get(source.table)
    if table is None or table.stream is None:
        what = "no such table" if table is None else "the table has no stream"
        allowed = ", ".join(name for name, one in config.tables.items() if one.stream is not None)
        fix = "add it to data.tables" if table is None else f"say in data.tables.{source.table}.stream what it holds"
        yield refuse(where, what, got=source.table, allowed=allowed, fix=fix)
    elif config.identity.role == "standby":
        what, fix = "the copy of a table is made by the primary, and its stream is not known here", "leave `stream` out"
        yield refuse(where, what, got=source.table, allowed="in a primary", fix=fix)
    readers = [name for name, one in config.functions.items() if one.stream and one.stream.table == source.table]
    if path[-1] in readers[STREAM_READERS:]:
        what, fix = f"{' and '.join(readers[:STREAM_READERS])} read it already", "let one of them do this work, too"
        yield refuse(where, what, got=source.table, allowed=f"{STREAM_READERS} functions at most", fix=fix)


@_of_each
def schedules(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """Planned calls come, and what becomes of those, and of changes, that fail is said."""
    for name, planned in function.schedules.items():
        yield from timed(config, (*path, "schedules", name), planned.recurrence, planned.time_zone)
    waits = "a planned call" if function.schedules else "a change" if function.stream is not None else ""
    if waits and function.failures is None:
        what, fix = f"nobody waits for {waits}: one that fails is lost", "add `failures: {}`"
        yield refuse((*path, "failures"), what, got=NOTHING, allowed="a section", fix=fix)


@_of_each
def released(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """Alarms that take a release back are rows that are measured on functions, on this one."""
    known = measured(config, FUNCTION_FAMILIES)
    for at, name in enumerate(function.release.alarms if function.release else ()):
        where = (*path, "release", "alarms", at)
        if name not in known:
            yield unmeasured(config, where, name, known, "functions, whose source begins with function_")
        elif known[name].of == "stream_function" and function.stream is None:
            what, fix = "measured on what is read of a stream", "leave it out"
            yield refuse(where, what, got=name, allowed="beside stream", fix=fix)
        elif known[name].of == "topic_function" and function.topic is None:
            what, fix = "measured on what is read of a topic", "leave it out"
            yield refuse(where, what, got=name, allowed="beside topic", fix=fix)
        elif known[name].of == "failure_queue" and function.failures is None:
            what, fix = "counted in the queue of failures", "add `failures`, or leave it out"
            yield refuse(where, what, got=name, allowed="beside failures", fix=fix)


@_of_each
def signed(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """The code signing configuration is one of the account and region."""
    arn, identity = function.code_signing_arn, config.identity
    if arn is not None and tuple(arn.split(":")[3:5]) != (identity.region, identity.account_id):
        what = f"of {arn.split(':')[4]} in {arn.split(':')[3]}"
        allowed = f"one of {identity.account_id} in {identity.region}"
        yield refuse((*path, "code_signing_arn"), what, got=NOTHING, allowed=allowed, fix="name one of this stack's")


RULES: Final = (
    runtimes,
    variables,
    resources,
    placed,
    concurrency,
    shares,
    queues,
    streams,
    schedules,
    released,
    signed,
)
