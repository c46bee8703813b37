"""The synthetic project and the Terraform configuration are the same stack."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pulumi_aws
import pytest

from tests.bench import synthetic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize("count", [1, 24, 25, 26, 250])
def test_the_project_and_the_terraform_configuration_hold_the_same_resources(count: int, tmp_path: Path) -> None:
    synthetic.write(tmp_path, count)
    project = json.loads((tmp_path / "resources.json").read_text())
    plan = json.loads((tmp_path / "terraform" / "main.tf.json").read_text())
    types = {kind.python: kind for kind in vars(synthetic).values() if isinstance(kind, synthetic.Kind)}
    there = {(types[each["class"]].terraform, each["name"]): each["inputs"] for each in project["resources"]}
    planned = {(kind, name): inputs for kind, all_ in plan["resource"].items() for name, inputs in all_.items()}
    assert len(there) == count
    assert there.keys() == planned.keys()
    assert project["provider"] == plan["provider"]["aws"]
    assert all("alarm_name" in alarm for alarm in plan["resource"].get("aws_cloudwatch_metric_alarm", {}).values())
    types_of = {each["name"]: types[each["class"]].terraform for each in project["resources"]}
    for (kind, name), inputs in there.items():
        renamed = next(each.renamed for each in types.values() if each.terraform == kind)
        expected = {renamed.get(key, key): in_terraform(value, types_of) for key, value in inputs.items()}
        assert planned[kind, name] == expected


def test_every_resource_is_of_a_class_of_the_sdk_and_refers_to_earlier_ones_only() -> None:
    seen: set[str] = set()
    listed = synthetic.resources(60)
    for each in listed:
        module, _, name = each.kind.python.partition(".")
        made_by = getattr(getattr(pulumi_aws, module), name)
        assert each.inputs.keys() <= inspect.signature(made_by._internal_init).parameters.keys()
        assert seen.issuperset(to.resource.name for to in references(each.inputs))
        seen.add(each.name)
    assert len(seen) == len(listed) == 60


def test_a_cell_is_a_mix_of_25() -> None:
    kinds = Counter(each.kind.terraform for each in synthetic.cell(3))
    assert kinds.total() == 25
    assert len(kinds) == 16
    assert synthetic.resources(50)[25:] == list(synthetic.cell(1))


def references(value: object) -> Iterator[synthetic.Reference]:
    """Yield what an input refers to."""
    match value:
        case synthetic.Reference():
            yield value
        case dict():
            yield from (found for each in value.values() for found in references(each))
        case list():
            yield from (found for each in value for found in references(each))


def in_terraform(value: Any, types: dict[str, str]) -> Any:  # noqa: ANN401 any input
    """Write what `resources.json` has as Terraform has it, apart from the code under test."""
    if isinstance(value, dict) and "$ref" in value:
        name, output = value["$ref"]
        return "${" + ".".join((types[name], name, output)) + "}"
    if isinstance(value, dict):
        return {key: in_terraform(each, types) for key, each in value.items()}
    return [in_terraform(each, types) for each in value] if isinstance(value, list) else value
