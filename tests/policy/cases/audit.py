from tests.policy.case import pair_case, value_case
from tests.policy.harness import Made

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

CASES = (
    value_case("trail-multi-region", TRAIL, "isMultiRegionTrail", False),
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
