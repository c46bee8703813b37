"""Policies of up to a hundred buckets: what config estimates is what the program writes, and too much is refused."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.facts.quotas import QUOTAS
from config.files import stack_file
from config.load import load_file
from config.rules import documents
from tests.components.recording import recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.stack import StackConfig
    from review.graph import Graph

pytestmark = pytest.mark.slow

SLACK = 900
"""Characters by which an estimate may be too large: it bounds ids that are not known yet."""
NAMES = st.lists(st.from_regex(r"[a-z][a-z0-9]{2,45}", fullmatch=True), min_size=1, max_size=100, unique=True)
BUCKET = "arn:aws:s3:::"


@cache
def _recorded(stack: str) -> tuple[StackConfig, Graph]:
    settings = load_file(stack_file(stack))
    return settings, recorded(stack)


def _with(stack: str, names: list[str]) -> StackConfig:
    """Return a stack with a bucket of each name."""
    found, _ = _recorded(stack)
    one = next(iter(found.buckets.values()))
    made = {f"b{at}": one.model_copy(update={"name": name}) for at, name in enumerate(names)}
    assert found.data is not None
    return found.model_copy(update={"data": found.data.model_copy(update={"buckets": made})})


def _grown(value: Any, account: str, names: list[str]) -> Any:  # noqa: ANN401  any JSON
    """Return a recorded document with other buckets: each list of the stack's buckets has one entry a name."""
    if isinstance(value, dict):
        return {key: _grown(inner, account, names) for key, inner in value.items()}
    if isinstance(value, list):
        if len(value) > 1 and all(str(one).startswith(BUCKET) for one in value):
            suffix = "/*" if str(value[0]).endswith("/*") else ""
            return [f"{BUCKET}{name}-{account}{suffix}" for name in names]
        return [_grown(inner, account, names) for inner in value]
    return value


def _sizes(stack: str, type_: str, names: list[str], role: str = "") -> list[int]:
    """Return the characters of a type's documents, were these the stack's buckets."""
    settings, graph = _recorded(stack)
    found = [
        json.loads(str(one.inputs["policy"])) for one in graph.of_type(type_) if role in str(one.inputs.get("role", ""))
    ]
    grown = [_grown(one, settings.identity.account_id, names) for one in found]
    return [len(json.dumps(one, separators=(",", ":"))) for one in grown]


def _refused(config: StackConfig) -> bool:
    (row,) = documents.documents(config)
    return row[2] > QUOTAS[row[1]].most


@pytest.mark.parametrize(
    ("stack", "role", "estimate"),
    [
        ("prod", "data-application-role", documents.application),
        ("dr", "recovery-buckets-out-role", documents.replication),
        ("dr", "recovery-buckets-back-role", documents.replication),
    ],
)
@given(names=NAMES)
def test_an_estimate_is_a_little_more_than_what_is_written(
    stack: str, role: str, estimate: Callable[[StackConfig], int], names: list[str]
) -> None:
    config = _with(stack, names)
    (actual,) = _sizes(stack, "aws:iam/rolePolicy:RolePolicy", names, role)
    assert actual <= estimate(config) <= actual + SLACK
    assert _refused(config) or actual <= QUOTAS["role_policies"].most


@given(names=NAMES)
def test_the_policies_of_buckets_fit_any_of_them(names: list[str]) -> None:
    assert max(_sizes("prod", "aws:s3/bucketPolicy:BucketPolicy", names)) <= QUOTAS["bucket_policy"].most


@pytest.mark.parametrize(("stack", "fits", "refused"), [("prod", 50, 100), ("dr", 40, 60)])
def test_the_bound_lies_where_a_person_would_look_for_it(stack: str, fits: int, refused: int) -> None:
    names = ["a" * 40] * refused
    assert not _refused(_with(stack, names[:fits]))
    assert _refused(_with(stack, names))
