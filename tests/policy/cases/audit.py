import json

from policy.rules import change_alarms
from tests.policy.case import Case, pair_case, value_case
from tests.policy.harness import UNKNOWN, Made

TRAIL = Made(
    type="aws:cloudtrail/trail:Trail",
    inputs={
        "isMultiRegionTrail": True,
        "includeGlobalServiceEvents": True,
        "enableLogFileValidation": True,
        "kmsKeyId": "arn:aws:kms:key",
        "cloudWatchLogsGroupArn": "arn:aws:logs:group",
    },
)
RECORDER = Made(type="aws:cfg/recorder:Recorder", inputs={"recordingGroup": {"allSupported": True}})
STATUS = Made(type="aws:cfg/recorderStatus:RecorderStatus", inputs={"isEnabled": True})
DETECTOR = Made(type="aws:guardduty/detector:Detector", inputs={"enable": True})
FEATURE = Made(type="aws:guardduty/detectorFeature:DetectorFeature", inputs={"status": "ENABLED"})

ALWAYS = ("kms:GenerateDataKey*", "kms:DescribeKey")
BUCKET = Made(type="aws:s3/bucket:Bucket", name="records")
POLICY = Made(
    type="aws:s3/bucketPolicy:BucketPolicy",
    name="records",
    inputs={"bucket": UNKNOWN},
    property_dependencies={"bucket": [BUCKET.urn]},
)


def _key(*actions: str) -> Made:
    statement = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": list(actions)}
    return Made(type="aws:kms/key:Key", name="key", inputs={"policy": json.dumps({"Statement": [statement]})})


def _bucket_key(*, on: bool) -> Made:
    return Made(
        type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        inputs={"bucket": UNKNOWN, "rules": [{"bucketKeyEnabled": on}]},
        property_dependencies={"bucket": [BUCKET.urn]},
    )


def _trail(key: Made, *, bucket: Made = POLICY) -> Made:
    return Made(
        type=TRAIL.type,
        inputs={"kmsKeyId": UNKNOWN, "s3BucketName": UNKNOWN},
        property_dependencies={"kmsKeyId": [key.urn], "s3BucketName": [bucket.urn]},
    )


def _world(*actions: str, bucket_key: bool, named: Made = POLICY) -> list[Made]:
    key = _key(*actions)
    return [BUCKET, POLICY, _bucket_key(on=bucket_key), key, _trail(key, bucket=named)]


def _key_case(passing: list[Made], failing: list[Made]) -> Case:
    unread = Made(type="aws:kms/key:Key", name="key", inputs={"policy": UNKNOWN})
    return Case(
        rule="trail-key-admits-cloudtrail",
        passing=passing,
        failing=failing,
        unknown=[unread, _trail(unread)],
        absent=[Made(type="aws:kms/key:Key", name="key"), _trail(unread)],
        unknown_is="silent",
        absent_is="silent",
    )


KEY_CASES = (
    _key_case(_world(*ALWAYS, bucket_key=False), _world(*ALWAYS, bucket_key=True)),
    _key_case(_world(*ALWAYS, "kms:Decrypt", bucket_key=True), _world(*ALWAYS, bucket_key=True, named=BUCKET)),
    _key_case(_world("kms:*", bucket_key=True), _world(ALWAYS[0], bucket_key=False)),
    _key_case(_world("kms:GenerateDataKey", "kms:Describe*", bucket_key=False), _world("s3:*", bucket_key=False)),
)
"""Of the one rule: with and without a bucket key, the bucket named itself or through its policy."""

CASES = (
    KEY_CASES[0],
    value_case("trail-multi-region", TRAIL, "isMultiRegionTrail", False),
    value_case("trail-global-events", TRAIL, "includeGlobalServiceEvents", False, absent_is="silent"),
    value_case("trail-log-validation", TRAIL, "enableLogFileValidation", False),
    value_case("trail-kms", TRAIL, "kmsKeyId", "", unknown_is="silent"),
    value_case("trail-to-cloudwatch", TRAIL, "cloudWatchLogsGroupArn", "", unknown_is="silent"),
    value_case(
        "config-recorder-all", RECORDER, "recordingGroup.allSupported", False, around=[STATUS], absent_is="silent"
    ),
    pair_case("config-recorder-has-status", RECORDER.type, STATUS.type, "name"),
    value_case("config-recorder-started", STATUS, "isEnabled", False),
    value_case("guardduty-enabled", DETECTOR, "enable", False, absent_is="silent"),
    value_case("guardduty-features", FEATURE, "status", "DISABLED"),
)

WATCHED = Made(
    type="aws:cloudwatch/logMetricFilter:LogMetricFilter",
    name="watched",
    inputs={"pattern": " ".join(change_alarms.EVENTS.values()), "metricTransformation": {"name": "changes"}},
)
ALARM = Made(type="aws:cloudwatch/metricAlarm:MetricAlarm", name="alarm", inputs={"metricName": "changes"})
CASES += (
    value_case("cis-change-alarms", WATCHED, "pattern", "StopLogging", around=[TRAIL, ALARM], unknown_is="silent"),
)
