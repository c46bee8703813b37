"""A finding is shown at the line of the stack file, or of a base, that the value comes from."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from components.stack import deploy
from config.explain import leaves
from config.files import ROOT, StackFile, stack_file, valid_file
from config.problems import dotted
from review.__main__ import main
from review.places import Places
from review.record import record
from review.recording import record_stack
from review.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path as FilePath

    from config.problems import Path
    from config.stack import StackConfig
    from review.graph import Graph

TODAY = date(2026, 11, 30)
CHANGED = {
    "data.log_retention_days": 180,
    "data.postgres.backup_retention_days": 9,
    "data.postgres.instance_class": "db.t4g.large",
    "data.postgres.maintenance_window_utc": "sun:06:00-sun:07:00",
    "data.postgres.multi_az": False,
    "data.postgres.secret.rotation_days": 20,
    "data.postgres.storage.allocated_gib": 30,
    "keys.deletion_window_days": 20,
    "network.cidr": "10.20.0.0/19",
    "network.flow_logs.retention_days": 120,
}
"""Settings of the small stack and other values that they may have."""


@cache
def small() -> tuple[StackFile, Graph]:
    file = valid_file(stack_file("small"))
    return file, recorded(file.settings)


def recorded(settings: StackConfig) -> Graph:
    return record(lambda: deploy(settings).publish(), "small")


def with_(settings: StackConfig, path: str, value: object) -> StackConfig:
    values: dict[str, Any] = settings.model_dump()
    around = values
    *above, last = path.split(".")
    for step in above:
        around = around[step]
    assert around[last] != value
    around[last] = value
    return type(settings).model_validate(values)


def changes(before: object, after: object, path: str = "") -> Iterator[str]:
    """Yield the paths of inputs that differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from changes(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from changes(old, new, f"{path}[{at}]")
    elif before != after:
        yield path


@pytest.mark.parametrize("setting", CHANGED)
def test_an_input_that_a_setting_changes_leads_to_that_setting(setting: str) -> None:
    file, graph = small()
    after = recorded(with_(file.settings, setting, CHANGED[setting]))
    places = Places(file, graph)
    led = {
        places.at(one.urn, path).setting
        for one in after.resources
        if one.custom and one.urn in graph.by_urn
        for path in changes(dict(graph.by_urn[one.urn].inputs), dict(one.inputs))
    }
    assert led == {setting}


def test_settings_of_the_same_value_are_not_taken_for_each_other() -> None:
    file, _ = small()
    same = with_(with_(file.settings, "data.log_retention_days", 14), "data.postgres.backup_retention_days", 14)
    graph = recorded(with_(same, "network.flow_logs.retention_days", 14))
    places = Places(replace(file, settings=same), graph)
    led = {
        name: places.at(graph.named(name, f"aws:{type_}").urn, path).setting
        for name, type_, path in (
            ("data-postgres-primary-postgresql-log", "cloudwatch/logGroup:LogGroup", "retentionInDays"),
            ("network-flow-logs", "cloudwatch/logGroup:LogGroup", "retentionInDays"),
            ("data-postgres-primary", "rds/instance:Instance", "backupRetentionPeriod"),
        )
    }
    assert list(led.values()) == [
        "data.log_retention_days",
        "network.flow_logs.retention_days",
        "data.postgres.backup_retention_days",
    ]


def test_every_resource_and_input_of_a_stack_has_a_line_that_exists() -> None:
    file, graph = small()
    places = Places(file, graph)
    known = {dotted(path[:n]) for path, _ in leaves(file.settings) for n in range(1, len(path) + 1)}
    for one in graph.resources:
        for path in ("", *one.inputs):
            place = places.at(one.urn, path)
            assert 1 <= place.line <= len((ROOT / place.file).read_text(encoding="utf-8").splitlines())
            assert place.setting in {"", *known}


def test_what_stands_in_no_graph_is_shown_at_the_beginning_of_the_settings() -> None:
    file, graph = small()
    assert str(Places(file, graph).at("", "")) == f"Pulumi.small.yaml:{line(file, ())}"


def line(file: StackFile, path: Path) -> int:
    _, found = file.layers.place(path)
    assert found
    return found


@pytest.mark.slow
def test_lines_of_prod_are_those_of_its_file_and_of_its_bases() -> None:
    file = valid_file(stack_file("prod"))
    graph = record_stack("prod", file.settings)
    places = Places(file, graph)
    led = {
        (name, path): places.at(graph.named(name, f"aws:{type_}").urn, path)
        for name, type_, path in (
            ("data-postgres-reader-c", "rds/instance:Instance", "instanceClass"),
            ("data-postgres-primary", "rds/instance:Instance", "multiAz"),
            ("network-flow-logs", "cloudwatch/logGroup:LogGroup", "retentionInDays"),
            ("cluster-general-template", "ec2/launchTemplate:LaunchTemplate", "blockDeviceMappings[0].ebs.encrypted"),
            ("registry-application", "ecr/repository:Repository", "imageScanningConfiguration.scanOnPush"),
        )
    }
    assert [(one.file, one.setting) for one in led.values()] == [
        ("Pulumi.prod.yaml", "data.postgres.replicas.reader-c.instance_class"),
        ("bases/postgres.yaml", "data.postgres.multi_az"),
        ("bases/production.yaml", "network.flow_logs.retention_days"),
        ("Pulumi.prod.yaml", "cluster.node_groups.general"),
        ("bases/eks.yaml", "registry.scan"),
    ]
    waived = judge(graph, environment="prod", today=TODAY).findings
    assert "data.buckets.logs" in {places.of(one).setting for one in waived}


def test_the_command_writes_what_it_prints(tmp_path: FilePath, capsys: pytest.CaptureFixture[str]) -> None:

    assert main(["small", "--sarif", str(tmp_path / "small.sarif"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)["policy"]["findings"]
    [run] = json.loads((tmp_path / "small.sarif").read_text(encoding="utf-8"))["runs"]
    assert run["automationDetails"]["id"] == "policy/small/"
    assert len(run["results"]) == len(printed)
    assert [one["place"]["line"] for one in printed] == [
        one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in run["results"]
    ]
    assert main(["small", "--sarif", str(tmp_path / "none" / "small.sarif")]) == 2


def test_the_command_prints_the_matrix_of_a_stack(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["small", "--matrix", "--json"]) == 0
    printed = {(one["framework"], one["requirement"]): one for one in json.loads(capsys.readouterr().out)["compliance"]}
    assert printed["CIS AWS 5.0", "2.2.1"]["verdict"] == "holds"
    assert printed["CIS AWS 5.0", "2.2.1"]["resources"] == 1
    assert main(["small", "--matrix"]) == 0
    assert "CIS AWS 5.0 2.2.1: holds, 1 resources; enforced" in capsys.readouterr().out
