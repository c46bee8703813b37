"""Functions that work on topics of Kafka: who joins a group, what pollers need, which messages a pattern can tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from config.base import present
from config.facts.functions import POLLED_SECONDS
from config.problems import NOTHING, Path, refuse
from config.rules.each import of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.functions import Function
    from config.problems import Problem
    from config.stack import StackConfig

FUNCTIONS: Final[Path] = ("functions",)
SQS: Final = "sqs"
_of_each: Final = of_each(FUNCTIONS, lambda config: config.functions)


@_of_each
def polled(_: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """A function that works on a topic ends before its pollers give up, and is none that others call for work."""
    source = function.topic
    if source is None:
        return
    if function.timeout_seconds > POLLED_SECONDS:
        what, got = "longer than pollers of Kafka wait for a function", function.timeout_seconds
        where = (*path, "timeout_seconds")
        yield refuse(where, what, got=got, allowed=f"1 to {POLLED_SECONDS}", fix="lower it, or drop topic")
    if source.pollers.least > source.pollers.most:
        where, got = (*path, "topic", "pollers", "least"), source.pollers.least
        allowed = f"1 to {source.pollers.most}"
        yield refuse(where, "more than the most", got=got, allowed=allowed, fix="lower it, or raise most")
    if function.failures is None:
        what, fix = "a message that fails is lost: nobody waits for it", "add `failures: {}`"
        yield refuse((*path, "failures"), what, got=NOTHING, allowed="a section", fix=fix)


@_of_each
def groups(config: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """Nobody else joins the group of a function: each would get a part of the partitions."""
    if function.topic is None:
        return
    group = function.topic.group
    for name, other in config.functions.items():
        if name == path[-1]:
            break
        if other.topic is not None and other.topic.group == group:
            what, fix = f"functions.{name} joins it: Lambda takes a group once", "give one of them another group"
            yield refuse((*path, "topic", "group"), what, got=group, allowed="a group of its own", fix=fix)
            return


@_of_each
def patterns(_: StackConfig, path: Path, function: Function) -> Iterator[Problem]:
    """A pattern is JSON on `value`, the one key of a message that Lambda compares."""
    for at, pattern in enumerate(function.topic.filters if function.topic else ()):
        where, allowed = (*path, "topic", "filters", at), 'JSON such as {"value": {"kind": ["sold"]}}'
        try:
            read = json.loads(pattern)
        except ValueError as error:
            yield refuse(where, f"no JSON: {error}", got=pattern, allowed=allowed, fix="correct it")
            continue
        if not isinstance(read, dict) or set(read) != {"value"} or not isinstance(read["value"], dict | list):
            what, fix = "Lambda compares the value of a message of Kafka, and nothing else", "name `value` alone"
            yield refuse(where, what, got=pattern, allowed=allowed, fix=fix)


def reached(config: StackConfig) -> Iterator[Problem]:
    """Pollers have their way to the brokers and to the queues of failures, and are there for somebody."""
    streaming = present(config.streaming)
    reading = [name for name, one in config.functions.items() if one.topic is not None]
    where: Path = ("streaming", "functions")
    if reading and not streaming.functions:
        what, fix = f"functions.{reading[0]} works on a topic: its pollers have no way to the brokers", "set it to true"
        yield refuse(where, what, got=False, allowed="true, beside functions.*.topic", fix=fix)
    if streaming.functions and not reading:
        what, fix = "the brokers' group calls inside the VPC for pollers that nobody has", "drop it, or add a topic"
        yield refuse(where, what, got=True, allowed="false, without functions.*.topic", fix=fix)
    network = present(config.network)
    if reading and SQS not in network.endpoints.interface:
        what = "pollers stand in the brokers' subnets, and keep what failed in SQS by an endpoint of the VPC"
        got, at = list(network.endpoints.interface), ("network", "endpoints", "interface")
        yield refuse(at, what, got=got, allowed=f"{SQS} among them", fix=f"add {SQS}")


RULES: Final = (polled, groups, patterns, reached)
