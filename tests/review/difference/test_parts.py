"""Values, fates, rights and what other trees record, one by one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.difference import recorded as elsewhere
from review.difference.compare import Changed, compare, of_preview
from review.difference.forcing import FILE, fate, pattern
from review.difference.revision import RevisionError, commit_of, git
from review.difference.revision import recorded as recorded_of
from review.difference.rights import rights
from review.difference.stored import loaded
from review.difference.values import differences
from review.engine_json import from_preview
from review.graph import Resource
from tests.components.recording import STACKS, recorded

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.text("ab", max_size=2)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
INPUTS = st.dictionaries(TEXTS, VALUES, max_size=4)


@given(INPUTS)
def test_what_is_equal_differs_nowhere(inputs: dict[str, Any]) -> None:
    assert list(differences(inputs, json.loads(json.dumps(inputs)))) == []


@given(INPUTS, INPUTS)
def test_what_differs_is_found_from_both_sides(before: dict[str, Any], after: dict[str, Any]) -> None:
    there, back = list(differences(before, after)), list(differences(after, before))
    assert bool(there) is bool(back)
    assert len(there) == len(back)


def test_sets_have_no_order_and_documents_no_spelling() -> None:
    before = {"subnetIds": ["a", "b"], "policy": '{"Statement": [{"Action": "s3:*"}]}'}
    after = {"subnetIds": ["b", "a"], "policy": '{"Statement":[{"Action":"s3:*"}]}'}
    assert list(differences(before, after)) == []


def test_one_entry_of_a_list_that_changes_is_told_by_itself() -> None:
    rules = [{"id": "old", "days": 30}, {"id": "logs", "days": 90}]
    (one,) = differences({"rules": rules}, {"rules": [rules[0], {"id": "logs", "days": 60}]})
    assert (pattern(one.path), one.before, one.after) == ("rules.days", 90, 60)


@pytest.mark.parametrize(
    ("type_", "path", "what"),
    [
        ("aws:rds/instance:Instance", ("storageEncrypted",), "replace"),
        ("aws:rds/instance:Instance", ("instanceClass",), "update"),
        ("aws:ec2/vpc:Vpc", ("cidrBlock",), "replace"),
        ("aws:ec2/vpc:Vpc", ("tags", "Name"), "update"),
        ("aws:msk/cluster:Cluster", ("brokerNodeGroupInfo", "clientSubnets", 0), "replace"),
        ("aws:eks/nodeGroup:NodeGroup", ("instanceTypes", 0), "replace"),
        ("aws:neptune/cluster:Cluster", ("engine",), "unknown"),
        ("kubernetes:apps/v1:Deployment", ("metadata", "name"), "replace"),
        ("kubernetes:apps/v1:Deployment", ("spec", "replicas"), "update"),
    ],
)
def test_the_provider_has_said_what_it_replaces_for(type_: str, path: tuple[str | int, ...], what: str) -> None:
    assert fate(type_, path) == what


def test_each_type_of_each_stack_was_asked_about() -> None:
    known = json.loads(FILE.read_text(encoding="utf-8"))["types"].keys()
    graphs = [recorded(stack) for stack in STACKS]
    found = {one.type for graph in graphs for one in (*graph.custom(), *graph.made) if one.type.startswith("aws:")}
    assert sorted(found - known) == [], "ask about them: python -m tests.review.forcing"


def test_rights_are_single_actions_on_single_resources() -> None:
    def role(**statement: Any) -> Resource:  # noqa: ANN401 a statement
        policy = json.dumps({"Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})
        return Resource(urn="u", type="aws:iam/rolePolicy:RolePolicy", name="p", custom=True, inputs={"policy": policy})

    found = rights(
        Changed(
            operation="update",
            before=role(Action=["s3:GetObject"]),
            resource=role(Action=["s3:GetObject", "s3:PutObject"], Resource=["arn:a", "*"]),
        )
    )
    assert [str(one) for one in found.gained] == ["s3:GetObject on arn:a", "s3:PutObject on *", "s3:PutObject on arn:a"]
    assert found.lost == ()
    assert [str(one) for one in found.wide] == ["s3:PutObject on *"]


def test_what_another_tree_prints_is_the_graph_that_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere.main(["small", "nobody"])
    said = json.loads(capsys.readouterr().out)
    assert isinstance(said["nobody"], str)
    assert compare(loaded(said["small"]).graph, recorded("small")).changes == ()


def test_the_engine_s_word_counts_more_than_the_table() -> None:
    state = {"urn": "urn:pulumi:s::p::aws:ec2/vpc:Vpc::net", "type": "aws:ec2/vpc:Vpc", "custom": True}
    steps = [
        {
            "op": "update",
            "urn": state["urn"],
            "oldState": {**state, "inputs": {"cidrBlock": "10.0.0.0/16"}},
            "newState": {**state, "inputs": {"cidrBlock": "10.1.0.0/16"}},
        }
    ]
    (one,) = of_preview(from_preview({"steps": steps}, "s")).changes
    assert (one.operation, one.because) == ("update", ())


def test_a_commit_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(RevisionError, match="no-such-branch"):
        commit_of("no-such-branch")


def test_a_commit_is_recorded_by_its_own_code_and_leaves_nothing(tmp_path: Path) -> None:
    assert commit_of("HEAD") == git("rev-parse", "HEAD").decode().strip()
    found = recorded_of(commit_of("HEAD"), ["small", "nobody"])
    assert found.keys() == {"small"}
    assert not isinstance(found["small"], str)
    assert not list(tmp_path.iterdir())
