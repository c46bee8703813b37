"""S3 replication and ECR: copies in another region that can be read there, and images that stay what was pushed."""

from __future__ import annotations

from typing import Final

from policy.rule import Level, Rule, Severity
from policy.table import be, be_one_of, be_own_key, check, not_be, paired
from policy.tokens import BUCKET_REPLICATIONS, IMAGE_LIFECYCLES, IMAGE_REPOSITORIES

_S3: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
_KMS_OBJECTS: Final = "rules.sourceSelectionCriteria.sseKmsEncryptedObjects.status"

RULES: Final[tuple[Rule, ...]] = (
    check(
        "s3-replication-encrypted-objects", "Replication takes objects under KMS too", _KMS_OBJECTS, be("Enabled"),
        why="S3 leaves them out unless set otherwise, without an error and without a status.",
        on=BUCKET_REPLICATIONS, severity=Severity.HIGH, controls=("S3.7", "NIST-CP-9"),
        url=f"{_S3}/replication-config-for-kms-objects.html",
        remediation="set source_selection_criteria with sse_kms_encrypted_objects Enabled",
    ),
    check(
        "s3-replication-cmk", "Copies are encrypted by a key of ours",
        "rules.destination.encryptionConfiguration.replicaKmsKeyId", be_own_key(),
        on=BUCKET_REPLICATIONS, severity=Severity.MEDIUM, controls=("S3.17", "CKV_AWS_145"),
        url=f"{_S3}/replication-config-for-kms-objects.html",
        remediation="set replica_kms_key_id to the storage key of the destination's region",
    ),
    check(
        "s3-replication-time", "Replication has a time in which it is done",
        "rules.destination.replicationTime.status", be("Enabled"),
        why="Without time control S3 promises no time, so no recovery point can be.",
        on=BUCKET_REPLICATIONS, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-CP-9",),
        url=f"{_S3}/replication-time-control.html",
        remediation="set replication_time Enabled, with 15 minutes, and metrics beside it",
    ),
    check(
        "s3-replication-deletes", "What is deleted is hidden in the copy too",
        "rules.deleteMarkerReplication.status", be("Enabled"),
        why="Else a failover brings back what was deleted.",
        on=BUCKET_REPLICATIONS, severity=Severity.LOW, controls=("NIST-CP-9",),
        url=f"{_S3}/delete-marker-replication.html",
        remediation="set delete_marker_replication Enabled",
    ),
    check(
        "ecr-immutable-tags", "Tags of images cannot be moved", "imageTagMutability",
        be_one_of("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"),
        on=IMAGE_REPOSITORIES, severity=Severity.MEDIUM, controls=("ECR.2", "CKV_AWS_51", "AWS-0031"),
        remediation="set image_tag_mutability to 'IMMUTABLE'",
    ),
    check(
        "ecr-scan-on-push", "Images are scanned when pushed", "imageScanningConfiguration.scanOnPush", be(True),
        on=IMAGE_REPOSITORIES, severity=Severity.HIGH, controls=("ECR.1", "CKV_AWS_163", "AWS-0030"),
        remediation="set scan_on_push=True",
    ),
    check(
        "ecr-kms-encryption", "Images are encrypted through KMS",
        "encryptionConfigurations.encryptionType", be_one_of("KMS", "KMS_DSSE"),
        on=IMAGE_REPOSITORIES, severity=Severity.MEDIUM, controls=("ECR.5", "CKV_AWS_136", "AWS-0033"),
        remediation="set encryption_type to 'KMS'",
    ),
    check(
        "ecr-cmk", "Images are encrypted by a key of ours", "encryptionConfigurations.kmsKey", be_own_key(),
        on=IMAGE_REPOSITORIES, severity=Severity.MEDIUM, controls=("ECR.5", "CKV_AWS_136", "AWS-0033"),
        remediation="set kms_key to the key of the cluster domain",
    ),
    paired(
        "ecr-lifecycle-configured", "Every repository says which images it keeps", by=IMAGE_LIFECYCLES,
        key="repository", on=IMAGE_REPOSITORIES, severity=Severity.LOW, controls=("ECR.3",),
        remediation="add a LifecyclePolicy",
    ),
    check(
        "ecr-no-force-delete", "Repositories are not deleted with what they hold", "forceDelete", not_be(True),
        on=IMAGE_REPOSITORIES, severity=Severity.MEDIUM, level=Level.PRODUCTION, controls=("NIST-CP-9",),
        url="https://www.pulumi.com/registry/packages/aws/api-docs/ecr/repository/",
        remediation="leave force_delete out",
    ),
)  # fmt: skip
