"""Events of deployments on ECS reach whoever is notified, those of this stack's services only."""

from __future__ import annotations

import pytest

from components.observability.dashboards import dashboards
from components.observability.events import pattern_of
from components.observability.widgets import Graph
from tests.components.observability.watched import subjects


def test_a_deployment_that_fails_is_matched_by_the_services_of_the_cluster() -> None:
    assert pattern_of("service_deployments", (), subjects()) == {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
        "resources": [{"prefix": "arn:aws:ecs:us-east-1:1:service/shop/"}],
    }


def test_a_stack_without_services_has_no_such_events() -> None:
    with pytest.raises(ValueError, match="this stack does not have"):
        pattern_of("service_deployments", (), subjects(services=()))


def test_a_dashboard_shows_services_and_queues_where_there_are_some() -> None:
    def titles(**changes: object) -> set[str]:
        shown = dashboards(subjects(**changes), [], "us-east-1", {})["infrastructure"]
        return {one.title for one in shown if isinstance(one, Graph)}

    here = {title for title in titles() if title.startswith(("Services", "Queues"))}
    assert len(here) == 6
    assert titles() - titles(services=(), kept_services=(), queues={}) == here - {"Services: errors of targets"}, (
        "edge has that"
    )
