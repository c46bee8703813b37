"""Bounds: what a looser mechanism, a slower step or a colder store does to them, and what the real files come to."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import StackConfig, load_file, stack_file
from config.backup import Backup, BackupCopy, VaultLock
from config.base import present
from config.facts.recovery import Evidence
from config.objectives import (
    Step,
    arithmetic,
    availability,
    bound,
    bounds,
    cheapest,
    duration,
    longest,
    services,
    total,
)
from config.objectives.derive import PARTS
from config.objectives.restore import interval_seconds
from config.recovery import BucketReplication, LagAlarm, Objective, PostgresReplication, RedisReplication, Standby
from config.scaling import ActiveCounts
from tests.config.standbyfile import STANDBY

PROD = load_file(stack_file("prod"))

ALARMS = st.builds(
    LagAlarm,
    threshold_seconds=st.integers(1, 86400),
    period_seconds=st.sampled_from([60, 120, 300]),
    evaluation_periods=st.integers(1, 60),
)
MAYBE_ALARMS = st.none() | ALARMS
WAYS = st.lists(
    st.builds(
        Step,
        name=st.just("step"),
        seconds=st.integers(0, 10**6) | st.just(math.inf),
        evidence=st.sampled_from(Evidence),
        source=st.just("here"),
    ),
    max_size=5,
).map(tuple)


def following(**changes: object) -> StackConfig:
    """Return the real standby's settings with another way of following."""
    assert STANDBY.recovery is not None
    assert STANDBY.recovery.standby is not None
    standby = STANDBY.recovery.standby.model_copy(update=changes)
    return STANDBY.model_copy(update={"recovery": STANDBY.recovery.model_copy(update={"standby": standby})})


def with_database(config: StackConfig, **changes: object) -> StackConfig:
    data = config.data.model_copy(update={"postgres": config.data.postgres.model_copy(update=changes)})
    return config.model_copy(update={"data": data})


@given(st.lists(WAYS, min_size=1, max_size=4))
def test_branches_side_by_side_take_as_long_as_the_longest_and_not_as_their_sum(
    branches: list[tuple[Step, ...]],
) -> None:
    assert total(longest(*branches)) == max(total(branch) for branch in branches)


@given(WAYS, WAYS)
def test_steps_that_follow_each_other_add_up(first: tuple[Step, ...], second: tuple[Step, ...]) -> None:
    assert total((*first, *second)) == total(first) + total(second)


@given(ALARMS, ALARMS)
def test_a_looser_alarm_never_gives_a_tighter_recovery_point(one: LagAlarm, other: LagAlarm) -> None:
    def judged(alarm: LagAlarm) -> int:
        return alarm.threshold_seconds + alarm.period_seconds * alarm.evaluation_periods

    tight, loose = sorted((one, other), key=judged)
    points = [
        bound("postgres", "region", following(postgres=PostgresReplication(lag_alarm=alarm))).seconds("rpo")
        for alarm in (tight, loose)
    ]
    assert points[0] <= points[1]


@given(MAYBE_ALARMS)
def test_no_alarm_gives_a_better_point_than_a_copy_that_nobody_watches(alarm: LagAlarm | None) -> None:
    for service, change in (
        ("postgres", {"postgres": PostgresReplication(lag_alarm=alarm)}),
        ("redis", {"redis": RedisReplication(lag_alarm=alarm)}),
        ("buckets", {"buckets": BucketReplication(time_control=False, lag_alarm=alarm)}),
    ):
        seconds = bound(service, "region", following(**change)).seconds("rpo")
        assert math.isinf(seconds) is (alarm is None), service


@given(st.integers(0, 10080), st.integers(0, 10080))
def test_slower_people_never_recover_faster(one: int, other: int) -> None:
    quick, slow = sorted((one, other))
    for service in (*PARTS, "system"):
        first = bound(service, "region", following(decide_minutes=quick)).seconds("rto")
        assert first <= bound(service, "region", following(decide_minutes=slow)).seconds("rto"), service


@given(
    MAYBE_ALARMS,
    MAYBE_ALARMS,
    st.builds(BucketReplication, time_control=st.booleans()),
    st.integers(0, 60),
    st.sampled_from(["zone", "region"]),
)
def test_the_system_is_as_slow_as_its_slowest_and_loses_what_its_worst_loses(
    database: LagAlarm | None, cache: LagAlarm | None, buckets: BucketReplication, minutes: int, scope: str
) -> None:
    config = following(
        postgres=PostgresReplication(lag_alarm=database),
        redis=RedisReplication(lag_alarm=cache),
        buckets=buckets,
        decide_minutes=minutes,
    )
    parts = [bound(part, scope, config) for part in services(config)[:-1]]
    system = bound("system", scope, config)
    assert system.seconds("rto") == max(part.seconds("rto") for part in parts)
    assert system.seconds("rpo") == max(part.seconds("rpo") for part in parts)


OBJECTIVES = st.builds(
    Objective, scope=st.just("region"), rto_minutes=st.integers(0, 60), rpo_minutes=st.integers(0, 60)
)


@given(
    st.sampled_from(sorted(PARTS)),
    OBJECTIVES,
    st.sampled_from([STANDBY, following(postgres=None, redis=None, buckets=None)]),
)
def test_what_a_refusal_advises_is_what_would_hold(service: str, objective: Objective, config: StackConfig) -> None:
    """The advice is reckoned by the same functions; here it is taken, and the bound looked at once more."""
    advice = cheapest(service, objective, config)
    if advice is not None:
        assert not bound(service, "region", advice.settings).breaks(objective)


@given(OBJECTIVES)
def test_nothing_is_advised_only_where_no_change_would_do(objective: Objective) -> None:
    """What a replica can do at best: seven minutes of data, and a promotion without a moment to decide."""
    advice = cheapest("postgres", objective, following(postgres=None))
    best = following(decide_minutes=0, postgres=PostgresReplication(lag_alarm=LagAlarm(threshold_seconds=360)))
    possible = objective.rpo_minutes >= 7 and objective.rto_minutes * 60 >= bound("postgres", "region", best).seconds(
        "rto"
    )
    assert (advice is not None) is possible


def test_without_any_copy_a_change_of_the_file_is_advised_for_each_service_that_can_have_one() -> None:
    bare = following(postgres=None, redis=None, buckets=None)
    wanted = Objective(scope="region", rto_minutes=20, rpo_minutes=15)
    services = ("postgres", "redis", "buckets")
    advice = {service: one.words for service in services if (one := cheapest(service, wanted, bare))}
    assert advice == {
        "postgres": "follow by a cross-region replica with `lag_alarm: {threshold_seconds: 840}` "
        "(recovery.standby.postgres)",
        "redis": "follow by a global datastore with `lag_alarm: {threshold_seconds: 840}` (recovery.standby.redis)",
        "buckets": "replicate with `time_control: true` (recovery.standby.buckets)",
    }


def test_two_changes_are_advised_where_one_is_not_enough() -> None:
    slow = following(postgres=None, decide_minutes=30)
    wanted = Objective(scope="region", rto_minutes=10, rpo_minutes=7)
    advice = cheapest("postgres", wanted, slow)
    assert advice is not None
    assert " and let people take no time to decide" in advice.words


def test_a_second_zone_is_advised_for_a_database_in_one() -> None:
    single = with_database(PROD, multi_az=False)
    wanted = Objective(scope="zone", rto_minutes=2, rpo_minutes=0)
    assert bound("postgres", "zone", single).breaks(wanted) == ("rto", "rpo")
    advice = cheapest("postgres", wanted, single)
    assert advice is not None
    assert advice.words == "set data.postgres.multi_az: true"


@given(st.integers(20, 65536), st.integers(20, 65536))
def test_a_larger_database_never_restores_faster(one: int, other: int) -> None:
    def restored(size: int) -> float:
        storage = PROD.data.postgres.storage.model_copy(update={"max_allocated_gib": size})
        return bound("postgres", "zone", with_database(PROD, multi_az=False, storage=storage)).seconds("rto")

    small, large = sorted((one, other))
    assert restored(small) <= restored(large)


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("cron(0 5 ? * * *)", 1),
        ("cron(0 5 * * ? *)", 1),
        ("cron(0 5 ? * SUN *)", 7),
        ("cron(0 5 1 * ? *)", 31),
        ("cron(0 5 1 1 ? *)", 366),
    ],
)
def test_backups_are_as_far_apart_as_their_schedule_says(schedule: str, days: int) -> None:
    assert interval_seconds(schedule) == days * 86400


def test_a_database_without_a_replica_loses_what_lies_between_two_copies_of_its_backups() -> None:
    copies = BackupCopy(schedule="cron(0 5 ? * * *)", retention_days=30, source_retention_days=7)
    backup = Backup(lock=VaultLock(least_days=7, most_days=400), copy_from_primary=copies)
    found = bound("postgres", "region", following(postgres=None).model_copy(update={"backup": backup}))
    assert found.mechanism == "copied backups"
    assert found.seconds("rpo") == interval_seconds(copies.schedule) + copies.complete_within_minutes * 60
    assert not any(call.at_risk for call in found.calls), "the copy is in the standby's own vault"


def test_without_copies_either_nothing_of_the_database_is_left() -> None:
    bare = following(postgres=None).model_copy(update={"backup": None})
    assert math.isinf(bound("postgres", "region", bare).seconds("rpo"))


@pytest.mark.parametrize("service", ["postgres", "redis"])
def test_an_alarm_that_nobody_is_notified_of_bounds_nothing(service: str) -> None:
    deaf = STANDBY.model_copy(update={"observability": None})
    assert math.isinf(bound(service, "region", deaf).seconds("rpo"))


def test_images_without_a_registry_here_are_lost() -> None:
    bare = STANDBY.model_copy(update={"registry": None})
    assert math.isinf(bound("images", "region", bare).seconds("rto"))


def test_what_the_cache_loses_with_a_zone_is_what_its_alarm_allows() -> None:
    assert bound("redis", "zone", PROD).arithmetic("rpo") == (
        "5 s lag without alarm + 5 min until the alarm has judged it = 5.1 min"
    )
    deaf = PROD.model_copy(update={"observability": None})
    assert math.isinf(bound("redis", "zone", deaf).seconds("rpo"))


def test_of_two_alarms_on_one_lag_the_tighter_counts() -> None:
    assert PROD.observability is not None
    table = PROD.observability.alarms
    (loose,) = (alarm for alarm in table.values() if alarm.source == "redis_replication_lag_seconds")
    tight = loose.model_copy(update={"threshold": 1.0, "evaluation_periods": 1})
    observability = PROD.observability.model_copy(update={"alarms": table | {"tight": tight}})
    assert bound("redis", "zone", PROD.model_copy(update={"observability": observability})).seconds("rpo") == 61


def with_counts(count: int) -> StackConfig:
    """Return the real standby's settings with as many nodes per group, now and at failover."""
    groups = {
        name: group.model_copy(
            update={
                "scaling": group.scaling.model_copy(update={"desired": count}),
                "active": ActiveCounts(min=0, desired=count),
            }
        )
        for name, group in STANDBY.cluster.node_groups.items()
    }
    return STANDBY.model_copy(update={"cluster": STANDBY.cluster.model_copy(update={"node_groups": groups})})


def test_a_cluster_that_has_all_its_nodes_answers_as_soon_as_names_lead_there() -> None:
    assert bound("cluster", "region", with_counts(3)).arithmetic("rto") == (
        "30 s detection (3 x 10 s) + 1 min DNS = 1.5 min"
    )


@given(st.integers(0, 400), st.integers(0, 400))
def test_more_nodes_at_failover_never_come_sooner(one: int, other: int) -> None:
    few, many = sorted((one, other))
    times = []
    for count in (few, many):
        counts = ActiveCounts(min=0, desired=count)
        groups = {
            name: group.model_copy(update={"active": counts}) for name, group in STANDBY.cluster.node_groups.items()
        }
        cluster = STANDBY.cluster.model_copy(update={"node_groups": groups})
        times.append(bound("cluster", "region", STANDBY.model_copy(update={"cluster": cluster})).seconds("rto"))
    assert times[0] <= times[1]


def called(config: StackConfig) -> set[str]:
    return {f"{call.service}:{call.action}" for call in bound("system", "region", config).calls}


def test_no_control_plane_that_may_be_lost_is_needed_on_any_way_of_the_real_standby() -> None:
    """Which ones are needed is what the program changes: tests/components/recovery/test_failover.py."""
    assert called(STANDBY)
    assert not any(call.at_risk for one in bounds(STANDBY) for call in one.calls)


@pytest.mark.parametrize(
    ("without", "uncalled"),
    [
        (with_database(STANDBY, proxy=None), {"rds:RegisterDBProxyTargets"}),
        (STANDBY.model_copy(update={"edge": None}), {"elasticloadbalancing:ModifyRule"}),
        (STANDBY.model_copy(update={"observability": None}), {"cloudwatch:PutMetricAlarm"}),
        (following(redis=None), {"elasticache:FailoverGlobalReplicationGroup"}),
        (following(postgres=PostgresReplication(), redis=RedisReplication()), {"cloudwatch:PutMetricAlarm"}),
        (following(postgres=PostgresReplication()), set()),
    ],
    ids=["a proxy", "an edge", "observability", "a datastore", "alarms on lag", "one of two alarms on lag"],
)
def test_what_a_stack_does_not_have_no_failover_calls(without: StackConfig, uncalled: set[str]) -> None:
    assert called(STANDBY) - called(without) == uncalled


def test_a_standby_without_copies_needs_what_was_lost() -> None:
    bare = following(postgres=None, redis=None, buckets=None).model_copy(update={"backup": None})
    found = [call for one in bounds(bare) for call in one.calls]
    assert {call.service for call in found if call.at_risk} == {"rds", "elasticache", "s3"}


def test_the_real_standby_comes_to_these_bounds() -> None:
    found = {one.service: (duration(one.seconds("rto")), duration(one.seconds("rpo"))) for one in bounds(STANDBY)}
    assert found == {
        "cluster": ("12.5 min", "0 s"),
        "postgres": ("9.5 min", "6.5 min"),
        "redis": ("5.5 min", "2 min"),
        "buckets": ("1.5 min", "15 min"),
        "secrets": ("1.5 min", "1 min"),
        "images": ("1.5 min", "30 min"),
        "system": ("12.5 min", "30 min"),
    }


def test_every_declared_objective_of_the_real_files_holds() -> None:
    for config in (PROD, STANDBY):
        broken = [one.service for one in bounds(config) if one.declared and one.breaks(one.declared)]
        assert broken == []


def test_a_bound_is_as_good_as_its_weakest_figure() -> None:
    found = {one.service: one.evidence for one in bounds(STANDBY)}
    assert found["buckets"] is Evidence.DOCUMENTED, "the replication is an SLA, the TTL of the DNS is not"
    assert found["postgres"] is Evidence.ASSUMED


def test_a_bound_is_written_as_one_sum() -> None:
    (buckets,) = (one for one in bounds(STANDBY) if one.service == "buckets")
    assert buckets.arithmetic("rto") == "30 s detection (3 x 10 s) + 1 min DNS = 1.5 min"
    assert arithmetic(()) == "0 s"


def test_the_document_of_a_bound_is_json_with_null_where_there_is_no_bound() -> None:
    bare = following(postgres=None).model_copy(update={"backup": None})
    (postgres,) = (one for one in bounds(bare) if one.service == "postgres")
    document = json.loads(json.dumps(postgres.document(), allow_nan=False))
    assert document["bound"] == {"rto_seconds": None, "rpo_seconds": None}
    assert document["holds"] is False
    assert document["steps"]["rto"][0]["evidence"] == "setting"


@pytest.mark.parametrize("better", [{"multi_az": True}])
def test_the_availability_is_the_product_of_the_parts(better: dict[str, bool]) -> None:
    config = with_database(PROD, **better)
    product = Decimal(1)
    for part in availability(config).parts:
        product *= part.percent / 100
    assert Decimal(0) <= product * 100 - availability(config).percent < Decimal("0.001")


def test_a_weaker_part_never_gives_more_availability() -> None:
    assert availability(with_database(PROD, multi_az=False)).percent < availability(PROD).percent


def test_objects_that_move_to_a_colder_class_are_promised_less() -> None:
    warm = {
        name: bucket.model_copy(
            update={
                "storage_class": "STANDARD",
                "lifecycle": bucket.lifecycle.model_copy(
                    update={"infrequent_access_days": None, "glacier_instant_days": None}
                ),
            }
        )
        for name, bucket in PROD.data.buckets.items()
    }
    config = PROD.model_copy(update={"data": PROD.data.model_copy(update={"buckets": warm})})
    assert availability(config).percent > availability(PROD).percent
    assert availability(PROD).weakest.part == "S3 Standard-IA"


def test_the_standby_relies_on_the_health_check_that_its_primary_has() -> None:
    """The file of the standby cannot read the primary's; what it says of it must be true."""
    standby = present(STANDBY.recovery).standby
    assert isinstance(standby, Standby)
    relied, check = present(standby.detection), present(load_file(stack_file(standby.primary)).edge).health_check
    assert (relied.interval_seconds, relied.failure_threshold) == (check.interval_seconds, check.failure_threshold)
