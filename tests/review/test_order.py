"""Orders that no input expresses are reported, and the chain that a deployment cannot be shorter than is found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from review.graph import Graph, Resource
from review.order import Edge, before, longest_path, main, only_by_depends_on, seconds_of

if TYPE_CHECKING:
    from pathlib import Path


def _urn(name: str) -> str:
    return f"urn:pulumi:s::p::t:i:T::{name}"


def _made(name: str, *after: str, parent: str = "", custom: bool = True, provider: str = "", **inputs: str) -> Resource:
    """A resource that waits for `after`, and for what each of its inputs names."""
    references = {key: (_urn(value),) for key, value in inputs.items()}
    return Resource(
        urn=_urn(name),
        type="t:i:T",
        name=name,
        custom=custom,
        parent=_urn(parent) if parent else "",
        provider=_urn(provider) if provider else "",
        dependencies=tuple(dict.fromkeys([*map(_urn, after), *(urn for (urn,) in references.values())])),
        property_dependencies=references,
    )


def _graph(*resources: Resource) -> Graph:
    return Graph(stack="s", source="state", resources=resources)


def _names(graph: Graph, **seconds: float) -> list[tuple[str, float]]:
    path = longest_path(graph, {_urn(name): value for name, value in seconds.items()})
    return [(step.resource.name, step.ends) for step in path]


def test_an_order_that_an_input_expresses_is_not_reported() -> None:
    graph = _graph(_made("a"), _made("b"), _made("c", "a", key="b"), _made("d", "b", key="b"))
    assert only_by_depends_on(graph) == (Edge(later="c", earlier="a"),), "`d` names `b` in an input as well"


def test_the_path_is_the_one_that_ends_last_and_not_the_one_with_most_steps() -> None:
    graph = _graph(_made("a"), _made("b", "a"), _made("c", key="b"), _made("slow"), _made("end", "c", key="slow"))
    assert _names(graph, a=1, b=1, c=1, slow=60, end=2) == [("slow", 60), ("end", 62)]


def test_a_component_stands_for_all_that_is_in_it() -> None:
    group, inner = _made("group", custom=False), _made("inner", parent="group", custom=False)
    graph = _graph(group, inner, _made("node", parent="inner"), _made("addon", "group"))
    took = _names(graph, group=61, inner=61, node=60, addon=5)
    assert took == [("node", 60), ("addon", 65)], (
        "the engine makes it wait for the node; the rest is no time of its own"
    )
    assert _urn("node") in before(graph, graph.named("addon"))


def test_a_resource_waits_for_what_its_provider_needs() -> None:
    graph = _graph(_made("cluster"), _made("kubernetes", kubeconfig="cluster"), _made("space", provider="kubernetes"))
    assert _names(graph, cluster=60, space=1) == [("cluster", 60), ("space", 61)]


def test_all_that_is_before_a_resource_is_found_at_every_distance() -> None:
    graph = _graph(_made("a"), _made("b", key="a"), _made("c", "b"), _made("apart"))
    assert before(graph, graph.named("c")) >= {_urn("a"), _urn("b")}
    assert _urn("apart") not in before(graph, graph.named("c"))


def test_nothing_waits_where_nothing_takes_time() -> None:
    assert longest_path(_graph(_made("a"), _made("b", "a")), {}) == ()


def test_a_step_takes_from_its_announcement_to_its_outputs() -> None:
    a, b = {"metadata": {"urn": _urn("a")}}, {"metadata": {"urn": _urn("b")}}
    events = [
        {"timestamp": 10, "resourcePreEvent": a},
        {"timestamp": 11, "resourcePreEvent": b},
        {"timestamp": 12, "diagnosticEvent": {"message": "working"}},
        {"timestamp": 14, "resOutputsEvent": b},
        {"timestamp": 90, "resOutputsEvent": a},
    ]
    assert seconds_of(events) == {_urn("a"): 80, _urn("b"): 3}


def test_the_command_shows_the_path_through_a_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state, log = tmp_path / "state.json", tmp_path / "events.jsonl"
    resources = [
        {"urn": _urn("key"), "type": "t:i:T", "custom": True},
        {"urn": _urn("database"), "type": "t:i:T", "custom": True, "dependencies": [_urn("key")]},
    ]
    state.write_text(json.dumps({"deployment": {"resources": resources}}))
    kinds = [("resourcePreEvent", "key", 0), ("resOutputsEvent", "key", 13), ("resourcePreEvent", "database", 14)]
    kinds.append(("resOutputsEvent", "database", 94))
    lines = [json.dumps({"timestamp": at, kind: {"metadata": {"urn": _urn(name)}}}) for kind, name, at in kinds]
    log.write_text("\n".join(lines))
    assert main(["s", "--state", str(state), "--events", str(log)]) == 0
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert shown == [["0.0", "13.0", "T", "key"], ["13.0", "93.0", "T", "database"]]
    assert main(["s", "--state", str(state)]) == 0
    assert capsys.readouterr().out == "database <- key\n"


STATE = json.dumps({"deployment": {"resources": []}})
UNREADABLE = (
    None,
    b"",
    b"{",
    b"[]",
    b"null",
    b"3",
    b"\xff\xfe",
    b'{"deployment": 3}',
    b'{"deployment": {"resources": [3]}}',
)


@pytest.mark.parametrize("content", UNREADABLE)
def test_a_state_that_cannot_be_read_is_named_on_one_line(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.json"
    if content is not None:
        state.write_bytes(content)
    assert main(["s", "--state", str(state)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    "content", [None, b"{", b"3", b"\xff", b'{"resourcePreEvent": {}}', b'{"timestamp": 1, "resOutputsEvent": []}']
)
def test_an_event_log_that_cannot_be_read_is_named_on_one_line(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, log = tmp_path / "state.json", tmp_path / "events.jsonl"
    state.write_text(STATE)
    if content is not None:
        log.write_bytes(content)
    assert main(["s", "--state", str(state), "--events", str(log)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert str(log) in err


def test_a_stack_without_a_file_is_answered_as_the_review_answers_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nope"]) == 2
    assert capsys.readouterr().err.startswith("Pulumi.nope.yaml: stack file is missing; ")
