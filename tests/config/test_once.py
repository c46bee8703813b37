"""No list holds an entry twice, and no mapping what AWS compares twice; by type, so that a new list is held to it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Annotated, Any, Final

import pytest
from pydantic import Field, ValidationError

from config import schema
from config.allowed import resolve
from config.base import REPEATS, Section
from config.document import SETTINGS as DOCUMENT_SETTINGS
from config.document import Document, find, value_at
from config.files import stack_files
from config.shape import settings_schema
from config.stack import StackConfig
from tests.config.containersfile import STACK, WHOLE
from tests.config.flat import flat
from tests.config.schema_check import faults
from tests.config.stackfile import accepted, changed, refused
from tests.config.test_partial import problems

if TYPE_CHECKING:
    from collections.abc import Iterator

Pattern = tuple[str | int, ...]
SETTINGS: dict[str, Any] = {
    name: value_at(Document(flat(path), path.name).values, DOCUMENT_SETTINGS) for name, path in stack_files().items()
} | {STACK: WHOLE}
SAMPLES: Final[dict[str, Any]] = {
    "residency.classes.any.places": "slack",
    "network.admin_cidrs": "10.1.0.0/16",
    "management.peers.standby.node_ports": 443,
    "management.peers.standby.route_tables": "private-a",
    "management.admin_cidrs": "10.1.0.0/16",
    "cluster.public_access_cidrs": "192.0.2.0/24",
    "cluster.logs": "api",
    "cluster.access.team.namespaces": "phoenix",
    "data.postgres.previous_generations": 1,
    "data.tables.sessions.local_indexes.by-start.non_key_attributes": "country",
    "edge.balancer.pods.hosts": "live.phoenix.example",
    "beanstalk.target.hosts": "live.phoenix.example",
    "beanstalk.reaches": "redis",
    "instances.render.target.hosts": "live.phoenix.example",
    "edge.firewall.counted_rules.AWSManagedRulesCommonRuleSet": "NoUserAgent_HEADER",
    "audit.configuration.rules.ebs-volume-encryption.resource_types": "AWS::EC2::Volume",
    "cost.recipients": "a@b.example",
    "backup.events": "COPY_JOB_FAILED",
    "residency.classes.personal.places": "eu-west-1",
    "recovery.standby.streaming.topics": "orders",
    "recovery.standby.streaming.excluded_topics": "orders",
    "recovery.standby.streaming.consumer_groups": "orders",
}
"""An entry of each list that neither stack file writes out."""


def lists_of_the_schema(part: dict[str, Any], path: Pattern = ()) -> Iterator[Pattern]:
    """Yield the way to each list that settings may hold; `*` for a key of a mapping that is free."""
    rule = resolve(settings_schema(), part)
    if rule.get("type") == "array" and rule.get("uniqueItems", True):
        yield path
        yield from lists_of_the_schema(rule["items"], (*path, 0))
    entries = [rule.get("additionalProperties"), *rule.get("patternProperties", {}).values()]
    children = [*rule.get("properties", {}).items(), *(("*", one) for one in entries if isinstance(one, dict))]
    for step, child in children:
        yield from lists_of_the_schema(child, (*path, step))


def lists_of(value: object, path: Pattern = ()) -> Iterator[Pattern]:
    if isinstance(value, list) and value:
        yield path
    for step, child in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from lists_of(child, (*path, step))


def fits(path: Pattern, pattern: Pattern) -> bool:
    return len(path) == len(pattern) and all(
        wanted in ("*", 0, step) for step, wanted in zip(path, pattern, strict=True)
    )


def twice(pattern: Pattern) -> tuple[dict[str, Any], Pattern]:
    """Return settings in which a list holds its first entry twice, and the way to the second."""
    for settings in SETTINGS.values():
        for path in lists_of(settings):
            if fits(path, pattern):
                spoilt = copy.deepcopy(settings)
                entries: Any = find(spoilt, path)
                del entries[2:]  # a list that holds all that there is has room for one more
                entries.append(copy.deepcopy(entries[0]))
                return spoilt, (*path, len(entries) - 1)
    spoilt = copy.deepcopy(SETTINGS["prod"])
    path = next(tuple(name.split(".")) for name in SAMPLES if fits(tuple(name.split(".")), pattern))
    parent: Any = spoilt
    for step in path[:-1]:
        parent = parent.setdefault(step, {})
    parent[path[-1]] = [SAMPLES[".".join(map(str, path))]] * 2
    return spoilt, (*path, 1)


SCHEMA = schema.stack_file_schema()
PATTERNS = list(lists_of_the_schema(settings_schema()))


def test_the_schema_has_the_lists_that_are_tried() -> None:
    assert len(PATTERNS) > 40


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda path: ".".join(map(str, path)))
def test_no_list_of_the_settings_takes_an_entry_twice(pattern: Pattern) -> None:
    spoilt, second = twice(pattern)
    with pytest.raises(ValidationError) as caught:
        StackConfig.model_validate_json(json.dumps(spoilt), strict=True)
    repeated = [one for one in caught.value.errors() if one["type"] == "repeated"]
    assert [(*one["loc"], *one["ctx"]["at"]) for one in repeated] == [second]
    document = {"config": {"platform:settings": spoilt}}
    assert any(one.endswith(": twice") for one in faults(document, SCHEMA, SCHEMA["$defs"])), "an editor marks it, too"


def test_it_is_reported_at_the_second_entry_with_what_stands_there() -> None:
    found = refused(("gateway: [s3, dynamodb]", "gateway: [s3, dynamodb, s3]"))
    problem = found["network.endpoints.gateway[2]"]
    assert (problem.what, problem.got) == ("stands in the list already, as entry 1", '"s3"')
    assert found.keys() == {"network.endpoints.gateway[2]"}


TAINTS = "taints: [{key: nvidia.com/gpu}]"


@pytest.mark.parametrize(
    ("swap", "path", "allowed"),
    [
        (
            (TAINTS, "taints: [{key: nvidia.com/gpu}, {key: nvidia.com/gpu, value: other}]"),
            "cluster.node_groups.gpu.taints[1]",
            "each key and effect once",
        ),
        (
            ("{cpu_percent: 90, add_percent: 50}", "{cpu_percent: 80, add_percent: 50}"),
            "cluster.node_groups.general.policies.steps.steps[1]",
            "each cpu_percent once",
        ),
        (
            (
                "alerts: [{percent: 80}, {percent: 100},",
                "alerts: [{percent: 80}, {percent: 80, notification_type: ACTUAL},",
            ),
            "cost.budgets.account.alerts[1]",
            "each entry once",
        ),
        (
            ("services: [Amazon Relational Database Service]", "services: [Amazon RDS, amazon rds]"),
            "cost.budgets.database.services[1]",
            "each entry once",
        ),
    ],
)
def test_entries_are_compared_as_aws_compares_them(swap: tuple[str, str], path: str, allowed: str) -> None:
    assert refused(swap)[path].allowed == allowed


def test_taints_of_one_key_and_two_effects_are_two() -> None:
    group = accepted((TAINTS, "taints: [{key: nvidia.com/gpu}, {key: nvidia.com/gpu, effect: NO_EXECUTE}]"))
    assert len(group.cluster.node_groups["gpu"].taints) == 2


ARN = "arn:aws:iam::100000000004:role/operators"
ENTRY = f"{{principal_arn: {ARN}, policy: AmazonEKSViewPolicy}}"
NETWORK_POLICIES = "      network_policies: true\n"


@pytest.mark.parametrize(
    ("swap", "path"),
    [
        (
            (NETWORK_POLICIES, f"{NETWORK_POLICIES}      access: {{people: {ENTRY}, robots: {ENTRY}}}\n"),
            "cluster.access.robots.principal_arn",
        ),
        (("C0PHXNEWS01", "C0PHXALERTS"), "observability.channels.slack.channels.news.channel_id"),
        (
            (
                "          platform@phoenix.example: [critical, warning]",
                "          platform@phoenix.example: [critical, warning]\n          Platform@phoenix.example: [info]",
            ),
            'observability.channels.mail["Platform@phoenix.example"]',
        ),
        (
            ("      data_class: conf", "      extra_tags: {Team: a, team: b}\n      data_class: conf"),
            "identity.extra_tags.team",
        ),
        (
            ('{recurrence: "0 20 * * MON-FRI"', '{recurrence: "0 7 * * MON-FRI"'),
            "cluster.node_groups.general.policies.scheduled.evening.recurrence",
        ),
        (("service_account: validator}", "service_account: cloudwatch-agent}"), ""),
        (
            ("blockchain, service_account: validator}", "kube-system, service_account: ebs-csi-controller-sa}"),
            "observability.custom_metrics.chain.publisher",
        ),
        (("blockchain, service_account: validator}", "phoenix, service_account: phoenix-app}"), ""),
    ],
)  # fmt: skip
def test_two_names_of_what_aws_takes_once_are_refused(swap: tuple[str, str], path: str) -> None:
    assert refused(swap).keys() == ({path} if path else set())


def test_a_list_that_a_section_gets_one_day_is_held_to_it_without_a_word() -> None:
    class Later(Section):
        ports: tuple[int, ...]
        by_name: dict[str, tuple[str, ...]]

    for values in ({"ports": [1, 1], "by_name": {}}, {"ports": [], "by_name": {"a": ["x", "X"]}}):
        with pytest.raises(ValidationError, match="stands in the list already"):
            Later.model_validate_json(json.dumps(values), strict=True)


def test_arguments_of_a_command_may_repeat() -> None:
    class Runs(Section):
        command: Annotated[tuple[str, ...], Field(json_schema_extra=REPEATS)]

    values = {"command": ["--port", "1", "--port", "1"]}
    assert Runs.model_validate_json(json.dumps(values), strict=True).command == ("--port", "1", "--port", "1")
    spoilt = copy.deepcopy(SETTINGS[STACK])
    task = spoilt["containers"]["services"]["worker"]["task"]
    task["command"] = task["command"] * 2
    assert StackConfig.model_validate_json(json.dumps(spoilt), strict=True)
    assert list(faults({"config": {"platform:settings": spoilt}}, SCHEMA, SCHEMA["$defs"])) == []


def test_no_number_is_infinite() -> None:
    spoilt = copy.deepcopy(SETTINGS["prod"])
    spoilt["observability"]["alarms"]["errors"]["threshold"] = float("inf")
    (line,) = problems(spoilt)
    assert "observability.alarms.errors.threshold: not a finite number; got: inf" in line
    text = changed(("source: error_percent, threshold: 5,", "source: error_percent, threshold: .inf,"))
    assert Document(text, "f").values
