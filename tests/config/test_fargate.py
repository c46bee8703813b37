"""Profiles of Fargate: pods that need a node, that nobody gives a role, or that two profiles take are refused."""

from __future__ import annotations

import pytest

from config.rules.fargate import RULES
from config.rules.unknown import task_zones
from tests.config.nodesfile import accepted, refused

PROFILES = "cluster.fargate_profiles"
SPACE = {
    "quota": {"cpu": "4", "memory": "8Gi", "pods": 20, "storage": "1Gi"},
    "defaults": {"cpu": "250m", "cpu_limit": "1", "memory": "512Mi"},
}


def selecting(*selectors: dict[str, object], **more: object) -> dict[str, object]:
    return {f"{PROFILES}.jobs": {"selectors": list(selectors), **more}}


@pytest.mark.parametrize(
    ("changes", "path", "what"),
    [
        ({f"{PROFILES}.eks-jobs": {"selectors": [{"namespace": "jobs"}]}}, f"{PROFILES}.eks-jobs", "for itself"),
        (selecting(), f"{PROFILES}.jobs.selectors", ""),
        (selecting(*[{"namespace": "jobs", "labels": {f"l{at}": "x"}} for at in range(6)]),
         f"{PROFILES}.jobs.selectors", ""),
        (selecting({"namespace": "jobs", "labels": {f"l{at}": "x" for at in range(6)}}),
         f"{PROFILES}.jobs.selectors[0].labels", ""),
        (selecting({"namespace": "jobs"}, {"namespace": "jobs"}), f"{PROFILES}.jobs.selectors[1]", "already"),
        (selecting({"namespace": "jobs"}, tier="public"), f"{PROFILES}.jobs.tier", "not a private tier"),
        (selecting({"namespace": "jobs"}, zones=["c"]), f"{PROFILES}.jobs.zones[0]", "no zone of the network"),
        (selecting({"namespace": "kube-system"}), f"{PROFILES}.jobs.selectors[0].namespace", "no namespace of this"),
        (selecting({"namespace": "platform"}), f"{PROFILES}.jobs.selectors[0].namespace", "pod identity"),
        (selecting({"namespace": "serverless"}), f"{PROFILES}.jobs.selectors[0]", "selects pods of it, too"),
        (selecting({"namespace": "serverless", "labels": {"a": "b"}}), f"{PROFILES}.jobs.selectors[0].labels",
         "some would have no role"),
        ({"kubernetes.namespaces.jobs.pod_security": "privileged"}, "kubernetes.namespaces.jobs.pod_security",
         "no privileged pod"),
    ],
)  # fmt: skip
def test_a_profile_is_refused(changes: dict[str, object], path: str, what: str) -> None:
    found = refused(changes)
    assert path in found, found
    assert what in found[path].what


def test_the_agents_stay_on_nodes() -> None:
    changes = {
        "cluster.identities.monitoring": {"namespace": "agents", "service_account": "agent"},
        "kubernetes.namespaces.agents": SPACE,
        f"{PROFILES}.agents": {"selectors": [{"namespace": "agents"}]},
    }
    assert "run on each node" in refused(changes)[f"{PROFILES}.agents.selectors[0].namespace"].what


def test_no_publisher_has_pods_on_fargate_but_an_identity() -> None:
    metrics = {
        "namespace": "Herd/Business",
        "description": "what the business is measured by",
        "metrics": {"sales": {"name": "Sales", "title": "Sales", "statistic": "Sum"}},
    }
    watched: dict[str, object] = {
        "observability": {
            "log_retention_days": 90,
            "logs": {"application_retention_days": 90, "infrastructure_retention_days": 90},
            "channels": {"mail": {"people@herd.example": ["critical", "warning"]}},
            "alarms": {},
        }
    }
    path = "observability.custom_metrics"
    own = {f"{path}.business": {**metrics, "publisher": {"namespace": "jobs", "service_account": "publisher"}}}
    found = refused({**watched, **own})
    assert "publishes by pod identity" in found[f"{path}.business.publisher.namespace"].what
    known = {f"{path}.business": {**metrics, "publisher": {"namespace": "serverless", "service_account": "app"}}}
    assert f"{path}.business.publisher.namespace" not in refused({**watched, **known})


def test_profiles_need_the_namespaces_that_the_layer_makes() -> None:
    settings = accepted()
    assert settings.cluster is not None
    assert settings.cluster.on_fargate("serverless")
    assert not settings.cluster.on_fargate("platform")
    assert len(RULES) == len({rule.__doc__ for rule in RULES})


def test_zones_without_fargate_are_a_note_as_letters_are_each_accounts_own() -> None:
    notes = [what for _, what, _ in task_zones(accepted())]
    assert notes == [], "eu-west-1 has it everywhere"
    there = accepted().model_copy(update={"identity": accepted().identity.model_copy(update={"region": "us-west-1"})})
    assert all("has no Fargate" in what for _, what, _ in task_zones(there))
