from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.observability.dashboards import dashboards
from components.observability.metric import Metric, Series
from components.observability.widgets import GRID, Graph, Note, body, place
from tests.components.observability.watched import CUSTOM, subjects

if TYPE_CHECKING:
    from components.observability.sources import Subjects

ALARMS = [f"arn:aws:cloudwatch:us-east-1:1:alarm:a{number}" for number in range(130)]
REGION = "us-east-1"
FULL: dict[str, dict[str, Any]] = {
    name: json.loads(json.dumps(body(widgets, region=REGION, period_seconds=300)))
    for name, widgets in dashboards(subjects(), ALARMS, REGION, CUSTOM).items()
}
EVERY_DASHBOARD = pytest.mark.parametrize("name", FULL)


def graphs(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [widget["properties"] for widget in dashboard["widgets"] if widget["type"] == "metric"]


def test_there_are_three_dashboards_and_one_for_each_publisher_of_custom_metrics() -> None:
    assert set(FULL) == {"application", "infrastructure", "database", "shop"}


def test_custom_metrics_are_drawn_on_the_dashboard_that_the_stack_file_names() -> None:
    named = {"shop": CUSTOM["shop"].model_copy(update={"dashboard": "application"})}
    found = dashboards(subjects(), ALARMS, REGION, named)
    assert "shop" not in found
    note, graph = found["application"][-2:]
    assert isinstance(note, Note)
    assert "`observability.custom_metrics.shop`" in note.markdown, "whoever sees no line knows where to look"
    assert isinstance(graph, Graph)
    assert (graph.title, set(graph.lines)) == ("Orders", {"OrdersPlaced"})


@pytest.mark.parametrize(
    ("unit", "title"), [("seconds", "Orders (s)"), ("percent", "Orders (%)"), ("gib", "Orders (GiB)")]
)
def test_the_title_of_a_custom_metric_says_its_unit(unit: str, title: str) -> None:
    (metric,) = CUSTOM["shop"].metrics.values()
    group = CUSTOM["shop"].model_copy(update={"metrics": {"orders": metric.model_copy(update={"unit": unit})}})
    titles = [
        one.title for one in dashboards(subjects(), [], REGION, {"shop": group})["shop"] if isinstance(one, Graph)
    ]
    assert titles == [title]


@EVERY_DASHBOARD
def test_widgets_stand_in_the_grid_and_on_no_other(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in FULL[name]["widgets"]:
        assert 0 <= widget["x"] <= GRID - 1, "x is 0 to 23"
        assert widget["x"] + widget["width"] <= GRID, "24 columns"
        assert 1 <= widget["height"] <= 1000, "1 to 1000 rows"
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & taken, "no widget covers another"
        taken |= cells


@EVERY_DASHBOARD
def test_a_dashboard_is_within_the_quotas(name: str) -> None:
    assert len(FULL[name]["widgets"]) <= 500, "widgets in a dashboard"
    assert sum(len(graph["metrics"]) for graph in graphs(FULL[name])) <= 2500, "metrics in a dashboard"


@EVERY_DASHBOARD
def test_a_graph_has_what_cloudwatch_asks_of_one(name: str) -> None:
    for graph in graphs(FULL[name]):
        assert graph["region"] == REGION, "a graph without a region is refused"
        assert graph["view"] in ("timeSeries", "singleValue", "gauge", "bar", "pie"), "known views"
        assert graph["period"] % 60 == 0, "periods are minutes"
        assert graph["metrics"], "a graph without metrics is refused"


@EVERY_DASHBOARD
def test_a_metric_is_namespace_name_and_pairs_of_dimensions(name: str) -> None:
    for line in (line for graph in graphs(FULL[name]) for line in graph["metrics"]):
        *texts, options = line
        assert isinstance(options, dict), "options come last"
        if "expression" not in options:
            assert len(texts) >= 2, "namespace and name"
            assert len(texts) % 2 == 0, "dimensions are pairs"
            assert all(isinstance(text, str) and text for text in texts), "texts"
            assert re.fullmatch(r"Average|Maximum|Minimum|SampleCount|Sum|p\d{1,2}", options["stat"]), (
                "known statistics"
            )


@EVERY_DASHBOARD
def test_an_expression_names_only_lines_of_its_own_graph(name: str) -> None:
    for graph in graphs(FULL[name]):
        ids = [line[-1]["id"] for line in graph["metrics"] if "id" in line[-1]]
        assert len(ids) == len(set(ids)), "an id stands once in a graph"
        assert all(re.fullmatch(r"[a-z][A-Za-z0-9_]*", one) for one in ids), "ids begin with a small letter"
        for line in graph["metrics"]:
            used = set(re.findall(r"\b[a-z][A-Za-z0-9_]*\b", line[-1].get("expression", "")))
            assert used <= set(ids), "an unknown id makes the whole graph an error"


@EVERY_DASHBOARD
def test_lines_of_a_graph_are_distinguished(name: str) -> None:
    for graph in graphs(FULL[name]):
        labels = [line[-1]["label"] for line in graph["metrics"] if line[-1].get("visible", True)]
        assert len(labels) == len(set(labels)), graph["title"]


def test_a_widget_of_alarms_shows_no_more_than_it_may() -> None:
    states = FULL["application"]["widgets"][0]
    assert (states["type"], len(states["properties"]["alarms"])) == ("alarm", 100), "100 alarms at most"


def test_sizes_are_drawn_in_gib() -> None:
    series = Series(metrics=(Metric(namespace="N", name="Free"),), statistic="Minimum", unit="gib")
    drawn = Graph(title="free", lines={"db": series}).render(REGION, 60)["properties"]["metrics"]
    assert drawn[0][-1]["expression"] == "s0m1/1073741824", "CloudWatch counts bytes"
    assert drawn[1][-1]["visible"] is False, "bytes are not drawn beside"


def test_what_a_stack_does_not_have_is_not_drawn() -> None:
    small = dashboards(subjects(edge=None, api_id=None, sockets_id=None), ["alarm"], "us-west-2", {})
    assert "shop" not in small, "nobody publishes"
    titles = [widget.title for widget in small["application"]]  # type: ignore[union-attr]  # none of them is a note
    assert titles == ["Alarms", "Errors in the application's log"], "no edge, no API"


def cdn_of(watched: Subjects, region: str) -> list[Graph]:
    return [
        widget
        for widget in dashboards(watched, [], region, {})["application"]
        if isinstance(widget, Graph) and ("CloudFront" in widget.title or "Health check" in widget.title)
    ]


def test_what_cloudfront_publishes_in_us_east_1_is_drawn_from_there() -> None:
    elsewhere = cdn_of(subjects(), "us-west-2")
    assert {graph.region for graph in elsewhere} == {"us-east-1"}
    assert {graph.render("us-west-2", 60)["properties"]["region"] for graph in elsewhere} == {"us-east-1"}
    at_home = cdn_of(subjects(), "us-east-1")
    assert [graph.title for graph in at_home] == [graph.title for graph in elsewhere]
    assert {graph.region for graph in at_home} == {None}


def test_a_standby_draws_nothing_of_its_primarys_cdn() -> None:
    watched = subjects()
    assert watched.edge is not None
    behind = replace(watched, edge=replace(watched.edge, distribution=None))
    assert cdn_of(behind, "us-west-2") == []


@given(st.lists(st.tuples(st.sampled_from([6, 8, 12, 24]), st.integers(1, 20)), max_size=40))
def test_any_widgets_find_a_place_of_their_own(sizes: list[tuple[int, int]]) -> None:
    placed = place([{"width": width, "height": height} for width, height in sizes])
    for at, one in enumerate(placed):
        assert one["x"] + one["width"] <= GRID, "within the grid"
        for other in placed[:at]:
            beside = one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
            below = one["y"] >= other["y"] + other["height"] or other["y"] >= one["y"] + one["height"]
            assert beside or below, "two widgets overlap"
