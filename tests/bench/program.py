"""The Pulumi program of a synthetic project: every resource of `resources.json`, with one explicit provider.

It runs on the SDK as this repository's own program does.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from components.runtime import collect_no_garbage, wait_once

if TYPE_CHECKING:
    from collections.abc import Mapping


def resolved(value: Any, made: Mapping[str, pulumi.Resource]) -> Any:  # noqa: ANN401 any input
    """Return an input with every reference replaced by the output it names."""
    if isinstance(value, list):
        return [resolved(each, made) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        name, output = value["$ref"]
        return getattr(made[name], output)
    return {key: resolved(each, made) for key, each in value.items()}


def main() -> None:
    """Register every resource."""
    document = json.loads(Path(__file__).with_name("resources.json").read_text(encoding="utf-8"))
    provider = aws.Provider("aws", **document["provider"])
    made: dict[str, pulumi.Resource] = {}
    for each in document["resources"]:
        module, _, name = each["class"].partition(".")
        kind = getattr(importlib.import_module(f"pulumi_aws.{module}"), name)
        opts = pulumi.ResourceOptions(provider=provider)
        made[each["name"]] = kind(each["name"], opts=opts, **resolved(each["inputs"], made))


if __name__ == "__main__":
    collect_no_garbage()
    main()
    wait_once()
