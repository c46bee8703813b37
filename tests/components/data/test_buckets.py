from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.data import Data as DataSettings
    from config.stack import StackConfig
    from review.graph import Graph

BUCKETS = ("app-data", "blockchain-backups", "ai-models", "logs", "static-assets")
ALL = (*BUCKETS, "access-logs")


def _statements(graph: Graph, bucket: str) -> dict[str, dict[str, Any]]:
    found = json.loads(graph.named(f"data-{bucket}-policy").inputs["policy"])["Statement"]
    return {statement["Sid"]: statement for statement in found}


def _default_encryption(graph: Graph, bucket: str) -> dict[str, Any]:
    (rule,) = graph.named(f"data-{bucket}-encryption").inputs["rules"]
    return dict(rule)


def _rule(graph: Graph, bucket: str) -> dict[str, Any]:
    (rule,) = graph.named(f"data-{bucket}-lifecycle").inputs["rules"]
    return dict(rule)


def test_there_are_the_seeds_five_buckets_and_one_for_access_logs(data: Graph) -> None:
    names = {bucket.inputs["bucket"] for bucket in data.of_type("aws:s3/bucket:Bucket")}
    assert names == {
        "phoenix-app-data-prod-100000000004",
        "phoenix-blockchain-backups-100000000004",
        "phoenix-ai-models-100000000004",
        "phoenix-logs-prod-100000000004",
        "phoenix-static-assets-100000000004",
        "phoenix-prod-access-logs-us-east-1-100000000004",
    }, "the account id keeps a name ours"


@pytest.mark.parametrize("bucket", ALL)
def test_a_bucket_is_closed_and_keeps_versions(data: Graph, bucket: str) -> None:
    block = data.named(f"data-{bucket}-public-access").inputs
    switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    assert all(block[switch] is True for switch in switches), "no way to make it public is left"
    rule = data.named(f"data-{bucket}-ownership").inputs["rule"]
    assert rule == {"objectOwnership": "BucketOwnerEnforced"}, "access lists are off"
    versioning = data.named(f"data-{bucket}-versioning").inputs["versioningConfiguration"]
    assert versioning == {"status": "Enabled"}, "what was overwritten can be brought back"


@pytest.mark.parametrize("bucket", ALL)
def test_a_bucket_is_protected_and_not_emptied_for_deletion(data: Graph, bucket: str) -> None:
    found = data.named(f"data-{bucket}-bucket")
    assert (found.protect, found.retain_on_delete) == (True, True), "a bucket holds data"
    assert found.inputs["forceDestroy"] is False, "nothing empties it in passing"


@pytest.mark.parametrize("bucket", ALL)
def test_requests_without_tls_are_denied(data: Graph, bucket: str) -> None:
    statement = _statements(data, bucket)["DenyWithoutTls"]
    name = data.named(f"data-{bucket}-bucket").inputs["bucket"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", ["s3:*"]), "whatever is asked for"
    assert statement["Principal"] == {"AWS": ["*"]}, "whoever asks"
    assert statement["Resource"] == [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"], "the bucket and its objects"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}, "without TLS"


@pytest.mark.parametrize("bucket", BUCKETS)
def test_objects_are_encrypted_by_the_storage_key(data: Graph, bucket: str) -> None:
    rule = _default_encryption(data, bucket)
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": "key-storage",
    }, "without being asked"
    assert rule["bucketKeyEnabled"] is True, "one call to KMS per bucket and hour, not per object"


@pytest.mark.parametrize("bucket", BUCKETS)
def test_other_encryption_is_denied_and_none_named_is_not(data: Graph, bucket: str) -> None:
    statements = _statements(data, bucket)
    header = "s3:x-amz-server-side-encryption"
    assert statements["DenyOtherEncryption"]["Condition"] == {
        "Null": {header: "false"},
        "StringNotEquals": {header: "aws:kms"},
    }, "StringNotEquals alone would also hold, and deny, where the header is missing"
    key = f"{header}-aws-kms-key-id"
    assert statements["DenyOtherKey"]["Condition"] == {
        "Null": {key: "false"},
        "StringNotEquals": {key: "key-storage"},
    }, "a foreign key can be taken away"


@pytest.mark.parametrize("bucket", BUCKETS)
def test_kms_without_a_key_and_keys_of_the_caller_are_denied(data: Graph, bucket: str) -> None:
    statements = _statements(data, bucket)
    header = "s3:x-amz-server-side-encryption"
    assert statements["DenyUnnamedKey"]["Condition"] == {
        "Null": {header: "false", f"{header}-aws-kms-key-id": "true"}
    }, "S3 would take its own key `aws/s3`, not the bucket's default"
    assert statements["DenyCustomersKey"]["Condition"] == {"Null": {f"{header}-customer-algorithm": "false"}}, (
        "nobody here could read the object again"
    )


@pytest.mark.parametrize("bucket", BUCKETS)
def test_encryption_is_asked_of_every_upload_and_of_whoever_uploads(data: Graph, bucket: str) -> None:
    name = data.named(f"data-{bucket}-bucket").inputs["bucket"]
    for sid, statement in _statements(data, bucket).items():
        if sid in ("DenyWithoutTls", "AdmitCloudFront"):
            continue
        assert (statement["Effect"], statement["Action"]) == ("Deny", ["s3:PutObject"]), f"{sid}: uploads"
        assert statement["Principal"] == {"AWS": ["*"]}, f"{sid}: whoever asks"
        assert statement["Resource"] == [f"arn:aws:s3:::{name}/*"], f"{sid}: of every object"


@pytest.mark.parametrize("bucket", BUCKETS)
def test_objects_age_as_the_seed_says(data: Graph, bucket: str) -> None:
    rule = _rule(data, bucket)
    cold = [] if bucket == "static-assets" else [(90, "GLACIER_IR"), (365, "DEEP_ARCHIVE")]
    assert [(move["days"], move["storageClass"]) for move in rule["transitions"]] == [(30, "STANDARD_IA"), *cold], (
        "30 / 90 / 365 days; readable for a year (ADR 0029), and always by CloudFront (ADR 0011)"
    )
    assert rule["status"] == "Enabled", "a rule that is off ages nothing"
    assert rule["expiration"] == {"expiredObjectDeleteMarker": True}, "nothing expires but empty delete markers"
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 90}, "old versions do not cost for ever"
    assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}, "nor do unfinished uploads"


def test_an_expiry_takes_the_place_of_the_marker_clean_up(
    settings: StackConfig, record_data: Callable[[DataSettings], Graph]
) -> None:
    logs = settings.data.buckets["logs"]
    expiring = logs.model_copy(update={"lifecycle": logs.lifecycle.model_copy(update={"expire_days": 730})})
    recorded = record_data(settings.data.model_copy(update={"buckets": {"logs": expiring}}))
    assert _rule(recorded, "logs")["expiration"] == {"days": 730}, "S3 refuses both in one rule"


@pytest.mark.parametrize("bucket", BUCKETS)
def test_access_is_logged_into_the_bucket_for_it(data: Graph, bucket: str) -> None:
    logging = data.named(f"data-{bucket}-access-logging")
    assert logging.inputs["targetPrefix"] == f"s3/{bucket}/", "a prefix of its own"
    assert data.named("data-access-logs-policy").urn in logging.property_dependencies["targetBucket"], (
        "delivery is admitted before it begins: S3 does not tell of what it could not deliver"
    )


def test_the_access_log_bucket_is_under_s3s_own_key(data: Graph) -> None:
    default = _default_encryption(data, "access-logs")["applyServerSideEncryptionByDefault"]
    assert default == {"sseAlgorithm": "AES256"}, "S3 delivers no access logs into a bucket under KMS"


def test_only_s3_delivers_and_only_for_this_stacks_buckets(data: Graph) -> None:
    statement = _statements(data, "access-logs")["AdmitAccessLogs"]
    assert statement["Principal"] == {"Service": ["logging.s3.amazonaws.com"]}, "S3's logging service"
    assert statement["Action"] == ["s3:PutObject"], "writes, and nothing else"
    assert statement["Resource"] == ["arn:aws:s3:::phoenix-prod-access-logs-us-east-1-100000000004/s3/*"], "its prefix"
    condition = statement["Condition"]
    assert condition["StringEquals"] == {"aws:SourceAccount": "100000000004"}, "for this account"
    wanted = {data.named(f"data-{bucket}-bucket").outputs["arn"] for bucket in BUCKETS}
    assert set(condition["ArnEquals"]["aws:SourceArn"]) == wanted, "for these buckets"


def test_load_balancers_deliver_under_their_account_in_the_region_of_the_bucket(data: Graph) -> None:
    statement = _statements(data, "access-logs")["AdmitBalancerLogs"]
    assert statement["Principal"] == {"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]}
    assert statement["Action"] == ["s3:PutObject"], "writes, and nothing else"
    assert statement["Resource"] == [
        "arn:aws:s3:::phoenix-prod-access-logs-us-east-1-100000000004/alb/AWSLogs/100000000004/*"
    ], "ELB writes each account's logs under its id"


def test_cloudfronts_logs_are_delivered_for_this_account_only(data: Graph) -> None:
    statement = _statements(data, "access-logs")["AdmitCloudFrontLogs"]
    assert statement["Principal"] == {"Service": ["delivery.logs.amazonaws.com"]}
    condition = statement["Condition"]
    assert condition["StringEquals"]["aws:SourceAccount"] == "100000000004"
    assert condition["ArnLike"] == {"aws:SourceArn": "arn:aws:logs:us-east-1:100000000004:delivery-source:*"}, (
        "deliveries of CloudFront live in us-east-1"
    )


@pytest.mark.parametrize("bucket", BUCKETS)
def test_cloudfront_reads_static_assets_and_nothing_else(data: Graph, bucket: str) -> None:
    statement = _statements(data, bucket).get("AdmitCloudFront")
    if bucket != "static-assets":
        assert statement is None, "what is not for the world is not for CloudFront"
        return
    assert (statement["Principal"], statement["Action"]) == (
        {"Service": ["cloudfront.amazonaws.com"]},
        ["s3:GetObject"],
    ), "it reads objects by name, and lists nothing"
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:cloudfront::100000000004:distribution/*"}
    }, "another account's distribution gets nothing"


def test_the_access_log_bucket_does_not_log_itself(data: Graph) -> None:
    logged = {logging.name for logging in data.of_type("aws:s3/bucketLogging:BucketLogging")}
    assert logged == {f"data-{bucket}-access-logging" for bucket in BUCKETS}, "its log would be logged, for ever"


def test_access_logs_expire(data: Graph, settings: StackConfig) -> None:
    rule = _rule(data, "access-logs")
    assert rule["expiration"] == {"days": settings.data.access_log_retention_days}, "as long as the stack file says"
