"""The application role: pods of one service account use the data services, by pod identity or, on Fargate, without it.

The database knows the role as user `application` by IAM authentication (a migration creates it with `GRANT rds_iam`),
so the application never sees the master secret. Deleting a version of an object is not among its rights: what the
application deletes or overwrites can be brought back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
from pulumi_aws import eks as aws_eks
from pulumi_aws import iam

from components.base import child, named
from components.data.plan import writers_path
from components.data.table_rights import open_tables, use_table
from components.iam import Statement, document, through, trust_pods, trust_service_account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from components.cluster.outputs import ClusterOutputs
    from components.data.outputs import BucketOutputs, DataOutputs, PostgresOutputs, RedisOutputs
    from components.keys import KeysOutputs
    from config.cluster import PodIdentity
    from config.identity import Identity

DATABASE_USER: Final = "application"
"""Database user that the role may log in as."""
_ITEMS: Final = (
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:DescribeTable",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
)
"""What the application may do with items; no `Scan`, which reads, and pays for, a whole table."""


@dataclass(frozen=True, kw_only=True)
class ApplicationArgs:
    """What the application role is built from."""

    pods: PodIdentity
    """The stack file's `cluster.identities.application`."""
    identity: Identity
    """The stack file's `identity`."""
    cluster: ClusterOutputs
    """Cluster that the pods run on."""
    keys: KeysOutputs
    """`storage` opens objects, `secrets` the cache's token, `data` tables."""
    data: DataOutputs
    """What the pods use: database, cache, buckets, tables, those of them that are there."""


class Application(pulumi.ComponentResource):
    """Role of the application's pods."""

    role_name: pulumi.Output[str]
    """Name of the role."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("platform:data:Application", name, None, opts)
        role = iam.Role(
            named(name, "role"),
            description="Application pods: database, cache and buckets of the stack",
            assume_role_policy=_trust(args),
            opts=child(self),
        )
        self.role_name = role.name
        iam.RolePolicy(named(name, "policy"), role=role.name, policy=document(*statements(args)), opts=child(self))
        if args.cluster.identity_provider_arn is None:
            aws_eks.PodIdentityAssociation(
                named(name, "identity"),
                cluster_name=args.cluster.name,
                namespace=args.pods.namespace,
                service_account=args.pods.service_account,
                role_arn=role.arn,
                opts=child(self),
            )
        self.register_outputs({})


def _trust(args: ApplicationArgs) -> pulumi.Output[str]:
    """Return whom the role trusts: pods by pod identity, or on Fargate by the cluster's identity provider."""
    pods, cluster = args.pods, args.cluster
    if cluster.identity_provider_arn is None:
        return trust_pods(cluster_arn=cluster.arn, namespace=pods.namespace, service_account=pods.service_account)
    return trust_service_account(
        provider_arn=cluster.identity_provider_arn,
        issuer=cluster.oidc_issuer,
        namespace=pods.namespace,
        service_account=pods.service_account,
    )


def statements(args: ApplicationArgs) -> tuple[Statement, ...]:
    """Return what the application may do with the services that are there."""
    data = args.data
    return (
        *(_log_in(args.identity, data.postgres) if data.postgres else ()),
        *(_read_token(data.redis) if data.redis else ()),
        _read_writers(args.identity),
        *(_use_buckets(data.buckets) if data.buckets else ()),
        *(_open_objects(args) if data.buckets else ()),
        *(_open_token(args) if data.redis else ()),
        *(_use_tables(args) if data.tables else ()),
    )


def _log_in(identity: Identity, postgres: PostgresOutputs) -> Iterator[Statement]:
    users = f"arn:aws:rds-db:{identity.region}:{identity.account_id}:dbuser:"
    yield Statement(
        sid="LogInToDatabase",
        reason="IAM authentication to the primary and the replicas, as the application's own user",
        actions=["rds-db:connect"],
        resources=[
            pulumi.Output.format("{0}{1}/{2}", users, resource_id, DATABASE_USER)
            for resource_id in postgres.resource_ids.values()
        ],
    )


def _read_token(redis: RedisOutputs) -> Iterator[Statement]:
    yield Statement(
        sid="ReadCacheToken",
        reason="clients of the cache authenticate by the token",
        actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        resources=[redis.secret_arn],
    )


def _read_writers(identity: Identity) -> Statement:
    parameters = f"arn:aws:ssm:{identity.region}:{identity.account_id}:parameter{writers_path(identity)}"
    return Statement(
        sid="ReadWriters",
        reason="the region's parameters say where to write, before and after a failover",
        actions=["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        resources=[parameters, f"{parameters}/*"],
    )


def _use_buckets(buckets: Mapping[str, BucketOutputs]) -> Iterator[Statement]:
    arns = [bucket.arn for bucket in buckets.values()]
    yield Statement(
        sid="ListBuckets",
        reason="without it a missing object answers 403 in place of 404",
        actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
        resources=arns,
    )
    yield Statement(
        sid="UseObjects",
        reason="the application's data; versions stay out of its reach",
        actions=[
            "s3:AbortMultipartUpload",
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
        ],
        resources=[pulumi.Output.concat(arn, "/*") for arn in arns],
    )


def _open_objects(args: ApplicationArgs) -> Iterator[Statement]:
    yield Statement(
        sid="OpenObjects",
        reason="objects are encrypted by the storage key; only by way of S3",
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[args.keys.arn("storage")],
        conditions=through("s3", args.identity.region),
    )


def _open_token(args: ApplicationArgs) -> Iterator[Statement]:
    yield Statement(
        sid="OpenSecrets",
        reason="the token is encrypted by the secrets key; only by way of Secrets Manager",
        actions=["kms:Decrypt"],
        resources=[args.keys.arn("secrets")],
        conditions=through("secretsmanager", args.identity.region),
    )


def _use_tables(args: ApplicationArgs) -> Iterator[Statement]:
    yield use_table(
        "UseTables",
        "the application's items; keys, capacity and streams stay out of its reach",
        _ITEMS,
        [table.arn for table in args.data.tables.values()],
    )
    yield open_tables(args.keys, args.identity)
