"""What holds data: denials that deny the wrong thing, and keys of AWS where ours are asked."""

from __future__ import annotations

import json
from typing import Final

from policy.rule import Profile
from tests.policy.hostile.form import OURS, Attack, admit, attack, document


def _deny(**statement: object) -> str:
    tls = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return document(
        admit({"AWS": f"arn:aws:iam::{OURS}:role/x"}),
        {"Effect": "Deny", "Sid": "tls", "Principal": "*", "Action": "*", "Resource": "*", **tls, **statement},
    )


def _without(*keys: str, **statement: object) -> str:
    parsed = json.loads(_deny(**statement))
    parsed["Statement"][1] = {key: value for key, value in parsed["Statement"][1].items() if key not in keys}
    return json.dumps(parsed)


_BUCKET_TLS: Final = {"Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}
_TLS: Final = {"bucket": "b", "policy": _deny(**_BUCKET_TLS)}


def _tls(what: str, policy: str, short: str = "s3/bucketPolicy") -> Attack:
    good = _TLS if short.startswith("s3") else {"policy": _deny()}
    return attack(what, short, {**good, "policy": policy}, good)


C5_DENY: Final = (
    _tls("all actions but those that matter", _without("Action", NotAction="s3:*", **_BUCKET_TLS)),
    _tls("all resources but the bucket", _without("Resource", NotResource=["arn:aws:s3:::b", "arn:aws:s3:::b/*"])),
    _tls(
        "for all but the caller",
        _without("Principal", NotPrincipal={"AWS": f"arn:aws:iam::{OURS}:role/x"}, **_BUCKET_TLS),
    ),
    _tls("for one role only", _deny(Principal={"AWS": f"arn:aws:iam::{OURS}:role/x"}, **_BUCKET_TLS)),
    _tls("reading only", _deny(Action="s3:GetObject", **_BUCKET_TLS)),
    _tls("of another bucket", _deny(Resource=["arn:aws:s3:::other", "arn:aws:s3:::other/*"])),
    _tls("the bucket and not its objects", _deny(Resource="arn:aws:s3:::b")),
    _tls("if there is TLS", _deny(Condition={"Bool": {"aws:SecureTransport": "true"}}, **_BUCKET_TLS)),
    _tls(
        "with a second condition",
        _deny(
            Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": "1"}},
            **_BUCKET_TLS,
        ),
    ),
    _tls(
        "allowed instead of denied",
        _deny(
            Effect="Allow",
            Condition={"Bool": {"aws:SecureTransport": "true"}},
            Principal={"AWS": f"arn:aws:iam::{OURS}:role/x"},
            **_BUCKET_TLS,
        ),
    ),
    _tls("objects below a prefix only", _deny(Resource=["arn:aws:s3:::b", "arn:aws:s3:::b/private/*"])),
    _tls("without the condition's key", _deny(Condition={"Bool": {"aws:ViaAWSService": "false"}}, **_BUCKET_TLS)),
    _tls("a queue's messages received only", _deny(Action="sqs:ReceiveMessage"), "sqs/queuePolicy"),
    _tls("a topic's subscriptions only", _deny(Action="sns:Subscribe"), "sns/topicPolicy"),
)


def _key(short: str, path: str, **others: object) -> Attack:
    def inputs(key: object) -> dict[str, object]:
        step = path.partition(".")[0]
        beside = others.get(step)
        below = _nested(path, key)
        return {**others, **below, **({step: {**beside, **below[step]}} if isinstance(beside, dict) else {})}

    return attack(
        f"{short}.{path}",
        short,
        inputs("alias/aws/x"),
        inputs("arn:aws:kms:us-east-1:1:key/k"),
        profile=Profile.REGULATED,
    )


def _nested(path: str, value: object) -> dict[str, object]:
    step, _, rest = path.partition(".")
    return {step: _nested(rest, value) if rest else value}


OWN_KEYS: Final = (
    _key("rds/instance", "kmsKeyId", storageEncrypted=True),
    _key("rds/cluster", "kmsKeyId", storageEncrypted=True),
    _key("docdb/cluster", "kmsKeyId"),
    _key("neptune/cluster", "kmsKeyArn"),
    _key("redshift/cluster", "kmsKeyId"),
    _key("dynamodb/table", "serverSideEncryption.kmsKeyArn"),
    _key("kinesis/stream", "kmsKeyId"),
    _key("efs/fileSystem", "kmsKeyId"),
    _key("ebs/volume", "kmsKeyId", encrypted=True),
    _key("sqs/queue", "kmsMasterKeyId"),
    _key("sns/topic", "kmsMasterKeyId"),
    _key("secretsmanager/secret", "kmsKeyId"),
    _key("backup/vault", "kmsKeyArn"),
    _key("cloudtrail/trail", "kmsKeyId"),
    _key("cloudwatch/logGroup", "kmsKeyId"),
    _key("ecr/repository", "encryptionConfigurations.kmsKey"),
    _key("opensearch/domain", "encryptAtRest.kmsKeyId"),
    _key("elasticache/replicationGroup", "kmsKeyId"),
    _key("msk/cluster", "encryptionInfo.encryptionAtRestKmsKeyArn"),
    _key("memorydb/cluster", "kmsKeyArn"),
    _key("fsx/windowsFileSystem", "kmsKeyId"),
    _key("sagemaker/domain", "kmsKeyId"),
    _key("s3/bucketServerSideEncryptionConfigurationV2", "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId"),
    _key("eks/cluster", "encryptionConfig.provider.keyArn", encryptionConfig={"resources": ["secrets"]}),
    _key("lambda/function", "kmsKeyArn", environment={"variables": {"STAGE": "prod"}}),
    _key("ssm/parameter", "keyId", type="SecureString"),
    _key("kinesis/firehoseDeliveryStream", "serverSideEncryption.keyArn"),
    _key("codebuild/project", "encryptionKey"),
    _key("dms/replicationInstance", "kmsKeyArn", publiclyAccessible=False),
)
