"""Reference 003 line by line: what its YAML and text say, what boto3 is asked, and what it has to answer.

A row with `instead` deviates: the value is the one of decision 0039, which has to quote the row's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.engine.auctions_world import ACCOUNT, REPLICA_REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.auctions_asked import Asked

CLOSED: Final = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)
SHORT: Final = ("videos", "thumbnails")
BACKEND: Final = ("serverpod", "live")


@dataclass(frozen=True)
class Row:
    """One line of the document."""

    says: str
    """The line."""
    ask: Callable[[Asked], Any]
    """What boto3 is asked."""
    value: Any
    """What it answers."""
    instead: str = ""
    """Words of decision 0039 that say why it is not what the line says; empty = it is."""


def _private(asked: Asked) -> set[str]:
    return {asked.subnets[block]["SubnetId"] for block in ("10.0.2.0/24", "10.0.4.0/24")}


NETWORK: Final = (
    Row("CidrBlock: 10.0.0.0/16", lambda asked: asked.vpc["CidrBlock"], "10.0.0.0/16"),
    Row("EnableDnsHostnames: true", lambda asked: asked.vpc_attribute("enableDnsHostnames"), True),
    Row("EnableDnsSupport: true", lambda asked: asked.vpc_attribute("enableDnsSupport"), True),
    Row(
        "Name: VideoWindow-VPC",
        lambda asked: {one["Key"]: one["Value"] for one in asked.vpc["Tags"]}["Name"],
        "videowindow-prod-vpc",
        "names such as `VideoWindow-VPC`",
    ),
    Row(
        "PublicSubnetA: 10.0.1.0/24 in us-east-1a",
        lambda asked: asked.subnets["10.0.1.0/24"]["AvailabilityZone"],
        "us-east-1a",
    ),
    Row(
        "PublicSubnetA: MapPublicIpOnLaunch: true",
        lambda asked: asked.subnets["10.0.1.0/24"]["MapPublicIpOnLaunch"],
        False,
        "`MapPublicIpOnLaunch: true`",
    ),
    Row(
        "PrivateSubnetA: 10.0.2.0/24 in us-east-1a",
        lambda asked: asked.subnets["10.0.2.0/24"]["AvailabilityZone"],
        "us-east-1a",
    ),
    Row(
        "PrivateSubnetB",
        lambda asked: asked.subnets["10.0.4.0/24"]["AvailabilityZone"],
        "us-east-1b",
        "`PrivateSubnetB` without a block",
    ),
    Row(
        "WebSecurityGroup: tcp 80 and 443 from 0.0.0.0/0",
        lambda asked: asked.admitted(asked.balancers["internet-facing"]["SecurityGroups"][0]),
        {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")},
    ),
    Row(
        "DatabaseSecurityGroup: tcp 5432 from WebSecurityGroup",
        lambda asked: (
            asked.admitted(asked.database["VpcSecurityGroups"][0]["VpcSecurityGroupId"])
            == {(5432, group) for group in asked.places("serverpod")["securityGroups"]}
        ),
        True,
        "`DatabaseSecurityGroup`: 5432 from `WebSecurityGroup`",
    ),
    Row("Load Balancer (ALB)", lambda asked: asked.balancers["internet-facing"]["Type"], "application"),
)
COMPUTE: Final = (
    Row(
        "ClusterName: VideoWindow-Cluster",
        lambda asked: asked.cluster["clusterName"],
        "videowindow-prod",
        "names such as `VideoWindow-VPC`",
    ),
    Row(
        "CapacityProviders: FARGATE, FARGATE_SPOT",
        lambda asked: set(asked.cluster["capacityProviders"]),
        {"FARGATE", "FARGATE_SPOT"},
    ),
    Row("ServerpodService: DesiredCount: 2", lambda asked: asked.services["serverpod"]["desiredCount"], 2),
    Row(
        "ServerpodService: LaunchType: FARGATE",
        lambda asked: asked.strategy("serverpod"),
        {"FARGATE": 1},
        "`LaunchType: FARGATE` beside capacity providers",
    ),
    Row(
        "ServerpodService: SecurityGroups: ServerpodSecurityGroup",
        lambda asked: len(asked.places("serverpod")["securityGroups"]),
        1,
    ),
    Row(
        "ServerpodService: Subnets: PrivateSubnetA, PrivateSubnetB",
        lambda asked: set(asked.places("serverpod")["subnets"]) == _private(asked),
        True,
    ),
    Row(
        "Serverpod Backend, WebSocket Service, Video Process Service",
        lambda asked: set(asked.services),
        {"serverpod", "live", "video"},
    ),
    Row("Auto Scaling: automatic scaling based on demand", lambda asked: asked.scaled["serverpod"], (2, 10)),
    Row("Fargate Spot for non-critical workloads", lambda asked: asked.strategy("video"), {"FARGATE_SPOT": 1}),
    Row(
        "ECSTaskRole: Principal: ecs-tasks.amazonaws.com",
        lambda asked: [(one["Action"], one["Principal"]["Service"]) for one in asked.role("serverpod")[0]],
        [(["sts:AssumeRole"], ["ecs-tasks.amazonaws.com"])],
    ),
    Row(
        "ECS-Tasks-Policy: s3:GetObject, s3:PutObject on videowindow-videos-${AWS::AccountId}/*",
        lambda asked: asked.bucket_rights("serverpod", "videowindow-videos"),
        {(f"s3:{one}Object", f"arn:aws:s3:::videowindow-videos-{ACCOUNT}/*") for one in ("Get", "Put")},
    ),
    Row("Failover: health checks", lambda asked: all(asked.services[one]["loadBalancers"] for one in BACKEND), True),
    Row("API Gateway", lambda asked: asked.api["ProtocolType"], "HTTP"),
)
DATA: Final = (
    Row(
        "DBInstanceIdentifier: VideoWindow-DB",
        lambda asked: asked.database["DBInstanceIdentifier"],
        "videowindow-prod",
        "names such as `VideoWindow-VPC`",
    ),
    Row(
        "DBInstanceClass: db.t3.micro",
        lambda asked: asked.database["DBInstanceClass"],
        "db.t4g.micro",
        '`db.t3.micro`, "Graviton instances when available"',
    ),
    Row("Engine: postgres", lambda asked: asked.database["Engine"], "postgres"),
    Row("EngineVersion: 15.4", lambda asked: asked.database["EngineVersion"], "15.19", "`EngineVersion: 15.4`"),
    Row("AllocatedStorage: 20", lambda asked: asked.database["AllocatedStorage"], 20),
    Row("StorageType: gp2", lambda asked: asked.database["StorageType"], "gp3", "`StorageType: gp2`"),
    Row("BackupRetentionPeriod: 7", lambda asked: asked.database["BackupRetentionPeriod"], 7),
    Row("MultiAZ: false", lambda asked: asked.database["MultiAZ"], True, "`MultiAZ: false` against"),
    Row("StorageEncrypted: true", lambda asked: asked.database["StorageEncrypted"], True),
    Row(
        "Database Logs: CloudWatch Logs",
        lambda asked: "postgresql" in asked.database["EnabledCloudwatchLogsExports"],
        True,
    ),
    Row(
        "CacheNodeType: cache.t3.micro",
        lambda asked: asked.cache["CacheNodeType"],
        "cache.t4g.micro",
        "one `cache.t3.micro`",
    ),
    Row("Engine: redis", lambda asked: asked.cache_node["Engine"], "redis"),
    Row("NumCacheNodes: 1", lambda asked: len(asked.cache["MemberClusters"]), 2, "one `cache.t3.micro`"),
    Row("Multi-AZ: Database and cache deployment", lambda asked: asked.cache["MultiAZ"], "enabled"),
    Row("Encryption in transit", lambda asked: asked.cache["TransitEncryptionEnabled"], True),
    Row("Encryption at rest", lambda asked: asked.cache["AtRestEncryptionEnabled"], True),
)
STORAGE: Final = (
    Row(
        "BucketName: videowindow-videos-${AWS::AccountId}, videowindow-thumbnails-${AWS::AccountId}",
        lambda asked: (
            {f"videowindow-{short}-{ACCOUNT}" for short in SHORT}
            - {one["Name"] for one in asked.client("s3").list_buckets()["Buckets"]}
        ),
        set(),
    ),
    *(
        Row(
            f"PublicAccessBlockConfiguration of {short}",
            lambda asked, short=short: asked.of_bucket("public_access_block", short)["PublicAccessBlockConfiguration"],
            CLOSED,
        )
        for short in SHORT
    ),
    Row(
        "VersioningConfiguration: Enabled",
        lambda asked: asked.of_bucket("bucket_versioning", "videos")["Status"],
        "Enabled",
    ),
    Row(
        "ThumbnailBucket without versions",
        lambda asked: asked.of_bucket("bucket_versioning", "thumbnails")["Status"],
        "Enabled",
        "versioning of videos only",
    ),
    *(
        Row(
            f"SSEAlgorithm: AES256 ({short})",
            lambda asked, short=short: asked.encryption(short),
            "aws:kms",
            "`SSEAlgorithm: AES256`",
        )
        for short in SHORT
    ),
    Row(
        "S3 Intelligent-Tiering for video storage",
        lambda asked: [
            (move["Days"], move["StorageClass"])
            for rule in asked.of_bucket("bucket_lifecycle_configuration", "videos")["Rules"]
            for move in rule.get("Transitions", [])
        ],
        [(0, "INTELLIGENT_TIERING")],
    ),
    Row(
        "Versioning enabled with cross-region replication",
        lambda asked: asked.replica(),
        (f"videowindow-videos-{REPLICA_REGION}-{ACCOUNT}", REPLICA_REGION),
    ),
    Row("CloudFront for CDN and caching", lambda asked: asked.distribution["Enabled"], True),
    Row("CloudFront: videos, signed", lambda asked: asked.behaviour("/videos/*")["TrustedKeyGroups"]["Enabled"], True),
    Row("CloudFront: thumbnails", lambda asked: asked.behaviour("/thumbnails/*")["TrustedKeyGroups"]["Enabled"], False),
)
WATCHED: Final = (
    *(
        Row(f"{key}: {value}", lambda asked, key=key: {one[key] for one in asked.alarms.values()}, {value})
        for key, value in {
            "MetricName": "CPUUtilization",
            "Namespace": "AWS/ECS",
            "Statistic": "Average",
            "Period": 300,
            "EvaluationPeriods": 2,
            "Threshold": 80.0,
            "ComparisonOperator": "GreaterThanThreshold",
        }.items()
    ),
    Row(
        "AlarmName: VideoWindow-CPU-High",
        lambda asked: set(asked.alarms),
        {"serverpod", "live", "video"},
        "alarm `VideoWindow-CPU-High` without dimensions",
    ),
    Row(
        "AlarmActions: SNSTopicARN",
        lambda asked: {one["AlarmActions"][0].split(":")[2] for one in asked.alarms.values()},
        {"sns"},
    ),
    Row(
        "Application Logs: CloudWatch Logs",
        lambda asked: {
            one["logConfiguration"]["logDriver"]
            for service in asked.services.values()
            for one in asked.task(service)["containerDefinitions"]
        },
        {"awslogs"},
    ),
    Row(
        "Access Logs: CloudWatch + S3 archival",
        lambda asked: asked.of_bucket("bucket_logging", "videos")["LoggingEnabled"]["TargetPrefix"],
        "s3/videos/",
        '"Access Logs: CloudWatch + S3 archival"',
    ),
    Row(
        "Security Logs: CloudTrail",
        lambda asked: [one["IsMultiRegionTrail"] for one in asked.client("cloudtrail").describe_trails()["trailList"]],
        [True],
    ),
    Row(
        "AWS Budgets: Monthly spending limits",
        lambda asked: [
            (one["TimeUnit"], float(one["BudgetLimit"]["Amount"]))
            for one in asked.client("budgets").describe_budgets(AccountId=ACCOUNT)["Budgets"]
        ],
        [("MONTHLY", 600.0)],
        '"AWS Budgets: monthly spending limits" without an amount',
    ),
)
ROWS: Final[tuple[Row, ...]] = (*NETWORK, *COMPUTE, *DATA, *STORAGE, *WATCHED)
"""Every line of the document that says how something is to be."""
