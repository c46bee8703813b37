"""Functions: what Lambda would refuse, what would be lost or done twice, and numbers that contradict each other."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

from config.facts.functions import RUNTIMES, VISIBILITY_TIMES
from config.functions import Function
from config.placement import placed
from tests.config import containersfile, functionsfile
from tests.config.containersfile import GONE
from tests.config.functionsfile import WITH_API, accepted, refused

ANSWER, REMIND, QUEUE = "functions.answer", "functions.remind", "messaging.queues.letters"
THUMBNAILS = "functions.thumbnails"
TIDY = "functions.tidy"
MORE = {
    "purpose": "Works on changes",
    "handler": "services.auctions.picture.png",
    "runtime": "python3.13",
    "memory_mib": 128,
    "timeout_seconds": 10,
    "log_retention_days": 90,
}
Changes = dict[str, Any]

REFUSED: dict[str, tuple[Changes, str, str]] = {
    "a runtime that is mended no more": ({f"{ANSWER}.runtime": "python3.11"}, f"{ANSWER}.runtime", "ended on"),
    "a runtime of nobody": ({f"{ANSWER}.runtime": "python3.99"}, f"{ANSWER}.runtime", "no runtime of Lambda"),
    "a runtime that is no Python": ({f"{ANSWER}.runtime": "nodejs22.x"}, f"{ANSWER}.runtime", ""),
    "too little memory": ({f"{ANSWER}.memory_mib": 127}, f"{ANSWER}.memory_mib", ""),
    "too much memory": ({f"{ANSWER}.memory_mib": 10_241}, f"{ANSWER}.memory_mib", ""),
    "a run of more than 15 minutes": ({f"{ANSWER}.timeout_seconds": 901}, f"{ANSWER}.timeout_seconds", ""),
    "a small /tmp": ({f"{ANSWER}.storage_mib": 511}, f"{ANSWER}.storage_mib", ""),
    "a handler by its file": ({f"{ANSWER}.handler": "services/agents/http.py"}, f"{ANSWER}.handler", ""),
    "a handler of others": ({f"{ANSWER}.handler": "os.path.join"}, f"{ANSWER}.handler", ""),
    "a variable of Lambda's": (
        {f"{ANSWER}.environment": {"AWS_REGION": "eu-west-1"}},
        f"{ANSWER}.environment.AWS_REGION",
        "set by Lambda",
    ),
    "a secret under a variable of Lambda's": (
        {f"{ANSWER}.secrets": {"LAMBDA_TASK_ROOT": {"of": "redis"}}},
        f"{ANSWER}.secrets.LAMBDA_TASK_ROOT",
        "set by Lambda",
    ),
    "a variable of the program's": (
        {f"{REMIND}.environment": {"QUEUE_LETTERS_URL": "https://example.com"}},
        f"{REMIND}.environment.QUEUE_LETTERS_URL",
        "set by the program",
    ),
    "a variable twice": (
        {f"{ANSWER}.environment": {"STAMP_SECRET": "x"}},
        f"{ANSWER}.secrets.STAMP_SECRET",
        "in environment, too",
    ),
    "variables of more than 4 KB": (
        {f"{ANSWER}.environment": {f"TEXT_{at}": "x" * 900 for at in range(5)}},
        f"{ANSWER}.environment",
        "more than Lambda takes",
    ),
    "a secret of another region": (
        {f"{ANSWER}.secrets": {"KEY": {"arn": "arn:aws:secretsmanager:eu-west-2:100000000004:secret:a-AbCdEf"}}},
        f"{ANSWER}.secrets.KEY.arn",
        "eu-west-2",
    ),
    "a secret of what is not there": (
        {f"{ANSWER}.secrets": {"KEY": {"of": "postgres"}}},
        f"{ANSWER}.secrets.KEY.of",
        "this stack has no data.postgres",
    ),
    "a right on a queue that is not there": (
        {f"{REMIND}.role.queues": {"leters": {"actions": ["sqs:SendMessage"], "reason": "Has a slip of the pen"}}},
        f"{REMIND}.role.queues.leters",
        "not in messaging.queues",
    ),
    "a database that is not there": (
        {f"{ANSWER}.reaches": ["postgres"]},
        f"{ANSWER}.reaches[0]",
        "this stack has none",
    ),
    "a tier without a way into the VPC": ({f"{ANSWER}.tier": "private"}, f"{ANSWER}.tier", "reaches nothing"),
    "more ready than reserved": (
        {f"{REMIND}.reserved_concurrency": 2, f"{REMIND}.provisioned_concurrency": 3},
        f"{REMIND}.provisioned_concurrency",
        "more than the 2 that are reserved",
    ),
    "messages taken that nobody may work on": (
        {f"{ANSWER}.reserved_concurrency": 5},
        f"{ANSWER}.queue.max_concurrency",
        "counts as received",
    ),
    "more of them than are reserved": (
        {f"{ANSWER}.reserved_concurrency": 5, f"{ANSWER}.queue.max_concurrency": 6},
        f"{ANSWER}.queue.max_concurrency",
        "counts as received",
    ),
    "all of the account's concurrency": (
        {f"{REMIND}.reserved_concurrency": 901},
        f"{REMIND}.reserved_concurrency",
        "901 of 900",
    ),
    "a message that is handed out while a run tries": (
        {f"{QUEUE}.visibility_timeout_seconds": 179},
        f"{QUEUE}.visibility_timeout_seconds",
        "may try for 180 s",
    ),
    "one that is handed out while a batch fills": (
        {f"{ANSWER}.queue.window_seconds": 1},
        f"{QUEUE}.visibility_timeout_seconds",
        "may try for 181 s",
    ),
    "a large batch without a window": (
        {f"{ANSWER}.queue.batch_size": 11},
        f"{ANSWER}.queue.window_seconds",
        "needs a window",
    ),
    "a queue that is not there": ({f"{ANSWER}.queue.name": "leters"}, f"{ANSWER}.queue.name", "no such queue"),
    "two functions on a queue": (
        {f"{REMIND}.queue": {"name": "letters"}},
        f"{REMIND}.queue.name",
        "functions.answer works on it, too",
    ),
    "a planned call that is lost when it fails": ({f"{REMIND}.failures": GONE}, f"{REMIND}.failures", "is lost"),
    "a time that never comes": (
        {f"{REMIND}.schedules.daily.recurrence": "0 8 31 2 ? *"},
        f"{REMIND}.schedules.daily.recurrence",
        "",
    ),
    "a time zone of nobody": (
        {f"{REMIND}.schedules.daily.time_zone": "Europe/Berlln"},
        f"{REMIND}.schedules.daily.time_zone",
        "no time zone",
    ),
    "a release without alarms": (
        {f"{ANSWER}.release": {"traffic": "Canary10Percent5Minutes", "alarms": []}},
        f"{ANSWER}.release.alarms",
        "",
    ),
    "a release that nobody watches": (
        {f"{ANSWER}.release": {"traffic": "Canary10Percent5Minutes", "alarms": ["errors"]}},
        f"{ANSWER}.release",
        "needs observability",
    ),
    "signatures of another account": (
        {f"{ANSWER}.code_signing_arn": f"arn:aws:lambda:eu-west-1:200000000002:code-signing-config:csc-{'0' * 17}"},
        f"{ANSWER}.code_signing_arn",
        "of 200000000002",
    ),
}
IN_SHOP: dict[str, tuple[Changes, str, str]] = {
    "a log-in where no group lets it in": (
        {f"{THUMBNAILS}.reaches": ["redis", "streaming"]},
        f"{THUMBNAILS}.reaches",
        "needs postgres",
    ),
    "a function and a task on a queue": (
        {f"{THUMBNAILS}.queue.name": "videos"},
        f"{THUMBNAILS}.queue.name",
        "containers.services.worker works on it, too",
    ),
    "an alarm that is not of functions": (
        {f"{THUMBNAILS}.release.alarms": ["busy-services"]},
        f"{THUMBNAILS}.release.alarms[0]",
        "not measured on functions",
    ),
    "an alarm that is not there": (
        {f"{THUMBNAILS}.release.alarms": ["busy-function"]},
        f"{THUMBNAILS}.release.alarms[0]",
        "no such row",
    ),
    "an alarm on failures that nobody keeps": (
        {f"{THUMBNAILS}.release.alarms": ["failed-calls"]},
        f"{THUMBNAILS}.release.alarms[0]",
        "counted in the queue of failures",
    ),
    "a stream of no table": ({f"{TIDY}.stream.table": "session"}, f"{TIDY}.stream.table", "no such table"),
    "a stream that the table does not have": (
        {f"{TIDY}.stream.table": "counters"},
        f"{TIDY}.stream.table",
        "the table has no stream",
    ),
    "a third function on a stream": (
        {
            f"functions.{name}.{key}": value
            for name in ("quote", "more")
            for key, value in {**MORE, "stream": {"table": "sessions"}, "failures": {}}.items()
        },
        "functions.more.stream.table",
        "tidy",
    ),
    "changes that are lost when they fail": (
        {f"{TIDY}.failures": containersfile.GONE, f"{TIDY}.schedules": containersfile.GONE},
        f"{TIDY}.failures",
        "nobody waits for a change",
    ),
    "an alarm on a stream that nobody reads": (
        {f"{THUMBNAILS}.release.alarms": ["late-changes"]},
        f"{THUMBNAILS}.release.alarms[0]",
        "measured on what is read of a stream",
    ),
    "a tier without a way to queues": (
        {
            "network.tiers.tasks.internet": "none",
            "network.endpoints.interface": ["ecr.api", "ecr.dkr", "sts", "logs", "secretsmanager"],
            f"{THUMBNAILS}.role": {"queues": {"videos": {"actions": ["sqs:SendMessage"], "reason": "Asks for videos"}}},
        },
        f"{THUMBNAILS}.tier",
        "cannot reach sqs",
    ),
}
"""The same of a stack with a VPC, tasks and alarms."""
ROUTES = "api.routes"
OF_API: dict[str, tuple[Changes, str, str]] = {
    "a route to a service and a function": (
        {f"{ROUTES}.write.service": "web"},
        f"{ROUTES}.write",
        "leads to a service and to a function",
    ),
    "a route to nothing": ({f"{ROUTES}.write.function": GONE}, f"{ROUTES}.write", "leads nowhere"),
    "a route to a function that is not there": (
        {f"{ROUTES}.write.function": "anser"},
        f"{ROUTES}.write.function",
        "no function of `functions`",
    ),
    "a function that works on when its caller was told 503": (
        {f"{ROUTES}.write.timeout_milliseconds": 29_999},
        f"{ROUTES}.write.timeout_milliseconds",
        "gives up before answer does",
    ),
    "a function of more than the longest route": (
        {f"{ANSWER}.timeout_seconds": 31, f"{QUEUE}.visibility_timeout_seconds": 200},
        f"{ROUTES}.write.timeout_milliseconds",
        "whose time-out is 31 s",
    ),
    "a tier of what does not stand": ({"api.tier": "private"}, "api.tier", "nothing of it stands in the VPC"),
    "a route of which nobody knows who may": (
        {f"{ROUTES}.rest.public": GONE},
        f"{ROUTES}.rest",
        "says nothing of who may call it",
    ),
}
"""The same of an API whose routes lead to functions."""


def _wrong(cases: dict[str, tuple[Changes, str, str]], file: Any) -> dict[str, str]:  # noqa: ANN401 - a module
    wrong = {}
    for name, (changes, path, words) in cases.items():
        found = file.refused(changes)
        if path not in found or words not in found[path].what:
            wrong[name] = f"{path}: {words}: {[str(one) for one in found.values()]}"
    return wrong


def test_what_cannot_work_is_refused_where_it_stands() -> None:
    assert accepted().functions
    assert _wrong(REFUSED, functionsfile) == {}


def test_what_cannot_work_beside_tasks_and_alarms_is_refused() -> None:
    assert _wrong(IN_SHOP, containersfile) == {}


def test_what_cannot_work_behind_an_api_is_refused() -> None:
    assert accepted(WITH_API).api
    assert not [one for one in placed(containersfile.accepted()) if one.member.group == "api" and one.tier != "tasks"]
    assert _wrong({name: ({**WITH_API, **row[0]}, *row[1:]) for name, row in OF_API.items()}, functionsfile) == {}


def test_every_runtime_is_taken_until_its_last_day() -> None:
    day = accepted().as_of
    taken = {name: f"{ANSWER}.runtime" not in refused({f"{ANSWER}.runtime": name}) for name in RUNTIMES}
    assert taken == {name: one.standard is None or day <= one.standard for name, one in RUNTIMES.items()}
    assert set(taken.values()) == {True, False}
    assert max(one.standard or date.min for one in RUNTIMES.values()) > day


def test_six_time_outs_and_the_window_are_just_enough() -> None:
    for seconds, window in ((1, 0), (900, 0), (30, 300), (7, 11)):
        fits = VISIBILITY_TIMES * seconds + window
        changes = {
            f"{ANSWER}.timeout_seconds": seconds,
            f"{ANSWER}.queue": {"name": "letters", "window_seconds": window},
        }
        assert refused({**changes, f"{QUEUE}.visibility_timeout_seconds": fits}) == {}
        assert f"{QUEUE}.visibility_timeout_seconds" in refused(
            {**changes, f"{QUEUE}.visibility_timeout_seconds": fits - 1}
        )


def test_reserved_shares_of_all_functions_count_together() -> None:
    both = {f"{ANSWER}.reserved_concurrency": 450, f"{ANSWER}.queue.max_concurrency": 450}
    assert refused({**both, f"{REMIND}.reserved_concurrency": 450}) == {}
    assert f"{REMIND}.reserved_concurrency" in refused({**both, f"{REMIND}.reserved_concurrency": 451})


def test_a_function_stands_in_the_vpc_exactly_where_it_reaches_something() -> None:
    groups = {one.member.group: one for one in placed(containersfile.accepted())}
    assert groups["function-thumbnails"].tier == "tasks"
    assert groups["function-thumbnails"].member.calls == ("rds", "streaming")
    assert "function-tidy" not in groups


def test_the_names_of_releases_are_those_of_codedeploy() -> None:
    release = Function.model_fields["release"].annotation
    (section,) = [one for one in get_args(release) if one is not type(None)]
    assert len(get_args(section.model_fields["traffic"].annotation)) == 8, "4 canaries, 4 linear ones"
