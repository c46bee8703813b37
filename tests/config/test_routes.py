"""Routes: rules of the listener by path and host, who gets the rest, WebSockets and the time-outs on their way."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.base import present
from config.routing import in_order, pods_take_the_rest, takes_the_rest
from tests.config.containersfile import GONE, accepted, as_written, refused

WEB, LIVE = "containers.services.web.target", "containers.services.live.target"
PODS, HOST, DOMAIN = "edge.balancer.pods", "live.phoenix.example", "phoenix.example"
WITHOUT_PODS: Final[dict[str, object]] = {
    "cluster": GONE,
    "kubernetes": GONE,
    "operators": GONE,
    "experiments": GONE,
    "streaming.application": GONE,
    "edge.balancer.target_health": GONE,
    PODS: GONE,
    "observability.logs": GONE,
    "observability.custom_metrics": GONE,
    "observability.events": GONE,
    "observability.alarms": GONE,
    "network.peers": GONE,
    "management": GONE,
    "backup": GONE,
    "recovery": GONE,
    "containers.services.web.deployment.alarms": GONE,
}
"""The stack without a cluster, and without what needs one."""


def at_the_edge(found: dict[str, Any]) -> set[str]:
    return {path for path in found if path.startswith(("edge", "containers"))}


REFUSED: Final[dict[str, tuple[dict[str, object], dict[str, str]]]] = {
    "one path, one host, two services: both lines": (
        {f"{WEB}.paths": ["/live"], f"{WEB}.hosts": [HOST]},
        {f"{WEB}.paths[0]": "a path of live too", f"{LIVE}.paths[0]": "leads to web already"},
    ),
    "one priority: both lines": (
        {f"{LIVE}.priority": 10},
        {f"{WEB}.priority": "the priority of live too", f"{LIVE}.priority": "the priority of web too"},
    ),
    "a host that a rule without hosts takes whole": (
        {f"{WEB}.paths": ["/l*"], f"{LIVE}.hosts": [HOST]},
        {f"{LIVE}.paths[0]": "leads to web already"},
    ),
    "one host of two that leads elsewhere": (
        {f"{WEB}.paths": ["/li*"], f"{WEB}.hosts": [HOST], f"{LIVE}.hosts": [DOMAIN, HOST]},
        {f"{LIVE}.hosts[1]": "leads to web already"},
    ),
    "a path within another one of the same rule": (
        {f"{WEB}.paths": ["/api/*", "/api/v1/*"]},
        {f"{WEB}.paths[1]": "part of /api/*"},
    ),
    "a host that nobody reaches the system by": (
        {f"{LIVE}.hosts": ["other.phoenix.example"]},
        {f"{LIVE}.hosts[0]": "nobody reaches the system by it"},
    ),
    "hosts where CloudFront asks by one name": (
        {"edge.hosts": GONE},
        {f"{LIVE}.hosts[0]": "CloudFront asks it by origin.phoenix.example only"},
    ),
    "a rule without a place": ({f"{LIVE}.priority": GONE}, {f"{LIVE}.priority": "needed for a rule"}),
    "a place of what no rule takes": ({f"{PODS}.priority": 50}, {f"{PODS}.priority": "gets what no rule takes"}),
    "two that take the rest": (
        {f"{WEB}.paths": ["/*"], f"{WEB}.priority": GONE},
        {f"{WEB}.paths": "as pods would", f"{PODS}.paths": "as web would"},
    ),
    "pods that take the rest unsaid, and a service": (
        {f"{WEB}.paths": ["*"], f"{WEB}.priority": GONE, PODS: GONE},
        {f"{WEB}.paths": "as pods would"},
    ),
    "more values than a rule has": (
        {f"{WEB}.paths": ["/a", "/b", "/c", "/d"], f"{WEB}.hosts": [HOST, DOMAIN]},
        {f"{WEB}.paths": "6 paths and hosts"},
    ),
    "more wildcards than a rule has": ({f"{WEB}.paths": ["/a*b*c*", "/d*e*f*"]}, {f"{WEB}.paths": "6 `*` and `?`"}),
    "a region that is never healthy": (
        {PODS: {"paths": ["/app/*"], "priority": 5}},
        {"edge.health_check.path": "answers by 404 itself"},
    ),
    "a health check by a name that rules ask for": (
        {PODS: {"paths": ["/*"], "hosts": [DOMAIN], "priority": 500}},
        {"edge.health_check.path": "answers by 404 itself"},
    ),
    "a ping after the load balancer's time-out: both lines": (
        {f"{LIVE}.ping_seconds": 75, f"{LIVE}.deregistration_delay_seconds": 100},
        {f"{LIVE}.ping_seconds": "silent for 75 s", "edge.balancer.idle_timeout_seconds": "WebSockets of live"},
    ),
    "a ping after CloudFront's time-out": (
        {
            "edge.balancer.idle_timeout_seconds": 4000,
            f"{LIVE}.ping_seconds": 600,
            f"{LIVE}.deregistration_delay_seconds": 600,
        },
        {f"{LIVE}.ping_seconds": "nothing comes from the origin for 600 s"},
    ),
    "a delay below the ping": (
        {f"{LIVE}.deregistration_delay_seconds": 29},
        {f"{LIVE}.deregistration_delay_seconds": "cut off before the next ping"},
    ),
    "a delay of pods below their ping": (
        {f"{PODS}.ping_seconds": 31},
        {"edge.balancer.deregistration_delay_seconds": "cut off before the next ping"},
    ),
    "a host of another domain": ({"edge.hosts": [HOST, "live.example.org"]}, {"edge.hosts[1]": "no name under"}),
    "a host that the program gives away": (
        {"edge.hosts": [HOST, "origin.phoenix.example"]},
        {"edge.hosts[1]": "gives away itself"},
    ),
    "a target without a load balancer": (
        {"edge.balancer": GONE, "edge.health_check": GONE},
        {f"{WEB}": "needs edge.balancer"},
    ),
    "a cluster whose pods nobody asks": (
        {"edge.balancer.target_health": GONE},
        {"edge.balancer.target_health": "needed with a cluster"},
    ),
    "pods asked without a cluster": (
        {**WITHOUT_PODS, "edge.balancer.target_health": {"interval_seconds": 10, "timeout_seconds": 5,
         "healthy_threshold": 2, "unhealthy_threshold": 3}},
        {"edge.balancer.target_health": "needs cluster"},
    ),
    "no cluster, and nobody answers Route 53": (WITHOUT_PODS, {"edge.health_check.path": "answers by 404 itself"}),
}  # fmt: skip
"""What is wrong -> changes of a valid stack; the paths that are refused, and words of each reason."""


@pytest.mark.parametrize("case", REFUSED)
def test_a_contradiction_is_refused_where_it_stands(case: str) -> None:
    changes, expected = REFUSED[case]
    found = refused(changes)
    assert set(expected) <= set(found), sorted(found)
    for path, words in expected.items():
        assert words in found[path].what
        assert found[path].allowed
        assert found[path].fix
    if "both" in case:
        _, problems = as_written(changes)
        lines = [one.line for one in problems]
        assert len(set(lines)) == len(expected), "each on a line of its own"


TAKEN: Final[dict[str, dict[str, object]]] = {
    "one path under two names": {f"{WEB}.paths": ["/live"], f"{WEB}.hosts": [DOMAIN]},
    "a wider rule behind a narrower one": {f"{WEB}.priority": 30, f"{WEB}.paths": ["/*"], f"{WEB}.hosts": [HOST]},
    "pods under one name, a service the rest": {
        PODS: {"paths": ["/*"], "hosts": [DOMAIN], "priority": 400},
        f"{WEB}.paths": ["/*"],
        f"{WEB}.priority": GONE,
    },
    "no cluster, a service that takes the rest": {**WITHOUT_PODS, f"{WEB}.paths": ["/*"], f"{WEB}.priority": GONE},
    "no cluster, a path for Route 53": {**WITHOUT_PODS, f"{WEB}.paths": ["/api/*", "/healthz"]},
    "a ping below all time-outs": {
        "edge.balancer.idle_timeout_seconds": 4000,
        f"{LIVE}.ping_seconds": 599,
        f"{LIVE}.deregistration_delay_seconds": 599,
    },
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_fits_is_taken(case: str) -> None:
    changes = TAKEN[case]
    assert at_the_edge(refused(changes)) == set()


PATHS: Final = st.lists(st.sampled_from(["/*", "/a", "/a/*", "/a/b", "/b*", "/?", "/b/c"]), min_size=1, max_size=3)
HOSTS: Final = st.sampled_from([(), (HOST,), (DOMAIN,), (HOST, DOMAIN)])
ASKED: Final = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/b", "/bx", "/b/c", "/x", "/xy"]


@given(st.tuples(PATHS, HOSTS), st.tuples(PATHS, HOSTS), st.sampled_from([(10, 20), (20, 10)]))
def test_of_two_rules_that_are_taken_each_gets_each_of_its_paths_and_hosts(
    first: tuple[list[str], tuple[str, ...]], second: tuple[list[str], tuple[str, ...]], places: tuple[int, int]
) -> None:
    """Asked as the listener asks: the lowest priority whose conditions match."""
    changes: dict[str, object] = {}
    for where, (paths, hosts), priority in ((WEB, first, places[0]), (LIVE, second, places[1])):
        whole = "/*" in paths and not hosts
        changes |= {f"{where}.paths": list(dict.fromkeys(paths)), f"{where}.hosts": list(hosts)}
        changes |= {f"{where}.priority": GONE if whole else priority}
    if refused(changes):
        return
    config = accepted(changes)
    rules = in_order(config)
    for place, one in enumerate(rules):
        for path in one.route.paths:
            asked = [
                (url, host)
                for url in (*ASKED, path.replace("*", "#").replace("?", "#"))
                for host in one.route.hosts or (HOST, DOMAIN, "alb")
                if fnmatchcase(url, path)
            ]
            got = [
                (url, host)
                for url, host in asked
                if not any(
                    any(fnmatchcase(url, other) for other in before.route.paths)
                    and (not before.route.hosts or host in before.route.hosts)
                    for before in rules[:place]
                )
            ]
            assert got, (path, one.called)


@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 700))
def test_a_websocket_outlives_every_time_out_or_is_refused(ping: int, idle: int, delay: int) -> None:
    found = refused(
        {
            f"{LIVE}.ping_seconds": ping,
            f"{LIVE}.deregistration_delay_seconds": delay,
            "edge.balancer.idle_timeout_seconds": idle,
            "edge.cdn.origin_keepalive_seconds": 1,
            f"{PODS}.ping_seconds": GONE,
        }
    )
    ends = ping >= idle or ping >= 600
    assert (f"{LIVE}.ping_seconds" in found) is ends
    assert (f"{LIVE}.deregistration_delay_seconds" in found) is (delay < ping)


def test_the_rest_goes_where_the_file_says() -> None:
    shop = accepted()
    assert pods_take_the_rest(shop)
    assert [one.called for one in takes_the_rest(shop)] == ["pods"]
    assert [one.called for one in in_order(shop)] == ["web", "live", "beanstalk", "render"]
    plain = accepted({f"{PODS}": GONE})
    assert pods_take_the_rest(plain)
    assert takes_the_rest(plain) == [], "unsaid, where there is a cluster"


def test_names_are_the_domain_and_the_further_ones() -> None:
    assert present(accepted().edge).names == (DOMAIN, HOST)
