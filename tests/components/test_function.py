from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pulumi
import pytest

from components.function import RUNTIME, FunctionArgs, function, function_log, texts, writing
from components.iam import Statement
from review.record import record

if TYPE_CHECKING:
    from pathlib import Path

    from review.graph import Graph


def recorded(file: Path, environment: dict[str, str] | None = None) -> Graph:
    """Record a function with its log."""
    file.write_text("handler = print\n", encoding="utf-8")

    def program() -> None:
        owner = pulumi.ComponentResource("test:index:Owner", "owner")
        log_group = function_log(owner, "owner", "key-logs", 30)
        look = Statement(sid="Look", reason="a test", actions=["s3:ListBucket"], resources=["arn:aws:s3:::one"])
        args = FunctionArgs(
            description="does something",
            role_description="lets it",
            handler="handler.handler",
            code=texts({"handler.py": file}),
            timeout_seconds=60,
            memory_mib=128,
            log_group=log_group,
            statements=[look, writing(log_group)],
            environment=environment,
        )
        function(owner, "owner", args)

    return record(program, "test")


@pytest.fixture
def made(tmp_path: Path) -> Graph:
    """A function without variables."""
    return recorded(tmp_path / "handler.py")


def test_its_log_is_encrypted_and_ends(made: Graph) -> None:
    log = made.named("owner-logs").inputs
    assert (log["kmsKeyId"], log["retentionInDays"]) == ("key-logs", 30)
    assert made.named("owner-function").inputs["loggingConfig"]["logGroup"] == "owner-logs", "and is where it writes"


def test_it_may_do_what_it_is_given_and_write_its_own_log(made: Graph) -> None:
    policy = json.loads(made.named("owner-policy").inputs["policy"])
    assert [one["Sid"] for one in policy["Statement"]] == ["Look", "WriteLog"]
    assert policy["Statement"][1]["Resource"][0].endswith("owner-logs:*"), "no other one"


def test_nobody_can_call_it_before_it_has_its_rights(made: Graph) -> None:
    assert made.named("owner-policy").urn in made.named("owner-function").dependencies, "no reference says so"


def test_its_source_is_shipped_as_text(made: Graph, tmp_path: Path) -> None:
    assert str(tmp_path) not in json.dumps(made.named("owner-function").inputs), "no path of a machine in the state"
    assert made.named("owner-function").inputs["runtime"] == RUNTIME


@pytest.mark.parametrize("environment", [None, {"A": "b"}])
def test_it_has_the_variables_it_is_given(tmp_path: Path, environment: dict[str, str] | None) -> None:
    inputs = recorded(tmp_path / "handler.py", environment).named("owner-function").inputs
    assert inputs.get("environment", {}).get("variables") == environment
