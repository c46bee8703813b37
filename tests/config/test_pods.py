"""What pods ask for, together and each, and the addresses that are there for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.quantity import milli_cpus, size_bytes
from config.rules.pods import addresses_for_pods
from tests.config.stackfile import SETTINGS, accepted, judged

if TYPE_CHECKING:
    from config import StackConfig

LAYER = "kubernetes"
ASKING = (
    *(f"{LAYER}.namespaces.{name}.defaults" for name in SETTINGS["kubernetes"]["namespaces"]),
    *(f"{LAYER}.{part}.resources" for part in ("cluster_autoscaler", "load_balancer_controller", "pgbouncer")),
    f"{LAYER}.device_plugin.resources",
)
"""Every place of a stack file that asks for CPU and memory."""
PODS = "kubernetes.namespaces.phoenix.quota.pods"
PROD = accepted()


@pytest.mark.parametrize("place", ASKING)
def test_a_request_above_its_limit_is_refused_in_every_place(place: str) -> None:
    assert judged({f"{place}.cpu": "901m", f"{place}.cpu_limit": "900m", f"{place}.memory": "64Mi"}) == {f"{place}.cpu"}


@pytest.mark.parametrize("place", ASKING)
def test_what_no_node_has_is_refused_in_every_place(place: str) -> None:
    found = judged({f"{place}.cpu": "16", f"{place}.cpu_limit": "16", f"{place}.memory": "32Gi"})
    assert {f"{place}.cpu", f"{place}.memory"} <= found, "a c5.4xlarge, the largest of the groups, has 16 and 32"


@pytest.mark.parametrize(
    ("namespace", "field", "value"),
    [
        ("platform", "cpu", "399m"), ("platform", "memory", "1711Mi"), ("platform", "pods", 3),
        ("pooling", "cpu", "1499m"), ("pooling", "memory", "767Mi"), ("pooling", "pods", 2),
        ("phoenix", "cpu", "249m"), ("phoenix", "memory", "511Mi"),
    ],
)  # fmt: skip
def test_a_quota_below_what_runs_there_is_refused(namespace: str, field: str, value: object) -> None:
    path = f"{LAYER}.namespaces.{namespace}.quota.{field}"
    assert path in judged({path: value})


@pytest.mark.parametrize(("pods", "fits"), [(495, True), (496, False)])
def test_quotas_are_held_against_the_addresses_of_all_zones(pods: int, *, fits: bool) -> None:
    """Of 251 addresses a zone 26 are the nodes', 15 of other things: 630 in three; 75 agents, 60 others run."""
    assert judged({PODS: pods}) == (set() if fits else {PODS})


def with_pods(count: int, prefix: int) -> StackConfig:
    layer = PROD.kubernetes
    assert layer is not None
    space = layer.namespaces["phoenix"]
    space = space.model_copy(update={"quota": space.quota.model_copy(update={"pods": count})})
    tier = PROD.network.tiers["private"]
    tier = tier.model_copy(update={"cidrs": tuple(one.supernet(new_prefix=prefix) for one in tier.cidrs)})
    return PROD.model_copy(
        update={
            "kubernetes": layer.model_copy(update={"namespaces": layer.namespaces | {"phoenix": space}}),
            "network": PROD.network.model_copy(update={"tiers": PROD.network.tiers | {"private": tier}}),
        }
    )


@given(st.integers(1, 3000), st.integers(20, 24))
def test_wider_blocks_hold_more_pods(count: int, prefix: int) -> None:
    room = 3 * (2 ** (32 - prefix) - 5 - 26 - 15)
    assert bool(list(addresses_for_pods(with_pods(count, prefix)))) == (count + 60 + 75 > room)


def test_quantities_are_numbers() -> None:
    assert (milli_cpus("250m"), milli_cpus("2")) == (250, 2000)
    assert (size_bytes("512Mi"), size_bytes("2Gi"), size_bytes("1Ti")) == (2**29, 2**31, 2**40)


def test_more_addresses_kept_warm_than_a_subnet_has_are_refused() -> None:
    found = judged({"cluster.pod_addresses": {"minimum": 1, "warm": 100}})
    assert found == {f"network.tiers.{tier}.cidrs[0]" for tier in ("private", "blockchain")}
