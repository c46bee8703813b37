"""Groups of instances: what one says is judged beside its network, its load balancer and what it names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pytest

from config.ceilings import CEILINGS
from config.objectives import bound
from config.outlets import departures
from config.problems import dotted
from config.room import other_addresses
from config.routing import in_order
from tests.config.containersfile import GONE, accepted, refused

if TYPE_CHECKING:
    from config.stack import StackConfig

GROUP: Final = "instances.render"
SCALING: Final = f"{GROUP}.scaling"


def group(config: StackConfig) -> Any:  # noqa: ANN401 - a section
    return config.instances["render"]


ALONE: Final = {f"{GROUP}.target": GONE, f"{GROUP}.port": GONE, f"{GROUP}.refresh.alarms": []}
"""A group that nobody sends requests to."""
WRONG: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "counts": ({f"{SCALING}.desired": 7}, SCALING, "out of order"),
    "from nothing": (
        {f"{SCALING}.min": 0, f"{SCALING}.requests_per_target": GONE, **ALONE},
        f"{SCALING}.min",
        "nothing ever starts one again",
    ),
    "nobody answers": (
        {f"{SCALING}.min": 0, f"{SCALING}.cpu_percent": GONE, f"{SCALING}.requests_per_target": GONE},
        f"{SCALING}.min",
        "nobody to send requests to",
    ),
    "requests": ({f"{GROUP}.target": GONE, f"{GROUP}.port": GONE}, f"{SCALING}.requests_per_target", "needs target"),
    "port": ({f"{GROUP}.port": GONE}, f"{GROUP}.port", "needed by target"),
    "no client": ({f"{GROUP}.target": GONE}, f"{GROUP}.port", "nobody is let in"),
    "unknown type": ({f"{GROUP}.instance_types": ["m9x.large"]}, f"{GROUP}.instance_types[0]", "unknown instance type"),
    "architecture": (
        {f"{GROUP}.instance_types": ["c7g.large"]},
        f"{GROUP}.instance_types[0]",
        "the image is of x86_64",
    ),
    "image": ({f"{GROUP}.image.architecture": "arm64"}, f"{GROUP}.instance_types[0]", "the image is of arm64"),
    "gpus": ({f"{GROUP}.instance_types": ["g5.xlarge", "c5.xlarge"]}, f"{GROUP}.instance_types", "mixed GPU counts"),
    "newest image": ({f"{GROUP}.image.id": "resolve:ssm:/aws/latest"}, f"{GROUP}.image.id", "required form"),
    "zone": ({f"{GROUP}.zones": ["a", "f"]}, f"{GROUP}.zones[1]", "no zone of the network"),
    "one zone": ({f"{GROUP}.zones": ["a"]}, f"{GROUP}.zones", "one zone alone"),
    "spot": ({f"{GROUP}.capacity.base": 0}, f"{GROUP}.capacity.base", "Spot may be taken away"),
    "base": ({f"{GROUP}.capacity.base": 9}, f"{GROUP}.capacity.base", "more than there may be"),
    "checks": ({f"{GROUP}.target.timeout_seconds": 15}, f"{GROUP}.target.timeout_seconds", "not over before"),
    "variable": ({f"{GROUP}.environment": {"POSTGRES_HOST": "x"}}, f"{GROUP}.environment.POSTGRES_HOST", "the program"),
    "twice": (
        {f"{GROUP}.environment": {"APPLICATION": "x"}},
        f"{GROUP}.images.APPLICATION",
        "set by environment, too",
    ),
    "quote": ({f"{GROUP}.environment": {"NAME": "it's"}}, f"{GROUP}.environment.NAME", "required form"),
    "bucket": (
        {f"{GROUP}.role.buckets.films": {"actions": ["s3:GetObject"], "reason": "Reads what was filmed"}},
        f"{GROUP}.role.buckets.films",
        "not in data.buckets",
    ),
    "secret": ({f"{GROUP}.secrets.OTHER": {}}, f"{GROUP}.secrets.OTHER", "no secret"),
    "repository": (
        {f"{GROUP}.images.APPLICATION": "100000000004.dkr.ecr.us-east-1.amazonaws.com/phoenix/prod/films:1.0"},
        f"{GROUP}.images.APPLICATION",
        "no repository of the stack",
    ),
    "log-in": ({f"{GROUP}.reaches": ["streaming"]}, f"{GROUP}.reaches", "needs postgres"),
    "long start": ({f"{GROUP}.start": [f"echo {'x' * 400} {at}" for at in range(40)]}, f"{GROUP}.start", "EC2 takes"),
    "alarm": ({f"{GROUP}.refresh.alarms": ["busy-services"]}, f"{GROUP}.refresh.alarms[0]", "not measured on groups"),
    "no alarm": ({f"{GROUP}.refresh.alarms": ["none"]}, f"{GROUP}.refresh.alarms[0]", "no such row"),
    "same place": ({f"{GROUP}.target.priority": 40}, f"{GROUP}.target.priority", "beanstalk"),
}


@pytest.mark.parametrize("case", sorted(WRONG))
def test_what_does_not_fit_is_refused_at_its_place(case: str) -> None:
    changes, path, what = WRONG[case]
    found = refused(changes)
    assert path in found, sorted(found)
    assert what in str(found[path])


def test_a_name_of_a_service_is_refused() -> None:
    web = accepted().model_dump(mode="json", exclude_unset=True)["instances"]["render"]
    found = refused({"instances.web": {**web, "target": {**web["target"], "priority": 70, "paths": ["/other/*"]}}})
    assert "a service of containers has this name" in found["instances.web"].what


SECRETS: Final = {
    "line": ({f"{GROUP}.start": [f"export KEY=AKIA{'A' * 16}"]}, f"{GROUP}.start[0]"),
    "assignment": ({f"{GROUP}.start": ["DB_PASSWORD=correct-Horse-battery-9 serve"]}, f"{GROUP}.start[0]"),
    "option": ({f"{GROUP}.start": ["serve --api-key=Horse9battery"]}, f"{GROUP}.start[0]"),
    "variable": ({f"{GROUP}.environment": {"DB_PASSWORD": "correct-Horse-battery-9"}}, f"{GROUP}.environment"),
}


@pytest.mark.parametrize("case", sorted(SECRETS))
def test_a_secret_in_plain_text_is_refused_and_not_shown(case: str) -> None:
    changes, path = SECRETS[case]
    (problem,) = [one for at, one in refused(changes).items() if at.startswith(path)]
    assert "plain text" in problem.what
    assert "AKIA" not in str(problem)
    assert "Horse" not in str(problem)


@pytest.mark.parametrize(
    "line", ['DB_PASSWORD="$(read-it)" serve', "PASSWORD=$SECRET serve", "serve --token-arn=arn:x"]
)
def test_a_line_that_reads_a_secret_is_fine(line: str) -> None:
    assert refused({f"{GROUP}.start": [line]}) == {}


def test_a_tier_without_a_way_out_needs_the_endpoints_that_instances_report_by() -> None:
    found = refused({"network.tiers.tasks.internet": "none", "network.endpoints.interface": ["sqs"]})[f"{GROUP}.tier"]
    assert "ssm, ssmmessages, ec2messages" in found.what
    assert "secretsmanager" in found.what


def test_instances_have_addresses_while_a_zone_is_lost() -> None:
    small, large = accepted(), accepted({f"{SCALING}.max": 60})
    assert other_addresses(large, "tasks") - other_addresses(small, "tasks") == 54, "of two zones one is left"
    found = refused({f"{SCALING}.max": 400})
    assert "addresses of a subnet" in found[f"{SCALING}.max"].what


def test_a_group_has_its_place_among_the_rules_of_the_listener() -> None:
    assert [one.called for one in in_order(accepted())] == ["web", "live", "beanstalk", "render"]


def test_a_zone_is_survived_by_instances_in_others() -> None:
    settings = accepted()
    found = bound("instances", "zone", settings)
    target, scaling = group(settings).target, group(settings).scaling
    noticed = target.unhealthy_threshold * target.interval_seconds + target.timeout_seconds
    served = scaling.warmup_seconds + target.healthy_threshold * target.interval_seconds
    assert found.seconds("rto") == noticed + 180 + served
    assert [call.action for call in found.calls] == ["RunInstances"]


def test_a_group_of_one_zone_comes_back_with_it() -> None:
    settings = accepted({**ALONE, f"{SCALING}.requests_per_target": GONE, f"{GROUP}.zones": ["a"]})
    assert math.isinf(bound("instances", "zone", settings).seconds("rto"))


@pytest.mark.parametrize(
    ("setting", "value"),
    [("environment", {"HOME_OF": "eu-north-1"}), ("start", ["aws s3 ls --region eu-north-1"])],
)
def test_a_text_that_names_another_region_is_a_way_out(setting: str, value: object) -> None:
    found = {dotted(one.path): one for one in departures(accepted({f"{GROUP}.{setting}": value}))}
    assert found[f"{GROUP}.{setting}"].places == ("eu-north-1",)


def test_the_least_in_service_bounds_an_alarm() -> None:
    (found,) = CEILINGS["instances_in_service"](accepted())
    assert found.value == 2
    assert (
        "2 at most"
        in refused({"observability.alarms.few-instances.threshold": 3})[
            "observability.alarms.few-instances.threshold"
        ].allowed
    )
