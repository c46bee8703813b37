"""Audit: a trail that can be trusted, a recorder that records everything, detection that is on."""

from __future__ import annotations

from typing import Final

from policy.rule import Level, Rule, Severity
from policy.table import be, be_own_key, be_set, check, paired
from policy.tokens import CONFIG_RECORDERS, DETECTOR_FEATURES, DETECTORS, RECORDER_STATUSES, TRAILS

RULES: Final[tuple[Rule, ...]] = (
    check(
        "trail-multi-region", "Trails see every region", "isMultiRegionTrail", be(True),
        why="An attacker works where nobody looks.",
        on=TRAILS, severity=Severity.HIGH, controls=("CloudTrail.1", "CIS-3.1", "CKV_AWS_67", "AWS-0014"),
        remediation="set is_multi_region_trail=True",
    ),
    check(
        "trail-global-events", "Trails see what is global", "includeGlobalServiceEvents", be(True, by_default=True),
        why="IAM publishes its events in one region only.",
        on=TRAILS, severity=Severity.HIGH, controls=("CloudTrail.1", "CIS-3.1"),
        remediation="leave include_global_service_events out or set it to True",
    ),
    check(
        "trail-log-validation", "Trails prove that nobody altered their records", "enableLogFileValidation", be(True),
        on=TRAILS, severity=Severity.MEDIUM, controls=("CloudTrail.4", "CIS-3.2", "CKV_AWS_36", "AWS-0016"),
        remediation="set enable_log_file_validation=True",
    ),
    check(
        "trail-kms", "Trails are encrypted by a key of ours", "kmsKeyId", be_own_key(),
        on=TRAILS, severity=Severity.MEDIUM, controls=("CloudTrail.2", "CIS-3.5", "CKV_AWS_35", "AWS-0015"),
        remediation="set kms_key_id to the key of the logs domain",
    ),
    check(
        "trail-to-cloudwatch", "Trails reach CloudWatch Logs", "cloudWatchLogsGroupArn", be_set(),
        why="Records in S3 are minutes late and nothing counts them: no alarm can be made of them.",
        on=TRAILS, severity=Severity.LOW, controls=("CloudTrail.5", "CKV2_AWS_10", "AWS-0162"),
        remediation="set cloud_watch_logs_group_arn and a role that may write to it",
    ),
    check(
        "config-recorder-all", "AWS Config records every type", "recordingGroup.allSupported",
        be(True, by_default=True),
        on=CONFIG_RECORDERS, severity=Severity.MEDIUM, controls=("Config.1", "CIS-3.3", "CKV2_AWS_45", "CKV2_AWS_48"),
        remediation="set all_supported=True; record global types in one region only",
    ),
    paired(
        "config-recorder-has-status", "Every recorder of AWS Config is started or stopped by the program",
        by=RECORDER_STATUSES, key="name",
        why="A recorder is made stopped.",
        on=CONFIG_RECORDERS, severity=Severity.MEDIUM, controls=("Config.1", "CKV2_AWS_45"),
        remediation="add a RecorderStatus with is_enabled=True",
    ),
    check(
        "config-recorder-started", "Recorders of AWS Config are started", "isEnabled", be(True),
        on=RECORDER_STATUSES, severity=Severity.MEDIUM, controls=("Config.1", "CKV2_AWS_45"),
        remediation="set is_enabled=True",
    ),
    check(
        "guardduty-enabled", "GuardDuty is on where it is made", "enable", be(True, by_default=True),
        on=DETECTORS, severity=Severity.HIGH, controls=("GuardDuty.1", "CKV_AWS_238"),
        remediation="set enable=True",
    ),
    check(
        "guardduty-features", "GuardDuty watches all that it can", "status", be("ENABLED"),
        why="Each feature costs by volume, so it is advice.",
        on=DETECTOR_FEATURES, severity=Severity.HIGH, level=Level.ADVISORY,
        controls=("GuardDuty.5", "GuardDuty.6", "GuardDuty.7", "GuardDuty.8", "GuardDuty.9", "GuardDuty.10"),
        remediation="set status to 'ENABLED'",
    ),
)  # fmt: skip
