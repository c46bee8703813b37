from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from review.graph import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.data import Data as DataSettings
    from config.stack import StackConfig
    from review.graph import Graph, Resource

INSTANCE = "aws:rds/instance:Instance"
INSTANCES = ("data-postgres-primary", "data-postgres-reader-b", "data-postgres-reader-c")


def _with(settings: StackConfig, **changes: object) -> DataSettings:
    return settings.data.model_copy(update={"postgres": settings.data.postgres.model_copy(update=changes)})


def _parameters(graph: Graph) -> dict[str, Any]:
    (group,) = graph.of_type("aws:rds/parameterGroup:ParameterGroup")
    return {one["name"]: (one["value"], one["applyMethod"]) for one in group.inputs["parameters"]}


@pytest.mark.parametrize("instance", INSTANCES)
@pytest.mark.parametrize(
    ("setting", "expected", "rule"),
    [
        ("storageEncrypted", True, "storage is encrypted"),
        ("publiclyAccessible", False, "no address on the internet"),
        ("vpcSecurityGroupIds", ["sg-rds"], "reached through the network's group only"),
        ("deletionProtection", True, "not deleted by mistake"),
        ("copyTagsToSnapshot", True, "a snapshot says whose it is"),
        ("autoMinorVersionUpgrade", True, "security fixes come by themselves"),
        ("iamDatabaseAuthenticationEnabled", True, "applications log in without a password"),
        ("caCertIdentifier", "rds-ca-rsa2048-g1", "a certificate authority that clients trust and that lasts"),
        ("enabledCloudwatchLogsExports", ["postgresql", "upgrade"], "both logs leave the instance"),
        ("performanceInsightsEnabled", True, "queries can be looked into"),
        ("performanceInsightsKmsKeyId", "key-data", "query texts are data"),
        ("monitoringInterval", 60, "the operating system is watched"),
        ("parameterGroupName", "data-postgres-parameters", "the group that forces TLS is the one in use"),
    ],
)
def test_every_instance_is_guarded(data: Graph, instance: str, setting: str, expected: object, rule: str) -> None:
    assert data.named(instance, INSTANCE).inputs[setting] == expected, rule


@pytest.mark.parametrize("instance", INSTANCES)
def test_instances_are_protected_and_outlive_their_stack(data: Graph, instance: str) -> None:
    found = data.named(instance, INSTANCE)
    assert (found.protect, found.retain_on_delete) == (True, True), "an instance holds data"


def test_the_primary_is_what_the_seed_says(data: Graph) -> None:
    inputs = data.named("data-postgres-primary").inputs
    assert (inputs["instanceClass"], inputs["multiAz"]) == ("db.r5.2xlarge", True), "class and standby"
    assert inputs["kmsKeyId"] == "key-data", "storage is encrypted by the data key"
    assert (inputs["allocatedStorage"], inputs["storageType"]) == (1024, "gp3"), "1 TB of gp3"
    assert "iops" not in inputs, "gp3 of this size includes 12,000; RDS refuses reference 004's 3,000"
    assert inputs["backupRetentionPeriod"] == 30, "30 days of point-in-time recovery"
    assert (inputs["skipFinalSnapshot"], inputs["finalSnapshotIdentifier"]) == (False, "phoenix-prod-final"), (
        "even a deliberate deletion leaves a copy"
    )


@pytest.mark.parametrize(("replica", "zone"), [("reader-b", "us-east-1b"), ("reader-c", "us-east-1c")])
def test_replicas_are_in_zones_of_their_own(data: Graph, replica: str, zone: str) -> None:
    inputs = data.named(f"data-postgres-{replica}").inputs
    assert inputs["replicateSourceDb"] == "phoenix-prod", "a replica of the primary"
    assert (inputs["instanceClass"], inputs["availabilityZone"]) == ("db.r5.xlarge", zone), "reference 004's replicas"
    assert inputs["skipFinalSnapshot"] is True, "RDS refuses a final snapshot of a replica"
    assert inputs["iops"] == 12000, "with gp3 RDS asks for a number"
    for of_the_source in ("kmsKeyId", "engine", "engineVersion", "username", "password", "dbName", "allocatedStorage"):
        assert of_the_source not in inputs, f"{of_the_source} is the source's; RDS refuses or ignores it on a replica"


def test_connections_without_tls_are_refused(data: Graph) -> None:
    assert _parameters(data)["rds.force_ssl"][0] == "1", "encryption in transit is not the client's choice"


def test_parameters_are_asked_for_as_rds_answers_them(data: Graph) -> None:
    methods = {method for _, method in _parameters(data).values()}
    assert methods == {"pending-reboot"}, (
        "RDS refuses `immediate` for a static parameter, and forgets it where the value is its default"
    )


def test_further_parameters_join_the_group(settings: StackConfig, record_data: Callable[[DataSettings], Graph]) -> None:
    recorded = record_data(_with(settings, parameters={"log_min_duration_statement": "500"}))
    assert _parameters(recorded) == {
        "rds.force_ssl": ("1", "pending-reboot"),
        "log_min_duration_statement": ("500", "pending-reboot"),
    }, "TLS stays forced"


def test_the_stack_file_cannot_turn_tls_off(
    settings: StackConfig, record_data: Callable[[DataSettings], Graph]
) -> None:
    with pytest.raises(ValueError, match=r"rds\.force_ssl is always 1"):
        record_data(_with(settings, parameters={"rds.force_ssl": "0"}))


@pytest.mark.parametrize("instance", ["phoenix-prod", "phoenix-prod-reader-b", "phoenix-prod-reader-c"])
def test_logs_are_encrypted_from_the_first_line(data: Graph, settings: StackConfig, instance: str) -> None:
    groups = {
        one.inputs["name"]: one for one in data.of_type("aws:cloudwatch/logGroup:LogGroup") if "name" in one.inputs
    }
    (database,) = [one for one in data.of_type(INSTANCE) if one.inputs["identifier"] == instance]
    for log in ("postgresql", "upgrade"):
        group = groups[f"/aws/rds/instance/{instance}/{log}"]
        assert group.inputs["kmsKeyId"] == "key-logs", "by the logs key"
        assert group.inputs["retentionInDays"] == settings.data.log_retention_days, "not for ever"
        assert group.urn in database.dependencies, "RDS would make it itself, unencrypted and for ever"


def test_instances_are_in_the_database_tier(data: Graph) -> None:
    (group,) = data.of_type("aws:rds/subnetGroup:SubnetGroup")
    assert group.inputs["subnetIds"] == ["database-a", "database-b", "database-c"], "the tier without the internet"
    assert group.urn in data.named("data-postgres-primary").property_dependencies["dbSubnetGroupName"], "and in use"


def test_monitoring_waits_for_its_rights(data: Graph) -> None:
    attachment = data.named("data-postgres-monitoring-policy")
    for instance in INSTANCES:
        behind = data.named(instance, INSTANCE).property_dependencies["monitoringRoleArn"]
        assert attachment.urn in behind, "RDS refuses a role that has no rights yet"


def test_without_enhanced_monitoring_there_is_no_role(
    settings: StackConfig, record_data: Callable[[DataSettings], Graph]
) -> None:
    recorded = record_data(_with(settings, enhanced_monitoring_seconds=0))
    primary = recorded.named("data-postgres-primary")
    assert primary.inputs["monitoringInterval"] == 0, "off"
    assert "monitoringRoleArn" not in primary.inputs, "a role that nobody uses is a role too many"


def test_without_performance_insights_no_key_and_no_days_are_given(
    settings: StackConfig, record_data: Callable[[DataSettings], Graph]
) -> None:
    primary = record_data(_with(settings, performance_insights_days=0)).named("data-postgres-primary")
    assert primary.inputs["performanceInsightsEnabled"] is False, "off"
    assert not {"performanceInsightsKmsKeyId", "performanceInsightsRetentionPeriod"} & set(primary.inputs), (
        "RDS refuses them without Performance Insights"
    )


def test_the_password_comes_from_the_secret_and_is_nowhere_in_the_clear(data: Graph) -> None:
    primary: Resource = data.named("data-postgres-primary")
    assert primary.inputs["password"] is SECRET, "encrypted in the state"
    version = data.named("data-postgres-master-birth")
    assert version.urn in primary.property_dependencies["password"], "secret and database cannot come apart"
