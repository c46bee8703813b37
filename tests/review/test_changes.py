"""A preview that replaces or deletes what holds data is named first, and stops the review."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from policy.rules import protection
from review.changes import HOLD_DATA, Changes, as_json, as_text, changes_of
from review.engine_json import from_preview

DATABASE = "aws:rds/instance:Instance"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
REPLACED = ("create-replacement", "replace", "delete-replaced")


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::platform::{token}::{name}"


def step(operation: str, token: str, name: str, **more: object) -> dict[str, Any]:
    """Return a step as the engine writes it: what is made has a new state, what goes an old one."""
    options = {key: more.pop(key) for key in ("protect", "retainOnDelete") if key in more}
    state = {"urn": urn(token, name), "type": token, "custom": True, "inputs": {}, **options}
    sides = {"create": ("newState",), "delete": ("oldState",), "delete-replaced": ("oldState",)}
    return {
        "op": operation,
        "urn": state["urn"],
        **dict.fromkeys(sides.get(operation, ("oldState", "newState")), state),
        **more,
    }


def previewed(*steps: dict[str, Any], accepted: tuple[str, ...] = ()) -> Changes:
    return changes_of(from_preview({"steps": list(steps)}, "prod"), accepted)


def replacing(token: str, name: str, **more: object) -> list[dict[str, Any]]:
    return [step(operation, token, name, **more) for operation in REPLACED]


def text(changes: Changes) -> str:
    return "\n".join(line.plain for line in as_text(changes))


@pytest.mark.parametrize("token", sorted(HOLD_DATA))
@pytest.mark.parametrize("operation", ["replace", "delete"])
def test_whatever_holds_data_is_not_lost_in_silence(token: str, operation: str) -> None:
    steps = replacing(token, "one") if operation == "replace" else [step("delete", token, "one")]
    changes = previewed(*steps)
    assert not changes.passed, "the review ends with status 1"
    assert f"DATA {operation} {token.rpartition(':')[2]} one: what it holds is lost" in text(changes)


@pytest.mark.parametrize("option", ["protect", "retainOnDelete"])
def test_what_its_program_guards_holds_data_whatever_its_type(option: str) -> None:
    assert not previewed(step("delete", RULE, "one", **{option: True})).passed
    assert previewed(step("delete", RULE, "one")).passed, "others come and go"


def test_every_type_that_the_pack_wants_protected_holds_data() -> None:
    assert set(protection.stateful_protected.on) - HOLD_DATA == set()


@pytest.mark.parametrize("token", sorted(token for token in HOLD_DATA if token.startswith("aws:")))
def test_every_type_is_one_of_the_sdk_or_an_older_name_of_one(token: str) -> None:
    module, file = re.fullmatch(r"aws:(\w+)/(\w+):\w+", token).groups()  # type: ignore[union-attr]  # as all tokens are
    spec = find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    snake = re.sub(r"(?<!^)([A-Z])", r"_\1", file).lower()
    found = Path(spec.origin).parent / module / f"{snake}.py"
    assert f"'{token}'" in found.read_text(encoding="utf-8")


def test_the_input_that_forces_it_is_named_and_losses_come_first() -> None:
    changes = previewed(
        step("update", RULE, "other", diffReasons=["description"]),
        *replacing(RULE, "rule", replaceReasons=["securityGroupId"], diffReasons=["securityGroupId", "description"]),
        *replacing(DATABASE, "db", replaceReasons=["kmsKeyId"], diffReasons=["kmsKeyId", "tags"], protect=True),
        step("delete", "aws:s3/bucket:Bucket", "objects", retainOnDelete=True),
        step("create", RULE, "new"),
        step("same", RULE, "old"),
    )
    assert text(changes).splitlines() == [
        "DATA replace Instance db, because of kmsKeyId: it is protected, so the update fails there",
        "  do: keep it as it is, or move what it holds first and name it by --accept-loss db",
        "DATA delete Bucket objects: it stays in AWS, and the stack forgets it with what it holds",
        "  do: keep it as it is, or move what it holds first and name it by --accept-loss objects",
        "replace SecurityGroupIngressRule rule, because of securityGroupId",
        "changes: 2 to replace, 1 to delete, 1 to create, 1 to update; 2 of them HOLD DATA that would be lost",
    ]


@pytest.mark.parametrize("name", ["db", urn(DATABASE, "db")])
def test_a_loss_that_is_accepted_by_name_passes_and_is_still_named(name: str) -> None:
    changes = previewed(*replacing(DATABASE, "db"), accepted=(name,))
    assert changes.passed
    assert "DATA replace Instance db: what it holds is lost (accepted)" in text(changes)
    assert not previewed(*replacing(DATABASE, "db"), step("delete", DATABASE, "b"), accepted=(name,)).passed, (
        "not others"
    )


def test_an_acceptance_of_nothing_is_refused() -> None:
    changes = previewed(step("update", DATABASE, "db"), accepted=("db",))
    assert not changes.passed, "it would accept the next loss of that name in silence"
    assert "--accept-loss db: the preview neither replaces nor deletes it" in text(changes)


@pytest.mark.parametrize("left", [["delete-replaced"], ["same", "delete-replaced"], ["delete-replaced", "update"]])
def test_what_an_earlier_update_left_to_be_deleted_still_holds_data(left: list[str]) -> None:
    assert not previewed(*(step(operation, DATABASE, "db") for operation in left)).passed


def test_the_document_says_the_same() -> None:
    document = as_json(previewed(*replacing(DATABASE, "db", replaceReasons=["kmsKeyId"]), step("same", RULE, "a")))
    entry = {
        "urn": urn(DATABASE, "db"), "type": DATABASE, "name": "db", "operation": "replace", "because": ["kmsKeyId"],
        "holds_data": True, "protected": False, "retained": False,
    }  # fmt: skip
    assert document == {
        "passed": False,
        "counts": {"replace": 1},
        "replaced": [entry],
        "deleted": [],
        "losses": [entry | {"accepted": False}],
        "unused": [],
    }


def test_a_preview_without_changes_says_so() -> None:
    changes = previewed(step("same", DATABASE, "db"))
    assert (changes.passed, text(changes)) == (True, "changes: none")
